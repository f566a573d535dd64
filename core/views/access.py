"""Access: the map with what ends soon, the timeline, and the calendar of windows and expiries."""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import picture
from core.access.months import Month
from core.access.timeline import SOURCES, timeline
from core.areas import maps
from core.models import Area, Site
from core.models.statuses import Status
from core.views.doors import MemberRequest, opens


def tabs(request: MemberRequest, current: str) -> list[dict[str, Any]]:
    """Return the pages of access, for parts/tabs.html."""
    pages = (
        ("access", _("Map")),
        ("constraints", _("Constraints")),
        ("roads", _("Roads and sites")),
        ("papers", _("Windows and clearances")),
        ("access_calendar", _("Calendar")),
        ("access_timeline", _("Timeline")),
    )
    slug = request.operation.slug
    return [
        {"url": reverse(name, args=(slug,)), "label": label, "current": name == current}
        for name, label in pages
    ]


@opens("access.read")
def access(request: MemberRequest) -> HttpResponse:
    """Show roads, passages and sites by what they read as, and what ends in the next 72 hours."""
    operation, actor, now = request.operation, request.actor, timezone.now()
    roads = picture.roads(operation, actor)
    passages = picture.passages(operation, actor)
    sites = Site.objects.current().filter(operation=operation).select_related("operation")
    shown = [*roads, *passages]
    constraints = picture.lasting(operation, actor)
    areas = Area.objects.current().filter(operation=operation, geometry__isnull=False)
    scored = picture.shaded(operation, actor)
    level = scored[0] if scored else maps.default_level(areas)
    windows = picture.covered(operation, actor)
    soon = picture.coming(operation, actor, start=now, end=now + picture.SOON)
    context = {
        "tabs": tabs(request, "access"),
        "readings": sorted(shown, key=lambda one: (not one.is_disputed, str(one.subject))),
        "counts": [(state, sum(one.status == state for one in shown)) for state in Status if shown],
        "constraints": constraints[:20],
        "constraint_count": constraints.count(),
        "soon": soon,
        "drawing": picture.drawing(shown, sites, windows),
        "windows": windows,
        "scores": scored[1] if scored else {},
        "score_legend": picture.score_legend() if scored else [],
        "map_url": f"{reverse('area_map', args=(operation.slug,))}?level={level}",
        "has_areas": areas.exists(),
        "is_empty": not (shown or sites or constraints or soon or windows),
    }
    return render(request, "core/access/map.html", context)


@opens("access.read")
def access_calendar(request: MemberRequest) -> HttpResponse:
    """Show a month as a grid, and by day what begins, ends or expires in it."""
    month = Month.read(request.GET.get("month", ""))
    start, end = month.bounds
    found = picture.coming(request.operation, request.actor, start=start, end=end)
    windows = picture.running(request.operation, request.actor, start=start, end=end)
    context = {
        "tabs": tabs(request, "access_calendar"),
        "windows": windows,
        "days": [(at, list(rows)) for at, rows in groupby(found, key=lambda one: one.day)],
        "month": month,
        "weeks": month.weeks(found, windows),
    }
    return render(request, "core/access/calendar.html", context)


@opens("access.read")
def access_timeline(request: MemberRequest) -> HttpResponse:
    """Show what was reported of access, newest first, whatever kind it is."""
    text, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    found = timeline(
        request.operation,
        request.actor,
        text=text,
        kind=kind,
        before=_moment(request.GET.get("before", "")),
    )
    older = request.GET.copy()
    older["before"] = found[-1].at.isoformat() if found else ""
    context = {
        "tabs": tabs(request, "access_timeline"),
        "days": [(at, list(rows)) for at, rows in groupby(found, key=lambda one: one.day)],
        "q": text,
        "kind": kind,
        "kinds": [(key, source.what) for key, source in SOURCES.items()],
        "older": f"?{older.urlencode()}" if len(found) == picture.MOST else "",
        "is_later": "before" in request.GET,
    }
    return render(request, "core/access/timeline.html", context)


def _moment(text: str) -> datetime | None:
    """Return the moment of an address, or None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if timezone.is_aware(found) else None
