"""A convoy on the map: its stops, its route by what each segment reads as, where it was seen."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from convoys.models import OperatedConvoy, Stop
from core import policy
from core.access import picture, status
from core.access.status import Reading
from core.models import Operation, RouteSegment, Site
from core.policy import Actor
from core.times import written


def drawing(convoy: OperatedConvoy, actor: Actor) -> dict[str, Any]:
    """Return its route with the passages on it, its stops, and its places on the road.

    As GeoJSON (RFC 7946) in EPSG:4326, of what ``actor`` may know.
    """
    chosen = RouteSegment.objects.filter(pk__in=convoy.segments.all())
    readings = _readings(chosen, actor)
    return _drawn(readings, _passages(chosen, actor), _stops(convoy), _seen(convoy))


def choices(convoy: OperatedConvoy, actor: Actor) -> dict[str, Any]:
    """Return the stops, and all segments that a route can be made of."""
    return roads(convoy.operation, actor, _stops(convoy))


def roads(operation: Operation, actor: Actor, stops: Sequence[Stop] = ()) -> dict[str, Any]:
    """Return the segments in use and the passages on them, with a convoy's stops.

    Each segment has its key as ``choice`` and its length in km as ``km``.
    """
    current = RouteSegment.objects.current().filter(operation=operation)
    readings = _readings(current, actor)
    made = _drawn(readings, _passages(current, actor), stops)
    lengths = dict(current.values_list("pk", "length_km"))
    for feature, one in zip(made["features"], readings, strict=False):
        key = one.subject.pk
        feature["properties"] |= {"choice": str(key), "km": float(lengths[key])}
    return made


def _readings(segments: QuerySet[RouteSegment], actor: Actor) -> list[Reading]:
    mine = policy.filter(actor, "segment.read", segments)
    rows = mine.select_related("start", "end", "operation").order_by("name")
    return list(status.readings(rows, actor=actor).values())


def _passages(segments: QuerySet[RouteSegment], actor: Actor) -> list[Reading]:
    """Return the checkpoints and crossings at the ends of segments."""
    ends = {end for one in segments.select_related("start", "end") for end in (one.start, one.end)}
    passing = sorted((one for one in ends if one and one.is_passage), key=str)
    return list(status.readings(passing, actor=actor).values())


def _stops(convoy: OperatedConvoy) -> list[Stop]:
    return list(convoy.stops.select_related("site__operation").order_by("position"))


def _drawn(
    roads: list[Reading],
    passages: list[Reading],
    stops: Sequence[Stop],
    seen: Iterable[dict[str, Any]] = (),
) -> dict[str, Any]:
    at_stops = {stop.site_id for stop in stops}
    between = [
        one.subject
        for one in passages
        if isinstance(one.subject, Site) and one.subject.pk not in at_stops
    ]
    made = picture.drawing([*roads, *passages], between)
    made["features"] += [*map(_stop, stops), *seen]
    return made


def _stop(stop: Stop) -> dict[str, Any]:
    told = _("Stop {number}: {kind}").format(
        number=stop.position, kind=stop.site.get_kind_display()
    )
    return _feature(stop.site.point, str(stop.site), told, "pin", stop.site.get_absolute_url())


def _seen(convoy: OperatedConvoy) -> list[dict[str, Any]]:
    """Return the places that were reported from the road, the newest with the convoy's own mark."""
    events = convoy.transit_events.filter(point__isnull=False).order_by("occurred_at")
    found = [
        _feature(event.point, event.get_kind_display(), written(event.occurred_at), "history")
        for event in events
    ]
    if found:
        found[-1]["properties"]["icon"] = "convoys"
    return found


def _feature(point: Any, name: str, kind: str, icon: str, url: str = "") -> dict[str, Any]:
    properties = {"name": name, "kind": kind, "icon": icon, "url": url}
    return {"type": "Feature", "geometry": json.loads(point.geojson), "properties": properties}
