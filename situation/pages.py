"""Pages of the common picture: overview and reports."""

from django.urls import path

from situation.views import overview, reports

REPORTS = "o/<slug:slug>/reports/"
OVERVIEW = "o/<slug:slug>/"

urlpatterns = [
    path(OVERVIEW, overview.overview, name="overview"),
    path(
        f"{OVERVIEW}overview/charts/<slug:name>.svg", overview.overview_chart, name="overview_chart"
    ),
    path(
        f"{OVERVIEW}overview/<slug:table>.<slug:fmt>",
        overview.overview_table,
        name="overview_table",
    ),
    path(
        "o/<slug:slug>/assessments/<int:pk>/reports/",
        reports.report_request,
        name="report_request",
    ),
    path(REPORTS, reports.reports, name="reports"),
    path(f"{REPORTS}convoys/", reports.convoy_report_request, name="convoy_report_request"),
    path(f"{REPORTS}<int:pk>/", reports.report, name="report"),
    path(f"{REPORTS}<int:pk>/retry/", reports.report_retry, name="report_retry"),
    path(f"{REPORTS}<int:pk>/publish/", reports.report_publish, name="report_publish"),
    path(f"{REPORTS}<int:pk>/withdraw/", reports.report_withdraw, name="report_withdraw"),
    path(f"{REPORTS}<int:pk>/file/", reports.report_file, name="report_file"),
    path(f"{REPORTS}<int:pk>/annex/", reports.report_annex, name="report_annex"),
    path(f"{REPORTS}<int:pk>/figures/", reports.report_figures, name="report_figures"),
]
