"""Datasets behind REST addresses: JSON pages by cursor, or the whole table as a file.

A view names its dataset and its filters; columns, scope, formats and documentation follow. What a
client asks for and we do not know is refused by name, so that a typing error is no empty result.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request as PlainRequest
from rest_framework.views import APIView

from core.datasets import Column, Dataset, Kind
from core.errors import Problem, declare
from core.keyset import decode, encode
from core.policy import Actor
from core.writers import FORMATS, plain


class Request(PlainRequest):
    """A request of the REST API, with whoever acts."""

    actor: Actor


MOST = 1000
USUAL = 100
PAGING = ("cursor", "limit", "format")
FIELDS: dict[Kind, Callable[..., serializers.Field[Any, Any, Any, Any]]] = {
    Kind.TEXT: serializers.CharField,
    Kind.INTEGER: serializers.IntegerField,
    Kind.DECIMAL: serializers.FloatField,
    Kind.BOOLEAN: serializers.BooleanField,
    Kind.DATE: serializers.DateField,
    Kind.DATETIME: serializers.DateTimeField,
    Kind.LIST: serializers.ListField,
}

declare(
    "unknown_parameter",
    400,
    _("Unknown parameter"),
    _("This address does not know: {unknown}."),
    _("It knows: {known}."),
)
declare(
    "bad_parameter",
    400,
    _("A parameter cannot be used"),
    _("“{value}” is no value for {name}."),
    _("Use {expected}."),
)


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


class TableSchema(AutoSchema):
    """Documents a table from its dataset and filters."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        table = self.view
        described = [
            OpenApiParameter(one.name, str, description=one.expected) for one in table.filters
        ]
        return [
            *described,
            OpenApiParameter("format", str, enum=sorted(table.formats())),
            OpenApiParameter("limit", int, description=f"1 to {MOST}; {USUAL} unless said"),
            OpenApiParameter("cursor", str, description="from `next` of the former page"),
        ]

    def get_response_serializers(self) -> Any:
        table: Dataset = self.view.documented()
        row = inline_serializer(
            f"{table.name.title()}Row",
            {
                column.key: FIELDS[column.kind](help_text=help_text(column))
                for column in table.columns
            },
        )
        return inline_serializer(
            f"{table.name.title()}Page",
            {"results": serializers.ListField(child=row), "next": serializers.URLField()},
        )


def help_text(column: Column) -> str:
    """Return a column's label, unit and HXL tag for the documentation."""
    parts = (str(column.label), column.unit, column.hxl)
    return " · ".join(part for part in parts if part)


class TableView(APIView):
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
        self.refuse_unknown(request)
        dataset = self.dataset(request)
        rows = self.narrowed(request, dataset.queryset(request.actor))
        chosen = request.query_params.get("format", "json")
        if chosen not in self.formats():
            options = ", ".join(self.formats())
            raise Problem("bad_parameter", name="format", value=chosen, expected=options)
        if chosen == "json":
            return self.page(request, dataset, rows)
        return as_file(dataset, dataset.records(request.actor, rows), chosen)

    def refuse_unknown(self, request: Request) -> None:
        """Raise Problem ``unknown_parameter`` naming what this table does not know."""
        known = {*PAGING, *(one.name for one in self.filters)}
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            names = ", ".join(unknown)
            raise Problem("unknown_parameter", unknown=names, known=", ".join(sorted(known)))

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
        names = [column.key for column in dataset.columns]
        chosen = rows.filter(pk__in=shown).order_by("pk")
        results = [
            dict(zip(names, map(plain, record.values), strict=True))
            for record in dataset.records(request.actor, chosen)
        ]
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


def conditional(request: Request, document: Any) -> HttpResponse:
    """Return the document as JSON with an ETag, or 304 where the client has it already."""
    body = json.dumps(document, ensure_ascii=False).encode()
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    known = request.headers.get("If-None-Match", "").replace("W/", "").split(", ")
    if etag in known:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Vary"] = "Authorization, Cookie"
    response["Cache-Control"] = "private, no-cache"
    return response


def as_file(dataset: Dataset, records: Iterator[Any], name: str) -> StreamingHttpResponse:
    """Stream a dataset's records as a file in a format of core.writers."""
    form = FORMATS[name]
    response = StreamingHttpResponse(
        form.write(list(dataset.columns), records), content_type=form.content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{dataset.name}.{form.ending}"'
    return response
