"""Places: checks coordinates that come from outside, and finds the area that a place lies in.

The stock geometry fields take latitude 900 and fall over a polygon sent for a point, so every door
that takes a place checks it here.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.contrib.gis.geos import Point, Polygon
from django.db import connection
from django.utils.translation import gettext as _

from core.errors import Problem
from core.models import Area, Operation

WGS84 = 4326
MOST_CORNERS = 1_000
# Asked once for each record that comes in, where the ORM takes longer to say it than PostgreSQL to
# answer it; a place of NULLs lies nowhere.
CANDIDATES = """
    SELECT id, pcode, level, path, name, geometry IS NOT NULL, false
      FROM core_area
     WHERE operation_id = %(operation)s AND valid_to IS NULL AND pcode = ANY(%(pcodes)s)
    UNION ALL
    (SELECT id, pcode, level, path, name, true, true
       FROM core_area
      WHERE operation_id = %(operation)s AND valid_to IS NULL
        AND ST_Covers(geometry, ST_SetSRID(ST_MakePoint(%(x)s, %(y)s), 4326))
      ORDER BY level DESC, pcode LIMIT 1)
"""


class Candidate(NamedTuple):
    """An area that a record may belong to: named by P-code, or the finest around its place."""

    id: int
    pcode: str
    level: int
    path: str
    name: str
    is_drawn: bool
    is_around: bool


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


def area(corners: Sequence[Any], *, where: str) -> Polygon:
    """Return the polygon of [longitude, latitude] corners in their order; raise ``invalid``."""
    places = [point(x, y, where=where).coords for x, y in corners]
    if len(set(places)) < 3 or len(places) > MOST_CORNERS:
        message = _("An area needs 3 to {most} different corners.")
        raise refusal(where, message.format(most=MOST_CORNERS))
    found = Polygon([*places, places[0]], srid=WGS84)
    if not found.valid or not found.area:
        raise refusal(where, _("The edges cross. Give the corners in their order around the area."))
    return found


def degrees(text: str) -> list[float]:
    """Return [longitude, latitude] of “latitude, longitude”; raise ValueError when it is not so."""
    latitude, longitude = (float(part) for part in text.replace(";", ",").split(","))
    return [longitude, latitude]


def corners(shape: Any) -> list[str]:
    """Return the corners of an area as ``degrees`` reads them; none of what is not one ring."""
    if shape is None or shape.geom_type != "Polygon" or len(shape) != 1:
        return []
    return [f"{y}, {x}" for x, y, *_height in shape.coords[0][:-1]]


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


def candidates(operation_id: int, pcodes: Iterable[str], place: Point | None) -> list[Candidate]:
    """Return the current areas with these P-codes, and the finest that covers a place, if any."""
    x, y = place.coords[:2] if place else (None, None)
    asked: dict[str, Any] = {"operation": operation_id, "x": x, "y": y}
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, asked | {"pcodes": list(pcodes)})
        return [Candidate(*row) for row in cursor.fetchall()]
