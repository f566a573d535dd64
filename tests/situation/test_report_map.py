"""The map of a report: classes of the legend, hatching, numbers, and what stands around."""

import pytest
from lxml import etree

from core.models import Area
from situation import report_map
from tests.cast import Cast
from tests.factories.core import AreaFactory, square


def row(pcode: str, approved: int, *, in_scope: bool = True) -> dict[str, object]:
    """Return an area's row as a report's figures have it."""
    return {"pcode": pcode, "approved": approved, "in_scope": in_scope}


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], []),
        ([0, 0], []),
        ([1], ["1"]),
        ([3, 4], ["1", "2", "3", "4"]),
        ([30], ["1\u201310", "11\u201320", "21\u201330"]),
        ([31], ["1\u201310", "11\u201320", "21\u201330", "31\u201340"]),
        ([900], ["1\u2013500", "501\u20131000"]),
    ],
)
def test_classes_are_round_and_at_most_four(numbers: list[int], expected: list[str]) -> None:
    assert [str(one) for one in report_map.classes(numbers)] == expected


def place(cast: Cast, pcode: str, west: float) -> Area:
    """Put an area on the map."""
    shape = square(west, 40)
    area: Area = AreaFactory(
        operation=cast.operation, pcode=pcode, geometry=shape, geometry_mid=shape
    )
    return area


def test_an_area_without_findings_is_hatched_and_all_in_scope_are_numbered(cast: Cast) -> None:
    for number, pcode in enumerate(("XA", "XB", "XC")):
        place(cast, pcode, 44.0 + number)
    svg = report_map.draw(cast.operation, [row("XA", 3), row("XB", 0)])
    assert svg is not None
    root = etree.fromstring(svg.encode())
    name = "{http://www.w3.org/2000/svg}"
    fills = [path.get("fill") for path in root.iter(f"{name}path")]
    assert fills.count("url(#hatched)") == 1
    assert set(report_map.COLOURS) & set(fills)
    assert [text.text for text in root.iter(f"{name}text")] == ["1", "2", "50 km"]


def test_without_boundaries_there_is_no_map(cast: Cast) -> None:
    AreaFactory(operation=cast.operation, pcode="XA", geometry=None, centre=None)
    assert report_map.draw(cast.operation, [row("XA", 3)]) is None
    assert report_map.draw(cast.operation, []) is None
