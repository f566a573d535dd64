"""Binds the life cycles to their models, with the conditions that the tables cannot say.

What needs a query over other tables is told by the rule as facts; without them a guard refuses.
"""

from typing import Any

from django.utils.translation import gettext as _

from convoys.models import Convoy, Discrepancy, OperatedConvoy, Receipt, ServiceRequest, Waybill
from convoys.models.states import CONVOY, DISCREPANCY, RECEIPT, REQUEST, WAYBILL
from core import policy
from core.errors import Problem
from core.policy import VERBS
from core.transitions import guard, register

register(ServiceRequest, REQUEST)
register(OperatedConvoy, CONVOY)
register(Waybill, WAYBILL)
register(Receipt, RECEIPT)
register(Discrepancy, DISCREPANCY)


@guard(OperatedConvoy, "plan")
def goes_somewhere(convoy: OperatedConvoy, facts: dict[str, Any]) -> None:
    """Refuse a plan without two stops and a vehicle."""
    if facts.get("stops", 0) < 2 or not facts.get("vehicles"):
        raise Problem(
            "guard_failed",
            reason=_("A plan needs two stops at least, and a vehicle from the first one."),
            fix=_("Add them on the convoy's plan."),
        )


@guard(OperatedConvoy, "clear")
def cleared_by_another(convoy: OperatedConvoy, facts: dict[str, Any]) -> None:
    """Refuse whoever planned the convoy, and refuse without the fact ``approver``."""
    planner = convoy.planned_by_id
    if facts.get("approver", planner) == planner:
        able = policy.who_could(VERBS["run.clear"], convoy, but=planner)
        raise Problem(
            "guard_failed",
            reason=_("Whoever planned the convoy does not clear it."),
            fix=_("Ask another. These can: {people}. {delegate}").format(
                people=able["people"], delegate=_delegate()
            ),
        )


def _delegate() -> str:
    return _("Where there is nobody else, a coordinator names a delegate beside the convoys.")


@guard(OperatedConvoy, "finish_loading")
def waybills_are_issued(convoy: OperatedConvoy, facts: dict[str, Any]) -> None:
    """Refuse to end loading while a waybill is a draft, or without any."""
    unissued = facts.get("unissued", [])
    if unissued or not facts.get("issued"):
        raise Problem(
            "guard_failed",
            reason=_("Not issued yet: {waybills}.").format(
                waybills=", ".join(unissued) or _("any waybill")
            ),
            fix=_("Issue each waybill, or void it."),
        )


@guard(OperatedConvoy, "dispatch")
def gate_is_open(convoy: OperatedConvoy, facts: dict[str, Any]) -> None:
    """Refuse whoever did not ask the gate."""
    if not facts.get("gate"):
        raise Problem(
            "guard_failed",
            reason=_("The dispatch gate was not asked."),
            fix=_("Dispatch the convoy on its page."),
        )


@guard(OperatedConvoy, "lose")
def nothing_has_arrived(convoy: OperatedConvoy, facts: dict[str, Any]) -> None:
    """Refuse to give up a convoy of which something has arrived."""
    if facts.get("arrived", True):
        raise Problem(
            "guard_failed",
            reason=_("Something of this convoy has arrived."),
            fix=_("Record the loss of what has not, line by line, on “Does it close?”."),
        )


@guard(OperatedConvoy, "reconstruct")
def others_ran_it(convoy: OperatedConvoy, facts: dict[str, Any]) -> None:
    """Refuse a convoy of our own, which has to pass the gate."""
    if convoy.convoy.origin != Convoy.Origin.REPORTED:
        raise Problem(
            "guard_failed",
            reason=_("This convoy is our own."),
            fix=_("Plan it, load it and ask the dispatch gate."),
        )


@guard(OperatedConvoy, "reconcile")
@guard(OperatedConvoy, "close")
def account_is_settled(convoy: OperatedConvoy, facts: dict[str, Any]) -> None:
    """Refuse while a line, a discrepancy or a receipt is open."""
    outstanding = facts.get("outstanding", [_("unknown")])
    open_ones = facts.get("discrepancies", 1), facts.get("receipts", 1)
    if outstanding or any(open_ones):
        raise Problem(
            "guard_failed",
            reason=_(
                "Outstanding lines: {lines}. Open discrepancies: {discrepancies}. "
                "Receipts that need a decision: {receipts}."
            ).format(
                lines=", ".join(outstanding) or _("none"),
                discrepancies=open_ones[0],
                receipts=open_ones[1],
            ),
            fix=_("Settle them on the pages “Receipts” and “Does it close?”."),
        )


@guard(Discrepancy, "write_off")
def written_off_by_another(discrepancy: Discrepancy, facts: dict[str, Any]) -> None:
    """Refuse whoever investigated, and refuse without the fact ``approver``."""
    investigator = discrepancy.investigated_by_id
    if facts.get("approver", investigator) == investigator:
        coordinators = policy.who_could(
            VERBS["discrepancy.write_off"], discrepancy, but=investigator
        )
        raise Problem(
            "guard_failed",
            reason=_("Whoever looked for what is missing does not write it off."),
            fix=_("Ask another coordinator. Coordinators here: {people}. {delegate}").format(
                people=coordinators["people"], delegate=_delegate()
            ),
        )


@guard(Discrepancy, "close")
def nothing_outstanding(discrepancy: Discrepancy, facts: dict[str, Any]) -> None:
    """Refuse while the ledger does not say what became of the line."""
    if facts.get("outstanding", 1):
        raise Problem(
            "guard_failed",
            reason=_("Something of the line is still outstanding in the ledger."),
            fix=_("Record what became of it as a receipt, a loss or a return."),
        )
