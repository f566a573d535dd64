"""Drawing roads: what can be drawn, what it measures, and that changing the map opens nothing."""

from typing import Any

import pytest

from core.access import roads, status
from core.errors import Problem
from core.models import RouteSegment
from core.policy import SYSTEM
from tests.cast import Cast
from tests.factories.access import (
    ClearanceFactory,
    ConstraintFactory,
    ObservationFactory,
    RequirementFactory,
    SiteFactory,
)

LINE = [[45.0, 39.5], [45.1, 39.5], [45.2, 39.5]]


def drawn(cast: Cast, name: str = "Road", points: Any = LINE, **facts: Any) -> RouteSegment:
    """Draw a segment as the logistics officer."""
    return roads.draw(cast.operation, actor=cast.actor("lars"), name=name, points=points, **facts)


def test_a_segment_is_as_long_as_the_earth_says(cast: Cast) -> None:
    # 0.2 degrees of longitude at 39.5 degrees north on the WGS 84 spheroid
    assert 17.19 < drawn(cast).length_km < 17.21


def test_its_ends_are_drawn_to_its_sites(cast: Cast) -> None:
    site = roads.add_site(
        cast.operation,
        actor=cast.actor("lars"),
        longitude=45.005,
        latitude=39.5,
        name="Depot",
        kind="warehouse",
    )
    assert drawn(cast, start=site).line.coords[0] == (45.005, 39.5)
    far = SiteFactory(operation=cast.operation, name="Far away")
    far.point.x = 46
    far.save()
    with pytest.raises(Problem) as refusal:
        drawn(cast, name="Other", end=far)
    assert refusal.value.errors[0]["where"] == "end"


@pytest.mark.parametrize(
    "points",
    [None, [], [[45, 39]], [[45, 39], [45, 39]], [[45, 39], [45, 900]], [[45, 39], "x"], "text"],
)
def test_what_is_no_line_is_refused(cast: Cast, points: Any) -> None:
    with pytest.raises(Problem, match="invalid"):
        drawn(cast, points=points)


def test_only_those_who_keep_routes_draw(cast: Cast) -> None:
    with pytest.raises(Problem, match="forbidden"):
        roads.draw(cast.operation, actor=cast.actor("olga"), name="Road", points=LINE)


def test_a_closed_road_that_is_split_stays_closed_on_both_parts(cast: Cast) -> None:
    road = drawn(cast)
    ObservationFactory(operation=cast.operation, segment=road, status="closed", source="A")
    ConstraintFactory(operation=cast.operation, segment=road, area=None)
    RequirementFactory(operation=cast.operation, segment=road)
    paper = ClearanceFactory(operation=cast.operation)
    paper.segments.add(road)
    halves = roads.split(road, actor=cast.actor("aida"), at=[45.1, 39.6], names=("West", "East"))
    for half in halves:
        assert status.reading(half, actor=SYSTEM).status == "closed"
        assert (half.constraints.count(), half.requirements.count()) == (1, 1)
        assert list(half.clearances.all()) == [paper]
    whole = halves[0].length_km + halves[1].length_km
    assert abs(whole - road.length_km) < 1
    road.refresh_from_db()
    assert road.retired_at is not None
    with pytest.raises(Problem, match="segment_retired"):
        roads.retire(road, actor=cast.actor("aida"))


def test_an_adopted_status_stays_adopted_when_the_road_is_redrawn(cast: Cast) -> None:
    road = drawn(cast)
    ObservationFactory(operation=cast.operation, segment=road, status="open", source="A")
    chosen = ObservationFactory(operation=cast.operation, segment=road, status="closed", source="B")
    status.adopt(chosen, actor=cast.actor("aida"), reason="B is there")
    new = roads.redraw(road, actor=cast.actor("lars"), points=[*LINE, [45.3, 39.5]])
    found = status.reading(new, actor=SYSTEM)
    assert (found.status, found.basis) == ("closed", "adopted")
    assert new.name == road.name


def test_joined_segments_bear_what_the_weaker_bears_and_dispute_what_differs(cast: Cast) -> None:
    first = drawn(cast, "One", LINE[:2], max_gross_t="40")
    second = drawn(cast, "Two", [LINE[2], LINE[1]], max_gross_t="25", max_axle_t="10")
    ObservationFactory(operation=cast.operation, segment=first, status="open", source="A")
    ObservationFactory(operation=cast.operation, segment=second, status="closed", source="B")
    joined = roads.join(first, second, actor=cast.actor("aida"), name="Both")
    joined.refresh_from_db()
    assert [list(point) for point in joined.line.coords] == LINE
    assert (joined.max_gross_t, joined.max_axle_t) == (25, 10)
    assert status.reading(joined, actor=SYSTEM).basis == "disputed"


def test_segments_that_do_not_touch_are_not_joined(cast: Cast) -> None:
    first, second = drawn(cast, "One", LINE[:2]), drawn(cast, "Two", [[46, 39], [47, 39]])
    with pytest.raises(Problem) as refusal:
        roads.join(first, second, actor=cast.actor("aida"), name="Both")
    assert refusal.value.errors[0]["where"] == "segments"
    with pytest.raises(Problem, match="invalid"):
        roads.split(first, actor=cast.actor("aida"), at=[44, 39.5], names=("a", "b"))


def test_a_name_is_given_once(cast: Cast) -> None:
    drawn(cast)
    with pytest.raises(Problem) as refusal:
        drawn(cast)
    assert refusal.value.errors[0]["where"] == "name"
