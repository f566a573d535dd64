"""Receipts that say odd things: kept, explained in words, and never an error of the server."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from convoys import dispositions, receipt
from convoys.models import Discrepancy, Entry, LoadBalance, Posting, Receipt, Waybill
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import REASON, Road, begin
from tests.convoys.test_receiving import send, uma, written
from tests.convoys.test_trans_shipment import settle

__all__ = ["uma"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give 10 t that have arrived."""
    made = begin(cast)
    made.carry([10])
    return made.go().arrive()


@pytest.mark.parametrize(
    "said", ["x", "NaN", "-1", "0.0001", "1e999999", "1e-400", "1e15", True, [1], {"a": 1}]
)
def test_a_quantity_that_is_none_is_told_with_its_line_and_what_to_do(
    road: Road, said: Any
) -> None:
    kept = road.receive({"good": said})
    assert kept.state == "needs_resolution"
    assert kept.state_reason.startswith(f"Line 1: “{said}” is no quantity")
    assert "Set it aside" in kept.state_reason
    with pytest.raises(Problem) as refusal:
        receipt.resolve(kept, actor=road.actor("rauf"), overage=True)
    assert (refusal.value.code, refusal.value.errors[0]["where"]) == ("invalid", "Line 1")
    assert receipt.set_aside(kept, actor=road.actor("rauf"), reason=REASON).state == "set_aside"


def test_a_row_that_is_no_line_is_told(road: Road) -> None:
    body = {"lines": ["good", None, {"load": "x"}]}
    kept = receipt.record(road.waybills[0], actor=road.actor("rauf"), body=body)
    for number in (1, 2, 3):
        assert f"Line {number}:" in kept.state_reason
    assert "object" not in kept.state_reason  # no word of the program's own


def test_an_overage_that_no_column_holds_is_refused_in_words(road: Road) -> None:
    kept = road.receive({"good": "99999999999"})
    with pytest.raises(Problem, match="too large"):
        receipt.resolve(kept, actor=road.actor("rauf"), overage=True)
    assert Receipt.objects.get(pk=kept.pk).state == "needs_resolution"


def test_a_line_that_is_named_twice_is_posted_with_the_overage_of_both(road: Road) -> None:
    kept = road.receive({"good": 8}, {"good": 7, "damaged": 1})
    assert kept.state == "needs_resolution"
    receipt.resolve(kept, actor=road.actor("rauf"), overage=True)
    balance = LoadBalance.objects.get()
    assert (balance.over_qty, balance.good_qty, balance.outstanding_qty) == (6, 15, 0)


def test_signs_that_a_database_cannot_keep_are_replaced(road: Road, uma: Client) -> None:
    (load,) = road.loads()
    body = written(road, (load, "1", "0", "0"), remarks="cut \ud83d off", seals="A\x001")
    answer = send(uma, road, json.dumps(body).encode())
    assert answer.status_code == 201
    assert send(uma, road, json.dumps(body).encode()).json() == answer.json()
    kept = Receipt.objects.get()
    assert (kept.body["remarks"], kept.seals_seen) == ("cut \ufffd off", "A\ufffd1")
    deep = json.dumps(body)[:-1] + ', "more": ' + "[" * 900 + "]" * 900 + "}"
    assert send(uma, road, deep.encode()).status_code in (201, 400, 409)


def test_what_has_no_entry_is_not_taken_back(road: Road) -> None:
    assert road.receive({"good": 0}).state == "posted"
    dispositions.take_back(
        road.receive({"good": 4}).posting, actor=road.actor("carmen"), reason=REASON
    )
    for again in Posting.objects.all():  # once, and never a reversal
        with pytest.raises(Problem, match="taken back once"):
            dispositions.take_back(again, actor=road.actor("carmen"), reason=REASON)
    assert LoadBalance.objects.get().outstanding_qty == 10


def test_a_waybill_of_which_a_receipt_is_taken_back_is_open_again(
    road: Road, client: Client
) -> None:
    kept = road.receive({"good": 10}, final=True)
    assert Waybill.objects.get().state == "received"
    client.force_login(road.cast.carmen)
    page = f"/o/caucasus/runs/{road.run.pk}/do/reverse/?on={kept.posting.pk}"
    assert client.post(page, {"reason": REASON}).status_code == 302
    now = Waybill.objects.get()
    assert (now.state, now.finalised_at) == ("part_received", None)


def shortfalls() -> list[tuple[Decimal, str]]:
    """Return the quantities that were looked for, with the states."""
    return list(Discrepancy.objects.order_by("opened_at").values_list("qty", "state"))


def test_what_is_missing_is_looked_for_once_all_is_accounted_for_though_nobody_said_final(
    road: Road,
) -> None:
    road.receive({"good": 5, "missing": 1})
    assert shortfalls() == []
    road.receive({"good": 4})
    assert shortfalls() == [(1, "open")]


def test_a_loss_of_unknown_cause_is_looked_for_and_a_known_one_is_not(road: Road) -> None:
    (load,) = road.loads()
    rauf = road.actor("rauf")
    for kind, qty in (("destroyed", 7), ("short_missing", 3)):
        lost = dispositions.Wanted(load, kind, Decimal(qty))
        dispositions.record_loss([lost], actor=rauf, reason=REASON)
    assert shortfalls() == [(3, "open")]


def test_a_shortfall_that_is_found_after_another_was_settled_is_looked_for_by_itself(
    road: Road,
) -> None:
    first = road.receive({"good": 9}, final=True)
    settle(road)
    assert shortfalls() == [(1, "closed")]
    # It was miscounted: 7 came, 2 are missing; the one that was written off stays so.
    dispositions.take_back(first.posting, actor=road.actor("carmen"), reason=REASON)
    road.receive({"good": 7, "missing": 2}, final=True)
    assert shortfalls() == [(1, "closed"), (2, "open")]
    missing = Entry.objects.filter(kind="short_missing").values_list("qty", flat=True)
    assert sorted(missing) == [1, 2]
