"""The end of a convoy: discrepancies settled, reconciled, closed, and perhaps reopened."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from convoys import cargo, following
from convoys.equation import Equation
from convoys.ledger import Wanted, needs_reason, post, safely
from convoys.models import (
    ConsignmentLine,
    Discrepancy,
    Entry,
    ForwardBalance,
    LoadBalance,
    LoadLine,
    OperatedConvoy,
    Posting,
    Receipt,
    Waybill,
)
from core.errors import Problem
from core.models.movements import DeliveryOutcome
from core.policy import Actor
from core.quantities import plain
from core.transitions import advance

# What becomes of the part of a line that was never loaded
WAITS, BACK = "waits", "back"


def investigate(discrepancy: Discrepancy, *, actor: Actor) -> Discrepancy:
    """Begin to look for what is missing."""
    return advance(discrepancy, "investigate", actor=actor, investigated_by=actor.user)


def explain(
    discrepancy: Discrepancy, *, actor: Actor, reason: str, evidence: str = ""
) -> Discrepancy:
    """Say what became of it; the entry that says so in the ledger is posted apart."""
    needs_reason(reason)
    return advance(
        discrepancy,
        "explain",
        actor=actor,
        state_reason=reason.strip(),
        evidence=evidence.strip(),
        decided_by=actor.user,
    )


@safely
def write_off(discrepancy: Discrepancy, *, actor: Actor, reason: str, evidence: str) -> Discrepancy:
    """Give up what is missing, by another than who looked for it; the ledger says it is short."""
    needs_reason(reason)
    done = advance(
        discrepancy,
        "write_off",
        actor=actor,
        facts={"approver": actor.user and actor.user.pk},
        state_reason=reason.strip(),
        evidence=evidence.strip(),
        decided_by=actor.user,
    )
    load = discrepancy.load
    left = LoadBalance.objects.get(pk=load.pk).outstanding_qty
    if left:
        post(
            load.waybill.leg.convoy,
            actor=actor,
            kind=Posting.Kind.WRITE_OFF,
            wanted=[Wanted(load, Entry.Kind.SHORT_MISSING, left, reason=reason)],
            reason=reason,
            evidence=evidence,
        )
        following.received(load.waybill)
    return done


def settle(discrepancy: Discrepancy, *, actor: Actor) -> Discrepancy:
    """Close a discrepancy of whose line nothing is outstanding any more."""
    left = LoadBalance.objects.get(pk=discrepancy.load_id).outstanding_qty
    return advance(discrepancy, "close", actor=actor, facts={"outstanding": left})


def unsettled(convoy: OperatedConvoy) -> dict[str, Any]:
    """Return what keeps a convoy from being reconciled: lines and discrepancies."""
    loads = LoadBalance.objects.filter(load__waybill__leg__convoy=convoy, outstanding_qty__gt=0)
    discrepancies = Discrepancy.objects.filter(load__waybill__leg__convoy=convoy)
    waiting = Receipt.objects.filter(
        waybill__leg__convoy=convoy, state=Receipt.State.NEEDS_RESOLUTION
    )
    onward = ForwardBalance.objects.filter(
        entry__load__waybill__leg__convoy=convoy, is_return=False, free_qty__gt=0
    )
    return {
        "outstanding": [
            *(str(one.load.item) for one in loads.select_related("load__item")),
            *(
                _("{item} (handed on, on no waybill yet)").format(item=one.entry.load.item)
                for one in onward.select_related("entry__load__item")
            ),
        ],
        "discrepancies": discrepancies.exclude(state=Discrepancy.State.CLOSED).count(),
        "receipts": waiting.count(),
    }


@safely
def reconcile(convoy: OperatedConvoy, *, actor: Actor) -> OperatedConvoy:
    """Say that the convoy's account is settled; raise Problem naming what is not."""
    done = advance(convoy, "reconcile", actor=actor, facts=unsettled(convoy))
    convoy.legs.give_up(timezone.now())
    ended = ("received", "lost", "returned", "redirected")
    for waybill in Waybill.objects.filter(leg__convoy=convoy, state__in=ended):
        advance(waybill, "reconcile", actor=actor)
    return done


@safely
def close(
    convoy: OperatedConvoy, *, actor: Actor, rest: str = "", reason: str = ""
) -> OperatedConvoy:
    """Close the convoy; the database refuses while anything of it is outstanding anywhere.

    Of consignment lines that it carried a part of, ``rest`` says with a reason what becomes of what
    was never loaded: it ``waits`` for another convoy, which will close the line, or goes ``back``.
    Raises Problem ``guard_failed`` that names the lines where nothing is said of them.
    """
    left = never_loaded(convoy)
    if left:
        _says_of_the_rest(left, rest, reason)
    if rest == BACK:
        for line in left:
            cargo.withdraw_line(line, actor=actor, reason=reason)
    return advance(
        convoy,
        "close",
        actor=actor,
        facts=unsettled(convoy),
        closed_at=timezone.now(),
        state_reason=reason.strip()[:300],
    )


def never_loaded(convoy: OperatedConvoy) -> list[ConsignmentLine]:
    """Return the lines that the convoy carried a part of, and of which something is still left."""
    carried = LoadLine.objects.filter(waybill__leg__convoy=convoy, unload=None)
    lines = ConsignmentLine.objects.filter(pk__in=carried.values("line"), balance__free_qty__gt=0)
    return list(lines.select_related("item", "consignment", "balance").order_by("pk"))


def _says_of_the_rest(left: list[ConsignmentLine], rest: str, reason: str) -> None:
    if rest not in (WAITS, BACK):
        named = [f"{line}: {plain(line.balance.free_qty)} {line.unit} {line.item}" for line in left]
        raise Problem(
            "guard_failed",
            reason=_("Not all of these lines was loaded: {lines}.").format(lines="; ".join(named)),
            fix=_("Say on closing whether the rest waits for another convoy or goes back."),
        )
    needs_reason(reason)


@safely
def reopen(convoy: OperatedConvoy, *, actor: Actor, reason: str) -> OperatedConvoy:
    """Open a closed convoy again, with the reason, for example for goods that were found."""
    needs_reason(reason)
    return advance(convoy, "reopen", actor=actor, state_reason=reason.strip())


def outcome(rows: Sequence[Equation]) -> str:
    """Return the delivery outcome as a convoy's equations tell it: full, partial or none."""
    good = sum((one.good.qty for one in rows), Decimal(0))
    sent = sum((one.loaded.qty + one.overage.qty for one in rows), Decimal(0))
    if not good:
        return DeliveryOutcome.NONE
    return DeliveryOutcome.FULL if good == sent else DeliveryOutcome.PARTIAL
