"""Two people act on what both saw before either had acted: the second is told, or finds it done."""

from decimal import Decimal

import pytest
from django.utils import timezone

from convoys import (
    cargo,
    closing,
    dispatch,
    dispositions,
    ledger,
    loading,
    planning,
    receipt,
    replanning,
)
from convoys.ledger import Wanted
from convoys.loading import Part
from convoys.models import Entry, GateRecord, Leg, Receipt, ServiceRequest
from core.access import plans
from core.errors import Problem
from core.models import Clearance, ClearanceStep
from tests.cast import Cast
from tests.convoys.road import GO, REASON, begin
from tests.factories.access import ClearanceFactory, SegmentFactory
from tests.factories.convoys import ServiceRequestFactory, VehicleFactory, WaybillFactory

pytestmark = pytest.mark.django_db


def test_a_receipt_that_two_decide_on_is_posted_once(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    road.go().arrive()
    asked = road.receive({"good": 11})
    mine, yours = (Receipt.objects.get(pk=asked.pk) for _each in range(2))
    for seen in (mine, yours):
        found = receipt.resolve(seen, actor=cast.actor("rauf"), overage=True)
        assert found.state == "posted"
    kinds = Entry.objects.filter(posting__receipt=asked).values_list("kind", flat=True)
    assert sorted(kinds) == ["overage", "received_good"]


def test_a_receipt_that_another_set_aside_is_not_posted(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    road.go().arrive()
    asked = road.receive({"good": 11})
    seen = Receipt.objects.get(pk=asked.pk)
    receipt.set_aside(asked, actor=cast.actor("rauf"), reason="Counted twice")
    with pytest.raises(Problem) as refusal:
        receipt.resolve(seen, actor=cast.actor("rauf"), overage=True)
    assert refusal.value.code == "wrong_state"
    assert not Entry.objects.filter(posting__receipt=asked).exists()


def test_a_plan_that_was_opened_before_dispatch_is_not_changed_after_it(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    road.ready()
    seen = road.fresh()
    dispatch.dispatch(road.fresh(), actor=cast.actor("carmen"), override=GO)
    segment = SegmentFactory(operation=cast.operation)
    lars = cast.actor("lars")
    for change in (
        lambda: planning.set_route(seen, [segment], actor=lars),
        lambda: replanning.change(seen, actor=lars, name="Another"),
    ):
        with pytest.raises(Problem) as refusal:
            change()
        assert refusal.value.code == "wrong_state"
    assert GateRecord.objects.get(convoy=seen, opened=True).override_reason == GO


def test_a_page_that_was_opened_on_the_road_changes_nothing_after_the_closing(cast: Cast) -> None:
    road = begin(cast, stops=3)
    road.carry([10])
    lars, carmen = cast.actor("lars"), cast.actor("carmen")
    vehicle = VehicleFactory(operation=cast.operation)
    spare = planning.add_leg(
        road.fresh(),
        actor=lars,
        vehicle=vehicle,
        from_stop=road.stop(2),
        to_stop=road.stop(3),
    )
    road.go()
    seen = road.fresh()
    leg = Leg.objects.select_related("convoy").get(pk=spare.pk)
    replanning.remove_leg(leg, actor=lars)
    road.arrive().receive({"good": 10}, final=True)
    closing.reconcile(road.fresh(), actor=lars)
    closing.close(road.fresh(), actor=carmen)
    assert (seen.state, leg.convoy.state) == ("in_transit", "in_transit")
    way = {"vehicle": vehicle, "from_stop": road.stop(2), "to_stop": road.stop(3)}
    person = {"name": "Nora", "task": "Medic", "organisation": cast.organisations["WFP"]}
    for late in (
        lambda: planning.add_leg(seen, actor=lars, **way),
        lambda: planning.add_person(seen, actor=lars, **person),
        lambda: planning.brief(seen, actor=lars, decision="go", adviser="Ana"),
        lambda: replanning.change_leg(leg, actor=lars, driver=None, **way),
        lambda: replanning.remove_leg(leg, actor=lars),
        lambda: loading.open_waybill(
            leg, actor=lars, to_stop=road.stop(3), consignee=cast.organisations["UNHCR"]
        ),
    ):
        with pytest.raises(Problem) as refusal:
            late()
        assert refusal.value.code == "wrong_state"
        assert "Closed" in refusal.value.detail


def test_a_vehicle_that_another_took_off_is_not_found(cast: Cast) -> None:
    road = begin(cast)
    lars = cast.actor("lars")
    made = planning.add_leg(
        road.fresh(), actor=lars, vehicle=VehicleFactory(operation=cast.operation)
    )
    seen = Leg.objects.select_related("convoy").get(pk=made.pk)
    replanning.remove_leg(made, actor=lars)
    for late in (
        lambda: replanning.remove_leg(seen, actor=lars),
        lambda: loading.open_waybill(
            seen, actor=lars, to_stop=road.stop(2), consignee=cast.organisations["UNHCR"]
        ),
    ):
        with pytest.raises(Problem) as refusal:
            late()
        assert refusal.value.code == "not_found"


def test_a_request_that_was_put_on_hold_meanwhile_is_not_consigned(cast: Cast) -> None:
    seen = ServiceRequestFactory(operation=cast.operation, state="accepted")
    now = ServiceRequest.objects.get(pk=seen.pk)
    cargo.move(now, "hold", actor=cast.actor("carmen"), reason=REASON)
    with pytest.raises(Problem) as refusal:
        cargo.consign(
            cast.operation,
            actor=cast.actor("lars"),
            request=seen,
            consignor=cast.organisations["WFP"],
            consignee=cast.organisations["UNHCR"],
            origin=seen.origin,
            destination=seen.destination,
        )
    assert refusal.value.code == "guard_failed"


def test_a_step_of_a_clearance_that_was_decided_meanwhile_is_not_done(cast: Cast) -> None:
    clearance = ClearanceFactory(operation=cast.operation, state="requested")
    step = ClearanceStep.objects.create(clearance=clearance, number=1, office="Governor")
    seen = ClearanceStep.objects.select_related("clearance").get(pk=step.pk)
    now = Clearance.objects.get(pk=clearance.pk)
    plans.decide(now, "deny", actor=cast.actor("aida"), reason=REASON)
    with pytest.raises(Problem, match="decided already"):
        plans.step_done(seen, actor=cast.actor("aida"), on=timezone.localdate())


def test_what_was_taken_back_is_not_loaded_on(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    road.go().arrive()
    (load,) = road.loads()
    lars = cast.actor("lars")
    forwarded = Wanted(load, Entry.Kind.FORWARDED, Decimal(4))
    dispositions.hand_on([forwarded], actor=lars, reason=REASON)
    (entry,) = Entry.objects.filter(load=load)
    ledger.reverse([entry], actor=cast.actor("carmen"), reason=REASON)
    back = Entry.objects.get(reverses=entry)
    onward = WaybillFactory(leg__convoy=road.run)
    for source in (entry, back):
        with pytest.raises(Problem) as refusal:
            loading.load(onward, [Part(source, Decimal(1))], actor=lars)
        assert refusal.value.code == "guard_failed"
