"""Places from outside: what is no place is refused, and a place finds its area."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point

from core import geo
from core.errors import Problem
from core.models import Operation
from tests.factories.core import AreaFactory, OperationFactory, square


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [(44, 900), (181, 40), (44, -90.1), ("nan", 40), ("inf", 40), ("x", 40), (None, 40), ([], 40)],
)
def test_what_is_no_place(longitude: Any, latitude: Any) -> None:
    with pytest.raises(Problem) as caught:
        geo.point(longitude, latitude)
    assert (caught.value.status, caught.value.errors[0]["where"]) == (400, "location")


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,4,5", "5,1,4,2", "1,2,1,3", "a,b,c,d", "0,0,0,900"]
)
def test_what_is_no_box(text: str) -> None:
    with pytest.raises(Problem) as caught:
        geo.box(text)
    assert caught.value.errors[0]["where"] == "bbox"


def test_a_box() -> None:
    assert geo.box("44,38,47.5,41").extent == (44, 38, 47.5, 41)


@pytest.fixture
def operation(db: None) -> Operation:
    made: Operation = OperationFactory()
    country = AreaFactory(operation=made, pcode="XX", level=0, geometry=square(44, 38, 4))
    AreaFactory(operation=made, pcode="XX01", level=1, parent=country, geometry=square(44, 38))
    AreaFactory(
        operation=made,
        pcode="XX02",
        level=2,
        parent=country,
        geometry=square(44, 38),
        valid_to="2020-06-01",
    )
    AreaFactory(pcode="YY", level=3, geometry=square(44, 38))
    return made


def test_a_place_finds_the_finest_area_in_use(operation: Operation) -> None:
    inside = Point(44.5, 38.5, srid=4326)
    found = geo.find_by_location(operation, inside)
    assert found is not None
    assert found.pcode == "XX01"
    wider = geo.find_by_location(operation, inside, level=0)
    assert wider is not None
    assert wider.pcode == "XX"
    assert geo.find_by_location(operation, Point(10, 10, srid=4326)) is None
    assert geo.find_by_location(operation, inside, level=2) is None


def test_a_place_on_a_border_counts_as_inside(operation: Operation) -> None:
    found = geo.find_by_location(operation, Point(44.0, 38.5, srid=4326))
    assert found is not None
    assert found.pcode == "XX01"


def test_a_pcode_finds_its_area(operation: Operation) -> None:
    found = geo.find_by_pcode(operation, " XX01 ")
    assert found is not None
    assert found.level == 1
    assert geo.find_by_pcode(operation, "XX02") is None
    assert geo.find_by_pcode(operation, "YY") is None


def test_what_a_record_may_belong_to_is_asked_at_once(operation: Operation) -> None:
    named, around = geo.candidates(operation.pk, ["XX", "XX02", "YY"], Point(44.5, 38.5, srid=4326))
    assert (named.pcode, named.is_drawn, named.is_around) == ("XX", True, False)
    assert (around.pcode, around.level, around.is_around) == ("XX01", 1, True)
    assert [one.pcode for one in geo.candidates(operation.pk, ["XX01"], None)] == ["XX01"]
    assert geo.candidates(operation.pk, [], None) == []
