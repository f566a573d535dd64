"""The way of a convoy: its segments in the order in which they are driven, and how far it is."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib.gis.geos import LineString, Point

from convoys.models import Leg, OperatedConvoy
from core.access.roads import SNAP_KM, length_km
from core.geo import WGS84
from core.models import RouteSegment

# Driving is longer than the great circle by this factor on average (Boscoe, Henry and Zdeb 2012,
# "A Nationwide Comparison of Driving Distance Versus Straight-Line Distance": 1.417).
DETOUR = Decimal("1.4")


def in_order(segments: Sequence[RouteSegment], start: Point | None) -> list[RouteSegment]:
    """Return segments as they are driven from ``start``: each time the one that begins nearest.

    A segment is driven from whichever of its ends is nearer.
    """
    waiting, here, driven = list(segments), start, []
    while waiting:
        nearest = min(waiting, key=lambda one: min(_away(here, end) for end in _ends(one)))
        waiting.remove(nearest)
        driven.append(nearest)
        here = max(_ends(nearest), key=lambda end: _away(here, end))
    return driven


def ahead(convoy: OperatedConvoy, leg: Leg | None = None) -> list[RouteSegment]:
    """Return the segments of the route, or those that a ``leg`` from a later stop still drives."""
    steps = convoy.route_steps.select_related("segment__start", "segment__end")
    segments = [step.segment for step in steps]
    first = convoy.stops.select_related("site").order_by("position").first()
    if leg is None or first is None or leg.from_stop_id == first.pk:
        return segments
    nodes = _nodes(segments, first.site.point)
    start = _reached(nodes, leg.from_stop.site.point)
    if start is None:  # somewhere along a segment, which is driven on from there
        here = leg.from_stop.site.point
        near = min(segments, key=lambda one: one.line.distance(here), default=None)
        start = segments.index(near) if near else 0
    end = _reached(nodes[start + 1 :], leg.to_stop.site.point)
    return segments[start : None if end is None else start + 1 + end]


def _nodes(segments: Sequence[RouteSegment], start: Point) -> list[Point]:
    """Return where driving segments in their order begins, and where each of them ends."""
    nodes = [start]
    for segment in segments:
        here = nodes[-1]
        nodes.append(max(_ends(segment), key=lambda end: _away(here, end)))
    return nodes


def _reached(nodes: Sequence[Point], place: Point) -> int | None:
    """Return which of the places is the one that is meant, or None where none is near."""
    near = [
        (length_km(LineString(node.coords, place.coords, srid=WGS84)), number)
        for number, node in enumerate(nodes)
    ]
    return min((number for km, number in near if km <= SNAP_KM), default=None)


def _ends(segment: RouteSegment) -> list[Point]:
    points = segment.line.coords
    return [Point(points[0]), Point(points[-1])]


def _away(here: Point | None, there: Point) -> float:
    """Return a planar distance in degrees, good enough to tell which of two is nearer."""
    return Point(here.coords).distance(there) if here else 0


def measure(convoy: OperatedConvoy) -> OperatedConvoy:
    """Keep how far the convoy goes: along its segments, else the great circle with detours."""
    chosen = [step.segment.length_km for step in convoy.route_steps.select_related("segment")]
    places = [stop.site.point for stop in convoy.stops.select_related("site").order_by("position")]
    if chosen:
        convoy.distance_km = sum(chosen, Decimal(0))
    else:
        convoy.distance_km = estimate_km(places)
    convoy.save(update_fields=["distance_km"])
    return convoy


def estimate_km(places: Sequence[Point]) -> Decimal | None:
    """Return an estimate of the way over places, or None for fewer than two."""
    if len(places) < 2:
        return None
    line = LineString([place.coords for place in places], srid=4326)
    return (length_km(line) * DETOUR).quantize(Decimal("0.1"))
