"""The life cycle in words: what is offered, what stands in the way, and taking a step."""

import pytest

from assessments import lifecycle
from assessments.models import Assessment, Condition
from assessments.models.states import ASSESSMENT
from core.errors import Problem
from core.transitions import advance
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.assessments import AssessmentFactory


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field with two provinces in scope."""
    return field_of(cast)


def made(cast: Cast, state: str, **fields: object) -> Assessment:
    """Return an assessment in a state."""
    assessment: Assessment = AssessmentFactory(
        operation=cast.operation, lead=cast.organisations["OCHA"], state=state, **fields
    )
    return assessment


def test_every_transition_has_words() -> None:
    assert set(lifecycle.STEPS) == {step.name for step in ASSESSMENT.transitions}
    assert set(lifecycle.ROAD) | {"cancelled"} == set(ASSESSMENT.states)


def test_offers_are_what_the_reader_may_do(field: Field) -> None:
    coordinators = lifecycle.offers(field.assessment, field.cast.actor("carmen"))
    assert [offer.name for offer in coordinators] == ["analyse", "suspend", "cancel"]
    assert lifecycle.offers(field.assessment, field.cast.actor("anna")) == []
    assert lifecycle.people_for_next(field.assessment) == "Carmen"


def test_an_open_condition_stands_in_the_way_and_says_who_can_record_it(cast: Cast) -> None:
    waiting = made(cast, "awaiting_conditions")
    Condition.objects.create(assessment=waiting, kind="access", text="Road open")
    offer = lifecycle.offers(waiting, cast.actor("carmen"))[0]
    assert offer.name == "schedule"
    assert offer.refusal is not None
    assert "Road open" in offer.refusal.detail
    assert "Anna, Carmen, Nils" in offer.refusal.how
    with pytest.raises(Problem) as refusal:
        lifecycle.move(waiting, "schedule", actor=cast.actor("carmen"))
    assert refusal.value.code == "guard_failed"


def test_a_plan_needs_areas(cast: Cast, field: Field) -> None:
    with pytest.raises(Problem) as refusal:
        lifecycle.move(made(cast, "draft"), "plan", actor=cast.actor("anna"))
    assert "No area is in the scope yet." in refusal.value.detail


def test_nobody_waits_for_nothing(cast: Cast) -> None:
    with pytest.raises(Problem) as refusal:
        lifecycle.move(made(cast, "planned"), "await_conditions", actor=cast.actor("anna"))
    assert refusal.value.code == "guard_failed"


@pytest.mark.parametrize("step", ["suspend", "cancel"])
def test_a_step_back_wants_a_reason(field: Field, step: str) -> None:
    carmen = field.cast.actor("carmen")
    with pytest.raises(Problem) as refusal:
        lifecycle.move(field.assessment, step, actor=carmen, reason=" ")
    assert refusal.value.errors[0]["where"] == "reason"
    moved = lifecycle.move(field.assessment, step, actor=carmen, reason="The road is closed")
    assert moved.state_reason == "The road is closed"


def test_a_step_forward_clears_the_reason(field: Field) -> None:
    carmen = field.cast.actor("carmen")
    waiting = lifecycle.move(field.assessment, "suspend", actor=carmen, reason="Closed")
    assert lifecycle.move(waiting, "schedule", actor=carmen).state_reason == ""


def test_whoever_planned_does_not_publish(cast: Cast) -> None:
    mine = made(cast, "in_analysis", created_by=cast.carmen)
    with pytest.raises(Problem) as refusal:
        lifecycle.move(mine, "publish", actor=cast.actor("carmen"))
    assert refusal.value.code == "guard_failed"
    theirs = made(cast, "in_analysis", created_by=cast.anna)
    assert lifecycle.move(theirs, "publish", actor=cast.actor("carmen")).state == "published"


def test_publishing_without_saying_who_fails_closed(cast: Cast) -> None:
    theirs = made(cast, "in_analysis", created_by=cast.anna)
    with pytest.raises(Problem) as refusal:
        advance(theirs, "publish", actor=cast.actor("carmen"))
    assert refusal.value.code == "guard_failed"


def test_an_unknown_step_is_refused(field: Field) -> None:
    with pytest.raises(Problem) as refusal:
        lifecycle.move(field.assessment, "teleport", actor=field.cast.actor("carmen"))
    assert refusal.value.code == "bad_request"


def test_the_road_shows_waiting_only_where_there_is_something_to_wait_for(cast: Cast) -> None:
    planned = made(cast, "planned")
    assert "awaiting_conditions" not in [stop.state for stop in lifecycle.road(planned)]
    Condition.objects.create(assessment=planned, kind="funds", text="Funds")
    road = {stop.state: stop.when for stop in lifecycle.road(planned)}
    assert road["draft"] == "done"
    assert road["planned"] == "now"
    assert road["awaiting_conditions"] == "next"


def test_a_cancelled_assessment_is_nowhere_on_the_road(cast: Cast) -> None:
    assert {stop.when for stop in lifecycle.road(made(cast, "cancelled"))} == {"next"}
