"""Assertions 1 and 7 of the acceptance scenario of November 2020, as far as access decides them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import conditions, lifecycle, planning
from assessments.coverage import Coverage, Selection, Why
from assessments.models import Assessment
from assessments.planning import Plan
from assessments.tasks import constraint_ended
from core.access import constraints, facts
from core.access.inputs import Movement
from core.errors import Problem
from core.jobs import Progress
from core.models import Job
from core.transitions import advance
from tests.cast import Cast
from tests.factories.access import ConstraintFactory, ObservationFactory, SegmentFactory
from tests.factories.core import AreaFactory


def test_1_assessment_stays_awaiting_conditions_areas_show_not_assessed_access_not_zero_need(
    cast: Cast,
) -> None:
    anna, carmen, aida = (cast.actor(who) for who in ("anna", "carmen", "aida"))
    areas = [AreaFactory(operation=cast.operation) for _ in range(2)]
    plan = Plan(
        title="Initial independent inter-agency assessment",
        method=Assessment.Method.MIRA,
        lead=cast.organisations["OCHA"],
        targets=dict.fromkeys(areas, 20),
    )
    assessment = planning.create(cast.operation, plan, actor=anna)
    obstacle = ConstraintFactory(operation=cast.operation, area=areas[0], impact="X")
    conditions.add(assessment, actor=anna, kind="access", text="Access", constraint=obstacle)
    for step in ("plan", "await_conditions"):
        assessment = lifecycle.move(assessment, step, actor=carmen)
    with pytest.raises(Problem, match="guard_failed"):
        advance(assessment, "schedule", actor=carmen)
    assert Assessment.objects.get().state == "awaiting_conditions"

    rows = Coverage(Selection(cast.operation, assessment)).by_area()
    assert [row.gap and row.gap.code for row in rows] == [Why.NO_ACCESS] * 2

    # Confirming access schedules it; it never depends on a convoy's party approving it.
    constraints.end(obstacle, actor=aida, on=timezone.localdate(), reason="Confirmed by a visit")
    job = Job.objects.get(kind="constraint_ended")
    constraint_ended(Progress(job), **job.arguments)
    assert advance(assessment, "schedule", actor=carmen).state == "scheduled"


def test_7_corridor_segment_closed_names_the_failing_gate_input(cast: Cast) -> None:
    corridor = SegmentFactory(operation=cast.operation, name="Corridor")
    seen = ObservationFactory(operation=cast.operation, segment=corridor, status="closed")
    leaves = timezone.now() + timedelta(hours=1)
    movement = Movement(segments=[corridor], leaves=leaves, arrives=leaves + timedelta(hours=4))
    closed = facts.findings(cast.operation, movement)[0]
    assert (closed.input, closed.code, closed.is_hard) == ("segment", "segment_closed", True)
    assert (closed.subject, closed.dated) == ("Corridor", seen.occurred_at)
    assert closed.fix
