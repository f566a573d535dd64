"""Binds the life cycles of access to their models, with the conditions that tables cannot say."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core import policy
from core.errors import Problem
from core.models import AccessWindow, Clearance, DeconflictionNotice, MovementRequest
from core.models.access_states import CLEARANCE, MOVEMENT, NOTICE, WINDOW
from core.policy import VERBS
from core.transitions import guard, register

register(AccessWindow, WINDOW)
register(Clearance, CLEARANCE)
register(DeconflictionNotice, NOTICE)
register(MovementRequest, MOVEMENT)


@guard(Clearance, "grant")
@guard(Clearance, "grant_with_conditions")
@guard(Clearance, "deny")
@guard(Clearance, "revoke")
def decided_by_another(clearance: Clearance, facts: dict[str, Any]) -> None:
    """Refuse whoever requested the clearance; without the fact ``decider`` refuse anybody."""
    creator = clearance.reporter_id
    if creator is not None and facts.get("decider", creator) == creator:
        raise Problem(
            "guard_failed",
            reason=_("Whoever requested a clearance does not record what the authority decided."),
            fix=_("Ask another of: {people}.").format(
                **policy.who_could(VERBS["clearance.decide"], clearance, but=creator)
            ),
        )


@guard(Clearance, "grant")
@guard(Clearance, "grant_with_conditions")
def every_step_done(clearance: Clearance, facts: dict[str, Any]) -> None:
    """Refuse while an office on the way has not decided."""
    waiting = list(clearance.steps.filter(done_on=None).values_list("office", flat=True))
    if waiting:
        raise Problem(
            "guard_failed",
            reason=_("These steps are not done yet: {steps}.").format(steps=", ".join(waiting)),
            fix=_("Record on the clearance's page when each was done."),
        )


@guard(Clearance, "grant_with_conditions")
def conditions_are_written(clearance: Clearance, facts: dict[str, Any]) -> None:
    """Refuse conditions that nobody can read."""
    if not str(facts.get("conditions") or clearance.conditions).strip():
        raise Problem(
            "guard_failed",
            reason=_("The clearance is granted with conditions, but none is written down."),
            fix=_("Write the conditions, or grant it without."),
        )


@guard(AccessWindow, "extend")
@guard(AccessWindow, "resume")
def ends_later(window: AccessWindow, facts: dict[str, Any]) -> None:
    """Refuse a window that would have ended already, or not later than before."""
    ends_at = facts.get("ends_at") or window.ends_at
    is_longer = ends_at > window.ends_at or window.state == AccessWindow.State.BROKEN
    if ends_at <= timezone.now() or not is_longer:
        raise Problem(
            "guard_failed",
            reason=_("The new end lies before the old one, or in the past."),
            fix=_("Give an end that is later than the one now."),
        )


@guard(DeconflictionNotice, "submit")
@guard(MovementRequest, "submit")
def starts_in_the_future(journey: Any, facts: dict[str, Any]) -> None:
    """Refuse to tell in advance of what has happened."""
    if journey.ends_at <= timezone.now():
        raise Problem(
            "guard_failed",
            reason=_("The movement that it speaks of is over."),
            fix=_("Draft a new one for the next movement."),
        )
