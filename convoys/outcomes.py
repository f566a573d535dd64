"""How a convoy of our own went, on two axes: whether it was let through, and what arrived.

Access is what its staff say; delivery is what the ledger says, and nobody types it. A convoy that
was impeded can still have delivered everything.
"""

from dataclasses import dataclass

import pghistory

from convoys import closing, equation
from convoys.ledger import needs_reason, safely
from convoys.models import OperatedConvoy
from core import policy
from core.models.movements import AccessOutcome, DeliveryOutcome
from core.policy import Actor


@dataclass(frozen=True)
class Outcome:
    """Both axes in words, empty where nothing is known yet."""

    access: str
    delivery: str


def of(convoy: OperatedConvoy) -> Outcome:
    """Return how a convoy went as far as it is known."""
    found = delivery(convoy)
    return Outcome(
        access=str(AccessOutcome(convoy.access_outcome).label) if convoy.access_outcome else "",
        delivery=str(DeliveryOutcome(found).label) if found else "",
    )


def delivery(convoy: OperatedConvoy) -> str:
    """Return full, partial or none; empty while something is outstanding or nothing was sent."""
    if convoy.state == OperatedConvoy.State.CANCELLED:
        return DeliveryOutcome.NONE
    rows = equation.of_convoy(convoy) if convoy.dispatched_at else []
    return closing.outcome(rows) if rows and all(one.closes for one in rows) else ""


@safely
def tell_access(
    convoy: OperatedConvoy, *, actor: Actor, access_outcome: str, reason: str
) -> OperatedConvoy:
    """Record whether a convoy was let through, with the reason; what was said before stays told."""
    policy.check(actor, "run.move", convoy)
    needs_reason(reason)
    row = OperatedConvoy.objects.select_for_update(of=("self",)).get(pk=convoy.pk)
    row.access_outcome = AccessOutcome(access_outcome).value
    with pghistory.context(reason=reason.strip()[:300]):
        row.save(update_fields=["access_outcome"])
    return row
