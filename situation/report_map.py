"""The map of an assessment report: areas by approved submissions, amid their neighbours."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import MultiPolygon, Polygon

from core.models import Area, Operation
from core.shades import shades
from situation.typeset import maps
from situation.typeset.maps import HATCHED, Shape

COLOURS = ("#d6e6f2", "#93bfdf", "#3f8cc4", "#00548a")
MOST_NUMBERS = 60
MANY = 300
LIGHT = ("pcode", "level", "path", "centre")


@dataclass(frozen=True)
class Class:
    """A class of the legend: from ``low`` to ``high`` approved submissions, both included."""

    low: int
    high: int
    colour: str

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}\u2013{self.high}"


def classes(numbers: Iterable[int]) -> list[Class]:
    """Return at most four classes of equal, round width from 1 to the highest number."""
    return [Class(one.low, one.high, COLOURS[one.rank - 1]) for one in shades(numbers)]


def draw(operation: Operation, rows: list[dict[str, Any]]) -> str | None:
    """Return the SVG for the area rows of a report's figures; None without any boundaries.

    A row's place in the list, from 1, is its number on the map.
    """
    scope = {row["pcode"]: (at, row) for at, row in enumerate(rows, 1) if row["in_scope"]}
    size = "geometry_low" if len(scope) > MANY else "geometry_mid"
    current = Area.objects.current().filter(operation=operation, geometry__isnull=False)
    read = current.only(*LIGHT, size)
    steps = classes(row["approved"] for _at, row in scope.values())
    numbered = len(scope) <= MOST_NUMBERS
    shapes = []
    for area in read.filter(pcode__in=scope):
        at, row = scope[area.pcode]
        shape = _shape_of(area, size)
        if shape:
            number = str(at) if numbered else ""
            shapes.append(Shape(shape, _fill(row, steps), number, area.centre))
    if not shapes:
        return None
    return maps.draw(shapes, _context(read, shapes, set(scope), size))


def _fill(row: dict[str, Any], steps: list[Class]) -> str:
    return next((one.colour for one in steps if one.low <= row["approved"] <= one.high), HATCHED)


def _context(read: Any, shapes: list[Shape], scope: set[str], size: str) -> list[Shape]:
    """Return the neighbours at the finest level in scope, and the borders of the top level."""
    extents = [shape.geometry.extent for shape in shapes]
    west, south = min(one[0] for one in extents), min(one[1] for one in extents)
    east, north = max(one[2] for one in extents), max(one[3] for one in extents)
    around = max(east - west, north - south) / 2
    view = Polygon.from_bbox((west - around, south - around, east + around, north + around))
    view.srid = 4326
    level = max(read.filter(pcode__in=scope).values_list("level", flat=True))
    near = read.filter(geometry__bboverlaps=view, level__in={0, level}).exclude(pcode__in=scope)
    return [
        Shape(shape, is_border=area.level < level)
        for area in near
        if (shape := _shape_of(area, size))
    ]


def _shape_of(area: Area, size: str) -> MultiPolygon | None:
    shape: MultiPolygon | None = getattr(area, size)
    return shape or area.geometry
