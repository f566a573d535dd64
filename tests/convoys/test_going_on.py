"""From a hub on: what goes by another vehicle, planned or not, through the gate on its own."""

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.gis.geos import LineString
from django.test import Client
from django.utils import timezone

from convoys import (
    clearance,
    closing,
    dispatch,
    dispositions,
    equation,
    loading,
    movement,
    planning,
    plausibility,
    replanning,
)
from convoys.ledger import Wanted
from convoys.loading import Part
from convoys.models import Entry, GateRecord, Leg, OperatedConvoy, Waybill
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import GO, REASON, Road, begin
from tests.convoys.test_run_pages import Desk
from tests.factories.access import ObservationFactory, SegmentFactory, SiteFactory
from tests.factories.convoys import VehicleFactory

pytestmark = pytest.mark.django_db


def refusal(act: Any) -> Problem:
    """Return what an act is refused with."""
    with pytest.raises(Problem) as refused:
        act()
    return refused.value


@dataclass
class Hub:
    """A convoy of 10 t that has arrived where 6 t change to another vehicle."""

    road: Road
    entry: Entry

    @property
    def lars(self) -> Any:
        """Return the logistics officer."""
        return self.road.actor("lars")

    def on(self, *, issued: bool = True, **facts: Any) -> Leg:
        """Plan a vehicle on from the hub with the 6 t under a waybill."""
        operation = self.road.run.operation
        vehicle = facts.pop("vehicle", None) or VehicleFactory(operation=operation)
        facts = {"to_site": SiteFactory(operation=operation)} | facts
        leg = planning.add_leg(
            self.road.fresh(),
            actor=self.lars,
            vehicle=vehicle,
            from_stop=self.road.stop(2),
            arrives=timezone.now() + timedelta(days=9),
            **facts,
        )
        waybill = loading.open_waybill(
            leg,
            actor=self.lars,
            to_stop=leg.to_stop,
            consignee=self.road.cast.organisations["UNHCR"],
        )
        loading.load(waybill, [Part(self.entry, Decimal(6))], actor=self.lars)
        if issued:
            loading.issue(waybill, actor=self.lars, loader="L", driver="D")
        return leg

    def let_go(self, leg: Leg, **facts: Any) -> None:
        """Let the coordinator let a vehicle go."""
        facts = {"override": GO} | facts
        dispatch.dispatch(self.road.fresh(), leg=leg, actor=self.road.actor("carmen"), **facts)

    def report(self, kind: str, leg: Leg | None = None) -> None:
        """Report from the road."""
        movement.report(self.road.fresh(), actor=self.lars, kind=kind, leg=leg)


@pytest.fixture
def hub(cast: Cast) -> Hub:
    """Give a convoy at the end of its plan, a part received and a part handed on."""
    road = begin(cast)
    road.carry([10])
    road.go().arrive()
    road.receive({"good": 4})
    (load,) = road.loads()
    handed = [Wanted(load, Entry.Kind.FORWARDED, Decimal(6))]
    dispositions.hand_on(handed, actor=cast.actor("lars"), reason=REASON)
    return Hub(road, Entry.objects.get(kind="forwarded"))


def test_what_has_arrived_goes_on_by_another_vehicle_though_nobody_planned_it(hub: Hub) -> None:
    road = hub.road
    assert road.fresh().state == "received"
    refused = refusal(lambda: closing.reconcile(road.fresh(), actor=hub.lars))
    assert "handed on, on no waybill yet" in refused.detail
    type(road.run).objects.filter(pk=road.run.pk).update(released_at=timezone.now())
    leg = hub.on()
    now = road.fresh()
    assert (now.state, now.arrived_at, now.released_at) == ("part_arrived", None, None)
    assert leg.to_stop.position == 3

    # It does not leave before the gate has let it go, by a coordinator.
    assert "has not let" in refusal(lambda: hub.report("departed", leg)).detail
    closed = refusal(lambda: hub.let_go(leg, override=""))
    assert (closed.status, closed.code) == (409, "gate_closed")
    assert all(one["message"] and one["dated"] and one["fix"] for one in closed.errors)
    hub.let_go(leg)
    hub.let_go(leg)  # again changes nothing
    assert GateRecord.objects.filter(leg=leg, opened=True).count() == 1
    hub.report("departed", leg)
    assert Waybill.objects.get(leg=leg).state == "in_transit"
    hub.report("arrived", leg)
    assert road.fresh().state == "receiving"
    road.receive({"good": 5, "damaged": 1}, waybill=Waybill.objects.get(leg=leg), final=True)
    assert road.fresh().state == "received"
    (row,) = equation.of_convoy(road.run)
    assert (row.loaded.qty, row.good.qty, row.damaged.qty, row.closes) == (10, 9, 1, True)
    closing.reconcile(road.fresh(), actor=hub.lars)
    assert closing.close(road.fresh(), actor=road.actor("carmen")).state == "closed"


def test_the_way_on_is_planned_loaded_and_let_go_on_the_pages(hub: Hub) -> None:
    road = hub.road
    lars, carmen = Desk(road.cast, "lars"), Desk(road.cast, "carmen")
    vehicle = VehicleFactory(operation=road.run.operation)
    site = SiteFactory(operation=road.run.operation, name="Last mile")
    way = {"vehicle": vehicle.pk, "from_stop": road.stop(2).pk}
    assert "Choose where it goes" in lars.do(road.run, "leg", **way)
    told = lars.do(road.run, "leg", **way, to_site=site.pk, leaves="2030-05-02T10:00")
    assert "Say when it is to arrive" in told
    when = {"leaves": "2030-05-02T10:00", "arrives": "2030-05-02T18:00"}
    lars.do(road.run, "leg", **way, **when, to_site=site.pk)
    leg = Leg.objects.get(vehicle=vehicle)
    plan = carmen.look(road.run, "plan")
    assert f"What stands against {vehicle.label} going on now" in plan
    assert f"{vehicle.label} has no waybill." in plan
    assert "Let it go" in plan
    assert "Open a waybill" in lars.look(road.run, "load")
    told = carmen.do(road.run, "let_go", on=leg, override="Seen")
    assert (
        "has no waybill. Load it and issue its waybill, or take it off the convoy. (as of" in told
    )
    assert "None of these can be overridden" in told
    replanning.remove_leg(leg, actor=hub.lars)  # though the gate was asked
    assert road.fresh().state == "received"
    assert "stayed closed" in carmen.look(road.run, "plan")


def test_the_gate_asks_of_a_vehicle_that_goes_on_what_is_ahead_of_it(hub: Hub) -> None:
    road, operation = hub.road, hub.road.run.operation
    site = SiteFactory(operation=operation)
    places = [road.stop(1).site.point, road.stop(2).site.point, site.point]
    behind, ahead, other = (
        SegmentFactory(operation=operation, line=LineString(start, end, srid=4326), name=name)
        for start, end, name in (
            (*places[:2], "Behind"),
            (*places[1:], "Ahead"),
            (*places[1:], "Other"),
        )
    )
    leg = hub.on(to_site=site)
    planning.set_way_on(leg, [behind], actor=hub.lars)
    planning.set_way_on(leg, [ahead], actor=hub.lars)
    names = [str(step.segment) for step in road.run.route_steps.select_related("segment")]
    for shut in (behind, ahead):
        ObservationFactory(
            operation=operation,
            segment=shut,
            status="closed",
            valid_until=timezone.now() + timedelta(days=20),
        )
    found = {one.subject: one for one in clearance.gate(road.fresh(), leg)}
    assert "Ahead" in found
    assert found["Ahead"].code == "segment_closed"
    assert "Behind" in names or "Behind" not in found
    planning.set_way_on(leg, [other], actor=hub.lars)
    assert "segment_closed" not in {one.code for one in clearance.gate(road.fresh(), leg)}


def test_papers_weights_and_bookings_hold_for_a_vehicle_that_goes_on(
    hub: Hub, client: Client
) -> None:
    road = hub.road
    elsewhere = begin(road.cast)
    busy = elsewhere.carry([1]).leg
    elsewhere.go()
    busy.vehicle.axle_limit_kg = 1
    busy.vehicle.save()
    leg = hub.on(vehicle=busy.vehicle, issued=False)
    client.force_login(road.cast.carmen)
    base, key = f"/api/v1/convoys/{road.run.pk}", str(uuid4())
    gate = client.get(f"{base}/gate/", {"leg": str(leg.pk)}).json()
    hard = {"waybill_unissued", "vehicle_over_axle", "vehicle_booked"}
    assert hard <= {one["code"] for one in gate["inputs"] if one["hard"]}
    assert any("has not arrived" in one["message"] for one in gate["inputs"])

    def ask(**body: Any) -> Any:
        return client.post(
            f"{base}/dispatch/",
            json.dumps({"leg": str(leg.pk)} | body),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    refused = ask(override=GO)
    assert (refused.status_code, refused.json()["code"]) == (409, "gate_closed")
    assert hard <= {one["code"] for one in refused.json()["errors"]}
    replanning.change_leg(
        leg,
        actor=hub.lars,
        vehicle=VehicleFactory(operation=road.run.operation),
        driver=None,
        from_stop=leg.from_stop,
        to_stop=leg.to_stop,
    )
    loading.issue(Waybill.objects.get(leg=leg), actor=hub.lars)
    assert ask(override=GO).status_code == 200
    assert ask(override=GO).status_code == 200
    assert ask(override="Another").json()["code"] == "replay_conflict"
    assert ask(leg=str(uuid4())).status_code == 404
    assert list(GateRecord.objects.filter(opened=True, leg=leg)) == [GateRecord.objects.get(pk=key)]


def test_the_same_driver_goes_on_from_a_hub(hub: Hub) -> None:
    first = hub.road.waybills[0].leg
    leg = hub.on(driver=first.driver, vehicle=first.vehicle)
    hub.let_go(leg)
    hub.report("departed", leg)
    leg.refresh_from_db()
    assert leg.departed_at is not None


def test_who_drove_a_part_of_the_way_was_not_too_fast_for_all_of_it(hub: Hub) -> None:
    leg, now = hub.on(), timezone.now()
    OperatedConvoy.objects.filter(pk=hub.road.run.pk).update(distance_km=300)
    Leg.objects.filter(pk=leg.pk).update(departed_at=now - timedelta(hours=2), arrived_at=now)
    assert plausibility.flags(hub.road.fresh()) == []
    Leg.objects.filter(pk=leg.pk).update(from_stop=hub.road.stop(1))
    assert len(plausibility.flags(hub.road.fresh())) == 1
