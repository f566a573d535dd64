"""Datasets behind REST addresses: JSON pages by cursor, or the whole table as a file.

A view names its dataset and its filters; columns, scope, formats and documentation follow. What a
client asks for and we do not know is refused by name, so that a typing error is no empty result.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from core.api.base import ApiView, Request, conditional
from core.api.schema import MOST, USUAL, RowSchema, TableSchema
from core.datasets import Dataset
from core.downloads import download
from core.errors import Problem
from core.keyset import decode, encode
from core.writers import FORMATS, plain

PAGING = ("cursor", "limit", "format")


@dataclass(frozen=True)
class Filter:
    """One query parameter: ``narrow(queryset, text)`` applies it, raising ValueError when bad."""

    name: str
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]]
    expected: str


def exact(name: str, path: str, expected: str) -> Filter:
    """Return a filter by equality on a field path; several values are separated by commas."""
    return Filter(
        name, lambda rows, text: rows.filter(**{f"{path}__in": text.split(",")}), expected
    )


class TableView(ApiView):
    """GET of a dataset; a subclass gives ``verb``, ``table`` and ``filters``."""

    verb = "public"
    table: Dataset
    filters: tuple[Filter, ...] = ()
    schema = TableSchema()

    def dataset(self, request: Request) -> Dataset:
        """Return the dataset for this request; the class's own unless a subclass says otherwise."""
        return self.table

    def documented(self) -> Dataset:
        """Return the dataset that the documentation describes."""
        return self.table

    def formats(self) -> list[str]:
        """Return the formats this table has."""
        has_geometry = bool(self.documented().geometry)
        return [name for name in FORMATS if name != "geojson" or has_geometry]

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Answer with a page of JSON, or the whole table in another format."""
        dataset = self.dataset(request).for_actor(request.actor)
        rows = self.narrowed(request, dataset.queryset(request.actor))
        chosen = request.query_params.get("format", "json")
        if chosen not in self.formats():
            options = ", ".join(self.formats())
            raise Problem("bad_parameter", name="format", value=chosen, expected=options)
        if chosen == "json":
            return self.page(request, dataset, rows)
        return download(dataset, request.actor, rows=rows.order_by("pk"), format_name=chosen)

    def known_parameters(self) -> set[str]:
        """Return the names that may stand in the query."""
        return {*PAGING, *self.parameters, *(one.name for one in self.filters)}

    def narrowed(self, request: Request, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that the request's filters keep."""
        for one in self.filters:
            text = request.query_params.get(one.name, "")
            if text:
                try:
                    rows = one.narrow(rows, text)
                except ValueError:
                    raise Problem(
                        "bad_parameter", name=one.name, value=text, expected=one.expected
                    ) from None
        return rows

    def page(self, request: Request, dataset: Dataset, rows: QuerySet[Any]) -> HttpResponse:
        """Return one page in the order of the key, with the address of the next and an ETag."""
        limit = limit_of(request)
        after = request.query_params.get("cursor")
        ordered = rows.order_by("pk")
        if after:
            ordered = ordered.filter(pk__gt=key_of(rows, after))
        keys = list(ordered.values_list("pk", flat=True)[: limit + 1])
        shown = keys[:limit]
        results = documents(dataset, request, rows.filter(pk__in=shown).order_by("pk"))
        following = None
        if len(keys) > limit:
            query = request.query_params.copy()
            query["cursor"] = encode(str(shown[-1]))
            following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        return conditional(request, {"results": results, "next": following})


def key_of(rows: QuerySet[Any], cursor: str) -> Any:
    """Return the key that a cursor stands for; raise Problem ``bad_request``."""
    try:
        return rows.model._meta.pk.to_python(*decode(cursor, str))
    except ValidationError as error:
        raise Problem("bad_request", message=" ".join(error.messages)) from None


def limit_of(request: Request) -> int:
    """Return the page size that was asked for; raise Problem ``bad_parameter``."""
    text = request.query_params.get("limit", str(USUAL))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise Problem("bad_parameter", name="limit", value=text, expected=f"1 to {MOST}")
    return int(text)


def documents(dataset: Dataset, request: Request, rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """Return rows as JSON objects, keyed by column."""
    names = [column.key for column in dataset.columns]
    flat = replace(dataset, geometry="", coarse="")
    with transaction.atomic():
        return [
            dict(zip(names, map(plain, record.values), strict=True))
            for record in flat.records(request.actor, rows)
        ]


class RowView(ApiView):
    """GET of one row of a dataset; ``lookup`` is the field that the address gives."""

    table: Dataset
    lookup = "pk"
    schema = RowSchema()

    def dataset(self, request: Request) -> Dataset:
        """Return the dataset for this request."""
        return self.table

    def documented(self) -> Dataset:
        """Return the dataset that the documentation describes."""
        return self.table

    def get(self, request: Request, key: Any) -> HttpResponse:
        """Answer with the row, or 404."""
        dataset = self.dataset(request).for_actor(request.actor)
        found = dataset.queryset(request.actor).filter(**{self.lookup: key})
        shown = documents(dataset, request, found[:1])
        if not shown:
            raise Problem("not_found")
        return conditional(request, shown[0])
