"""Areas: the tree with a map beside it, search, and the page of one area."""

from typing import Any

from django.contrib.gis.db.models import Extent
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from core import policy
from core.areas import maps
from core.areas import tree as area_tree
from core.models import Area, PopulationFigure
from core.paging import page
from core.views.doors import MemberRequest, opens

SIZE = 100


def readable(request: MemberRequest) -> QuerySet[Area]:
    """Return the operation's areas, all versions."""
    return policy.filter(
        request.actor, "area.read", Area.objects.filter(operation=request.operation)
    )


@opens("area.read")
def areas(request: MemberRequest) -> HttpResponse:
    """Show the tree, or as a list what matches a search or a level."""
    current = readable(request).filter(valid_to__isnull=True)
    text, level = request.GET.get("q", "").strip()[:100], request.GET.get("level", "")
    chosen = int(level) if level.isascii() and level.isdigit() and len(level) == 1 else None
    context: dict[str, Any] = {"q": text, "level": chosen, "levels": area_tree.levels(current)}
    is_flat = bool(text) or chosen is not None
    found = area_tree.matching(current, text)
    found = found if chosen is None else found.filter(level=chosen)
    found = found if is_flat else found.filter(parent__isnull=True)
    listed = page(request, area_tree.with_children(found), field="name", size=SIZE)
    rows = listed.rows if is_flat else area_tree.unfolded(current, listed.rows)
    context |= {"page": listed, "rows": rows, "is_flat": is_flat}
    drawn = current.filter(geometry__isnull=False)
    shown = maps.default_level(drawn) if chosen is None else chosen
    address = reverse("area_map", args=(request.operation.slug,))
    context |= {
        "map_level": shown,
        "map_url": f"{address}?level={shown}",
        "has_map": drawn.exists(),
        "values": {area.pcode: {"class": "found"} for area in context["rows"]} if text else {},
    }
    return render(request, "core/areas/areas.html", context)


@opens("area.read")
def area_children(request: MemberRequest, pcode: str) -> HttpResponse:
    """Give the rows below an area, for the tree to unfold."""
    current = readable(request).filter(valid_to__isnull=True)
    parent = policy.get(request.actor, "area.read", current, pcode=pcode)
    below = area_tree.with_children(current.filter(parent=parent))
    listed = page(request, below, field="name", size=SIZE)
    context = {"rows": listed.rows, "next": listed.next, "parent": parent}
    return render(request, "core/areas/rows.html", context)


@opens("area.read")
def area(request: MemberRequest, pcode: str) -> HttpResponse:
    """Show one area: names, place in the tree, versions, size, map, population."""
    versions = readable(request).filter(pcode=pcode).order_by("-valid_from")
    current = versions.filter(valid_to__isnull=True) or versions[:1]
    one = policy.get(request.actor, "area.read", readable(request), pk=_key(current))
    figures = PopulationFigure.objects.filter(area__operation=request.operation, area__pcode=pcode)
    children = readable(request).filter(parent=one, valid_to__isnull=True)
    context = {
        "area": one,
        "name": one.name_in(get_language() or "en"),
        "chain": _chain(one),
        "versions": versions.defer("geometry", "geometry_mid", "geometry_low"),
        "children": area_tree.with_children(children).order_by("name")[:SIZE],
        "children_count": children.count(),
        "population": area_tree.population(
            policy.filter(request.actor, "population.read", figures)
        ),
    }
    return render(request, "core/areas/area.html", context | _map(request, one, children))


def _map(request: MemberRequest, one: Area, children: QuerySet[Area]) -> dict[str, Any]:
    """Return what the map shows: the area among its neighbours, or else the areas below it."""
    if one.geometry:
        extent, level, found = one.geometry.extent, one.level, [one.pcode]
    else:
        below = children.filter(geometry__isnull=False)
        extent = below.aggregate(box=Extent("geometry"))["box"]
        level, found = one.level + 1, list(below.values_list("pcode", flat=True))
    if not extent:
        return {}
    box = ",".join(f"{edge:.4f}" for edge in _around(extent))
    address = reverse("area_map", args=(request.operation.slug,))
    detail = "mid" if len(found) == 1 else "low"
    return {
        "box": box,
        "map_url": f"{address}?level={level}&detail={detail}&bbox={box}",
        "values": {pcode: {"class": "found"} for pcode in found},
    }


def _key(found: QuerySet[Area]) -> int | None:
    first = found[0] if found else None
    return first.pk if first else None


def _chain(one: Area) -> list[Area]:
    chain: list[Area] = []
    above = one.parent
    while above is not None:
        chain.insert(0, above)
        above = above.parent
    return chain


def _around(extent: tuple[float, ...]) -> tuple[float, float, float, float]:
    """Return a box with some of its surroundings."""
    west, south, east, north = extent
    margin = 0.35 * max(east - west, north - south, 0.02)
    return (
        max(west - margin, -180),
        max(south - margin, -90),
        min(east + margin, 180),
        min(north + margin, 90),
    )
