"""Receipts of a convoy that only others reported: the claim becomes a waybill, and is received."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from convoys import claims, closing, receipt, reconstruction
from convoys.models import Convoy, LineWithdrawal, OperatedConvoy, Vehicle, Waybill
from convoys.reconstruction import Goods
from core.errors import Problem
from core.models import ReliefItem
from situation import convoy_picture
from tests.cast import Cast
from tests.convoys.test_reported_access import settle
from tests.factories.access import SegmentFactory, SiteFactory
from tests.factories.convoys import ReliefItemFactory

AT = "/o/caucasus"


@pytest.fixture
def convoy(cast: Cast) -> Convoy:
    """Give a reported convoy of 45 t that arrived."""
    one = claims.report(cast.operation, actor=cast.actor("lars"), name="First convoy")
    settle(cast, one, cargo=Decimal(45_000), vehicles=5, arrived=date(2020, 11, 21))
    return one


@pytest.fixture
def flour(cast: Cast) -> ReliefItem:
    """Give sacks of 50 kg."""
    item: ReliefItem = ReliefItemFactory(
        operation=cast.operation, unit="sack", unit_kg=50, unit_m3=Decimal("0.1")
    )
    return item


def make(cast: Cast, convoy: Convoy, item: ReliefItem, sacks: int, **options: Any) -> Waybill:
    """Make a waybill from the claim."""
    facts: dict[str, Any] = {
        "actor": cast.actor("lars"),
        "origin": SiteFactory(operation=cast.operation),
        "destination": SiteFactory(operation=cast.operation),
        "lead_org": cast.organisations["WFP"],
        "consignor": cast.organisations["WFP"],
        "consignee": cast.organisations["UNHCR"],
        "goods": [Goods(item, Decimal(sacks))],
    }
    return reconstruction.reconstruct(convoy, **(facts | options))


def receive(cast: Cast, waybill: Waybill, **line: str) -> Any:
    """Record what arrived of its one line, and that nothing more is to come."""
    load = str(waybill.loads.get().pk)
    body = {"receiver": "Rauf", "final": True, "lines": [{"load": load, **line}]}
    return receipt.record(waybill, actor=cast.actor("rauf"), body=body)


def test_a_receipt_that_turned_up_is_posted_and_confirms_what_was_reported(
    cast: Cast, convoy: Convoy, flour: ReliefItem
) -> None:
    def told() -> tuple[Decimal, Decimal]:
        picture = convoy_picture.take(cast.operation, cast.actor("carmen")).reported
        return picture.confirmed_kg, picture.without_receipt_kg

    assert told() == (0, 45_000)
    waybill = make(cast, convoy, flour, 180)
    assert waybill.claim == convoy.claims.get(attribute="cargo")
    assert waybill.leg.convoy.state == "reconstructed"
    waybill = reconstruction.confirm(waybill, actor=cast.actor("lars"))
    assert receive(cast, waybill, good="178", missing="2").state == "posted"
    run = OperatedConvoy.objects.get(pk=convoy.pk)
    assert run.state == "received"
    assert told() == (8_900, 36_100)
    assert run.convoy.origin == "reported"
    client = Client()
    client.force_login(cast.people["carmen"])
    page = client.get(f"{AT}/convoys/").content.decode()
    assert "36.1 t without a receipt" in page
    assert f"Reconstructed from claims: <bdi>{run.number}</bdi>" in page
    assert "Our own convoy" not in page
    assert not Vehicle.objects.filter(retired_at=None).exists()  # nobody can plan with it


def test_the_account_is_settled_like_any_other(
    cast: Cast, convoy: Convoy, flour: ReliefItem
) -> None:
    waybill = make(cast, convoy, flour, 900)
    reconstruction.confirm(waybill, actor=cast.actor("lars"))
    receive(cast, Waybill.objects.get(pk=waybill.pk), good="900")
    run = OperatedConvoy.objects.get(pk=convoy.pk)
    run = closing.reconcile(run, actor=cast.actor("lars"))
    run = closing.close(run, actor=cast.actor("carmen"))
    assert run.state == "closed"
    with pytest.raises(Problem, match="Closed"):
        make(cast, convoy, flour, 1)


def test_papers_of_another_vehicle_may_turn_up_later(
    cast: Cast, convoy: Convoy, flour: ReliefItem
) -> None:
    first = make(cast, convoy, flour, 180)
    reconstruction.confirm(first, actor=cast.actor("lars"))
    receive(cast, Waybill.objects.get(pk=first.pk), good="180")
    second = make(cast, convoy, flour, 720, number="From the paper 7")
    assert second.leg.convoy_id == first.leg.convoy_id
    assert second.leg.vehicle_id != first.leg.vehicle_id
    assert str(second) == "From the paper 7 v1"


def test_one_that_is_not_confirmed_does_not_send_the_convoy_on_the_road(
    cast: Cast, convoy: Convoy, flour: ReliefItem
) -> None:
    lars = cast.actor("lars")
    first, second = make(cast, convoy, flour, 100), make(cast, convoy, flour, 200)
    first = reconstruction.confirm(first, actor=lars)
    receive(cast, first, good="100")
    run = OperatedConvoy.objects.get(pk=convoy.pk)
    assert (run.state, run.arrived_at and run.arrived_at.date()) == (
        "receiving",
        date(2020, 11, 21),
    )
    receive(cast, reconstruction.confirm(second, actor=lars), good="200")
    assert OperatedConvoy.objects.get(pk=convoy.pk).state == "received"


def test_the_clock_leaves_it_the_same_time_as_any_other(
    cast: Cast, convoy: Convoy, flour: ReliefItem, settings: Any
) -> None:
    waybill = reconstruction.confirm(make(cast, convoy, flour, 100), actor=cast.actor("lars"))
    assert waybill.issued_at
    final = receipt.final_at(waybill)
    assert final == waybill.issued_at + timedelta(days=settings.FINAL_DAYS)
    assert receipt.finalise_due() == 0
    with time_machine.travel(final, tick=False):
        assert receipt.finalise_due() == 1


def test_no_more_is_made_than_the_claim_says(cast: Cast, convoy: Convoy, flour: ReliefItem) -> None:
    make(cast, convoy, flour, 800)
    with pytest.raises(Problem, match="weigh 5050 kg; of the claim 5000 kg are left"):
        make(cast, convoy, flour, 101)
    assert Waybill.objects.count() == 1
    make(cast, convoy, flour, 100)


def test_a_wrong_one_is_taken_back_until_it_is_confirmed(
    cast: Cast, convoy: Convoy, flour: ReliefItem
) -> None:
    lars = cast.actor("lars")
    wrong = make(cast, convoy, flour, 900)
    void = reconstruction.take_back(wrong, actor=lars, reason="Sacks of 25 kg")
    assert (void.state, LineWithdrawal.objects.get().qty) == ("void", 900)
    right = reconstruction.confirm(make(cast, convoy, flour, 450), actor=lars)
    with pytest.raises(Problem) as refusal:
        reconstruction.take_back(right, actor=lars, reason="Too late")
    assert refusal.value.code == "wrong_state"


def test_it_went_by_the_road_that_is_adopted(cast: Cast, convoy: Convoy, flour: ReliefItem) -> None:
    road = SegmentFactory(operation=cast.operation)
    settle(cast, convoy, route=[road])
    run = make(cast, convoy, flour, 1).leg.convoy
    assert [step.segment for step in run.route_steps.all()] == [road]


def test_what_is_not_settled_is_named(cast: Cast, flour: ReliefItem) -> None:
    one = claims.report(cast.operation, actor=cast.actor("lars"), name="Another")
    settle(cast, one, cargo=Decimal(45_000))
    with pytest.raises(Problem, match="No claim is adopted on: Arrived"):
        make(cast, one, flour, 1)
    assert not OperatedConvoy.objects.exists()


def test_only_planners_make_waybills(cast: Cast, convoy: Convoy, flour: ReliefItem) -> None:
    for who in ("aida", "olga", "rauf", "paula"):
        with pytest.raises(Problem) as refusal:
            make(cast, convoy, flour, 1, actor=cast.actor(who))
        assert refusal.value.code in {"forbidden", "not_found"}, who


def test_the_same_goods_twice_in_the_same_place_is_refused(
    cast: Cast, convoy: Convoy, flour: ReliefItem
) -> None:
    site = SiteFactory(operation=cast.operation)
    with pytest.raises(Problem) as refusal:
        make(cast, convoy, flour, 1, origin=site, destination=site)
    assert refusal.value.errors[0]["where"] == "destination"


def test_partners_go_on_reading_what_was_reported(
    cast: Cast, convoy: Convoy, flour: ReliefItem
) -> None:
    make(cast, convoy, flour, 1)
    client = Client()
    client.force_login(cast.people["paula"])
    assert "45 t" in client.get(f"{AT}/convoys/{convoy.pk}/").content.decode()
    rows = client.get("/api/v1/claims/").json()["results"]
    assert "cargo" in [one["attribute"] for one in rows]


def test_lars_does_it_on_the_pages(cast: Cast, convoy: Convoy, flour: ReliefItem) -> None:
    client = Client()
    client.force_login(cast.people["lars"])
    page = client.get(f"{AT}/convoys/{convoy.pk}/").content.decode()
    path = f"{AT}/convoys/{convoy.pk}/reconstruct/"
    assert path in page
    assert "45 t" in client.get(path).content.decode()
    organisation = cast.organisations["UNHCR"].pk
    typed = {
        "lead_org": organisation,
        "consignor": organisation,
        "consignee": organisation,
        "origin": SiteFactory(operation=cast.operation).pk,
        "destination": SiteFactory(operation=cast.operation).pk,
        "item_1": flour.pk,
        "qty_1": "901",
        "item_2": flour.pk,
        "qty_2": "",
    }
    refused = client.post(path, typed).content.decode()
    assert "Give both, or none of them." in refused
    refused = client.post(path, typed | {"item_2": ""}).content.decode()
    assert "of the claim 45000 kg are left" in refused
    assert 'value="901"' in refused
    assert client.post(path, typed | {"item_2": "", "qty_1": "100"}).status_code == 302
    listed = client.get(f"{AT}/runs/{convoy.pk}/waybills/").content.decode()
    assert "it never stood at the dispatch gate" in listed
    waybill = Waybill.objects.get()
    assert f"/do/confirm/?on={waybill.pk}" in listed
    assert f"/do/void/?on={waybill.pk}" not in listed
    assert "Agency" in client.get(waybill.get_absolute_url()).content.decode()
    act = f"{AT}/runs/{convoy.pk}/do/confirm/?on={waybill.pk}"
    assert client.post(act, {"sent": "1"}).status_code == 302
    assert Waybill.objects.get().state == "in_transit"
    for tab in ("plan", "load", "movement", "receipts", "closes", "claims"):
        assert client.get(f"{AT}/runs/{convoy.pk}/{tab}/").status_code == 200
