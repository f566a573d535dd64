"""The end of a convoy: every balance is closed, and nothing of a line is left unsaid."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from convoys import cargo, closing, loading, stock
from convoys.loading import Part
from convoys.models import (
    ConsignmentLine,
    LineBalance,
    LoadBalance,
    OperatedConvoy,
    Receipt,
    StockMove,
    WaybillBalance,
)
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import REASON, Road, begin
from tests.convoys.test_run_pages import Desk


def ended(road: Road) -> OperatedConvoy:
    """Take a loaded convoy through dispatch, whole receipt and reconciling."""
    road.go().arrive()
    for waybill in road.waybills:
        lines = [{"load": str(one.pk), "good": str(one.qty)} for one in road.loads(waybill)]
        road.receive(*lines, waybill=waybill, final=True)
    return closing.reconcile(road.fresh(), actor=road.actor("lars"))


def carrying_a_part(cast: Cast, line: ConsignmentLine | None, qty: int) -> Road:
    """Give a convoy with a line of its own, and so much of another's."""
    road = begin(cast)
    waybill = road.carry([5])
    if line:
        loading.load(waybill, [Part(line, Decimal(qty))], actor=cast.actor("lars"))
    return road


def balance(line: ConsignmentLine) -> LineBalance:
    """Return a line's balance as it is now."""
    return LineBalance.objects.get(pk=line.pk)


def test_closing_closes_every_balance_and_reopening_opens_them(cast: Cast) -> None:
    road = carrying_a_part(cast, None, 0)
    closing.close(ended(road), actor=cast.actor("carmen"))
    (line,) = road.lines
    assert balance(line).closed
    for model in (LoadBalance, WaybillBalance):
        assert set(model.objects.values_list("closed", flat=True)) == {True}
    with pytest.raises(IntegrityError, match="line_closed_with_nothing_left"), transaction.atomic():
        LineBalance.objects.filter(pk=line.pk).update(free_qty=1, free_kg=1)
    closing.reopen(road.fresh(), actor=cast.actor("carmen"), reason=REASON)
    assert not balance(line).closed


def test_what_is_found_after_the_closing_is_recorded_on_the_page_and_posted_once_reopened(
    cast: Cast,
) -> None:
    road = carrying_a_part(cast, None, 0)
    ended(road)
    carmen, rauf = Desk(cast, "carmen"), Desk(cast, "rauf")
    carmen.do(road.run, "close")
    (waybill,) = road.waybills
    assert "do/receive/" in rauf.look(road.run, "receipts")
    counted = {"receiver": "Rauf", "occurred_at": "2030-05-02T10:00", "good_0": "2"}
    rauf.do(road.run, "receive", on=waybill, **counted)
    kept = Receipt.objects.get(state="needs_resolution")
    assert "0 are outstanding" in kept.state_reason
    assert "is closed" in rauf.do(road.run, "post", on=kept)
    carmen.do(road.run, "reopen", reason="Two sacks were under the tarpaulin")
    rauf.do(road.run, "post", on=kept)
    assert Receipt.objects.get(pk=kept.pk).state == "posted"
    carmen.do(road.run, "close")
    assert road.fresh().state == "closed"
    assert LoadBalance.objects.get().over_qty == 2


def test_a_line_that_two_convoys_share_closes_with_the_last_of_them(cast: Cast) -> None:
    first = carrying_a_part(cast, None, 0)
    shared = cargo.add_line(
        first.consignment, actor=cast.actor("lars"), item=first.lines[0].item, qty=Decimal(30)
    )
    carmen = cast.actor("carmen")
    one, two = (carrying_a_part(cast, shared, part) for part in (10, 20))
    closing.close(ended(one), actor=carmen)
    assert not balance(shared).closed
    closing.close(ended(two), actor=carmen)
    assert balance(shared).closed


def test_closing_asks_what_becomes_of_what_was_never_loaded(cast: Cast) -> None:
    first = carrying_a_part(cast, None, 0)
    lars, carmen = cast.actor("lars"), cast.actor("carmen")
    shared = cargo.add_line(
        first.consignment, actor=lars, item=first.lines[0].item, qty=Decimal(30)
    )
    road = carrying_a_part(cast, shared, 10)
    ended(road)
    with pytest.raises(Problem, match="20 t") as refused:
        closing.close(road.fresh(), actor=carmen)
    assert "another convoy or goes back" in refused.value.how
    with pytest.raises(Problem, match="invalid"):
        closing.close(road.fresh(), actor=carmen, rest="waits", reason=" ")
    closing.close(road.fresh(), actor=carmen, rest="waits", reason="Next week")
    assert (balance(shared).closed, balance(shared).free_qty) == (False, 20)
    # It does not go on after all: taken out, the line closes by itself.
    cargo.withdraw_line(shared, actor=lars, reason="Not needed any more")
    assert (balance(shared).closed, balance(shared).qty) == (True, 10)
    with pytest.raises(Problem, match="taken out already"):
        cargo.withdraw_line(shared, actor=lars, reason=REASON)


def test_what_goes_back_is_free_in_stock_again(cast: Cast) -> None:
    lars, carmen = cast.actor("lars"), cast.actor("carmen")
    road = carrying_a_part(cast, None, 0)
    facts: dict[str, Any] = {"item": road.lines[0].item, "qty": Decimal(9), "actor": lars}
    lot = stock.take_in(
        cast.operation,
        warehouse=road.consignment.origin,
        owner=cast.organisations["WFP"],
        **facts,
    )
    (line,) = cargo.add_from_stock(road.consignment, **facts)
    stock.pick(line, actor=lars)
    loading.load(road.waybills[0], [Part(line, Decimal(4))], actor=lars)
    ended(road)
    page = Desk(cast, "carmen").do(road.run, "close", rest="back", reason="Never called for")
    assert "Recorded." in page
    assert road.fresh().state == "closed"
    lot.balance.refresh_from_db()
    assert (lot.balance.on_hand, lot.balance.reserved, lot.balance.picked) == (5, 0, 0)
    assert (balance(line).closed, balance(line).qty, balance(line).released) == (True, 4, 4)
    moves = StockMove.objects.filter(line=line).order_by("recorded_at")
    assert list(moves.values_list("kind", "qty")) == [
        ("reserved", 9),
        ("picked", 9),
        ("released", 4),
        ("unpicked", 5),
        ("unreserved", 5),
    ]
    assert closing.never_loaded(road.fresh()) == []
    assert carmen.user


def test_a_line_is_taken_out_on_its_consignments_page(cast: Cast) -> None:
    road = carrying_a_part(cast, None, 0)
    line = cargo.add_line(
        road.consignment, actor=cast.actor("lars"), item=road.lines[0].item, qty=Decimal(3)
    )
    desk = Desk(cast, "lars")
    page = desk.client.get(road.consignment.get_absolute_url()).content.decode()
    address = f"/o/caucasus/cargo/consignments/{road.consignment.pk}/withdraw/?line={line.pk}"
    assert address in page
    desk.client.post(address, {"reason": "Written twice"})
    assert (balance(line).qty, balance(line).closed) == (0, True)
    assert (
        f"line={line.pk}"
        not in desk.client.get(road.consignment.get_absolute_url()).content.decode()
    )
