"""The API described: as OpenAPI for programs, as a page for people, both from the same source."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from core.views.doors import public


class SchemaView(SpectacularJSONAPIView):
    """The OpenAPI 3.1 document."""

    verb = "public"
    permission_classes = (AllowAny,)


def described() -> list[dict[str, Any]]:
    """Return the operations by tag, each with its parameters and the fields of its answer."""
    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    components = schema["components"]["schemas"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            groups.setdefault(one["tags"][0], []).append(
                {
                    "id": one["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "text": one.get("description", ""),
                    "parameters": one.get("parameters", []),
                    "sent": _fields(one.get("requestBody", {}), components),
                    "fields": _fields(one["responses"].get("200", {}), components),
                }
            )
    return [{"name": name, "operations": found} for name, found in groups.items()]


def _fields(holder: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of a body's JSON; of a page those of its rows."""
    schema = holder.get("content", {}).get("application/json", {}).get("schema", {})
    properties = _resolved(schema, components).get("properties", {})
    results = properties.get("results", {}).get("items")
    if results:
        properties = _resolved(results, components).get("properties", {})
    return [
        {"name": name, "kind": _kind(field), "text": field.get("description", "")}
        for name, field in properties.items()
    ]


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = components.get(name, {}) if name else schema
    return found


def _kind(field: dict[str, Any]) -> str:
    kinds = field.get("type", "")
    names = kinds if isinstance(kinds, list) else [kinds]
    return " | ".join(str(one) for one in (*names, field.get("format")) if one and one != "null")


@public
def docs(request: Any) -> HttpResponse:
    """Show what the API gives, from local files alone."""
    return render(request, "core/api.html", {"groups": described()})
