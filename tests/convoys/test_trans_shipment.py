"""Two legs with a loss on each and a return: every kilogram counts once, where it ended."""

from decimal import Decimal
from typing import Any

import pytest

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
    suggestions,
)
from convoys.ledger import Wanted
from convoys.models import Discrepancy, Entry, GateRecord, LoadBalance, Vehicle, Waybill
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import GO, REASON, Road, begin
from tests.factories.access import ObservationFactory, SegmentFactory
from tests.factories.convoys import ReliefItemFactory, VehicleFactory


def settle(road: Road) -> None:
    """Investigate, write off and close whatever is missing."""
    discrepancies = Discrepancy.objects.exclude(state="closed")
    for missing in discrepancies:
        looked_for = closing.investigate(missing, actor=road.actor("lars"))
        done = closing.write_off(
            looked_for, actor=road.actor("carmen"), reason=REASON, evidence="Count sheet"
        )
        closing.settle(done, actor=road.actor("lars"))


def test_trans_shipment_over_two_legs_with_a_loss_on_each_and_a_return(cast: Cast) -> None:
    road = begin(cast, stops=3)
    first = road.carry([100])
    road.go()
    lars, rauf = cast.actor("lars"), cast.actor("rauf")
    load = road.loads()[0]

    # 2 t are taken on the first leg, 3 t go back, 95 t change vehicles at the second stop.
    dispositions.record_loss(
        [Wanted(load, "intercepted_forced", Decimal(2))], actor=rauf, reason=REASON
    )
    dispositions.hand_on(
        [Wanted(load, "returned", Decimal(3)), Wanted(load, "forwarded", Decimal(95))],
        actor=lars,
        reason=REASON,
    )
    assert Waybill.objects.get(pk=first.pk).state == "received"
    vehicle = VehicleFactory(
        operation=road.run.operation, payload_kg=100_000, volume_m3=500, axles=8
    )
    leg = planning.add_leg(
        road.fresh(), actor=lars, vehicle=vehicle, from_stop=road.stop(2), to_stop=road.stop(3)
    )
    second = loading.open_waybill(
        leg, actor=lars, to_stop=road.stop(3), consignee=cast.organisations["UNHCR"]
    )
    forwarded = Entry.objects.get(kind="forwarded")
    with pytest.raises(Problem, match="95 are left"):
        loading.load(second, [loading.Part(forwarded, Decimal(96))], actor=lars)
    loading.load(second, [loading.Part(forwarded, Decimal(95))], actor=lars)
    loading.issue(second, actor=lars)
    dispatch.dispatch(road.fresh(), leg=leg, actor=cast.actor("carmen"), override=GO)
    movement.report(road.fresh(), actor=lars, kind="departed", leg=leg)
    movement.report(road.fresh(), actor=lars, kind="arrived")

    # 94 t of the 95 arrive.
    road.receive({"good": 94}, waybill=second, final=True)
    settle(road)
    (row,) = equation.of_convoy(road.run)
    assert row.closes
    tonnes = {
        part: getattr(row, part).qty for part in ("loaded", "good", "returned", "outstanding")
    }
    assert tonnes == {"loaded": 100, "good": 94, "returned": 3, "outstanding": 0}
    assert {kind: lost.qty for kind, lost in row.losses} == {
        "intercepted_forced": 2,
        "short_missing": 1,
    }
    assert equation.of_operation(road.run.operation)[0].good.kg == 94_000
    closing.reconcile(road.fresh(), actor=lars)
    assert closing.close(road.fresh(), actor=cast.actor("carmen")).state == "closed"
    assert closing.outcome(equation.of_convoy(road.run)) == "partial"


def test_an_aborted_convoy_brings_back_what_is_left(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    road.go()
    lars = cast.actor("lars")
    movement.abort(road.fresh(), actor=lars, reason=REASON)
    movement.turn_back(road.fresh(), actor=lars)
    movement.come_back(road.fresh(), actor=lars, reason=REASON)
    assert road.fresh().state == "returned"
    assert set(Waybill.objects.values_list("state", flat=True)) == {"returned"}
    closing.reconcile(road.fresh(), actor=lars)
    closing.close(road.fresh(), actor=cast.actor("carmen"))
    assert closing.outcome(equation.of_convoy(road.run)) == "none"


def test_a_closed_corridor_blocks_dispatch_and_names_the_input_its_date_and_what_would_change_it(
    cast: Cast,
) -> None:
    road = begin(cast)
    waybill = road.carry([10])
    segment = SegmentFactory(operation=cast.operation, name="Corridor")
    planning.set_route(road.fresh(), [segment], actor=cast.actor("lars"))
    seen = ObservationFactory(
        operation=cast.operation, segment=segment, status="closed", valid_until=road.run.eta
    )
    found = {one.code: one for one in clearance.gate(road.fresh())}
    closed = found["segment_closed"]
    assert (closed.is_hard, closed.subject, closed.dated) == (True, "Corridor", seen.occurred_at)
    assert "another route" in closed.fix
    assert "waybill_unissued" in found

    def refused(**options: Any) -> Problem:
        with pytest.raises(Problem) as error:
            dispatch.dispatch(road.fresh(), actor=cast.actor("carmen"), **options)
        return error.value

    with pytest.raises(Problem):
        road.go()
    problem = refused(override="We know the guards")
    assert (problem.status, problem.code) == (409, "gate_closed")
    assert "segment_closed" in {one["code"] for one in problem.errors}
    assert road.fresh().state == "loaded"
    assert Waybill.objects.get(pk=waybill.pk).state == "issued"
    assert set(GateRecord.objects.values_list("opened", flat=True)) == {False}
    with pytest.raises(Problem, match="may see this"):
        dispatch.dispatch(road.fresh(), actor=cast.actor("lars"))


def test_voiding_frees_the_loads_and_a_reissue_carries_them_over(cast: Cast) -> None:
    road = begin(cast)
    waybill = road.carry([10])
    lars = cast.actor("lars")
    loading.issue(waybill, actor=lars)
    following = loading.reissue(Waybill.objects.get(pk=waybill.pk), actor=lars, reason=REASON)
    assert (following.number, following.version, following.state) == (waybill.number, 2, "draft")
    (load,) = loading.live_loads(following)
    assert load.kg == 10_000
    assert LoadBalance.objects.filter(loaded_qty__gt=0).count() == 1
    road.lines[0].balance.refresh_from_db()
    assert road.lines[0].balance.free_qty == 0


def test_a_suggestion_fits_what_waits_at_the_first_stop(cast: Cast) -> None:
    road = begin(cast)
    lars = cast.actor("lars")
    item = ReliefItemFactory(operation=cast.operation, unit="t", unit_kg=1000, unit_m3=1)
    for payload in (10_000, 20_000):
        vehicle = VehicleFactory(operation=cast.operation, payload_kg=payload, volume_m3=40)
        planning.add_leg(road.fresh(), actor=lars, vehicle=vehicle)
    line = cargo.add_line(road.consignment, actor=lars, item=item, qty=Decimal(15))
    plan = suggestions.of(road.fresh())
    assert plan is not None
    assert sorted((leg.vehicle.payload_kg, qty) for leg, _line, qty in plan) == [
        (10_000, 5),
        (20_000, 10),
    ]
    assert {one for _leg, one, _qty in plan} == {line}
    # What its axles do not bear is not put on the larger one: the gate would keep it.
    larger = Vehicle.objects.get(payload_kg=20_000)
    larger.axle_limit_kg = (larger.tare_kg + 6000) / larger.axles
    larger.save()
    plan = suggestions.of(road.fresh())
    assert plan is not None
    assert sorted((leg.vehicle.payload_kg, qty) for leg, _line, qty in plan) == [
        (10_000, 9),
        (20_000, 6),
    ]
    cargo.add_line(road.consignment, actor=lars, item=item, qty=Decimal(16))
    assert suggestions.of(road.fresh()) is None
