"""Reported convoys, with the facts of November 2020: claims stay apart, adopted ones add up."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from convoys import claims, reported
from convoys.models import Adoption, Claim, Convoy
from convoys.templatetags.convoys import days, settled, to
from core.errors import Problem
from tests.acceptance import asserts
from tests.cast import Cast

Pair = tuple[Convoy, Convoy]


@pytest.fixture
def pair(cast: Cast) -> Pair:
    """Give the two convoys, with cargo and vehicles reported and adopted."""
    lars, carmen = cast.actor("lars"), cast.actor("carmen")
    convoys = []
    for name, tonnes, vehicles in (("First", 45, 5), ("Second", 300, 30)):
        convoy = claims.report(cast.operation, actor=lars, name=name)
        for attribute, value in (("cargo", Decimal(tonnes * 1000)), ("vehicles", vehicles)):
            claim = claims.record(
                [convoy], actor=lars, attribute=attribute, value=value, source="Agency"
            )
            claims.adopt(claim, actor=carmen, reason="The only figure there is.")
        convoys.append(convoy)
    return convoys[0], convoys[1]


@asserts(
    "Both are reported convoys: Σ of the adopted claims = 45,000 + 300,000 = 345,000 kg, "
    '35 vehicles; the claim "345 t, both" is not added; means of 9.0 and 10.0 t raise no '
    "flag."
)
def test_what_was_claimed_of_both_convoys(cast: Cast, pair: Pair) -> None:
    """Acceptance 2."""
    joint = claims.record(
        list(pair), actor=cast.actor("lars"), attribute="cargo", value=Decimal(345_000), source="B"
    )
    totals = reported.totals(Convoy.objects.all())
    assert (totals.kg, totals.vehicles) == (Decimal(345_000), 35)
    assert list(reported.joint_claims(pair[0])) == [joint]
    assert all(reported.flags(reported.picture(convoy)) == [] for convoy in pair)


def test_a_joint_claim_cannot_be_adopted(cast: Cast, pair: Pair) -> None:
    joint = claims.record(
        list(pair), actor=cast.actor("lars"), attribute="cargo", value=Decimal(345_000), source="B"
    )
    with pytest.raises(Problem, match="2 convoys together"):
        claims.adopt(joint, actor=cast.actor("carmen"), reason="Both.")


@asserts(
    "Both claims of convoy 1's arrival are kept and read as disputed; the page shows "
    "20\u201321 Nov; the coordinator adopts one with a reason, the audit is kept."
)
def test_two_claims_of_one_arrival(cast: Cast, pair: Pair, client: Client) -> None:
    """Acceptance 3."""
    both = [
        claims.record(
            [pair[0]],
            actor=cast.actor("aida"),
            attribute="arrived",
            value=date(2020, 11, day),
            source=f"Source {day}",
        )
        for day in (20, 21)
    ]
    arrived = next(one for one in reported.picture(pair[0]) if one.key == "arrived")
    assert arrived.claims == both
    assert arrived.is_disputed
    client.force_login(cast.paula)
    page = client.get(f"/o/caucasus/convoys/{pair[0].pk}/").content.decode()
    assert all(text in page for text in ("Source 20", "Source 21", "Disputed"))
    assert "20 \u2013 21 Nov 2020" in client.get("/o/caucasus/convoys/").content.decode()
    assert reported.totals(Convoy.objects.all()).arrived_kg == Decimal(45_000)
    first = claims.adopt(both[0], actor=cast.actor("carmen"), reason="Closer to the place.")
    claims.adopt(both[1], actor=cast.actor("carmen"), reason="Two sources say so.")
    first.refresh_from_db()
    assert first.superseded_at
    assert Adoption.objects.filter(attribute="arrived").count() == 2
    arrived = next(one for one in reported.picture(pair[0]) if one.key == "arrived")
    assert (settled(arrived), arrived.claims) == ("21 Nov 2020", both)
    events: Any = vars(Adoption)["pgh_event_models"]["update"]
    told = events.objects.filter(pgh_obj_id=first.pk, superseded_at__isnull=False)
    assert [(one.reason, one.adopted_by) for one in told] == [
        ("Closer to the place.", cast.people["carmen"])
    ]


def test_a_range_of_days_over_two_months_names_both() -> None:
    assert days(date(2020, 11, 30), date(2020, 12, 1)) == "30 Nov 2020 \u2013 1 Dec 2020"
    assert days(date(2020, 11, 30), date(2020, 11, 30)) == "30 Nov 2020"


def test_overlapping_ranges_are_no_dispute(cast: Cast, pair: Pair) -> None:
    for low, high in ((40, 45), (44, 50)):
        claims.record(
            [pair[1]],
            actor=cast.actor("lars"),
            attribute="staff",
            value=low,
            upper=high,
            source="S",
        )
    staff = next(one for one in reported.picture(pair[1]) if one.key == "staff")
    assert not staff.is_disputed


def test_a_range_that_is_adopted_stays_a_range_in_the_sum(cast: Cast) -> None:
    lars = cast.actor("lars")
    convoy = claims.report(cast.operation, actor=lars, name="Third")
    said: dict[str, Any] = {"actor": lars, "attribute": "cargo", "source": "S"}
    claim = claims.record([convoy], value=Decimal(40_000), upper=Decimal(45_000), **said)
    claims.adopt(claim, actor=cast.actor("carmen"), reason="No other figure.")
    totals = reported.totals(Convoy.objects.filter(pk=convoy.pk))
    assert (totals.least_kg, totals.kg) == (40_000, 45_000)
    assert to(totals.least_kg, totals.kg) == "40 t \u2013 45 t"


def test_what_is_announced_has_not_arrived(cast: Cast, pair: Pair) -> None:
    ahead = timezone.now().date() + timedelta(days=3)
    told: dict[str, Any] = {"actor": cast.actor("lars"), "attribute": "arrived", "source": "S"}
    claims.record([pair[1]], value=ahead, **told)
    assert reported.totals(Convoy.objects.all()).arrived_kg == 0
    claims.record([pair[1]], value=ahead - timedelta(days=4), **told)
    assert reported.totals(Convoy.objects.all()).arrived_kg == 300_000


def test_a_withdrawn_claim_leaves_the_sum_and_stays_on_record(cast: Cast, pair: Pair) -> None:
    cargo = pair[0].claims.get(attribute="cargo")
    claims.withdraw(cargo, actor=cast.actor("lars"), reason="Misread.")
    totals = reported.totals(Convoy.objects.all())
    assert (totals.kg, totals.without_cargo) == (Decimal(300_000), 1)
    assert Claim.objects.get(pk=cargo.pk).withdrawn_reason == "Misread."


def test_a_replay_changes_nothing_and_other_content_is_a_conflict(cast: Cast, pair: Pair) -> None:
    key = uuid4()
    facts = {"actor": cast.actor("lars"), "attribute": "staff", "source": "S", "client_id": key}
    first = claims.record([pair[0]], value=40, **facts)
    assert claims.record([pair[0]], value=40, **facts) == first
    with pytest.raises(Problem) as conflict:
        claims.record([pair[0]], value=41, **facts)
    assert conflict.value.code == "claim_conflict"


@pytest.mark.parametrize(
    ("attribute", "value", "upper"),
    [
        ("cargo", "many", None),
        ("cargo", Decimal(5), Decimal(4)),
        ("arrived", 3, None),
        ("destination", "  ", None),
        ("colour", "red", None),
    ],
)
def test_a_value_of_another_kind_is_refused(
    attribute: str, value: object, upper: object, cast: Cast, pair: Pair
) -> None:
    with pytest.raises(Problem) as refusal:
        claims.record(
            [pair[0]],
            actor=cast.actor("lars"),
            attribute=attribute,
            value=value,
            upper=upper,
            source="S",
        )
    assert refusal.value.code == "invalid"


def test_the_database_refuses_a_value_of_another_kind(pair: Pair) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            operation=pair[0].operation, attribute="arrived", low=1, high=1, source="S"
        )
