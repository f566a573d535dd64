"""The way of a convoy: its segments in the order in which they are driven, and how far it is."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib.gis.geos import LineString, Point

from convoys.models import OperatedConvoy
from core.access.roads import length_km
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
