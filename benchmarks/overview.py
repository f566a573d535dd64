"""The overview at 100,000 submissions: its figures, the whole page, and a chart."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict

import pgtrigger
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from assessments.coverage import Selection
from assessments.models import AssessmentArea
from benchmarks.many_submissions import Crowd, fill
from core.models import Area
from situation import charts, figures

COUNT = 100_000
ROUNDS = 15
BARE = """
SELECT state, count(*) FROM assessments_submission
WHERE operation_id = %s AND NOT is_test GROUP BY state
"""
# The crowd's areas follow its organisations; people do not work so regularly.
SCATTER = """
UPDATE assessments_submission SET
    area_id = (%(areas)s::bigint[])[1 + floor(random() * cardinality(%(areas)s::bigint[]))::int]
WHERE operation_id = %(operation)s
"""


def measure(report: Callable[..., None]) -> None:
    """Report medians in milliseconds of server time, beside one bare count of the same rows."""
    crowd = fill(COUNT, slug="overview")
    scatter(crowd)
    selection = Selection(crowd.operation)
    report("one bare count by state", median(lambda: bare(crowd)), "ms")
    figures_take = median(lambda: figures.take(selection))
    report(f"all figures of {COUNT:,} submissions", figures_take, "ms", "≤ 80")
    report("the whole page", whole_page(crowd), "ms")
    rows = [asdict(row) for row in figures.take(selection).days]
    began = time.perf_counter()
    charts.draw("days", rows, charts.SCREEN, width=560)
    report("a chart, drawn by a fresh process", 1000 * (time.perf_counter() - began), "ms")
    drawn = [median_of_one(rows, width) for width in range(600, 1000, 40)]
    report("a chart, drawn", statistics.median(drawn), "ms")
    again = median(lambda: charts.draw("days", rows, charts.SCREEN, width=560))
    report("a chart, drawn before", again, "ms")


def whole_page(crowd: Crowd) -> float:
    """Return how long the page takes from request to answer, without a network between."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        client = Client(SERVER_NAME="localhost")
        client.force_login(crowd.coordinator)
        address = reverse("overview", args=(crowd.operation.slug,))
        assert client.get(address).status_code == 200
        return median(lambda: client.get(address))


def scatter(crowd: Crowd) -> None:
    """Spread the submissions over all areas and plan for each; leave the table as vacuum does."""
    areas = list(
        Area.objects.filter(operation=crowd.operation, level=2).values_list("pk", flat=True)
    )
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        given = {"areas": areas, "operation": crowd.operation.pk}
        cursor.execute(connection.ops.compose_sql(SCATTER, given))
    assessment = crowd.form.assessment
    assert assessment is not None
    AssessmentArea.objects.bulk_create(
        AssessmentArea(assessment=assessment, area_id=area, target=500) for area in areas
    )
    type(assessment).objects.filter(pk=assessment.pk).update(state="planned")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE assessments_submission")
        cursor.execute("REINDEX TABLE assessments_submission")


def bare(crowd: Crowd) -> None:
    """Count the submissions by state in SQL alone."""
    with connection.cursor() as cursor:
        cursor.execute(BARE, [crowd.operation.pk])
        cursor.fetchall()


def median_of_one(rows: list[dict[str, object]], width: int) -> float:
    """Return how long a drawing of a new width takes, in milliseconds."""
    began = time.perf_counter()
    charts.draw("days", rows, charts.SCREEN, width=width)
    return 1000 * (time.perf_counter() - began)


def median(work: Callable[[], object]) -> float:
    """Return the median of ROUNDS runs after a first one, in milliseconds."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)
