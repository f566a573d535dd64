"""Counts by local day, without asking every submission for its local day.

Converting 100,000 times to a zone took most of the time of counting them. So they are counted in
bins of equal length, and then the bins by day: bins of 24 hours where the zone's clock was never
put forward or back among them, else of an hour, or of a quarter where it is not whole hours away.
"""

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.models import Count, DateTimeField, DurationField, F, Func, QuerySet, Value
from django.utils import timezone

from assessments.models import Submission

DAY, HOUR, QUARTER = timedelta(days=1), timedelta(hours=1), timedelta(minutes=15)
HALF_A_YEAR = timedelta(days=182)
ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
BY_DAY = """
    SELECT (start AT TIME ZONE %s)::date, state, sum(number)::bigint FROM ({bins}) AS bins
    GROUP BY 1, 2
"""
Counted = list[tuple[date, str, int]]


def count_by_day(submissions: QuerySet[Submission]) -> Counted:
    """Return day (in the active time zone), state and number, in no order."""
    now = timezone.now()
    offsets = [_offset(now - back) for back in (timedelta(), HALF_A_YEAR)]
    counted = _in_days(submissions, offsets[0]) if offsets[0] == offsets[1] else None
    if counted is not None:
        return counted
    return _in_parts(submissions, QUARTER if any(offset % HOUR for offset in offsets) else HOUR)


def _in_days(submissions: QuerySet[Submission], offset: timedelta) -> Counted | None:
    """Count in bins that are local days; return None where the clock was changed among them."""
    bins = list(_bins(submissions, DAY, ORIGIN - offset))
    edges = {edge for start, _state, _number in bins for edge in (start, start + DAY)}
    if any(_offset(edge) != offset for edge in edges):
        return None
    return [(timezone.localtime(start).date(), state, number) for start, state, number in bins]


def _in_parts(submissions: QuerySet[Submission], step: timedelta) -> Counted:
    """Count in bins that never run over a local midnight, in summer or winter."""
    sql, values = _bins(submissions, step, ORIGIN).query.sql_with_params()
    zone = timezone.get_current_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute(BY_DAY.format(bins=sql), [zone, *values])
        counted: Counted = cursor.fetchall()
    return counted


def _bins(
    submissions: QuerySet[Submission], step: timedelta, origin: datetime
) -> QuerySet[Submission, tuple[datetime, str, int]]:
    start = Func(
        Value(step, DurationField()),
        F("received_at"),
        Value(origin, DateTimeField()),
        function="date_bin",
        output_field=DateTimeField(),
    )
    binned = submissions.annotate(start=start).values("start", "state")
    return binned.annotate(number=Count("*")).values_list("start", "state", "number")


def _offset(moment: datetime) -> timedelta:
    return timezone.localtime(moment).utcoffset() or timedelta()
