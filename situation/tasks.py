"""Background jobs of reports: each calls one rule."""

from typing import Any

from django.urls import reverse

from core import jobs
from core.jobs import Progress
from situation import reports
from situation.models import Report


def making_failed(*, report_id: int, error: str) -> None:
    """Say on the report that it will not come, and why."""
    reports.fail(Report.objects.get(pk=report_id), error)


@jobs.handler(reports.MAKE_JOB, on_failure=making_failed)
def make_report(progress: Progress, *, report_id: int) -> dict[str, Any]:
    """Make a report that was asked for."""
    found = Report.objects.select_related("operation", "assessment__lead", "assessment__operation")
    report = reports.make(found.get(pk=report_id), tell=progress.tell)
    page = reverse("report", kwargs={"slug": report.operation.slug, "pk": report.pk})
    return {"report": report.pk, "url": page, "pages": report.pages}
