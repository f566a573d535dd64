"""Ending and withdrawing access constraints; what waits for the end learns of it by a job."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import jobs, policy
from core.errors import Problem, declare
from core.models import AccessConstraint
from core.policy import Actor

declare(
    "constraint_over",
    409,
    gettext_lazy("The constraint is over already"),
    gettext_lazy("“{constraint}” has ended or was withdrawn."),
    gettext_lazy("Reload the page: somebody may have been faster. If it is back, record it anew."),
)


@transaction.atomic
def end(constraint: AccessConstraint, *, actor: Actor, on: date, reason: str) -> AccessConstraint:
    """Record that access is given again: since when, and what shows it."""
    locked = _lock(constraint, actor)
    if on > timezone.localdate():
        raise _invalid("on", _("This day has not come yet."))
    if on < locked.started_on:
        message = _("It began on {day}; it cannot have ended before.")
        raise _invalid("on", message.format(day=locked.started_on.isoformat()))
    if not reason.strip():
        raise _invalid("reason", _("Say what shows that it has ended, and who confirmed it."))
    locked.ended_on, locked.ended_reason, locked.ended_by = on, reason.strip(), actor.user
    locked.save(update_fields=["ended_on", "ended_reason", "ended_by"])
    jobs.enqueue(
        "constraint_ended",
        title=_("What waits for the end of “{constraint}”").format(constraint=locked.title),
        actor=actor,
        operation=locked.operation,
        key=f"constraint-ended-{locked.pk}",
        constraint_id=str(locked.pk),
    )
    return locked


@transaction.atomic
def withdraw(constraint: AccessConstraint, *, actor: Actor, reason: str) -> AccessConstraint:
    """Take a wrong report out of the picture; it stays on record."""
    locked = _lock(constraint, actor)
    if not reason.strip():
        raise _invalid("reason", _("Say what was wrong with the report."))
    locked.withdrawn_at, locked.withdrawn_reason = timezone.now(), reason.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return locked


def _lock(constraint: AccessConstraint, actor: Actor) -> AccessConstraint:
    locked = AccessConstraint.objects.select_for_update(of=("self",)).get(pk=constraint.pk)
    policy.check(actor, "constraint.manage", locked)
    if locked.ended_on or locked.withdrawn_at:
        raise Problem("constraint_over", constraint=locked.title)
    return locked


def _invalid(where: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"where": where, "message": message}])
