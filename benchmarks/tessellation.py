"""Makes a boundary file of many areas with exactly shared, wiggly borders; always the same one."""

import json
import math
from collections.abc import Iterator
from pathlib import Path

COLUMNS = 80
POINTS = 24
DEGREES = 0.125
WEST, SOUTH = 40.0, 36.0

Point = tuple[float, float]


def noise(*numbers: int) -> float:
    """Return a number from -1 to 1 that depends on nothing but the arguments."""
    mixed = 2166136261
    for number in numbers:
        mixed = (mixed ^ (number & 0xFFFFFFFF)) * 16777619 % 2**32
    return mixed / 2**31 - 1


def corner(column: int, row: int) -> Point:
    """Return a corner of the grid, moved a little."""
    return (
        WEST + DEGREES * (column + 0.3 * noise(column, row, 1)),
        SOUTH + DEGREES * (row + 0.3 * noise(column, row, 2)),
    )


def border(start: tuple[int, int], end: tuple[int, int]) -> list[Point]:
    """Return the points from one corner to the next, the last one left out."""
    if start > end:
        return [corner(*start), *reversed(border(end, start)[1:])]
    (x1, y1), (x2, y2) = corner(*start), corner(*end)
    points = []
    for step in range(POINTS):
        part = step / POINTS
        swing = 0.1 * math.sin(math.pi * part) * noise(*start, *end, step)
        points.append(
            (x1 + (x2 - x1) * part - (y2 - y1) * swing, y1 + (y2 - y1) * part + (x2 - x1) * swing)
        )
    return points


def ring(column: int, row: int) -> list[Point]:
    """Return the closed border of one area."""
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    points = [
        point
        for start, end in zip(corners, [*corners[1:], corners[0]], strict=True)
        for point in border(start, end)
    ]
    return [*points, points[0]]


def features(count: int) -> Iterator[dict[str, object]]:
    """Yield GeoJSON features with COD-AB columns."""
    for number in range(count):
        row, column = divmod(number, COLUMNS)
        rounded = [(round(x, 6), round(y, 6)) for x, y in ring(column, row)]
        yield {
            "type": "Feature",
            "properties": {
                "ADM0_PCODE": "XX",
                "ADM0_EN": "Nowhere",
                "ADM1_PCODE": f"XX{number:05}",
                "ADM1_EN": f"Area {number:05}",
                "ADM1_RU": f"Область {number:05}",
                "validOn": "2020-01-01",
            },
            "geometry": {"type": "Polygon", "coordinates": [rounded]},
        }


def write(path: Path, count: int) -> None:
    """Write a file of ``count`` areas, one level below a country."""
    listed = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features(count))
    path.write_text(f'{{"type":"FeatureCollection","features":[{listed}]}}', encoding="utf-8")
