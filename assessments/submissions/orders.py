"""The orders in which submissions can be read, each by an index, so that every page is quick.

Times and area names are sorted as they are stored. By form, organisation, person or state, groups
follow each other in the order of their names, with the newest submission first in each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from psycopg import sql

from assessments.models import Form, Submission
from assessments.submissions.search import Extent
from core import keyset
from core.errors import Problem
from core.models import Operation, Organisation, User

STATES = ("received", "in_review", "has_issues", "approved", "rejected")
Key = tuple[Any, int]
# The values of the column of an index, without reading the rows between them.
DISTINCT = sql.SQL(
    """
    WITH RECURSIVE found(value) AS (
        (SELECT {column} FROM assessments_submission
            WHERE operation_id = %s AND is_test = %s ORDER BY {column} LIMIT 1)
        UNION ALL
        SELECT (SELECT {column} FROM assessments_submission
            WHERE operation_id = %s AND is_test = %s AND {column} > found.value
            ORDER BY {column} LIMIT 1)
        FROM found WHERE found.value IS NOT NULL
    )
    SELECT value FROM found WHERE value IS NOT NULL
    """
)


@dataclass(frozen=True)
class Scope:
    """One operation's submissions, real or test: where every index of the table begins."""

    operation: Operation
    is_test: bool = False

    def rows(self) -> QuerySet[Submission]:
        """Return them in no order."""
        return Submission.objects.filter(operation=self.operation, is_test=self.is_test).order_by()

    def values_of(self, column: str) -> list[Any]:
        """Return the values that an indexed column has among them."""
        here = [self.operation.pk, self.is_test]
        with connection.cursor() as cursor:
            query = DISTINCT.format(column=sql.Identifier(column))
            cursor.execute(query.as_string(), [*here, *here])
            return [value for (value,) in cursor.fetchall()]


@dataclass(frozen=True)
class Reading:
    """How far and in which direction: ``size`` keys beyond ``cursor``, ``back`` towards the start.

    ``downwards`` is the direction in the order of names or values.
    """

    extent: Extent
    scope: Scope
    descending: bool
    size: int
    cursor: str = ""
    back: bool = False

    @property
    def downwards(self) -> bool:
        return self.descending != self.back


@dataclass(frozen=True)
class ColumnOrder:
    """Sorts by a stored column whose index ends in the primary key."""

    column: str
    is_time: bool = False

    def key(self, row: Submission) -> Key:
        """Return where a row stands in the order."""
        return _plain(getattr(row, self.column)), row.pk

    def read(self, reading: Reading) -> list[Key]:
        """Return keys from the cursor onwards, the nearest first."""
        rows = reading.extent.rows
        if reading.cursor:
            value, pk = keyset.decode(reading.cursor, str, int)
            beyond = keyset.beyond(
                (self.column, "id"), (self._value(value), pk), descending=reading.downwards
            )
            rows = rows.filter(beyond)
        sign = "-" if reading.downwards else ""
        found = rows.order_by(f"{sign}{self.column}", f"{sign}id").values_list(self.column, "pk")
        return [(_plain(value), pk) for value, pk in found[: reading.size]]

    def _value(self, value: str) -> Any:
        try:
            return datetime.fromisoformat(value) if self.is_time else value
        except ValueError:
            raise Problem("bad_request", message=value) from None


@dataclass(frozen=True)
class GroupOrder:
    """Sorts by what a column refers to: ``model``'s rows in the order of ``name``, or states."""

    column: str
    model: Any = None
    name: Any = None

    def key(self, row: Submission) -> Key:
        """Return where a row stands in the order."""
        return getattr(row, self.column), row.pk

    def read(self, reading: Reading) -> list[Key]:
        """Return keys from the cursor onwards, the nearest first."""
        kind = int if self.model else str
        start = keyset.decode(reading.cursor, kind, int) if reading.cursor else None
        here: list[Any] = start[:1] if start else []
        if reading.extent.exact:
            pairs = list(reading.extent.rows.values_list(self.column, "pk"))
            groups = self._sorted({*here, *(group for group, _pk in pairs)}, reading.downwards)
            return _choose(pairs, groups, start, reading)
        values = {*here, *reading.scope.values_of(self.column)}
        groups = self._sorted(values, reading.downwards)
        if start:
            groups = groups[groups.index(start[0]) :] if start[0] in groups else []
        return self._walk(groups, start, reading)

    def _sorted(self, values: set[Any], downwards: bool) -> list[Any]:
        """Return the values in the order in which a reader expects their names."""
        if self.model is None:
            groups = [state for state in STATES if state in values]
        else:
            named = self.model.objects.filter(pk__in=values).order_by(self.name, "pk")
            groups = list(named.values_list("pk", flat=True))
        return groups[::-1] if downwards else groups

    def _walk(self, groups: list[Any], start: list[Any] | None, reading: Reading) -> list[Key]:
        """Read group by group, more of them at once the emptier they are, until it is enough."""
        keys: list[Key] = []
        for chunk in _chunks(groups):
            parts = [self._part(group, start, reading) for group in chunk]
            pairs = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
            keys += _choose(pairs, chunk, None, reading)
            if len(keys) >= reading.size:
                break
        return keys[: reading.size]

    def _part(self, group: Any, start: list[Any] | None, reading: Reading) -> QuerySet[Any, Any]:
        rows = reading.extent.rows.filter(**{self.column: group})
        if start and group == start[0]:
            rows = rows.filter(**{"pk__gt" if reading.back else "pk__lt": start[1]})
        rows = rows.order_by("pk" if reading.back else "-pk")
        return rows.values_list(self.column, "pk")[: reading.size]


def _choose(
    pairs: Sequence[Key], groups: Sequence[Any], start: list[Any] | None, reading: Reading
) -> list[Key]:
    """Sort keys by group and then by age, and keep those beyond ``start``."""
    rank = {group: place for place, group in enumerate(groups)}
    sign = 1 if reading.back else -1

    def place(key: Sequence[Any]) -> tuple[int, int]:
        return rank[key[0]], sign * key[1]

    chosen = [key for key in pairs if key[0] in rank]
    if start:
        if start[0] not in rank:
            return []
        chosen = [key for key in chosen if place(key) > place(start)]
    return sorted(chosen, key=place)[: reading.size]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _chunks(groups: list[Any]) -> Iterator[list[Any]]:
    start, size = 0, 2
    while start < len(groups):
        yield groups[start : start + size]
        start, size = start + size, min(size * 4, 32)


ORDERS: dict[str, ColumnOrder | GroupOrder] = {
    "received": ColumnOrder("received_at", is_time=True),
    "area": ColumnOrder("area_name"),
    "state": GroupOrder("state"),
    "form": GroupOrder("form_id", Form, Lower("title")),
    "organisation": GroupOrder("organisation_id", Organisation, Lower("acronym")),
    "submitter": GroupOrder(
        "submitted_by_id", User, Lower(Coalesce(NullIf("name", Value("")), "username"))
    ),
}
