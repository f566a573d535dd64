"""What the gate has let go stays so, and a convoy waits for no vehicle that will not arrive."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from convoys import (
    cargo,
    clearance,
    closing,
    dispatch,
    dispositions,
    equation,
    loading,
    movement,
    planning,
    replanning,
)
from convoys.ledger import Wanted
from convoys.loading import Part
from convoys.models import Waybill
from tests.cast import Cast
from tests.convoys.road import GO, REASON, begin
from tests.convoys.test_going_on import refusal
from tests.convoys.test_run_pages import Desk
from tests.factories.convoys import ReliefItemFactory, VehicleFactory

pytestmark = pytest.mark.django_db


def test_what_the_gate_has_let_go_is_not_voided_changed_or_added_to(cast: Cast) -> None:
    road = begin(cast)
    waybill = road.carry([10])
    road.ready()
    dispatch.dispatch(road.fresh(), actor=cast.actor("carmen"), override=GO)
    lars, leg = cast.actor("lars"), waybill.leg
    issued = Waybill.objects.get(pk=waybill.pk)
    end = {"to_stop": leg.to_stop, "consignee": cast.organisations["IFRC"]}
    for late in (
        lambda: loading.void(issued, actor=lars, reason=REASON),
        lambda: loading.reissue(issued, actor=lars, reason=REASON),
        lambda: loading.open_waybill(leg, actor=lars, **end),
        lambda: replanning.remove_leg(leg, actor=lars),
    ):
        assert "let the vehicle go" in refusal(late).detail
    # A vehicle that joins it afterwards does not slip through with the others.
    late_one = planning.add_leg(
        road.fresh(), actor=lars, vehicle=VehicleFactory(operation=cast.operation)
    )
    movement.report(road.fresh(), actor=lars, kind="departed")
    late_one.refresh_from_db()
    assert late_one.departed_at is None
    for page in ("load", "waybills"):
        assert "do/void/" not in Desk(cast, "lars").look(road.run, page)


@pytest.mark.parametrize("what", ["vehicle", "driver"])
def test_a_vehicle_or_driver_that_is_planned_twice_in_a_convoy_is_told_before_dispatch(
    cast: Cast, what: str
) -> None:
    road = begin(cast)
    first = road.carry([10]).leg
    second = road.carry([5]).leg
    setattr(second, what, getattr(first, what))
    second.save()
    road.ready()
    found = {one.code: one for one in clearance.gate(road.fresh())}
    assert found[f"{what}_booked"].is_hard
    carmen = cast.actor("carmen")
    assert (
        refusal(lambda: dispatch.dispatch(road.fresh(), actor=carmen, override=GO)).code
        == "gate_closed"
    )


def test_vehicle_and_driver_are_free_once_they_have_arrived_and_not_before(cast: Cast) -> None:
    road = begin(cast)
    leg = road.carry([10]).leg
    with time_machine.travel(road.run.eta + timedelta(hours=5)):
        road.go()  # late: after it was to be there
        other = begin(cast)
        mine = other.carry([3]).leg
        mine.vehicle, mine.driver = leg.vehicle, leg.driver
        mine.save()
        other.ready()
        codes = {one.code for one in clearance.gate(other.fresh())}
        assert "vehicle_booked" in codes
        road.arrive()
        codes = {one.code for one in clearance.gate(other.fresh())}
        assert "vehicle_booked" not in codes
        carmen, lars = cast.actor("carmen"), cast.actor("lars")
        dispatch.dispatch(other.fresh(), actor=carmen, override=GO)
        movement.report(other.fresh(), actor=lars, kind="departed")
    assert other.fresh().state == "in_transit"


def test_a_convoy_arrives_though_one_of_its_lorries_was_lost(cast: Cast) -> None:
    road = begin(cast)
    first, second = road.carry([10]), road.carry([20])
    road.go()
    lars, rauf = cast.actor("lars"), cast.actor("rauf")
    movement.report(road.fresh(), actor=lars, kind="arrived", leg=first.leg)
    road.receive({"good": 10}, waybill=first, final=True)
    assert road.fresh().state == "part_arrived"
    (load,) = road.loads(second)
    lost = [Wanted(load, "intercepted_forced", Decimal(20))]
    dispositions.record_loss(lost, actor=rauf, reason=REASON, evidence="Report 7")
    assert road.fresh().state == "received"
    closing.reconcile(road.fresh(), actor=lars)
    closing.close(road.fresh(), actor=cast.actor("carmen"))
    # The lorry was found again, and may go with another.
    other = begin(cast)
    mine = other.carry([3]).leg
    mine.vehicle = second.leg.vehicle
    mine.save()
    assert other.go().fresh().state == "in_transit"


def test_a_vehicle_that_is_given_up_is_not_waited_for(cast: Cast) -> None:
    road = begin(cast, stops=3)
    road.carry([10])
    lars = cast.actor("lars")
    leg = planning.add_leg(
        road.fresh(),
        actor=lars,
        vehicle=VehicleFactory(operation=cast.operation),
        from_stop=road.stop(2),
        to_stop=road.stop(3),
    )
    paper = loading.open_waybill(
        leg, actor=lars, to_stop=leg.to_stop, consignee=cast.organisations["UNHCR"]
    )
    road.go().arrive().receive({"good": 10}, final=True)
    assert road.fresh().state == "part_arrived"
    loading.void(paper, actor=lars, reason=REASON)
    assert road.fresh().state == "received"
    loading.open_waybill(
        leg, actor=lars, to_stop=leg.to_stop, consignee=cast.organisations["UNHCR"]
    )
    assert road.fresh().state == "part_arrived"


def test_an_aborted_convoy_comes_back_though_a_later_leg_was_loaded(cast: Cast) -> None:
    road = begin(cast, stops=3)
    road.carry([10])
    lars = cast.actor("lars")
    leg = planning.add_leg(
        road.fresh(),
        actor=lars,
        vehicle=VehicleFactory(operation=cast.operation),
        from_stop=road.stop(2),
        to_stop=road.stop(3),
    )
    paper = loading.open_waybill(
        leg, actor=lars, to_stop=leg.to_stop, consignee=cast.organisations["UNHCR"]
    )
    item = ReliefItemFactory(operation=cast.operation, unit="t", unit_kg=10, unit_m3=0)
    line = cargo.add_line(road.consignment, actor=lars, item=item, qty=Decimal(3))
    loading.load(paper, [Part(line, Decimal(3))], actor=lars)
    road.go()
    movement.abort(road.fresh(), actor=lars, reason=REASON)
    movement.turn_back(road.fresh(), actor=lars)
    movement.come_back(road.fresh(), actor=lars, reason=REASON)
    line.balance.refresh_from_db()
    assert (Waybill.objects.get(pk=paper.pk).state, line.balance.free_qty) == ("void", 3)
    closing.reconcile(road.fresh(), actor=lars)
    closing.close(road.fresh(), actor=cast.actor("carmen"))
    assert road.fresh().state == "closed"


def test_a_convoy_is_given_up_for_lost_on_its_page_unless_something_has_arrived(
    cast: Cast,
) -> None:
    road, other = begin(cast), begin(cast, stops=3)
    for one in (road, other):
        paper = one.carry([10, 5])
        paper.to_stop = one.stop(2)
        paper.save()
        one.go()
    other.receive({"good": 1})  # at a stop on the way
    carmen = Desk(cast, "carmen")
    said = {"kind": "intercepted_forced", "reason": REASON, "evidence": "Report 9"}
    assert "Give up for lost" in carmen.look(road.run, "movement")
    carmen.do(road.run, "lose", **said)
    assert road.fresh().state == "lost"
    assert all(one.closes and not one.good.qty for one in equation.of_convoy(road.run))
    assert set(road.fresh().legs.values_list("waybills__state", flat=True)) == {"lost"}
    lost = refusal(
        lambda: movement.lose(
            other.fresh(), actor=cast.actor("carmen"), kind="destroyed", reason=REASON
        )
    )
    assert "has arrived" in lost.detail


def test_a_clock_that_runs_ahead_does_not_keep_an_alert_from_being_given(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    road.go()
    movement.report(
        road.fresh(),
        actor=cast.actor("lars"),
        kind="check",
        occurred_at=timezone.now() + timedelta(days=2),
    )
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert movement.overdue_check(road.fresh()) is not None
        road.arrive()
        planning.add_leg(
            road.fresh(),
            actor=cast.actor("lars"),
            vehicle=VehicleFactory(operation=cast.operation),
        )
        assert road.fresh().state == "part_arrived"  # what waits is not late
        assert movement.overdue_check(road.fresh()) is None


def test_what_nothing_could_follow_from_is_told_instead_of_recorded(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    road.ready()
    lars = cast.actor("lars")

    def told(kind: str) -> str:
        return refusal(lambda: movement.report(road.fresh(), actor=lars, kind=kind)).detail

    assert "has not let" in told("departed")
    assert "on the road" in told("arrived")
    dispatch.dispatch(road.fresh(), actor=cast.actor("carmen"), override=GO)
    assert "on the road" in told("arrived")
    assert not road.run.transit_events.exists()
    movement.report(road.fresh(), actor=lars, kind="departed")
    assert "has not let" in told("departed")  # all have left
    # Of a vehicle that has, another word on it is kept beside the first.
    leg = road.waybills[0].leg
    movement.report(road.fresh(), actor=lars, kind="departed", leg=leg)
    assert road.run.transit_events.count() == 2
