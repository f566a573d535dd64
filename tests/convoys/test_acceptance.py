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
from tests.cast import Cast
from tests.convoys.road import GO, REASON, Road, begin
from tests.factories.access import ObservationFactory, SegmentFactory


def test_on_the_invented_operated_convoy_of_300_t_receive_180_t_plus_112_t_good_5_t_damaged_3_t_missing_it_closes_2_t_more_not_posted_without_an_overage_entry_a_line_with_nothing_received_still_opens_a_discrepancy(  # noqa: E501
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


def test_corridor_segment_closed_dispatch_blocked_api_409_naming_the_failing_gate_input_held_at_the_corridor_like_july_2023s_19_trucks_361_t_hetq_vs_400_t_sardarabad_held_not_late(  # noqa: E501
    cast: Cast, client: Client
) -> None:
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


def test_plausibility_420_t_on_20_kamaz_21_t_each_against_145_t_on_15_9_7_flagged_not_rejected_seven_convoys_inside_an_eleventh_convoy_report_flagged(  # noqa: E501
    cast: Cast, client: Client
) -> None:
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
    assert [mean for _claim, mean in reported.flags(heavy)] == [21_000]
    assert reported.flags(light) == []
    assert [(own.low, count.low) for own, count in reported.miscounts(eleventh)] == [(11, 7)]
    assert reported.miscounts(light) == []
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
