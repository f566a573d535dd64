"""Keyset paging of lists: each page costs the same, and new rows do not shift the pages."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)
SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list; ``previous`` and ``next`` are addresses or None."""

    rows: list[Row]
    count: int
    previous: str | None
    next: str | None


def page(
    request: HttpRequest,
    queryset: QuerySet[Row],
    *,
    field: str,
    descending: bool = False,
    size: int = SIZE,
) -> Page[Row]:
    """Return the page that the request's ``after`` or ``before`` asks for, by ``field`` and key.

    A mark that cannot be read (an old bookmark, somebody's typing) gives the first page.
    """
    backward = "before" in request.GET
    mark = request.GET.get("before" if backward else "after", "")
    downward = descending != backward
    chosen = queryset
    position = _position(queryset, field, mark)
    if position:
        value, key = position
        way = "lt" if downward else "gt"
        chosen = chosen.filter(
            Q(**{f"{field}__{way}": value}) | Q(**{field: value, f"pk__{way}": key})
        )
    order = "-" if downward else ""
    found = list(chosen.order_by(f"{order}{field}", f"{order}pk")[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backward:
        rows.reverse()
    has_previous = more if backward else bool(position)
    has_next = bool(position) if backward else more
    return Page(
        rows=rows,
        count=queryset.count(),
        previous=_address(request, "before", rows[0], field) if rows and has_previous else None,
        next=_address(request, "after", rows[-1], field) if rows and has_next else None,
    )


def _position(queryset: QuerySet[Any], field: str, mark: str) -> tuple[Any, Any] | None:
    value, separator, key = mark.rpartition("~")
    if not separator:
        return None
    meta = queryset.model._meta
    try:
        return meta.get_field(field).to_python(value), meta.pk.to_python(key)
    except (ValidationError, ValueError):
        return None


def _address(request: HttpRequest, way: str, row: Model, field: str) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    query.pop("after", None)
    column: Any = row._meta.get_field(field)
    value = column.value_to_string(row)
    query[way] = f"{value}~{row.pk}"
    return f"?{query.urlencode()}"
