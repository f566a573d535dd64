"""Draws areas as an SVG for print: filled by class, hatched where nothing is known, numbered.

The picture needs no tiles and no names; its numbers lead to the table that stands with it.
Coordinates are EPSG:4326, drawn with degrees of longitude shortened by the middle latitude, which
is near enough to true shape for a few hundred kilometres.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from django.contrib.gis.geos import MultiPolygon, Point

WIDTH = 1000.0
MOST_HEIGHT = 480.0
LEAST_HEIGHT = 360.0
MARGIN = 0.06
KM_PER_DEGREE = 111.32
RULERS = (500, 200, 100, 50, 20, 10, 5, 2, 1)
HATCHED = "hatched"
PATTERN = (
    '<defs><pattern id="hatched" width="7" height="7" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="7" height="7" fill="#f5f6f7"/>'
    '<line x1="0" y1="0" x2="0" y2="7" stroke="#7b8794" stroke-width="2"/></pattern></defs>'
)
# Where a number goes if another stands in its place already, in its own diameters.
AROUND = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1))
RADIUS = 11.0


@dataclass(frozen=True)
class Shape:
    """An area to draw: ``fill`` a colour, ``hatched`` or blank; ``number`` as in the table."""

    geometry: MultiPolygon
    fill: str = ""
    number: str = ""
    centre: Point | None = None
    is_border: bool = False


class Frame:
    """The part of the world that is shown, and how it comes to lie on the paper."""

    def __init__(self, shapes: Iterable[Shape]):
        extents = [shape.geometry.extent for shape in shapes]
        west, south = min(e[0] for e in extents), min(e[1] for e in extents)
        east, north = max(e[2] for e in extents), max(e[3] for e in extents)
        self.squeeze = cos(radians((south + north) / 2))
        wide, tall = (east - west) * self.squeeze, north - south
        margin = MARGIN * max(wide, tall) or 0.1
        wide, tall = wide + 2 * margin, tall + 2 * margin
        wide = max(wide, tall * WIDTH / MOST_HEIGHT)
        tall = max(tall, wide * LEAST_HEIGHT / WIDTH)
        self.scale = WIDTH / wide
        self.height = tall * self.scale
        self.left = (west + east) / 2 * self.squeeze - wide / 2
        self.top = (south + north) / 2 + tall / 2

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place comes to lie, in units of the drawing."""
        x = (longitude * self.squeeze - self.left) * self.scale
        return x, (self.top - latitude) * self.scale

    def ruler(self) -> tuple[int, float]:
        """Return a round number of kilometres, at most a quarter of the width, and its length."""
        unit = self.scale / KM_PER_DEGREE
        km = next((one for one in RULERS if one * unit <= WIDTH / 4), RULERS[-1])
        return km, km * unit


def draw(shapes: Sequence[Shape], context: Sequence[Shape] = ()) -> str:
    """Return the SVG of ``shapes``, which fill the picture, amid ``context``."""
    frame = Frame(shapes)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {frame.height:.0f}">',
        PATTERN,
        f'<rect width="{WIDTH:.0f}" height="{frame.height:.0f}" fill="#ffffff"/>',
        *(_area(shape, frame) for shape in context if not shape.is_border),
        *(_area(shape, frame) for shape in shapes),
        *(_area(shape, frame) for shape in context if shape.is_border),
        *_numbers(shapes, frame),
        *_ruler(frame),
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1:.0f}" height="{frame.height - 1:.0f}" '
        'fill="none" stroke="#cbd2d9"/>',
        "</svg>",
    ]
    return "\n".join(parts)


def _area(shape: Shape, frame: Frame) -> str:
    rings = (ring for polygon in shape.geometry.coords for ring in polygon)
    outline = "".join(f"M{_ring(ring, frame)}Z" for ring in rings)
    fill = "url(#hatched)" if shape.fill == HATCHED else shape.fill or "none"
    if shape.is_border:
        look = 'fill="none" stroke="#52606d" stroke-width="2.2"'
    elif shape.fill:
        look = f'fill="{fill}" stroke="#3e4c59" stroke-width="1.1"'
    else:
        look = 'fill="#ffffff" stroke="#d5dbe1" stroke-width="0.8"'
    return f'<path fill-rule="evenodd" stroke-linejoin="round" {look} d="{outline}"/>'


def _ring(coordinates: Iterable[tuple[float, ...]], frame: Frame) -> str:
    drawn: list[str] = []
    for longitude, latitude, *_height in coordinates:
        x, y = frame.point(longitude, latitude)
        spot = f"{x:.1f} {y:.1f}"
        if not drawn or drawn[-1] != spot:
            drawn.append(spot)
    return "L".join(drawn)


def _numbers(shapes: Iterable[Shape], frame: Frame) -> list[str]:
    taken: list[tuple[float, float]] = []
    parts = []
    for shape in shapes:
        if not shape.number or shape.centre is None:
            continue
        home = frame.point(shape.centre.x, shape.centre.y)
        x, y = _free(home, taken)
        taken.append((x, y))
        if (x, y) != home:
            start = f'x1="{home[0]:.1f}" y1="{home[1]:.1f}"'
            parts.append(f'<line {start} x2="{x:.1f}" y2="{y:.1f}" stroke="#1f2933"/>')
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS:.0f}" fill="#ffffff" '
            'stroke="#1f2933" stroke-width="0.9"/>'
        )
        parts.append(_text(x, y + 4.4, shape.number, size=12.5))
    return parts


def _free(home: tuple[float, float], taken: list[tuple[float, float]]) -> tuple[float, float]:
    step = 2 * RADIUS + 2
    for right, down in AROUND:
        spot = home[0] + right * step, home[1] + down * step
        if all(hypot(spot[0] - x, spot[1] - y) >= step for x, y in taken):
            return spot
    return home


def _ruler(frame: Frame) -> list[str]:
    km, length = frame.ruler()
    left, base = 18.0, frame.height - 20
    ends = f"M{left} {base - 7}V{base}H{left + length:.1f}V{base - 7}"
    backing = f'x="{left - 8}" y="{base - 28}" width="{length + 16:.1f}" height="36"'
    return [
        f'<rect {backing} fill="#ffffff" fill-opacity="0.85"/>',
        f'<path d="{ends}" fill="none" stroke="#1f2933" stroke-width="1.6"/>',
        _text(left + length / 2, base - 10, f"{km} km", size=14),
    ]


def _text(x: float, y: float, text: str, *, size: float) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Noto Sans" font-size="{size}" '
        f'text-anchor="middle" fill="#1f2933">{text}</text>'
    )
