"""Small tables that are computed, not queried: sorted, searched and paged by the address.

The names of the parameters carry the table's name, so that several tables share an address.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise

Row = TypeVar("Row")
SIZE = 50


@dataclass(frozen=True)
class Heading:
    """A column's heading: ``sort`` is ascending, descending or none; ``url`` sorts by it."""

    key: str
    label: str | Promise
    is_number: bool
    sort: str
    url: str


@dataclass(frozen=True)
class Table(Generic[Row]):
    """One page of a table, ready for ``templates/parts``; addresses are relative or None."""

    name: str
    rows: list[Row]
    headings: list[Heading]
    count: int
    query: str
    previous: str | None
    next: str | None
    kept: list[tuple[str, str]]


@dataclass(frozen=True)
class Sortable(Generic[Row]):
    """A column that can be sorted: ``key`` gives what is compared; numbers begin with the most."""

    label: str | Promise
    key: Callable[[Row], Any]
    is_number: bool = False


def arrange(
    request: HttpRequest,
    name: str,
    rows: Sequence[Row],
    columns: Mapping[str, Sortable[Row]],
    *,
    text: Callable[[Row], str],
    size: int = SIZE,
) -> Table[Row]:
    """Return the part of ``rows`` that the request asks for, in the order that it asks for.

    Parameters that cannot be read give the first page in the given order.
    """
    query = request.GET.get(f"{name}-q", "").strip()
    asked = request.GET.get(f"{name}-sort", "")
    found = [row for row in rows if query.casefold() in text(row).casefold()]
    column = columns.get(asked.removeprefix("-"))
    if column:
        found = sorted(found, key=column.key, reverse=asked.startswith("-"))
    number = _number(request.GET.get(f"{name}-page", ""), len(found), size)
    start = number * size
    mine = {f"{name}-q", f"{name}-page"}
    return Table(
        name=name,
        rows=found[start : start + size],
        headings=[_heading(request, name, key, one, asked) for key, one in columns.items()],
        count=len(found),
        query=query,
        previous=_with(request, f"{name}-page", number) if number else None,
        next=_with(request, f"{name}-page", number + 2) if start + size < len(found) else None,
        kept=[pair for pair in _pairs(request) if pair[0] not in mine],
    )


def _number(given: str, count: int, size: int) -> int:
    last = max(0, (count - 1) // size)
    return min(max(0, int(given) - 1), last) if given.isdecimal() and len(given) < 7 else 0


def _heading(
    request: HttpRequest, name: str, key: str, column: Sortable[Any], asked: str
) -> Heading:
    way = {key: "ascending", f"-{key}": "descending"}.get(asked, "none")
    first, second = (f"-{key}", key) if column.is_number else (key, f"-{key}")
    url = _with(request, f"{name}-sort", second if asked == first else first, f"{name}-page")
    return Heading(key, column.label, column.is_number, way, url)


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    return [(key, value) for key, values in request.GET.lists() for value in values]


def _with(request: HttpRequest, key: str, value: object, *dropped: str) -> str:
    parameters = request.GET.copy()
    for one in dropped:
        parameters.pop(one, None)
    parameters[key] = str(value)
    return f"?{parameters.urlencode()}"
