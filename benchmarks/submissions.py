"""The submissions table at 100,000: every order, first, middle and last page, and every search."""

import resource
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments.models import Submission
from assessments.submissions.orders import ORDERS
from benchmarks.many_submissions import Crowd, fill
from core import keyset

MANY = 100_000
ROUNDS = 3
GOAL = "≤ 300"
WORDS = {
    "in every submission": "household",
    "in 60 %": "displaced",
    "in 5 %": "stove",
    "in 0.5 %": "insulin",
    "in ten submissions": "xylophone",
    "in none": "zzzz",
    "of two letters, rare": "xy",
    "of one letter, common": "d",
    "of one letter, absent": "z",
    "two common ones": "household shelter",
    "of one area": "district 77",
}
FILTERS = {
    "by state": "state=received",
    "by organisation": "organisation=MANY3",
    "by province": "area=MA03",
    "by flag": "flag=area",
    "by missing files": "flag=files",
    "by days": "since=2020-12-01&until=2020-12-03",
    "by form, with four answers": "form=form_1",
}
COPY = """
COPY (
    SELECT s.uid, f.form_id, v.version, s.state, s.received_at, o.acronym, a.pcode, s.area_name,
        ST_Y(s.location), ST_X(s.location), s.instance_id, u.username, s.device_id, s.started_at,
        s.ended_at, s.area_flag, s.is_test, answered.*
    FROM assessments_submission s
    JOIN assessments_form f ON f.id = s.form_id
    JOIN assessments_formversion v ON v.id = s.version_id
    JOIN core_organisation o ON o.id = s.organisation_id
    LEFT JOIN core_area a ON a.id = s.area_id
    JOIN core_user u ON u.id = s.submitted_by_id,
    jsonb_to_record(s.answers) AS answered({columns})
    WHERE s.form_id = {form} ORDER BY s.id
) TO STDOUT (FORMAT CSV)
"""
Report = Callable[..., None]


def measure(report: Report) -> None:
    """Report milliseconds of each page of the table, and seconds and memory of exports."""
    began = time.monotonic()
    crowd = fill(MANY)
    report(f"filling {MANY:,} submissions", time.monotonic() - began, "s")
    client = Client(headers={"host": "localhost"})
    client.force_login(crowd.coordinator)
    table = reverse("submissions", args=(crowd.operation.slug,))
    slowest = 0.0
    for name, queries in _cases(crowd):
        times = [_milliseconds(client, f"{table}?{query}") for query in queries]
        slowest = max(slowest, *times)
        report(name, max(times), "ms", GOAL)
    report("the slowest of all", slowest, "ms", GOAL)
    row = Submission.objects.filter(form=crowd.form).order_by("pk")[MANY // 10]
    report("one submission", _milliseconds(client, f"{table}{row.pk}/"), "ms", GOAL)
    _exports(report, client, f"{table}export/", crowd)


def _cases(crowd: Crowd) -> Iterable[tuple[str, list[str]]]:
    """Yield what is measured, each with the addresses that it takes."""
    for sort in (f"{sign}{key}" for key in ORDERS for sign in ("", "-")):
        middle = f"sort={sort}&after={_middle(sort, crowd)}"
        yield f"sorted by {sort}: first", [f"sort={sort}"]
        yield f"sorted by {sort}: middle", [middle]
        yield f"sorted by {sort}: last", [f"sort={sort}&last=1"]
    for name, words in WORDS.items():
        text = words.replace(" ", "+")
        pages = [f"q={text}&sort={sort}{end}" for sort in ORDERS for end in ("", "&last=1")]
        yield f"a word {name}: first and last page of each order", pages
    for name, query in FILTERS.items():
        pages = [f"{query}&sort={sort}{end}" for sort in ORDERS for end in ("", "&last=1")]
        yield f"filtered {name}: first and last page of each order", pages


def _middle(sort: str, crowd: Crowd) -> str:
    """Return the cursor of a submission in the middle of an order."""
    order = ORDERS[sort.removeprefix("-")]
    column = order.column.removesuffix("_id")
    rows = Submission.objects.filter(operation=crowd.operation).order_by(column, "pk")
    return keyset.encode(*order.key(rows.only("pk", column)[MANY // 2]))


def _milliseconds(client: Client, url: str) -> float:
    """Return the median time of a page, made in this process with all that belongs to it."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        answer = client.get(url)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (url, answer.status_code)
    return statistics.median(times)


def _exports(report: Report, client: Client, url: str, crowd: Crowd) -> None:
    form = crowd.form
    count = Submission.objects.filter(form=form).count()
    bare = statistics.median(_copy(crowd) for _ in range(ROUNDS))
    for name in ("csv", "xlsx", "json", "geojson", "hxl"):
        before = _peak()
        began = time.perf_counter()
        answer: Any = client.get(f"{url}?form={form.form_id}&format={name}")
        size = sum(len(part) for part in answer.streaming_content)
        seconds = time.perf_counter() - began
        report(f"{name}: {count:,} rows, {size / 1e6:.0f} MB", seconds, "s")
        report(f"{name}: more memory", _peak() - before, "MB", "≤ 60")
        if name == "csv":
            report("csv: ratio to a bare COPY", seconds / bare, "", "≤ 3")


def _copy(crowd: Crowd) -> float:
    """Return the seconds of PostgreSQL's own export of the same columns."""
    paths = [question.path for question in crowd.form.versions.get().questions.all()]
    columns = ", ".join(f'"{path}" text' for path in paths)
    began = time.perf_counter()
    with (
        connection.cursor() as cursor,
        cursor.copy(COPY.format(columns=columns, form=crowd.form.pk)) as copy,
    ):
        for _part in copy:
            pass
    return time.perf_counter() - began


def _peak() -> float:
    """Return the largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
