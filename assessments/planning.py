"""Planning: who assesses which areas, why and when. Holds for every door that makes assessments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, AssessmentArea, AssessmentOrganisation
from assessments.places import around
from core import policy
from core.errors import Problem, declare
from core.models import Area, Operation, Organisation
from core.policy import Actor

State = Assessment.State
Part = AssessmentOrganisation.Part
CLOSED = (State.PUBLISHED, State.ARCHIVED, State.CANCELLED)
MOST_PLANNED = 1_000_000

PLANNED_FIELDS = (
    "title",
    "description",
    "method",
    "lead",
    "requested_by",
    "requested_on",
    "starts_on",
    "ends_on",
    "is_demo",
)

declare(
    "assessment_closed",
    409,
    gettext_lazy("The assessment is closed"),
    gettext_lazy("“{assessment}” is {state}; its plan is kept as it was."),
    gettext_lazy("Plan a new assessment for further field work."),
)


@dataclass(frozen=True)
class Plan:
    """What is written down about an assessment before it goes to the field."""

    title: str
    method: str
    lead: Organisation
    description: str = ""
    members: Sequence[Organisation] = ()
    observers: Sequence[Organisation] = ()
    requested_by: str = ""
    requested_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_demo: bool = False
    targets: Mapping[Area, int] = field(default_factory=dict)


@transaction.atomic
def create(operation: Operation, plan: Plan, *, actor: Actor) -> Assessment:
    """Write down a new assessment in draft; raise ``invalid`` with the findings by field."""
    policy.check(actor, "assessment.create", operation)
    check(operation, plan)
    assessment = Assessment(operation=operation, created_by=actor.user)
    _write(assessment, plan)
    return assessment


@transaction.atomic
def edit(assessment: Assessment, plan: Plan, *, actor: Actor) -> Assessment:
    """Change what is written down; raise ``assessment_closed`` or ``invalid``.

    The lead's analysts read all raw submissions, so another lead is the coordinator's decision.
    """
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    policy.check(actor, "assessment.plan", locked)
    still_open(locked)
    if plan.lead.pk != locked.lead_id:
        policy.check(actor, "assessment.schedule", locked)
    if locked.state != State.DRAFT and not plan.targets:
        message = _("Keep at least one area in the scope, or cancel the assessment.")
        raise Problem("invalid", errors=[_finding("targets", message)])
    check(locked.operation, plan)
    _write(locked, plan)
    return locked


def still_open(assessment: Assessment) -> None:
    """Raise ``assessment_closed`` when the plan may no longer change."""
    if assessment.state in CLOSED:
        raise Problem(
            "assessment_closed", assessment=assessment, state=assessment.get_state_display()
        )


def check(operation: Operation, plan: Plan) -> None:
    """Raise ``invalid`` with every finding, by field: lead, members, dates, areas."""
    findings = [*_organisations(plan), *_dates(plan), *_scope(operation, plan.targets)]
    if not plan.title.strip():
        findings.append(_finding("title", _("Give the assessment a title.")))
    if findings:
        raise Problem("invalid", errors=findings)


def overlapping(areas: Iterable[Area]) -> list[tuple[Area, Area]]:
    """Return pairs of an area and one inside it; each place may stand in the scope once only."""
    by_path = {area.path: area for area in areas}
    return [
        (by_path[outer], area)
        for path, area in by_path.items()
        for outer in around(path)
        if outer in by_path
    ]


def _finding(where: str, message: str) -> dict[str, Any]:
    return {"where": where, "message": message}


def _organisations(plan: Plan) -> list[dict[str, Any]]:
    findings = []
    taken = {plan.lead.pk: _("leads the assessment")}
    for where, organisations, word in (
        ("members", plan.members, _("is a member")),
        ("observers", plan.observers, _("observes")),
    ):
        for organisation in organisations:
            if organisation.pk in taken:
                message = _("{organisation} {part} already; choose one part for it.")
                text = message.format(organisation=organisation, part=taken[organisation.pk])
                findings.append(_finding(where, text))
            taken.setdefault(organisation.pk, word)
    return findings


def _dates(plan: Plan) -> list[dict[str, Any]]:
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        message = _("Field work cannot end before it starts ({start}).")
        return [_finding("ends_on", message.format(start=plan.starts_on.isoformat()))]
    return []


def _scope(operation: Operation, targets: Mapping[Area, int]) -> list[dict[str, Any]]:
    findings = []
    for area, target in targets.items():
        if area.operation_id != operation.pk:
            message = _("{area} is not an area of this operation.")
            findings.append(_finding("targets", message.format(area=area.pcode)))
        if not 0 <= target <= MOST_PLANNED:
            message = _("{area}: plan between 0 and {most} submissions.")
            findings.append(
                _finding("targets", message.format(area=area, most=f"{MOST_PLANNED:,}"))
            )
    for outer, inside in overlapping(targets):
        message = _("{inside} lies in {around}; keep one of the two, or it would count twice.")
        findings.append(_finding("targets", message.format(inside=inside, around=outer)))
    return findings


def _write(assessment: Assessment, plan: Plan) -> None:
    for name in PLANNED_FIELDS:
        setattr(assessment, name, getattr(plan, name))
    assessment.save(update_fields=PLANNED_FIELDS if assessment.pk else None)
    _write_parts(assessment, plan)
    _write_scope(assessment, plan.targets)


def _write_parts(assessment: Assessment, plan: Plan) -> None:
    wanted = {one.pk: Part.MEMBER for one in plan.members} | {
        one.pk: Part.OBSERVER for one in plan.observers
    }
    for known in assessment.participations.all():
        part = wanted.pop(known.organisation_id, None)
        if part is None:
            known.delete()
        elif part != known.part:
            known.part = part
            known.save(update_fields=["part"])
    AssessmentOrganisation.objects.bulk_create(
        AssessmentOrganisation(assessment=assessment, organisation_id=pk, part=part)
        for pk, part in wanted.items()
    )


def _write_scope(assessment: Assessment, targets: Mapping[Area, int]) -> None:
    wanted = {area.pk: target for area, target in targets.items()}
    known = {entry.area_id: entry for entry in assessment.scope.all()}
    gone = [entry.pk for area, entry in known.items() if area not in wanted]
    assessment.scope.filter(pk__in=gone).delete()
    changed = [
        entry for area, entry in known.items() if wanted.get(area, entry.target) != entry.target
    ]
    for entry in changed:
        entry.target = wanted[entry.area_id]
    AssessmentArea.objects.bulk_update(changed, ["target"], batch_size=1000)
    AssessmentArea.objects.bulk_create(
        (
            AssessmentArea(assessment=assessment, area_id=area, target=target)
            for area, target in wanted.items()
            if area not in known
        ),
        batch_size=1000,
    )
