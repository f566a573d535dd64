"""Two people act on what both saw before either had acted: the second is told, or finds it done."""

from decimal import Decimal

import pytest

from convoys import dispatch, dispositions, ledger, loading, planning, receipt, replanning
from convoys.ledger import Wanted
from convoys.loading import Part
from convoys.models import Entry, GateRecord, Receipt
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import GO, REASON, begin
from tests.factories.access import SegmentFactory
from tests.factories.convoys import WaybillFactory

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
