"""A plan is changed before dispatch: times, stops and their order, vehicles, route, loading."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, Point

from convoys import cargo, loading, numbers, planning, replanning, routes
from convoys.models import Leg, LoadLine, Stop, Waybill
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.convoys.test_run_pages import Desk
from tests.factories.access import SegmentFactory, SiteFactory
from tests.factories.convoys import VehicleFactory


@pytest.fixture
def lars(cast: Cast) -> Desk:
    """Give the logistics officer's browser."""
    return Desk(cast, "lars")


def sites(road: Road) -> list[str]:
    """Return the names of the stops in order."""
    return [str(stop.site) for stop in road.run.stops.select_related("site").order_by("position")]


def numbered(road: Road, *numbers: int | str, **more: Any) -> dict[str, Any]:
    """Return what is typed into the form of stops: their new numbers, in their present order."""
    stops = road.run.stops.order_by("position")
    return {f"stop_{one.pk}": number for one, number in zip(stops, numbers, strict=True)} | more


def test_stops_are_added_reordered_and_removed_by_their_numbers(cast: Cast, lars: Desk) -> None:
    road = begin(cast)
    first, last = sites(road)
    between = SiteFactory(operation=cast.operation)
    lars.do(road.run, "stops", **numbered(road, 1, 2), site=between.pk, at=2)
    assert sites(road) == [first, str(between), last]
    lars.do(road.run, "stops", **numbered(road, 1, 3, 2))
    assert sites(road) == [first, last, str(between)]
    page = lars.do(road.run, "stops", **numbered(road, 1, "", ""))
    assert "two sites at least" in page
    lars.do(road.run, "stops", **numbered(road, 1, 2, ""))
    assert sites(road) == [first, last]
    assert list(road.run.stops.values_list("position", flat=True)) == [1, 2]


def test_a_stop_that_a_vehicle_needs_stays_and_none_drives_backwards(
    cast: Cast, lars: Desk
) -> None:
    road = begin(cast, stops=3)
    road.carry([5])
    page = lars.do(road.run, "stops", **numbered(road, 1, 2, ""))
    assert "Change that first" in page
    page = lars.do(road.run, "stops", **numbered(road, 3, 2, 1))
    assert "go backwards" in page
    assert [stop.position for stop in Stop.objects.filter(convoy=road.run)] == [1, 2, 3]


def test_a_leg_gets_another_vehicle_with_its_loads_or_is_taken_off(cast: Cast, lars: Desk) -> None:
    road = begin(cast)
    waybill = road.carry([10])
    leg = waybill.leg
    small = VehicleFactory(operation=cast.operation, payload_kg=9000)
    large = VehicleFactory(operation=cast.operation, payload_kg=12_000)
    ends = {"from_stop": leg.from_stop_id, "to_stop": leg.to_stop_id}
    assert "Change" in lars.look(road.run, "plan")
    page = lars.do(road.run, "change_leg", leg, vehicle=small.pk, **ends)
    assert "more than the vehicle&#x27;s payload" in page
    lars.do(road.run, "change_leg", leg, vehicle=large.pk, **ends)
    leg.refresh_from_db()
    assert (leg.vehicle, leg.driver, leg.balance.max_kg) == (large, None, 12_000)
    assert "Papers are kept" in lars.do(road.run, "remove_leg", leg)
    loading.issue(waybill, actor=cast.actor("lars"))
    assert "Void them first" in lars.do(road.run, "change_leg", leg, vehicle=small.pk, **ends)
    empty = planning.add_leg(road.fresh(), actor=cast.actor("lars"), vehicle=small)
    lars.do(road.run, "remove_leg", empty)
    assert list(Leg.objects.filter(convoy=road.run)) == [leg]


def test_times_and_leader_are_changed_until_dispatch(cast: Cast, lars: Desk) -> None:
    road = begin(cast)
    leg = road.carry([5]).leg
    typed = {"leader": "Lena", "escort": "un", "check_minutes": 90}
    when = {"etd": "2031-05-01T06:00", "eta": "2031-05-01T05:00"}
    assert "not after the departure" in lars.do(road.run, "change", **typed, **when)
    lars.do(road.run, "change", **typed, **when | {"eta": "2031-05-01T18:00"})
    run = road.fresh()
    assert (run.leader, run.escort, run.check_minutes) == ("Lena", "un", 90)
    leg.refresh_from_db()
    assert (leg.period.lower, leg.period.upper) == (run.etd, run.eta)
    road.go()
    with pytest.raises(Problem, match="wrong_state"):
        replanning.change(road.fresh(), actor=cast.actor("lars"), leader="Late")


def test_segments_are_put_in_the_order_in_which_they_are_driven(cast: Cast) -> None:
    # The road runs east along 39.5° from 45.0°; its middle was drawn from east to west.
    spans = {"A": (45.0, 45.1), "B": (45.2, 45.1), "C": (45.2, 45.3)}
    made = {
        name: SegmentFactory(
            operation=cast.operation,
            name=name,
            line=LineString((start, 39.5), (end, 39.5), srid=4326),
        )
        for name, (start, end) in spans.items()
    }
    road = begin(cast)
    first = road.stop(1).site
    first.point = Point(45.3, 39.5, srid=4326)
    first.save(update_fields=["point"])
    estimate = road.fresh().distance_km
    assert estimate
    planning.set_route(road.fresh(), [made[name] for name in "BAC"], actor=cast.actor("lars"))
    steps = road.run.route_steps.select_related("segment").order_by("position")
    assert [step.segment.name for step in steps] == ["C", "B", "A"]
    assert road.fresh().distance_km == Decimal("25.8")
    assert "estimate" not in Desk(cast, "lars").look(road.run, "plan")


def test_without_segments_the_distance_is_an_estimate_and_says_so(cast: Cast) -> None:
    a_degree_apart = [Point(45, 40, srid=4326), Point(46, 40, srid=4326)]
    assert routes.estimate_km(a_degree_apart) == Decimal("119.6")
    assert routes.estimate_km(a_degree_apart[:1]) is None
    road = begin(cast)
    page = Desk(cast, "lars").look(road.run, "plan")
    assert "estimate: the straight line times 1.4" in page


def test_the_suggestion_is_looked_at_and_then_loaded_with_one_button(
    cast: Cast, lars: Desk
) -> None:
    road = begin(cast)
    road.carry([1])
    item = road.lines[0].item
    line = cargo.add_line(road.consignment, actor=cast.actor("lars"), item=item, qty=Decimal(15))
    assert "Load as suggested" in lars.look(road.run, "load")
    address = f"/o/caucasus/runs/{road.run.pk}/do/suggest/"
    form = lars.client.get(address)
    assert "15 t" in form.content.decode()
    seen = form.context["form"]["seen"].value()
    more = cargo.add_line(road.consignment, actor=cast.actor("lars"), item=item, qty=Decimal(2))
    assert "has changed" in lars.client.post(address, {"seen": seen}).content.decode()
    seen = lars.client.get(address).context["form"]["seen"].value()
    lars.client.post(address, {"seen": seen})
    loaded = LoadLine.objects.filter(line__in=(line, more)).values_list("qty", flat=True)
    assert sorted(loaded) == [2, 15]
    assert {one.consignee for one in Waybill.objects.all()} == {cast.organisations["UNHCR"]}
    assert Waybill.objects.count() == 1  # onto the draft that was there
    assert "Load as suggested" not in lars.look(road.run, "load")


def test_packages_are_counted_on_pages_and_waybills(cast: Cast, lars: Desk) -> None:
    road = begin(cast)
    waybill = road.carry([1])
    line = cargo.add_line(
        road.consignment,
        actor=cast.actor("lars"),
        item=road.lines[0].item,
        qty=Decimal(10),
        hu_count=4,
        hu_kind="pallets",
    )
    loading.load(waybill, [loading.Part(line, Decimal(6))], actor=cast.actor("lars"))
    told = [numbers.packages(load) for load in loading.live_loads(waybill)]
    assert told == ["", "3 pallets"]
    assert "3 pallets" in lars.look(road.run, "load")
    assert "3 pallets" in lars.client.get(waybill.get_absolute_url()).content.decode()
