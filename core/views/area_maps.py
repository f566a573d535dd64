"""Boundaries for maps, as GeoJSON: for the pages of an operation and for the field client."""

from typing import Any

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import geo, policy
from core.areas import maps as area_map
from core.models import Area, Operation
from core.views.doors import MemberRequest, opens


def _level(given: str, areas: Any) -> int:
    if not given:
        return area_map.default_level(areas)
    if not (given.isascii() and given.isdigit() and len(given) <= 2):
        raise geo.refusal("level", _("The level must be a number from 0 to 5."))
    return int(given)


def _answer(request: Any, operation: Operation, detail: str) -> HttpResponse:
    drawn = Area.objects.current().filter(operation=operation, geometry__isnull=False)
    areas = policy.filter(request.actor, "area.read", drawn)
    if detail not in area_map.DETAILS:
        raise geo.refusal("detail", _("The detail must be one of: low, mid, full."))
    box = request.GET.get("bbox", "")
    view = area_map.View(
        areas=areas,
        level=_level(request.GET.get("level", ""), areas),
        detail=detail,
        language=get_language() or "en",
        box=geo.box(box) if box else None,
    )
    version = view.version()
    etag = f'W/"{version}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        encoding = area_map.encoding_for(request.headers.get("Accept-Encoding", ""))
        content = area_map.body(view, version, encoding)
        response = HttpResponse(content, content_type="application/geo+json")
        if encoding:
            response["Content-Encoding"] = encoding
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Accept-Encoding", "Accept-Language", "Cookie"))
    return response


@opens("area.read")
def area_map_data(request: MemberRequest) -> HttpResponse:
    """Give the areas of a level: ``level``, ``detail`` (low, mid, full), ``bbox``."""
    return _answer(request, request.operation, request.GET.get("detail", "low"))


@opens("area.read")
def field_areas(request: Any) -> HttpResponse:
    """Give the boundaries behind the field client's maps: ``operation`` (its short name)."""
    operation = policy.get(
        request.actor,
        "operation.read",
        Operation.objects.all(),
        slug=request.GET.get("operation", ""),
    )
    return _answer(request, operation, "low")
