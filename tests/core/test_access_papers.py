"""Clearances, notices and requests from programs and files, and the steps that programs take."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core import table_imports
from core.access import plans
from core.access.standing import standings
from core.models import Clearance, ClearanceRequirement, Sector
from tests.cast import Cast
from tests.core.test_access_entries import KEY, aida, exported, received, roads, send
from tests.factories.access import (
    ClearanceFactory,
    ConstraintFactory,
    MovementFactory,
    NoticeFactory,
    RequirementFactory,
    SegmentFactory,
    WindowFactory,
)

__all__ = ("aida", "roads")

PAPERS: dict[str, dict[str, Any]] = {
    "clearances": {
        "authority": "Road authority",
        "kind": "Letter",
        "purpose": "Winter kits",
        "valid_from": "2030-11-20T08:00Z",
        "valid_to": "2030-11-25T08:00Z",
        "offices": ["Governor", "Security committee"],
    },
    "deconfliction-notices": {
        "addressee": "Centre",
        "purpose": "Winter kits",
        "starts_at": "2030-11-20T08:00Z",
        "ends_at": "2030-11-25T08:00Z",
        "is_emergency": True,
    },
    "movement-requests": {
        "addressee": "Centre",
        "purpose": "Winter kits",
        "starts_at": "2030-11-20T08:00Z",
        "ends_at": "2030-11-25T08:00Z",
    },
}


@pytest.mark.parametrize("path", PAPERS)
def test_papers_come_from_programs_and_files_and_go_out_as_they_came_in(
    cast: Cast, aida: Client, roads: None, path: str
) -> None:
    body = PAPERS[path] | {"source": "Team", "segments": ["North road"]}
    first, second = (send(aida, path, body, **{"Idempotency-Key": KEY}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200), first.content
    assert first.json()["segments"] == ["North road"]
    rows = exported(aida, path)
    later = rows[0] | {"purpose": "Tents"}
    found = received(cast, "aida", [*rows, later])
    assert found.findings == []
    table_imports.confirm(found, actor=cast.actor("aida"))
    assert sorted(row["purpose"] for row in exported(aida, path)) == ["Tents", "Winter kits"]
    olga = Client()
    olga.force_login(cast.olga)
    assert send(olga, path, body).status_code == 403


def test_what_a_clearance_excludes_is_checked_wherever_it_comes_from(
    cast: Cast, aida: Client, roads: None
) -> None:
    body = PAPERS["clearances"] | {"source": "Team", "not_allowed": ["SHL", "diesl"]}
    refused = send(aida, "clearances", body | {"segments": ["Nowhere"], "kind": "x" * 100})
    assert {one["where"] for one in refused.json()["errors"]} == {"not_allowed", "segments"}
    Sector.objects.get_or_create(code="SHL")
    made = send(aida, "clearances", body | {"not_allowed": ["shl"]})
    assert made.json()["not_allowed"] == ["SHL"]


def test_steps_are_taken_by_programs_as_by_the_pages(cast: Cast, aida: Client) -> None:
    carmen = Client()
    carmen.force_login(cast.carmen)
    asked = ClearanceFactory(operation=cast.operation, reporter=cast.aida)
    path = f"clearances/{asked.pk}/steps"
    assert send(aida, path, {"step": "grant"}).status_code == 409, "who asked does not decide"
    told = {"step": "grant", "reference": "17/3", "valid_to": "2031-01-01T00:00Z"}
    granted = send(carmen, path, told)
    assert (granted.status_code, granted.json()["state"]) == (200, "granted")
    assert granted.json()["reference"] == "17/3"
    window = WindowFactory(operation=cast.operation, state="active")
    path = f"access-windows/{window.pk}/steps"
    assert send(aida, path, {"step": "break_off", "reason": "Shelling"}).json()["state"] == "broken"
    notice = NoticeFactory(operation=cast.operation)
    path = f"deconfliction-notices/{notice.pk}/steps"
    assert send(aida, path, {"step": "grant"}).status_code == 400, "a notice is never a permission"
    assert send(aida, path, {"step": "submit"}).json()["state"] == "submitted"
    move = MovementFactory(operation=cast.operation, state="pending")
    path = f"movement-requests/{move.pk}/steps"
    assert send(aida, path, {"step": "deny", "reference": "No 4"}).json()["state"] == "denied"
    constraint = ConstraintFactory(operation=cast.operation)
    path = f"access-constraints/{constraint.pk}/steps"
    assert send(aida, path, {"step": "end"}).status_code == 400
    ended = send(aida, path, {"step": "end", "on": "2020-11-20", "reason": "Driven over"})
    assert ended.json()["ended_on"] == "2020-11-20"
    olga = Client()
    olga.force_login(cast.olga)
    assert send(olga, path, {"step": "withdraw", "reason": "x"}).status_code == 403


def test_what_is_missing_of_required_clearances_is_told_before_anything_moves(
    cast: Cast, aida: Client
) -> None:
    north, south = (SegmentFactory(operation=cast.operation) for _ in range(2))
    facts = {"operation": cast.operation, "authority": "Road authority"}
    everywhere = RequirementFactory(kind="Letter", segment=None, **facts)
    on_north = RequirementFactory(kind="Pass", segment=north, **facts)

    def now() -> list[str]:
        rows = ClearanceRequirement.objects.order_by("pk")
        return [one.state for one in standings(cast.operation, rows)]

    assert now() == ["missing", "missing"]
    page = aida.get("/o/caucasus/access/papers/").content.decode()
    assert page.count("state-bad") == 2
    letter = {"kind": everywhere.kind.upper(), "authority": "road AUTHORITY"}
    paper = ClearanceFactory(operation=cast.operation, state="granted", **letter)
    paper.segments.set([north])
    passes = {"kind": on_north.kind, "authority": on_north.authority}
    asked = ClearanceFactory(operation=cast.operation, **passes)
    assert now() == ["in_part", "requested"]
    paper.segments.set([north, south])
    plans.decide(asked, "deny", actor=cast.actor("carmen"), reason="No")
    assert now() == ["granted", "refused"]
    Clearance.objects.filter(pk=paper.pk).update(valid_to=timezone.now())
    assert now() == ["expired", "refused"]
