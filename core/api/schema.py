"""OpenAPI: tables and rows are described by the datasets that they are made of."""

import inspect
from collections.abc import Callable
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from core.datasets import Column, Dataset, Kind
from core.writers import FORMATS

MOST = 1000
USUAL = 100
FIELDS: dict[Kind, Callable[..., serializers.Field[Any, Any, Any, Any]]] = {
    Kind.TEXT: serializers.CharField,
    Kind.INTEGER: serializers.IntegerField,
    Kind.DECIMAL: serializers.FloatField,
    Kind.BOOLEAN: serializers.BooleanField,
    Kind.DATE: serializers.DateField,
    Kind.DATETIME: serializers.DateTimeField,
    Kind.LIST: serializers.ListField,
    Kind.OBJECT: serializers.DictField,
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457; `code` is stable, `how` says what to do about it.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "how": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["type", "title", "status", "code", "detail", "how"],
}


def row_serializer(dataset: Dataset, name: str = "Row") -> Any:
    """Return a serializer with a field for each column, all of which may be null."""
    fields = {
        column.key: FIELDS[column.kind](help_text=help_text(column), allow_null=True)
        for column in dataset.columns
    }
    return inline_serializer(f"{title(dataset)}{name}", fields)


def title(dataset: Dataset) -> str:
    """Return a dataset's name as a component's."""
    return "".join(part.title() for part in dataset.name.replace("-", "_").split("_"))


def help_text(column: Column) -> str:
    """Return a column's label, unit and HXL tag for the documentation."""
    parts = (str(column.label), column.unit, column.hxl)
    return " · ".join(part for part in parts if part)


class DescribedSchema(AutoSchema):
    """Groups addresses by their first word."""

    view: Any

    def get_tags(self) -> list[str]:
        parts = self.path.strip("/").split("/")
        return [parts[2] if len(parts) > 2 else "api"]


class ViewSchema(DescribedSchema):
    """Describes an address by what its view says of itself, not of the way it answers."""

    def get_description(self, path: str = "", method: str = "") -> str:
        return inspect.getdoc(type(self.view)) or ""


class TableSchema(ViewSchema):
    """Documents a table from its dataset and filters."""

    def get_operation_id(self) -> str:
        return str(super().get_operation_id()).replace("_retrieve", "_list")

    def get_override_parameters(self) -> list[Any]:
        if self.method != "GET":
            return []
        return [
            *(
                OpenApiParameter(one.name, str, description=one.expected)
                for one in self.view.filters
            ),
            OpenApiParameter("format", str, enum=sorted(self.view.formats())),
            OpenApiParameter("limit", int, description=f"1 to {MOST}; {USUAL} unless said"),
            OpenApiParameter("cursor", str, description="from `next` of the page before"),
        ]

    def get_response_serializers(self) -> Any:
        table: Dataset = self.view.documented()
        page = inline_serializer(
            f"{title(table)}Page",
            {
                "results": serializers.ListField(child=row_serializer(table)),
                "next": serializers.URLField(allow_null=True, help_text="the following page"),
            },
        )
        files = {
            (200, FORMATS[name].content_type.partition(";")[0]): OpenApiResponse(
                OpenApiTypes.BINARY, description="the whole table"
            )
            for name in self.view.formats()
            if name != "json"
        }
        return {(200, "application/json"): page, **files}


class RowSchema(ViewSchema):
    """Documents one row of a dataset."""

    def get_response_serializers(self) -> Any:
        return row_serializer(self.view.documented(), "One")


def add_problems(result: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Say of every operation that what goes wrong comes as a problem document."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {"description": "A problem", "content": content}
    return result
