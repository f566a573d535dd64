"""Sites and segments: adding, drawing, redrawing, splitting, joining and taking out of use.

A segment is never changed under the facts about it. Whatever changes its line retires it and makes
new ones, which inherit what is known of the old: a closed road that is split stays closed.
"""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.gis.geos import LineString, Point
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import geo, policy
from core.access import inheritance, reports
from core.errors import Problem, declare
from core.models import Operation, RouteSegment, Site
from core.policy import Actor

MANAGE = "route.manage"
MOST_POINTS = 5_000
# A line that begins this near to its site is drawn to it; further away it is somebody's mistake.
SNAP_KM = 2
TOUCH_KM = 0.05

declare(
    "segment_retired",
    409,
    gettext_lazy("This segment is out of use"),
    gettext_lazy("“{segment}” was redrawn, split, joined or taken out of use."),
    gettext_lazy("Reload the map and use the segments that are there now."),
)
declare(
    "site_retired",
    409,
    gettext_lazy("This site is out of use"),
    gettext_lazy("“{site}” was taken out of use, so it is no longer changed."),
    gettext_lazy("Add a site in its place."),
)


@transaction.atomic
def add_site(
    operation: Operation, *, actor: Actor, longitude: Any, latitude: Any, **facts: Any
) -> Site:
    """Add a site at degrees of EPSG:4326; its area is the finest that covers it."""
    policy.check(actor, MANAGE, operation)
    place = geo.point(longitude, latitude, where="point")
    area = geo.find_by_location(operation, place)
    site = Site(operation=operation, point=place, area=area, created_by=actor.user, **facts)
    return _save_site(site)


@transaction.atomic
def change_site(site: Site, *, actor: Actor, longitude: Any, latitude: Any, **facts: Any) -> Site:
    """Change what a site is called, what it is and where; its page keeps its address.

    Raises Problem ``invalid`` where roads would no longer reach it, or where what was observed of
    it would have no meaning; ``site_retired`` when it is out of use.
    """
    policy.check(actor, MANAGE, site.operation)
    row = Site.objects.select_for_update(of=("self",)).select_related("operation").get(pk=site.pk)
    if row.retired_at:
        raise Problem("site_retired", site=row)
    row.point = geo.point(longitude, latitude, where="point")
    row.area = geo.find_by_location(row.operation, row.point)
    for name, value in facts.items():
        setattr(row, name, value)
    if not row.is_passage and row.observations.exists():
        message = _("Its status was observed, so it stays a checkpoint or a crossing.")
        raise geo.refusal("kind", message)
    _check_reached(row)
    return _save_site(row)


def _check_reached(site: Site) -> None:
    """Raise ``invalid`` where a road in use would end too far from its site."""
    ends = Q(start=site) | Q(end=site)
    for road in RouteSegment.objects.current().filter(ends):
        end = road.line.coords[0 if road.start_id == site.pk else -1]
        away = length_km(LineString(end, site.point.coords, srid=geo.WGS84))
        if away > SNAP_KM:
            message = _("{road} would end {away} km away. Redraw it first, without this site.")
            raise geo.refusal("point", message.format(road=road, away=f"{away:.1f}"))


def _save_site(site: Site) -> Site:
    named = Site.objects.current().filter(operation=site.operation, name=site.name)
    if named.exclude(pk=site.pk).exists():
        raise geo.refusal("name", _("There is a site of this name already."))
    reports.check_row(site)
    site.save()
    return site


def retire_site(site: Site, *, actor: Actor) -> Site:
    """Take a site out of use; segments that lead to it keep it."""
    policy.check(actor, MANAGE, site.operation)
    site.retired_at = site.retired_at or timezone.now()
    site.save(update_fields=["retired_at"])
    return site


@transaction.atomic
def draw(
    operation: Operation,
    *,
    actor: Actor,
    name: str,
    points: Any,
    start: Site | None = None,
    end: Site | None = None,
    **facts: Any,
) -> RouteSegment:
    """Add a segment along ``points`` ([longitude, latitude] each), from and to sites if given."""
    policy.check(actor, MANAGE, operation)
    if any(site and site.operation_id != operation.pk for site in (start, end)):
        raise Problem("not_found")
    return _make(operation, actor, name, snapped(line_of(points), start, end), start, end, **facts)


@transaction.atomic
def redraw(segment: RouteSegment, *, actor: Actor, points: Any, **facts: Any) -> RouteSegment:
    """Replace a segment by one along other points; the ends stay unless ``facts`` change them."""
    old = _lock([segment], actor)[0]
    kept = _facts(old) | {"name": old.name, "start": old.start, "end": old.end} | facts
    _retire([old])
    line = snapped(line_of(points), kept["start"], kept["end"])
    new = _make(old.operation, actor, kept.pop("name"), line, **kept)
    inheritance.of_one(old, [new])
    return new


@transaction.atomic
def split(
    segment: RouteSegment,
    *,
    actor: Actor,
    at: Sequence[Any],
    names: tuple[str, str],
    site: Site | None = None,
) -> tuple[RouteSegment, RouteSegment]:
    """Cut a segment at the place on it that is nearest to ``at``, or at ``site``."""
    old = _lock([segment], actor)[0]
    given = site.point if site else geo.point(*_pair(at), where="at")
    first, second = cut(old.line, given)
    _retire([old])
    facts = _facts(old)
    halves = (
        _make(old.operation, actor, names[0], snapped(first, None, site), old.start, site, **facts),
        _make(old.operation, actor, names[1], snapped(second, site, None), site, old.end, **facts),
    )
    inheritance.of_one(old, halves)
    return halves


@transaction.atomic
def join(first: RouteSegment, second: RouteSegment, *, actor: Actor, name: str) -> RouteSegment:
    """Make one segment of two that touch; it bears what the weaker one bears."""
    old = _lock([first, second], actor)
    line, start, end = _joined(*old)
    limits = {
        key: min((v for v in (getattr(one, key) for one in old) if v is not None), default=None)
        for key in ("max_gross_t", "max_axle_t")
    }
    _retire(old)
    facts = _facts(old[0]) | limits | {"is_demo": any(one.is_demo for one in old)}
    new = _make(old[0].operation, actor, name, line, start, end, **facts)
    inheritance.of_both(old, new)
    return new


def retire(segment: RouteSegment, *, actor: Actor) -> None:
    """Take a segment out of use; what is known of it stays on record."""
    with transaction.atomic():
        _retire(_lock([segment], actor))


def line_of(points: Any) -> LineString:
    """Return the line through [longitude, latitude] pairs; raise Problem ``invalid``."""
    if not isinstance(points, list | tuple) or not 2 <= len(points) <= MOST_POINTS:
        message = _("A line needs 2 to {most} points.").format(most=MOST_POINTS)
        raise geo.refusal("points", message)
    places = [geo.point(*_pair(point), where="points") for point in points]
    line = LineString([(place.x, place.y) for place in places], srid=geo.WGS84)
    if len(set(line.coords)) < 2:
        raise geo.refusal("points", _("All points are the same place."))
    return line


def _pair(point: Any) -> tuple[Any, Any]:
    if not isinstance(point, list | tuple) or len(point) != 2:
        raise geo.refusal("points", _("A point is a longitude and a latitude."))
    return point[0], point[1]


def snapped(line: LineString, start: Site | None, end: Site | None) -> LineString:
    """Return the line with its ends at the sites; raise ``invalid`` where they lie elsewhere."""
    points = list(line.coords)
    for site, index, where in ((start, 0, "start"), (end, -1, "end")):
        if site is None:
            continue
        away = length_km(LineString(points[index], site.point.coords, srid=geo.WGS84))
        if away > SNAP_KM:
            message = _("{site} is {away} km from this end of the line.")
            raise geo.refusal(where, message.format(site=site, away=f"{away:.1f}"))
        points[index] = site.point.coords
    return LineString(points, srid=geo.WGS84)


def length_km(line: LineString) -> Decimal:
    """Return a line's length on the spheroid, to the metre."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_Length(%s::geometry::geography) / 1000", [line.hexewkb.decode()])
        return Decimal(str(cursor.fetchone()[0])).quantize(Decimal("0.001"))


def cut(line: LineString, at: Point) -> tuple[LineString, LineString]:
    """Return both parts of a line, cut at its place nearest to a point; raise ``invalid``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH given AS (SELECT %s::geometry AS line, %s::geometry AS place),"
            " share AS (SELECT line, ST_LineLocatePoint(line, place) AS at FROM given)"
            " SELECT at, ST_AsGeoJSON(ST_LineSubstring(line, 0, at), 12),"
            " ST_AsGeoJSON(ST_LineSubstring(line, at, 1), 12) FROM share",
            [line.hexewkb.decode(), at.hexewkb.decode()],
        )
        share, first, second = cursor.fetchone()
    if not 0 < share < 1:
        raise geo.refusal("at", _("Choose a place between the ends of the segment."))
    return line_of(json.loads(first)["coordinates"]), line_of(json.loads(second)["coordinates"])


def _joined(one: RouteSegment, two: RouteSegment) -> tuple[LineString, Site | None, Site | None]:
    """Return the line through both, however each was drawn, with the sites at its ends."""
    for a, start, _a in _ways(one):
        for b, _b, end in _ways(two):
            gap = length_km(LineString(a[-1], b[0], srid=geo.WGS84))
            if gap <= Decimal(str(TOUCH_KM)):
                return LineString([*a, *b[1:]], srid=geo.WGS84), start, end
    raise geo.refusal("segments", _("These two segments do not touch."))


def _ways(segment: RouteSegment) -> Iterable[tuple[list[Any], Site | None, Site | None]]:
    points = list(segment.line.coords)
    yield points, segment.start, segment.end
    yield points[::-1], segment.end, segment.start


def _make(
    operation: Operation,
    actor: Actor,
    name: str,
    line: LineString,
    start: Site | None = None,
    end: Site | None = None,
    **facts: Any,
) -> RouteSegment:
    new = RouteSegment(
        operation=operation,
        name=name.strip(),
        line=line,
        start=start,
        end=end,
        length_km=length_km(line),
        created_by=actor.user,
        **facts,
    )
    if RouteSegment.objects.current().filter(operation=operation, name=new.name).exists():
        raise geo.refusal("name", _("There is a segment of this name already."))
    reports.check_row(new)
    new.save()
    return new


def _facts(old: RouteSegment) -> dict[str, Any]:
    names = ("max_gross_t", "max_axle_t", "source", "is_demo")
    return {name: getattr(old, name) for name in names}


def _lock(segments: list[RouteSegment], actor: Actor) -> list[RouteSegment]:
    """Lock segments in the order of their keys; return them in the given order."""
    keys = [one.pk for one in segments]
    rows = RouteSegment.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    locked = {one.pk: one for one in rows.select_related("operation", "start", "end")}
    found = [locked[key] for key in keys]
    for one in found:
        policy.check(actor, MANAGE, one.operation)
        if one.retired_at:
            raise Problem("segment_retired", segment=one.name)
    if len({one.operation_id for one in found}) != 1 or len(set(keys)) != len(keys):
        raise geo.refusal("segments", _("Choose two segments of this operation."))
    return found


def _retire(segments: list[RouteSegment]) -> None:
    for one in segments:
        one.retired_at = timezone.now()
        one.save(update_fields=["retired_at"])
