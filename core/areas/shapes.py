"""The geometry of an import: uniting rows, fingerprints, and simplified borders for maps.

Neighbours must keep their common border when it is simplified, so all areas of a level are
simplified together (shapely's coverage_simplify, after Visvalingam and Whyatt).
"""

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

DIGITS = 7
NO_SHAPE = "0" * 32
# A whole level fills a map of about this many pixels; "mid" is for views eight times closer.
PIXELS = {"low": 800, "mid": 6400}
SRID = 4326


def on_grid(coordinates: Any) -> Any:
    """Return coordinates on the grid that areas are kept on; adding nought removes minus nought."""
    return np.round(coordinates, DIGITS) + 0.0


def of_wkb(contents: Sequence[bytes | None]) -> list[Any]:
    """Return multipolygons of WKB with parts and points in a normal order; None stays None."""
    shapes = np.full(len(contents), None, dtype=object)
    filled = [place for place, content in enumerate(contents) if content]
    parts, owners = shapely.get_parts(
        shapely.from_wkb([contents[place] for place in filled]), return_index=True
    )
    exact = shapely.transform(parts, on_grid)
    shapes[filled] = shapely.normalize(shapely.multipolygons(exact, indices=owners))
    return list(shapes)


def as_multi(shape: Any) -> Any:
    """Return the polygons of a geometry as one multipolygon."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.multipolygons([part for part in parts if part.geom_type == "Polygon"])


def united(shapes: Sequence[Any]) -> Any:
    """Return several polygons of one area as one."""
    merged = shapely.transform(as_multi(shapely.union_all(shapes)), on_grid)
    if not shapely.is_valid(merged):
        merged = as_multi(shapely.set_precision(shapely.make_valid(merged), 10**-DIGITS))
    return shapely.normalize(merged)


def digest(shape: Any) -> str:
    """Return 32 hexadecimal digits for a normalised shape, nought for none."""
    if shape is None:
        return NO_SHAPE
    return hashlib.sha256(shapely.to_wkb(shape, byte_order=1)).hexdigest()[:32]


def simplified(shapes: Sequence[Any], detail: str) -> list[Any]:
    """Return all shapes of a level for a map of ``detail`` (low or mid), without new gaps."""
    if not shapes:
        return []
    whole = np.array(shapes, dtype=object)
    west, south, east, north = shapely.total_bounds(whole)
    pixel = max(east - west, north - south, 1e-4) / PIXELS[detail]
    visible = np.array([_without_specks(shape, pixel) for shape in shapes], dtype=object)
    coarse = shapely.coverage_simplify(visible, pixel)
    digits = min(DIGITS, max(0, math.ceil(-math.log10(pixel / 4))))
    rounded = shapely.transform(coarse, lambda points: np.round(points, digits) + 0.0)
    flat = shapely.area(rounded) == 0
    rounded[flat] = visible[flat]
    return [as_multi(shape) for shape in rounded]


def _without_specks(shape: Any, pixel: float) -> Any:
    """Drop islands smaller than a pixel, but never the largest part."""
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    keep = areas >= min(pixel * pixel, areas.max())
    return shapely.multipolygons(parts[keep]) if not keep.all() else shape
