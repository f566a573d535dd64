"""The map of a convoy: its stops and route, what the roads read as, and where it was seen."""

import json
from typing import Any

import pytest
from lxml import html

from convoys import on_the_map, planning
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.convoys.test_run_pages import Desk
from tests.factories.access import ObservationFactory, SegmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lars(cast: Cast) -> Desk:
    """Give the logistics officer's browser."""
    return Desk(cast, "lars")


def drawn(page: str) -> list[dict[str, Any]]:
    """Return the features that a page's map draws."""
    (source,) = html.fromstring(page).xpath("//script[@id='access-drawing']/text()")
    return [one["properties"] for one in json.loads(source)["features"]]


def on_route(road: Road) -> Any:
    """Choose an open road as the route; another that is not chosen lies beside it."""
    operation = road.run.operation
    chosen, _other = SegmentFactory(operation=operation), SegmentFactory(operation=operation)
    ObservationFactory(operation=operation, segment=chosen, status="open")
    planning.set_route(road.run, [chosen], actor=road.actor("lars"))
    return chosen


def test_the_plan_shows_the_route_with_its_status_and_the_stops(cast: Cast, lars: Desk) -> None:
    road = begin(cast, stops=3)
    chosen = on_route(road)
    found = drawn(lars.look(road.run, "plan"))
    roads = {one["name"]: one["status"] for one in found if "status" in one}
    assert roads == {chosen.name: "open"}
    stops = [one["kind"].split(":")[0] for one in found if one.get("icon") == "pin"]
    assert stops == ["Stop 1", "Stop 2", "Stop 3"]


def test_the_form_of_the_route_offers_every_road_with_its_length(cast: Cast, lars: Desk) -> None:
    road = begin(cast)
    chosen = on_route(road)
    found = drawn(lars.look(road.run, "do/route"))
    offered = {one["choice"]: one["km"] for one in found if "choice" in one}
    assert len(offered) == 2
    assert offered[str(chosen.pk)] == pytest.approx(float(chosen.length_km))


def test_a_position_is_reported_and_drawn(cast: Cast, lars: Desk) -> None:
    road = begin(cast)
    road.carry([5])
    road.go()
    told = {"kind": "check", "occurred_at": "2020-12-07T10:00"}
    page = lars.do(road.run, "event", **told, latitude="39.7")
    assert "Give both latitude and longitude, or neither." in page
    assert not road.run.transit_events.filter(kind="check").exists()
    page = lars.do(road.run, "event", **told, latitude="39.7", longitude="46.6")
    event = road.run.transit_events.get(kind="check")
    assert event.point.coords == (46.6, 39.7)
    assert "39.7000, 46.6000" in page
    seen = [one for one in drawn(page) if one.get("icon") == "convoys"]
    assert [one["name"] for one in seen] == ["Communication check"]


def test_who_may_not_read_a_road_does_not_see_it_on_the_map(cast: Cast) -> None:
    road = begin(cast)
    on_route(road)
    made = on_the_map.drawing(road.run, cast.actor("outsider"))
    assert [one for one in made["features"] if "status" in one["properties"]] == []
