"""Conditions: what must hold before an assessment goes to the field, with the evidence.

While one is open nothing is scheduled; when one falls the assessment goes back to waiting at once,
whoever records it: that consequence is the system's, not the recorder's.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, Condition
from assessments.planning import still_open
from core import policy
from core.errors import Problem, declare
from core.models import AccessConstraint
from core.policy import SYSTEM, Actor
from core.transitions import advance

State = Assessment.State
UNDER_WAY = (State.SCHEDULED, State.IN_FIELD)

declare(
    "condition_decided",
    409,
    gettext_lazy("The condition is recorded so already"),
    gettext_lazy("“{condition}”: {state}."),
    gettext_lazy("Reload the page: somebody may have been faster."),
)
declare(
    "constraint_goes_on",
    409,
    gettext_lazy("The access constraint goes on"),
    gettext_lazy("The condition waits for the end of “{constraint}”."),
    gettext_lazy("An access officer or coordinator records the end on the constraint's page."),
)
declare(
    "condition_kept",
    409,
    gettext_lazy("A condition cannot be removed any more"),
    gettext_lazy("“{condition}” belongs to an assessment that is no longer a draft."),
    gettext_lazy("Record since when it holds; the evidence may say why it is not needed."),
)


@transaction.atomic
def add(
    assessment: Assessment,
    *,
    actor: Actor,
    kind: str,
    text: str,
    constraint: AccessConstraint | None = None,
) -> Condition:
    """Add an open condition; an assessment under way goes back to waiting for it.

    With a ``constraint`` it holds from the day on which that is recorded to have ended.
    """
    locked = _lock(assessment, actor)
    if kind not in Condition.Kind.values:
        raise _invalid("kind", _("Choose one of the kinds."))
    if not text.strip():
        raise _invalid("text", _("Say what must hold, for example who must agree to what."))
    if constraint and (constraint.operation_id != locked.operation_id or constraint.ended_on):
        raise _invalid("constraint", _("Choose a constraint of this operation that goes on."))
    condition = Condition.objects.create(
        assessment=locked, kind=kind, text=text.strip(), constraint=constraint
    )
    _wait_again(locked, _("New condition: {condition}").format(condition=condition))
    return condition


@transaction.atomic
def record_met(condition: Condition, *, actor: Actor, on: date, evidence: str) -> Condition:
    """Record since when a condition holds and what shows it; raise ``invalid`` on a future day."""
    _lock(condition.assessment, actor)
    locked = Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    if locked.met_on:
        state = _("holds since {day}").format(day=locked.met_on.isoformat())
        raise Problem("condition_decided", condition=locked, state=state)
    if locked.constraint and not locked.constraint.ended_on:
        raise Problem("constraint_goes_on", constraint=locked.constraint.title)
    _check_evidence(on, evidence, _("Say what shows that it holds: a letter, a decision, a visit."))
    if locked.fell_on and on < locked.fell_on:
        message = _("It fell on {day}; it can hold again from that day on.")
        raise _invalid("on", message.format(day=locked.fell_on.isoformat()))
    locked.met_on, locked.fell_on, locked.evidence = on, None, evidence.strip()
    locked.save(update_fields=["met_on", "fell_on", "evidence"])
    return locked


def follow(constraint: AccessConstraint) -> int:
    """Record for each condition that waits for a constraint that it holds since that ended.

    Return how many do. Nobody's approval is asked: access is confirmed by who manages access.
    """
    rows = Condition.objects.filter(constraint=constraint, met_on=None)
    waiting = list(rows.select_related("assessment"))
    day = constraint.ended_on
    if day is None:
        return 0
    evidence = _("Access: “{constraint}” ended. {reason}").format(
        constraint=constraint.title, reason=constraint.ended_reason
    )
    for condition in waiting:
        since = max(day, condition.fell_on or day)
        record_met(condition, actor=SYSTEM, on=since, evidence=evidence[:300])
    return len(waiting)


@transaction.atomic
def record_fallen(condition: Condition, *, actor: Actor, on: date, evidence: str) -> Condition:
    """Record that a condition no longer holds; scheduled or running field work is suspended."""
    assessment = _lock(condition.assessment, actor)
    locked = Condition.objects.select_for_update(of=("self",)).get(pk=condition.pk)
    if not locked.met_on:
        raise Problem("condition_decided", condition=locked, state=_("does not hold"))
    _check_evidence(on, evidence, _("Say what happened and who reported it."))
    if on < locked.met_on:
        message = _("It holds since {day}; it cannot have fallen before.")
        raise _invalid("on", message.format(day=locked.met_on.isoformat()))
    locked.met_on, locked.fell_on, locked.evidence = None, on, evidence.strip()
    locked.save(update_fields=["met_on", "fell_on", "evidence"])
    _wait_again(assessment, _("Condition fell: {condition}").format(condition=locked))
    return locked


@transaction.atomic
def remove(condition: Condition, *, actor: Actor) -> None:
    """Take a condition off a draft; later ones stay, so that none disappears unnoticed."""
    assessment = _lock(condition.assessment, actor)
    if assessment.state != State.DRAFT:
        raise Problem("condition_kept", condition=condition)
    condition.delete()


def _lock(assessment: Assessment, actor: Actor) -> Assessment:
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    policy.check(actor, "assessment.plan", locked)
    still_open(locked)
    return locked


def _check_evidence(on: date, evidence: str, missing: str) -> None:
    if on > timezone.localdate():
        raise _invalid("on", _("This day has not come yet."))
    if not evidence.strip():
        raise _invalid("evidence", missing)


def _invalid(where: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"where": where, "message": message}])


def _wait_again(assessment: Assessment, reason: str) -> None:
    if assessment.state in UNDER_WAY:
        advance(assessment, "suspend", actor=SYSTEM, state_reason=reason[:300])
