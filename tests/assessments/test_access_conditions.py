"""Access opens an assessment: a condition waits for the end of a constraint, for nobody else."""

import pytest
from django.utils import timezone

from assessments import conditions
from assessments.coverage import Coverage, Selection, Why
from assessments.models import Assessment, Condition
from assessments.tasks import constraint_ended
from core.access import constraints
from core.errors import Problem
from core.jobs import Progress
from core.models import AccessConstraint, Job
from core.transitions import advance
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.access import ConstraintFactory


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment that is under way."""
    return field_of(cast)


@pytest.fixture
def waiting(field: Field) -> Condition:
    """Give its condition that waits for a road to open; so the assessment waits."""
    obstacle = ConstraintFactory(operation=field.operation, title="Road closed", impact="X")
    return conditions.add(
        field.assessment,
        actor=field.cast.actor("anna"),
        kind="access",
        text="Access to all people in need",
        constraint=obstacle,
    )


def stored(field: Field) -> Assessment:
    """Return the assessment as it is in the database."""
    return Assessment.objects.get(pk=field.assessment.pk)


def obstacle_of(condition: Condition) -> AccessConstraint:
    """Return what a condition waits for."""
    assert condition.constraint is not None
    return condition.constraint


def test_areas_show_not_assessed_access_and_never_zero_need(
    field: Field, waiting: Condition
) -> None:
    assert stored(field).state == "awaiting_conditions"
    coverage = Coverage(Selection(field.operation, stored(field)))
    gaps = [row.gap for row in coverage.by_area() if row.in_scope and not row.counts.received]
    assert gaps
    for gap in gaps:
        assert gap is not None
        assert (gap.code, "Access to all people" in gap.text) == (Why.NO_ACCESS, True)


def test_confirming_access_lets_the_assessment_be_scheduled(
    field: Field, waiting: Condition
) -> None:
    aida, carmen = field.cast.actor("aida"), field.cast.actor("carmen")
    with pytest.raises(Problem, match="guard_failed"):
        advance(stored(field), "schedule", actor=carmen)
    today = timezone.localdate()
    constraints.end(obstacle_of(waiting), actor=aida, on=today, reason="Seen open by a team")
    job = Job.objects.get(kind="constraint_ended")
    assert constraint_ended(Progress(job), **job.arguments)["conditions"] == 1
    waiting.refresh_from_db()
    assert waiting.met_on == today
    assert "Seen open by a team" in waiting.evidence
    assert advance(stored(field), "schedule", actor=carmen).state == "scheduled"
    assert constraint_ended(Progress(job), **job.arguments)["conditions"] == 0


def test_a_condition_cannot_hold_while_its_constraint_goes_on(
    field: Field, waiting: Condition
) -> None:
    with pytest.raises(Problem, match="constraint_goes_on"):
        conditions.record_met(
            waiting, actor=field.cast.actor("carmen"), on=timezone.localdate(), evidence="Letter"
        )


def test_a_constraint_of_another_operation_is_no_condition(field: Field) -> None:
    other = ConstraintFactory(operation=field.cast.elsewhere)
    with pytest.raises(Problem, match="invalid"):
        conditions.add(
            field.assessment,
            actor=field.cast.actor("anna"),
            kind="access",
            text="Access",
            constraint=other,
        )


def test_ending_is_for_access_officers_needs_evidence_and_happens_once(
    field: Field, waiting: Condition
) -> None:
    obstacle, today = obstacle_of(waiting), timezone.localdate()
    with pytest.raises(Problem, match="forbidden"):
        constraints.end(obstacle, actor=field.cast.actor("anna"), on=today, reason="Open")
    aida = field.cast.actor("aida")
    with pytest.raises(Problem, match="invalid"):
        constraints.end(obstacle, actor=aida, on=today, reason=" ")
    constraints.end(obstacle, actor=aida, on=today, reason="Open")
    with pytest.raises(Problem, match="constraint_over"):
        constraints.end(obstacle, actor=aida, on=today, reason="Open")
