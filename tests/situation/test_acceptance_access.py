"""The acceptance scenario of November 2020: the assessment that waits for access."""

import pytest
from django.test import Client
from django.utils import timezone

from assessments import conditions, lifecycle, planning
from assessments.coverage import Coverage, Selection, Why
from assessments.models import Assessment
from assessments.planning import Plan
from assessments.tasks import constraint_ended
from convoys.movement import report
from core.access import constraints
from core.errors import Problem
from core.jobs import Progress
from core.models import Job
from core.transitions import advance
from tests.acceptance import asserts
from tests.cast import Cast
from tests.convoys.road import begin
from tests.factories.access import ConstraintFactory, MovementFactory
from tests.factories.core import AreaFactory


@asserts(
    "Assessment stays awaiting_conditions; areas show not assessed: access, not zero "
    "need. Confirming access schedules it; it never depends on a convoy's party approving"
    " it (independence)."
)
def test_an_assessment_waits_for_access_alone(cast: Cast, client: Client) -> None:
    """Acceptance 1."""
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
    client.force_login(cast.carmen)
    page = client.get(f"/o/caucasus/assessments/{assessment.pk}/").content.decode()
    assert page.count("no access") >= len(areas)

    # A convoy's party has refused, and its convoy stands on the road: neither is asked.
    refused = MovementFactory(operation=cast.operation, addressee="The party of a convoy")
    for step in ("submit", "take_up", "deny"):
        refused = advance(refused, step, actor=aida)
    road = begin(cast)
    road.carry([19])
    road.go()
    report(road.fresh(), actor=cast.actor("lars"), kind="held")
    constraints.end(obstacle, actor=aida, on=timezone.localdate(), reason="Confirmed by a visit")
    job = Job.objects.get(kind="constraint_ended")
    constraint_ended(Progress(job), **job.arguments)
    assert advance(assessment, "schedule", actor=carmen).state == "scheduled"
