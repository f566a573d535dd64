"""Sites and segments: the list, one of them with what was seen of it, and the map's pencil."""

import json
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import policy
from core.access import picture, roads, status
from core.access.road_forms import JoinForm, SegmentForm, SiteForm, SplitForm, site_as_typed
from core.areas import maps
from core.models import Area, RouteSegment, Site
from core.quantities import plain
from core.views.access import tabs
from core.views.access_events import tried
from core.views.doors import MemberRequest, opens

BOTH = require_http_methods(["GET", "HEAD", "POST"])


def segments(request: MemberRequest) -> QuerySet[RouteSegment]:
    """Return the operation's segments that the reader may see, those out of use included."""
    rows = RouteSegment.objects.filter(operation=request.operation)
    rows = rows.select_related("start", "end", "operation")
    return policy.filter(request.actor, "segment.read", rows)


def sites(request: MemberRequest) -> QuerySet[Site]:
    """Return the operation's sites that the reader may see."""
    rows = Site.objects.filter(operation=request.operation).select_related("area", "operation")
    return policy.filter(request.actor, "site.read", rows)


@opens("access.read")
def roads_page(request: MemberRequest) -> HttpResponse:
    """List segments with what each reads as, and sites."""
    text = request.GET.get("q", "").strip()[:100]
    readings = picture.roads(request.operation, request.actor)
    passing = picture.passages(request.operation, request.actor)
    known = {one.subject.pk: one for one in passing}
    listed = sites(request).filter(retired_at=None, name__icontains=text)
    context = {
        "tabs": tabs(request, "roads"),
        "q": text,
        "segments": [one for one in readings if text.casefold() in str(one.subject).casefold()],
        "sites": [(site, known.get(site.pk)) for site in listed],
        "has_any": bool(readings) or sites(request).exists(),
    }
    return render(request, "core/access/roads.html", context)


def _drawn(request: MemberRequest, row: Any, readings: list[status.Reading]) -> dict[str, Any]:
    """Return what a small map of one road or site needs."""
    shape = row.line if isinstance(row, RouteSegment) else row.point
    near = [row] if isinstance(row, Site) else [row.start, row.end]
    drawing = picture.drawing(readings, [site for site in near if site])
    return {"drawing": drawing} | around(request, shape)


def background(request: MemberRequest) -> dict[str, str]:
    """Return the address of the areas that lie below a map, as ``map_url``."""
    address = reverse("area_map", args=(request.operation.slug,))
    areas = Area.objects.current().filter(operation=request.operation, geometry__isnull=False)
    url = f"{address}?level={maps.default_level(areas)}" if areas.exists() else ""
    return {"map_url": url}


def around(request: MemberRequest, shape: Any) -> dict[str, Any]:
    """Return the areas' address and the edges of a small map around a shape."""
    west, south, east, north = shape.extent
    margin = 0.3 * max(east - west, north - south, 0.05)
    edges = (west - margin, south - margin, east + margin, north + margin)
    return background(request) | {"bounds": ",".join(f"{edge:.4f}" for edge in edges)}


@opens("segment.read")
def segment(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a segment: what it reads as, every observation beside the others, what lies on it."""
    one = policy.get(request.actor, "segment.read", segments(request), pk=pk)
    reading = status.reading(one, actor=request.actor)
    context = {
        "row": one,
        "reading": reading,
        "history": status.history(one, actor=request.actor)[:50],
        "constraints": policy.filter(request.actor, "constraint.read", one.constraints.all()),
        "windows": policy.filter(request.actor, "window.read", one.windows.all())[:10],
        "others": segments(request).filter(retired_at=None).exclude(pk=pk).exists(),
    }
    return render(request, "core/access/segment.html", context | _drawn(request, one, [reading]))


@opens("site.read")
def site(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a site, and where it is a passage, what was seen of it."""
    one = policy.get(request.actor, "site.read", sites(request), pk=pk)
    reading = status.reading(one, actor=request.actor)
    context = {
        "row": one,
        "reading": reading,
        "history": status.history(one, actor=request.actor)[:50],
        "constraints": policy.filter(request.actor, "constraint.read", one.constraints.all()),
        "roads": segments(request).filter(retired_at=None, start=one)
        | segments(request).filter(retired_at=None, end=one),
    }
    shown = [reading] if one.is_passage else []
    return render(request, "core/access/site.html", context | _drawn(request, one, shown))


@opens("route.manage")
@BOTH
def site_new(request: MemberRequest) -> HttpResponse:
    """Add a site by its coordinates."""
    form = SiteForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: roads.add_site(request.operation, actor=request.actor, **given))
        if made:
            return redirect(made)
    title = _("Add a site")
    return _form(request, form, title, _("Add"), "core/access/form.html")


@opens("route.manage")
@BOTH
def site_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a site's names, kind and place."""
    one = policy.get(request.actor, "site.read", sites(request), pk=pk)
    form = SiteForm(request.POST or None, initial=site_as_typed(one))
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: roads.change_site(one, actor=request.actor, **given)):
            messages.success(request, _("The site is changed."))
            return redirect(one)
    title = _("Change {site}").format(site=one)
    return _form(request, form, title, _("Save"), "core/access/form.html")


@opens("route.manage")
@require_POST
def site_retire(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a site out of use."""
    one = policy.get(request.actor, "site.read", sites(request), pk=pk)
    roads.retire_site(one, actor=request.actor)
    return redirect("roads", request.operation.slug)


@opens("route.manage")
@BOTH
def segment_new(request: MemberRequest) -> HttpResponse:
    """Draw a segment on the map, or type its coordinates."""
    form = SegmentForm(request.POST or None, operation=request.operation)
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: roads.draw(request.operation, actor=request.actor, **given))
        if made:
            return redirect(made)
    return pencil(request, form, _("Draw a segment"))


@opens("route.manage")
@BOTH
def segment_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Redraw a segment; what is known of the old one goes over to the new one."""
    one = policy.get(request.actor, "segment.read", segments(request), pk=pk)
    policy.check(request.actor, "route.manage", request.operation)
    points = "\n".join(f"{y:.6f}, {x:.6f}" for x, y in one.line.coords)
    start = {name: getattr(one, name) for name in ("name", "start", "end", "source")}
    limits = {"max_gross_t": one.max_gross_t, "max_axle_t": one.max_axle_t}
    start |= {name: plain(most) for name, most in limits.items() if most is not None}
    start["points"] = points
    form = SegmentForm(request.POST or None, operation=request.operation, initial=start)
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: roads.redraw(one, actor=request.actor, **given))
        if made:
            messages.success(request, _("Redrawn. What is known of it went over."))
            return redirect(made)
    return pencil(request, form, _("Redraw {segment}").format(segment=one), one)


@opens("route.manage")
@BOTH
def segment_split(request: MemberRequest, pk: int) -> HttpResponse:
    """Cut a segment in two."""
    one = policy.get(request.actor, "segment.read", segments(request), pk=pk)
    names = {"first": f"{one.name} 1", "second": f"{one.name} 2"}
    form = SplitForm(request.POST or None, operation=request.operation, initial=names)
    if form.is_valid():
        given = form.cleaned_data
        halves = tried(
            form,
            lambda: roads.split(
                one,
                actor=request.actor,
                at=[given["longitude"], given["latitude"]],
                site=given["site"],
                names=(given["first"], given["second"]),
            ),
        )
        if halves:
            messages.success(request, _("Split. Both parts keep what is known of the whole."))
            return redirect(halves[0])
    title = _("Split {segment}").format(segment=one)
    return pencil(request, form, title, one, action=_("Split"), draws="split")


@opens("route.manage")
@BOTH
def segment_join(request: MemberRequest, pk: int) -> HttpResponse:
    """Make one segment of two that touch."""
    one = policy.get(request.actor, "segment.read", segments(request), pk=pk)
    others = segments(request).filter(retired_at=None).exclude(pk=pk)
    form = JoinForm(request.POST or None, others=others, initial={"name": one.name})
    if form.is_valid():
        given = form.cleaned_data
        made = tried(
            form,
            lambda: roads.join(one, given["other"], actor=request.actor, name=given["name"]),
        )
        if made:
            return redirect(made)
    title = _("Join {segment} with another").format(segment=one)
    return _form(request, form, title, _("Join"), "core/access/form.html")


@opens("route.manage")
@require_POST
def segment_retire(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a segment out of use."""
    one = policy.get(request.actor, "segment.read", segments(request), pk=pk)
    roads.retire(one, actor=request.actor)
    return redirect("roads", request.operation.slug)


def pencil(
    request: MemberRequest,
    form: Any,
    title: str,
    about: Any = None,
    action: str = "",
    *,
    draws: str = "line",
    back: str = "roads",
    leave: str = "",
) -> HttpResponse:
    """Show a form with the map on which its line, cut or area is drawn, with sites to snap to."""
    known = sites(request).filter(retired_at=None)
    snaps = [
        {"id": one.pk, "name": one.name, "lat": one.point.y, "lon": one.point.x} for one in known
    ]
    areas = Area.objects.current().filter(operation=request.operation, geometry__isnull=False)
    address = reverse("area_map", args=(request.operation.slug,))
    readings = picture.roads(request.operation, request.actor)
    extra = {
        "snaps": snaps,
        "line": json.loads(about.line.geojson)["coordinates"] if about else [],
        "drawing": picture.drawing([one for one in readings if one.subject != about], known),
        "map_url": f"{address}?level={maps.default_level(areas)}" if areas.exists() else "",
        "draws": draws,
        "back": back,
        "leave": leave or reverse(back, args=(request.operation.slug,)),
    }
    template = "core/access/pencil.html"
    return _form(request, form, title, action or _("Save"), template, about, **extra)


def _form(
    request: MemberRequest,
    form: Any,
    title: str,
    action: str,
    template: str,
    about: Any = None,
    **extra: Any,
) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": "roads", "about": about}
    return render(request, template, context | extra, status=400 if form.errors else 200)
