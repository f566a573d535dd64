"""How long a report on 10,000 submissions takes, from the request to the PDF, in a job."""

import tempfile
import time
from collections.abc import Callable

from celery import current_app
from django.db import connection
from django.test import override_settings

from assessments.models import Assessment, AssessmentArea
from benchmarks.many_submissions import Crowd, fill
from core import jobs
from core.models import Area
from core.policy import Actor
from situation import reports
from situation.models import Report
from tests.factories.core import square

COUNT = 10_000
LANGUAGES = ("en", "hy")
SIDE = 0.25


def measure(report: Callable[..., None]) -> None:
    """Make reports in two languages; beside them, the bare reading of the rows that they need."""
    current_app.loader.import_default_modules()
    crowd = fill(COUNT, slug="reports")
    assessment = one_assessment(crowd)
    report("read the approved answers once", seconds_to_read(crowd), "s")
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        for language in LANGUAGES:
            made, seconds = make(crowd, assessment, language)
            assert made.state == Report.State.READY, made.failure
            report(f"report on {COUNT:,} submissions ({language})", seconds, "s", "≤ 10 s")
            report(f"its size: {made.pages} pages", made.file.size / 1000, "kB")


def one_assessment(crowd: Crowd) -> Assessment:
    """Bring the districts of the crowd, with borders, into its assessment's scope."""
    assessment = crowd.form.assessment
    assert assessment is not None
    areas = Area.objects.filter(operation=crowd.operation, level=2).order_by("pk")
    for number, area in enumerate(areas):
        shape = square(40 + number % 20 * SIDE, 38 + number // 20 * SIDE, SIDE)
        area.geometry = area.geometry_mid = area.geometry_low = shape
        area.centre = shape.point_on_surface
        area.save()
        AssessmentArea.objects.create(assessment=assessment, area=area, target=50)
    return assessment


def seconds_to_read(crowd: Crowd) -> float:
    """Return how long the database needs to hand out the answers."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT answers FROM assessments_submission WHERE operation_id = %s AND state = %s",
            [crowd.operation.pk, "approved"],
        )
        cursor.fetchall()
    return time.perf_counter() - began


def make(crowd: Crowd, assessment: Assessment, language: str) -> tuple[Report, float]:
    """Ask for a report and do its job here; return it and the seconds from request to file."""
    began = time.perf_counter()
    asked = reports.request(assessment, actor=Actor(user=crowd.coordinator), language=language)
    assert asked.job is not None
    jobs.run(str(asked.job.pk))
    return Report.objects.get(pk=asked.pk), time.perf_counter() - began
