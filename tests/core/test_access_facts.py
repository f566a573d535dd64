"""The gate's inputs: what blocks, why, since when, and what would change it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from core.access import facts, plans, status
from core.access.inputs import Finding, Movement, Vehicle
from core.models import AccessWindow, RouteSegment, Sector
from tests.cast import Cast
from tests.factories.access import (
    ClearanceFactory,
    ConstraintFactory,
    MovementFactory,
    NoticeFactory,
    ObservationFactory,
    RequirementFactory,
    SegmentFactory,
    SiteFactory,
    WindowFactory,
)

NOW = timezone.now


@pytest.fixture
def road(cast: Cast) -> RouteSegment:
    """Give an open road, with a notice that is acknowledged and in time."""
    made: RouteSegment = SegmentFactory(operation=cast.operation, name="Corridor", max_gross_t=20)
    ObservationFactory(
        operation=cast.operation, segment=made, valid_until=NOW() + timedelta(days=9)
    )
    NoticeFactory(
        operation=cast.operation,
        state="acknowledged",
        submitted_at=NOW() - timedelta(hours=1),
        starts_at=NOW() + timedelta(hours=48),
        ends_at=NOW() + timedelta(hours=96),
    )
    return made


def ask(cast: Cast, road: RouteSegment, **options: Any) -> dict[str, Finding]:
    """Return the findings against a movement in sixty hours, by their codes."""
    leaves = NOW() + timedelta(hours=60)
    movement = Movement(
        segments=[road], leaves=leaves, arrives=leaves + timedelta(hours=5), **options
    )
    return {one.code: one for one in facts.findings(cast.operation, movement)}


def clear(cast: Cast, state: str = "granted", hours: int = 90, **options: Any) -> Any:
    """Make a clearance that ends so many hours from now."""
    return ClearanceFactory(
        operation=cast.operation,
        state=state,
        valid_to=NOW() + timedelta(hours=hours),
        decided_at=NOW(),
        **options,
    )


def test_nothing_stands_against_an_open_road_with_its_papers(
    cast: Cast, road: RouteSegment
) -> None:
    assert ask(cast, road) == {}


def test_a_closed_corridor_blocks_and_says_since_when_and_what_would_change_it(
    cast: Cast, road: RouteSegment
) -> None:
    seen = ObservationFactory(
        operation=cast.operation,
        segment=road,
        status="closed",
        occurred_at=NOW(),
        valid_until=NOW() + timedelta(days=9),
    )
    found = ask(cast, road)["segment_closed"]
    assert (found.is_hard, found.subject, found.dated) == (True, "Corridor", seen.occurred_at)
    assert "Corridor" in found.message
    assert "another route" in found.fix
    assert found.as_json()["hard"] is True


def test_what_expires_before_leaving_is_unknown_and_can_be_overridden(
    cast: Cast, road: RouteSegment
) -> None:
    ObservationFactory(operation=cast.operation, segment=road, occurred_at=NOW())
    assert ask(cast, road)["segment_unknown"].is_hard is False


def test_a_checkpoint_is_asked_like_a_road(cast: Cast, road: RouteSegment) -> None:
    post = SiteFactory(operation=cast.operation, kind="checkpoint", name="Post")
    assert ask(cast, road, passages=[post])["checkpoint_unknown"].subject == "Post"


def test_a_required_clearance_is_missing_pending_denied_or_too_short(
    cast: Cast, road: RouteSegment
) -> None:
    RequirementFactory(operation=cast.operation, segment=road)
    assert ask(cast, road)["clearance_missing"].is_hard
    paper = clear(cast, "requested")
    assert "not decided" in ask(cast, road)["clearance_missing"].message
    type(paper).objects.all().delete()
    clear(cast, "denied")
    assert ask(cast, road)["clearance_denied"].is_hard
    clear(cast, "granted", hours=70)  # leaves in 60 h, arrives in 65 h, and six more are wanted
    assert ask(cast, road)["clearance_expires"].is_hard
    clear(cast, "granted", hours=72)
    assert ask(cast, road) == {}


def test_a_clearance_for_another_road_does_not_count(cast: Cast, road: RouteSegment) -> None:
    RequirementFactory(operation=cast.operation)
    paper = clear(cast)
    paper.segments.add(SegmentFactory(operation=cast.operation))
    assert "clearance_missing" in ask(cast, road)
    paper.segments.add(road)
    assert ask(cast, road) == {}


def test_a_requirement_for_a_sector_holds_for_its_cargo(cast: Cast, road: RouteSegment) -> None:
    Sector.objects.get_or_create(code="HEA")
    RequirementFactory(operation=cast.operation, sector_id="HEA")
    assert ask(cast, road, sectors=frozenset({"WSH"})) == {}
    assert "clearance_missing" in ask(cast, road, sectors=frozenset({"HEA"}))


def test_excluded_cargo_blocks(cast: Cast, road: RouteSegment) -> None:
    clear(cast, excluded_items=["Fuel"])
    found = ask(cast, road, items=frozenset({"fuel", "tents"}))["item_excluded"]
    assert (found.is_hard, found.subject) == (True, "fuel")


def test_a_vehicle_too_heavy_for_the_road_blocks(cast: Cast, road: RouteSegment) -> None:
    truck = Vehicle("Truck 1", gross_t=Decimal("20.5"), axle_t=None)
    assert ask(cast, road, vehicles=[truck])["segment_gross_limit"].is_hard
    assert ask(cast, road, vehicles=[Vehicle("Truck 2", gross_t=Decimal(20))]) == {}


def test_a_notice_never_permits(cast: Cast, road: RouteSegment) -> None:
    RequirementFactory(operation=cast.operation)
    assert "clearance_missing" in ask(cast, road)  # however well notified


@pytest.mark.parametrize(
    ("facts_", "codes"),
    [
        (None, {"notice_missing"}),
        ({"state": "draft"}, {"notice_missing"}),
        ({"submitted_at": NOW() - timedelta(hours=1)}, {"notice_unacknowledged"}),
        ({"submitted_at": NOW() + timedelta(hours=20)}, {"notice_late", "notice_unacknowledged"}),
        (
            {"submitted_at": NOW() + timedelta(hours=20), "is_emergency": True},
            {"notice_unacknowledged"},
        ),
    ],
)
def test_notices(cast: Cast, facts_: Any, codes: set[str]) -> None:
    road = SegmentFactory(operation=cast.operation)
    ObservationFactory(
        operation=cast.operation, segment=road, valid_until=NOW() + timedelta(days=9)
    )
    if facts_ is not None:
        NoticeFactory(
            operation=cast.operation,
            starts_at=NOW() + timedelta(hours=48),
            **({"state": "submitted"} | facts_),
        )
    found = ask(cast, road)
    assert set(found) == codes
    assert not any(one.is_hard for one in found.values())


def test_a_request_without_an_answer_waits_and_a_denied_one_blocks(
    cast: Cast, road: RouteSegment
) -> None:
    times = {"starts_at": NOW() + timedelta(hours=50), "operation": cast.operation}
    MovementFactory(state="pending", **times)
    assert not ask(cast, road)["movement_unanswered"].is_hard
    MovementFactory(state="denied", **times)
    assert ask(cast, road)["movement_denied"].is_hard
    MovementFactory(state="facilitated", **times)
    assert ask(cast, road) == {}


def test_a_movement_outside_its_window_is_told(cast: Cast, road: RouteSegment) -> None:
    window = WindowFactory(operation=cast.operation, state="active")
    window.segments.add(road)
    assert "window_outside" in ask(cast, road)
    WindowFactory(operation=cast.operation, state="cancelled").segments.add(road)
    AccessWindow.objects.filter(pk=window.pk).update(ends_at=NOW() - timedelta(minutes=1))
    assert "until" in ask(cast, road)["window_outside"].message
    longer = WindowFactory(
        operation=cast.operation, state="confirmed", ends_at=NOW() + timedelta(hours=100)
    )
    longer.segments.add(road)
    assert ask(cast, road) == {}


def test_an_information_gap_is_no_absence_of_constraints(cast: Cast, road: RouteSegment) -> None:
    for impact, code in (("0", None), ("2", None), ("X", "constraint_gap")):
        ConstraintFactory(operation=cast.operation, segment=road, area=None, impact=impact)
        assert set(ask(cast, road)) == ({code} if code else set())


def then(cast: Cast, road: RouteSegment, days: int = 10, **options: Any) -> dict[str, Finding]:
    """Return the findings against a movement that left so many days ago, by their codes."""
    leaves = NOW() - timedelta(days=days)
    movement = Movement(
        segments=[road],
        leaves=leaves,
        arrives=leaves + timedelta(hours=5),
        buffer=timedelta(0),
        is_past=True,
        **options,
    )
    return {one.code: one for one in facts.findings(cast.operation, movement)}


def seen(cast: Cast, road: RouteSegment, status: str, days: float, **options: Any) -> Any:
    """Record what was seen of a road so many days ago, for a week."""
    at = NOW() - timedelta(days=days)
    return ObservationFactory(
        operation=cast.operation,
        segment=road,
        status=status,
        occurred_at=at,
        valid_until=at + timedelta(days=7),
        **options,
    )


@pytest.fixture
def past(cast: Cast) -> RouteSegment:
    """Give a road that was open ten days ago, with a notice that has expired since."""
    made: RouteSegment = SegmentFactory(operation=cast.operation, name="Corridor")
    seen(cast, made, "open", days=11)
    NoticeFactory(
        operation=cast.operation,
        state="expired",
        submitted_at=NOW() - timedelta(days=14),
        answered_at=NOW() - timedelta(days=13),
        starts_at=NOW() - timedelta(days=12),
        ends_at=NOW() - timedelta(days=9),
    )
    return made


def test_a_movement_that_is_past_is_judged_by_what_was_seen_until_then(
    cast: Cast, past: RouteSegment
) -> None:
    assert then(cast, past) == {}
    closed = seen(cast, past, "closed", days=5)
    assert then(cast, past) == {}  # what was seen afterwards says nothing of that day
    assert then(cast, past, days=4)["segment_closed"].dated == closed.occurred_at
    assert "segment_unknown" in then(cast, past, days=20)


def test_of_sources_that_disagreed_then_the_one_adopted_later_counts(
    cast: Cast, past: RouteSegment
) -> None:
    closed = seen(cast, past, "closed", days=10.5, source="Another")
    assert "disagree" in then(cast, past)["segment_unknown"].message
    aida = cast.actor("aida")
    still = timedelta(days=30)
    # Only what is valid still can be adopted; the day is then judged by it.
    later = ObservationFactory(
        operation=cast.operation,
        segment=past,
        status="closed",
        source="Another",
        occurred_at=closed.occurred_at + timedelta(hours=1),
        valid_until=NOW() + still,
    )
    status.adopt(later, actor=aida, reason="They stood there.")
    assert "segment_closed" in then(cast, past)


def test_papers_that_have_expired_since_held_then(cast: Cast, past: RouteSegment) -> None:
    RequirementFactory(operation=cast.operation, since=(NOW() - timedelta(days=60)).date())
    assert "clearance_missing" in then(cast, past)
    ClearanceFactory(
        operation=cast.operation,
        state="expired",
        decided_at=NOW() - timedelta(days=20),
        valid_from=NOW() - timedelta(days=15),
        valid_to=NOW() - timedelta(days=9),
    )
    assert then(cast, past) == {}
    assert "clearance_expires" in then(cast, past, days=9)


def test_windows_and_constraints_of_another_time_say_nothing(
    cast: Cast, past: RouteSegment
) -> None:
    def window(first: int, last: int, state: str) -> None:
        starts, ends = NOW() - timedelta(days=first), NOW() - timedelta(days=last)
        made = WindowFactory(operation=cast.operation, starts_at=starts, ends_at=ends, state=state)
        made.segments.add(past)

    ConstraintFactory(
        operation=cast.operation,
        segment=past,
        area=None,
        impact="3",
        started_on=(NOW() - timedelta(days=5)).date(),
    )
    window(-60, -61, "confirmed")
    assert then(cast, past) == {}
    window(3, 2, "ended")
    assert "window_outside" in then(cast, past)
    window(11, 8, "ended")
    assert then(cast, past) == {}


def test_a_window_that_is_ended_by_hand_ends_then(cast: Cast, past: RouteSegment) -> None:
    window = WindowFactory(
        operation=cast.operation,
        state="active",
        starts_at=NOW() - timedelta(days=1),
        ends_at=NOW() + timedelta(days=3),
    )
    ended = plans.move_window(window, "end", actor=cast.actor("aida"))
    assert (ended.state, ended.ends_at <= NOW()) == ("ended", True)
