"""The acceptance scenario of November 2020: what concerns convoys of our own."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from convoys import claims, closing, equation, movement, planning, plausibility, receipt, reported
from convoys.models import Convoy, Discrepancy, Entry, LoadBalance
from core.errors import Problem
from tests.acceptance import asserts
from tests.cast import Cast
from tests.convoys.road import GO, REASON, Road, begin
from tests.factories.access import ObservationFactory, SegmentFactory


@asserts(
    "On the invented operated convoy of 300 t: receive 180 t + 112 t good, 5 t damaged, 3"
    " t missing: it closes; 2 t more → not posted without an overage entry; a line with "
    "nothing received still opens a discrepancy."
)
def test_a_convoy_of_300_t_is_received(
    cast: Cast,
) -> None:
    """Acceptance 6."""
    road = begin(cast)
    road.carry([300])
    road.go().arrive()
    road.receive({"good": 180})
    assert road.fresh().state == "receiving"
    road.receive({"good": 112, "damaged": 5, "missing": 3}, final=True)
    (row,) = equation.of_convoy(road.run)
    assert row.closes
    assert (row.good.kg, row.damaged.kg) == (292_000, 5000)
    assert {kind: amount.kg for kind, amount in row.lost.items()} == {"short_missing": 3000}
    assert road.fresh().state == "received"

    # 2 t more: recorded, not posted, until there is an overage entry.
    more = road.receive({"good": 2})
    assert more.state == "needs_resolution"
    with pytest.raises(Problem, match="overage"):
        receipt.resolve(more, actor=cast.actor("rauf"))
    assert Entry.objects.filter(posting__receipt=more).count() == 0
    assert receipt.resolve(more, actor=cast.actor("rauf"), overage=True).state == "posted"
    kinds = Entry.objects.filter(posting__receipt=more).values_list("kind", flat=True)
    assert sorted(kinds) == ["overage", "received_good"]

    # The 3 t are looked for and written off by another; then it closes.
    (missing,) = Discrepancy.objects.all()
    assert (missing.qty, missing.kg) == (3, 3000)
    with pytest.raises(Problem, match="Open discrepancies: 1"):
        closing.reconcile(road.fresh(), actor=cast.actor("lars"))
    closing.investigate(missing, actor=cast.actor("lars"))
    closing.write_off(missing, actor=cast.actor("carmen"), reason=REASON, evidence="Count sheet")
    closing.settle(missing, actor=cast.actor("lars"))
    closing.reconcile(road.fresh(), actor=cast.actor("lars"))
    assert closing.close(road.fresh(), actor=cast.actor("carmen")).state == "closed"
    assert set(LoadBalance.objects.values_list("closed", flat=True)) == {True}

    # A line with nothing received counts like any other.
    other = begin(cast)
    other.carry([10, 20])
    other.go().arrive()
    other.receive({"good": 10}, final=True)
    nothing = other.loads()[1]
    assert [(one.load, one.qty) for one in Discrepancy.objects.exclude(pk=missing.pk)] == [
        (nothing, Decimal(20))
    ]
    assert not equation.of_convoy(other.run)[0].closes


@asserts(
    "Corridor segment closed → dispatch blocked, API 409 naming the failing gate input; "
    "held at the corridor like July-2023's 19 trucks, 361 t (hetq) vs 400 t (sardarabad):"
    " held, not late."
)
def test_a_closed_corridor(cast: Cast, client: Client) -> None:
    """Acceptance 7."""
    road = begin(cast)
    for _truck in range(19):
        road.carry([19], payload=25)
    corridor = SegmentFactory(operation=cast.operation, name="Corridor")
    planning.set_route(road.fresh(), [corridor], actor=cast.actor("lars"))
    shut = ObservationFactory(
        operation=cast.operation, segment=corridor, status="closed", valid_until=road.run.eta
    )
    road.ready()

    # Closed: no reason opens the gate, and nothing moves.
    answer = act(client, cast, "carmen", road, "dispatch", {"override": "They let us through"})
    refusal = answer.json()
    assert (answer.status_code, refusal["code"]) == (409, "gate_closed")
    assert answer["Content-Type"] == "application/problem+json"
    (closed,) = refusal["errors"]
    named = [closed[key] for key in ("input", "code", "subject", "hard", "dated")]
    seen = shut.occurred_at.isoformat()
    assert named == ["segment", "segment_closed", "Corridor", True, seen]
    assert closed["fix"]
    assert "segment_closed" in refusal["detail"]
    assert road.fresh().state == "loaded"

    # Open: it goes, and is held there.
    ObservationFactory(
        operation=cast.operation, segment=corridor, valid_until=road.run.eta, source=shut.source
    )
    answer = act(client, cast, "carmen", road, "dispatch", {"override": GO})
    assert (answer.status_code, answer.json()["state"]) == (200, "dispatched")
    for kind, at in (("departed", road.run.etd), ("held", road.run.eta)):
        told = {"kind": kind, "occurred_at": at.isoformat(), "stop": 2, "note": "At the corridor"}
        assert act(client, cast, "lars", road, "events", told).status_code == 201

    # A week later it is held, and not late.
    with time_machine.travel(road.run.eta + timedelta(days=7)):
        assert road.fresh().state == "held"
        assert movement.overdue_check(road.fresh()) is None
        client.force_login(cast.carmen)
        page = client.get(f"/o/caucasus/runs/{road.run.pk}/movement/").content.decode()
        assert "Held since" in page
        assert "overdue" not in page

    # What others say of its cargo stands side by side, beside what was loaded.
    for tonnes, source in ((361, "hetq"), (400, "sardarabad")):
        claims.record(
            [road.run.convoy],
            actor=cast.actor("aida"),
            attribute="cargo",
            value=Decimal(tonnes * 1000),
            source=source,
        )
    (cargo,) = reported.picture(road.run.convoy)
    assert (cargo.is_disputed, cargo.adopted) == (True, None)
    page = client.get(f"/o/caucasus/runs/{road.run.pk}/claims/").content.decode()
    assert all(text in page for text in ("361 t", "hetq", "400 t", "sardarabad", "Disputed"))
    assert equation.total_kg(equation.of_convoy(road.run))["loaded"] == 361_000


def act(
    client: Client, cast: Cast, who: str, road: Road, door: str, body: dict[str, Any], key: str = ""
) -> Any:
    """Send an action on the convoy to the REST API as somebody of the cast."""
    client.force_login(cast.people[who])
    return client.post(
        f"/api/v1/convoys/{road.run.pk}/{door}/",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key} if key else {},
    )


@asserts(
    "Plausibility: 420 t on 20 KamAZ = 21 t each (hyetert 29-Apr-2021), against 145 t/15 "
    '= 9.7 → flagged, not rejected; "seven convoys" inside an "eleventh convoy" report → '
    "flagged."
)
def test_what_is_hardly_plausible_is_flagged(cast: Cast, client: Client) -> None:
    """Acceptance 8, of convoys that are reported and of one of our own."""
    lars, carmen = cast.actor("lars"), cast.actor("carmen")

    def told(name: str, **values: int) -> Convoy:
        convoy = claims.report(cast.operation, actor=lars, name=name)
        for attribute, value in values.items():
            claim = claims.record(
                [convoy], actor=lars, attribute=attribute, value=value, source="hetq"
            )
            claims.adopt(claim, actor=carmen, reason="As reported.")
        return convoy

    heavy = told("Heavy", cargo=420_000, vehicles=20)
    light = told("Light", cargo=145_000, vehicles=15)
    eleventh = told("Eleventh", sequence=11, so_far=7)
    assert [mean for _claim, mean in reported.flags(reported.picture(heavy))] == [21_000]
    assert reported.flags(reported.picture(light)) == []
    assert [
        (own.low, count.low) for own, count in reported.miscounts(reported.picture(eleventh))
    ] == [(11, 7)]
    assert reported.miscounts(reported.picture(light)) == []
    client.force_login(cast.paula)
    for convoy, shown in ((heavy, "means 21 t on each"), (eleventh, "convoy number 11")):
        page = client.get(f"/o/caucasus/convoys/{convoy.pk}/").content.decode()
        assert shown in page
    rows = client.get("/api/v1/convoys/?origin=reported").json()["results"]
    assert {row["name"]: row["flags"] for row in rows} == {
        "Heavy": ["tonnes_per_vehicle"],
        "Light": [],
        "Eleventh": ["sequence"],
    }
    assert reported.totals(Convoy.objects.all()).kg == 565_000

    road = begin(cast)
    road.carry([Decimal("9.7")])
    assert plausibility.flags(road.run) == []
    lorry = road.carry([21])
    (flag,) = plausibility.flags(road.run)
    assert flag.startswith(str(lorry.leg.vehicle))
    assert road.go().fresh().state == "in_transit"
