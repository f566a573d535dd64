"""Places: checks coordinates that come from outside, and finds the area that a place lies in.

The stock geometry fields take latitude 900 and fall over a polygon sent for a point, so every door
that takes a place checks it here.
"""

import math
from typing import Any

from django.contrib.gis.geos import Point, Polygon
from django.utils.translation import gettext as _

from core.errors import Problem
from core.models import Area, Operation

WGS84 = 4326


def refusal(where: str, message: str) -> Problem:
    """Return the Problem for a place that cannot be used."""
    return Problem("invalid", errors=[{"where": where, "message": message}])


def point(longitude: Any, latitude: Any, *, where: str = "location") -> Point:
    """Return a point in EPSG:4326 from degrees; raise Problem ``invalid`` when it is no place."""
    try:
        x, y = float(longitude), float(latitude)
    except (TypeError, ValueError):
        raise refusal(where, _("Longitude and latitude must be numbers.")) from None
    if not (math.isfinite(x) and abs(x) <= 180):
        raise refusal(where, _("Longitude {value} is not between -180 and 180.").format(value=x))
    if not (math.isfinite(y) and abs(y) <= 90):
        raise refusal(where, _("Latitude {value} is not between -90 and 90.").format(value=y))
    return Point(x, y, srid=WGS84)


def box(text: str, *, where: str = "bbox") -> Polygon:
    """Return the box of ``west,south,east,north`` in degrees; raise Problem when it is none."""
    parts = text.split(",")
    if len(parts) != 4:
        raise refusal(where, _("Four numbers are needed: west, south, east, north."))
    low = point(parts[0], parts[1], where=where)
    high = point(parts[2], parts[3], where=where)
    if low.x >= high.x or low.y >= high.y:
        raise refusal(where, _("West must be less than east, and south less than north."))
    found = Polygon.from_bbox((low.x, low.y, high.x, high.y))
    found.srid = WGS84
    return found


def find_by_pcode(operation: Operation, pcode: str) -> Area | None:
    """Return the current version of the area with a P-code."""
    return Area.objects.current().filter(operation=operation, pcode=pcode.strip()).first()


def find_by_location(operation: Operation, place: Point, level: int | None = None) -> Area | None:
    """Return the finest current area that covers a point in EPSG:4326, or the one of ``level``."""
    found = Area.objects.current().filter(operation=operation, geometry__covers=place)
    if level is not None:
        found = found.filter(level=level)
    # Whoever asks wants to know which area it is; its borders can weigh a megabyte.
    found = found.defer("geometry", "geometry_mid", "geometry_low")
    return found.order_by("-level", "pcode").first()
