"""Choosing the areas of an assessment: browse or search, and see what is chosen beside it."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from assessments.places import around
from assessments.views.planning_forms import targets
from core import policy
from core.areas.tree import matching
from core.models import Area
from core.views.doors import MemberRequest, opens

MOST_LISTED = 200
FIELDS = ("operation", "pcode", "path", "name", "names", "level", "parent")


def selectable(request: MemberRequest) -> QuerySet[Area]:
    """Return the operation's current areas that the reader may see, without their shapes."""
    current = Area.objects.current().filter(operation=request.operation)
    light = policy.filter(request.actor, "area.read", current)
    return light.only(*FIELDS)


def posted(request: MemberRequest, data: QueryDict) -> dict[Area, int]:
    """Return the chosen areas of a posted form with their targets, in the order of their paths.

    Areas that were superseded since they were chosen stay choosable where they stand.
    """
    wanted = [one for one in data.getlist("area") if one.isdecimal() and len(one) < 19]
    inside = Area.objects.filter(operation=request.operation)
    known = policy.filter(request.actor, "area.read", inside).only(*FIELDS)
    chosen = targets(data, known.in_bulk([int(one) for one in wanted]))
    return dict(sorted(chosen.items(), key=lambda pair: pair[0].path))


@opens("assessment.create")
def scope_areas(request: MemberRequest) -> HttpResponse:
    """Give a part of the tree of areas: what a search finds, or what lies directly below one."""
    return render(request, "assessments/assessments/areas.html", listing(request))


def listing(request: MemberRequest) -> dict[str, Any]:
    """Return the areas to choose from, each with ``has_below``, and where in the tree they are."""
    query = request.GET.get("areas-q", "").strip()
    found = selectable(request)
    under = found.filter(pcode=request.GET.get("under", "")).first()
    below = Area.objects.current().filter(parent=OuterRef("pk"))
    if query:
        shown = matching(found, query)
    else:
        shown = found.filter(parent=under) if under else found.filter(parent__isnull=True)
    rows = list(shown.annotate(has_below=Exists(below)).order_by("path")[: MOST_LISTED + 1])
    return {
        "areas": rows[:MOST_LISTED],
        "is_cut": len(rows) > MOST_LISTED,
        "areas_query": query,
        "under": under,
        "around": _around(found, under) if under else [],
        "levels": _levels(found, under),
    }


def _around(found: QuerySet[Area], under: Area) -> list[Area]:
    parts = under.path.rstrip("/").split("/")[:-1]
    return list(found.filter(pcode__in=parts).order_by("level"))


def _levels(found: QuerySet[Area], under: Area | None) -> list[dict[str, int]]:
    inside = _below(found, under)
    counts: dict[int, int] = {}
    for level in inside.order_by().values_list("level", flat=True):
        counts[level] = counts.get(level, 0) + 1
    return [{"level": level, "count": counts[level]} for level in sorted(counts)]


def _below(found: QuerySet[Area], under: Area | None) -> QuerySet[Area]:
    return found.filter(path__startswith=under.path).exclude(pk=under.pk) if under else found


@require_POST
@opens("assessment.create")
def scope(request: MemberRequest) -> HttpResponse:
    """Change what is chosen and show it: add one area or all of a level below one, or remove."""
    chosen = posted(request, request.POST)
    changed = _changed(request, chosen)
    return render(request, "assessments/assessments/chosen.html", {"chosen": changed})


def _changed(request: MemberRequest, chosen: dict[Area, int]) -> dict[Area, int]:
    asked = request.POST
    if "clear" in asked:
        return {}
    if "remove" in asked:
        return {area: target for area, target in chosen.items() if str(area.pk) != asked["remove"]}
    if "everywhere" in asked:
        typed = asked.get("each", "").strip()
        each = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
        return dict.fromkeys(chosen, each)
    added = {area: chosen.get(area, 0) for area in _asked(request)}
    return with_added(chosen, added)


def _asked(request: MemberRequest) -> list[Area]:
    found = selectable(request)
    if "add" in request.POST:
        return list(found.filter(pcode=request.POST["add"]))
    level = request.POST.get("level", "")
    if not (level.isdecimal() and len(level) < 3):
        return []
    under = found.filter(pcode=request.POST.get("under", "")).first()
    return list(_below(found, under).filter(level=int(level)))


def with_added(chosen: dict[Area, int], added: dict[Area, int]) -> dict[Area, int]:
    """Return both; what was chosen before gives way to an added area around or inside it."""
    inner = {area.path for area in added}
    outer = {path for one in inner for path in around(one)}
    kept = {
        area: target
        for area, target in chosen.items()
        if area.path not in outer and not inner.intersection(around(area.path))
    }
    return dict(sorted((kept | added).items(), key=lambda pair: pair[0].path))
