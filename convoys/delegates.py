"""Delegates: whom a coordinator names to decide where a team is too small for two."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys.ledger import needs_reason, safely
from convoys.models import Delegate
from convoys.policy import CLEARERS, DECIDERS, STAFF
from core import policy
from core.errors import Problem
from core.models import Operation, Role, User
from core.policy import Actor

DUTIES: dict[str, tuple[Role, ...]] = {"clear": CLEARERS, "write_off": DECIDERS}


def holders(operation: Operation, roles: tuple[Role, ...]) -> QuerySet[User]:
    """Return who holds one of ``roles`` in the operation."""
    held = User.objects.filter(memberships__operation=operation, memberships__role__in=roles)
    return held.filter(is_active=True).distinct().order_by("pk")


def candidates(operation: Operation) -> QuerySet[User]:
    """Return who can be named: the operation's own staff."""
    return holders(operation, STAFF)


@safely
def name(operation: Operation, *, actor: Actor, duty: str, user: User, reason: str) -> Delegate:
    """Let somebody of the staff decide in place of a second holder of the role.

    Raises Problem ``guard_failed`` where two people hold it, ``invalid`` for who does already or is
    no staff of the operation.
    """
    policy.check(actor, "delegate.name", operation)
    needs_reason(reason)
    able = list(holders(operation, DUTIES[duty]))
    if len(able) > 1:
        raise Problem(
            "guard_failed",
            reason=_("{people} can decide for each other.").format(
                people=", ".join(str(one) for one in able[:6])
            ),
            fix=_("A delegate is for a team in which one person alone could decide."),
        )
    if user in able or not candidates(operation).filter(pk=user.pk).exists():
        message = _("Choose somebody else of the operation's staff.")
        raise Problem("invalid", errors=[{"where": "user", "message": message}])
    known = Delegate.objects.filter(operation=operation, duty=duty, user=user, ended_at=None)
    return known.first() or Delegate.objects.create(
        operation=operation, duty=duty, user=user, reason=reason.strip(), named_by=actor.user
    )


def end(delegate: Delegate, *, actor: Actor) -> Delegate:
    """Take the right back; what was decided by it stays."""
    policy.check(actor, "delegate.end", delegate)
    if delegate.ended_at is None:
        delegate.ended_at = timezone.now()
        delegate.save(update_fields=["ended_at"])
    return delegate
