"""REST routes of operations, organisations, areas, population and access."""

from django.urls import path

from core.api import access, access_papers, views

urlpatterns = [
    path("operations/", views.OperationsView.as_view(), name="api-operations"),
    path("operations/<slug:key>/", views.OperationView.as_view(), name="api-operation"),
    path("organisations/", views.OrganisationsView.as_view(), name="api-organisations"),
    path("areas/", views.AreasView.as_view(), name="api-areas"),
    path("areas/<str:key>/", views.AreaView.as_view(), name="api-area"),
    path("population/", views.PopulationView.as_view(), name="api-population"),
    path("sites/", access.SitesView.as_view(), name="api-sites"),
    path("route-segments/", access.SegmentsView.as_view(), name="api-route-segments"),
    path("access-constraints/", access.ConstraintsView.as_view(), name="api-constraints"),
    path("access-observations/", access.ObservationsView.as_view(), name="api-observations"),
    path("access-scores/", access.ScoresView.as_view(), name="api-scores"),
    path("access-windows/", access.WindowsView.as_view(), name="api-windows"),
    path("access-windows/<uuid:pk>/", access.WindowView.as_view(), name="api-window"),
    path("clearances/", access_papers.ClearancesView.as_view(), name="api-clearances"),
    path("deconfliction-notices/", access_papers.NoticesView.as_view(), name="api-notices"),
    path("movement-requests/", access_papers.MovementsView.as_view(), name="api-movements"),
    path("movement-outcomes/", access.OutcomesView.as_view(), name="api-outcomes"),
    *(
        path(
            f"{name}/<uuid:pk>/steps/",
            access_papers.steps_of(kind).as_view(),
            name=f"api-{name}-steps",
        )
        for name, kind in access_papers.STEPS.items()
    ),
]
