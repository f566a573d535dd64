"""The actions on a convoy of our own from the road to its closing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from convoys import (
    closing,
    dispositions,
    movement,
    outcomes,
    receipt,
    receiving,
    run_forms,
)
from convoys.ledger import Wanted
from convoys.models import Posting
from convoys.views.actions import (
    DISCREPANCY,
    RECEIPT,
    ROAD,
    WAYBILL,
    Action,
    Call,
    with_reason,
)

AFTER = (*ROAD, "arrived", "receiving", "received", "returned", "lost", "diverted", "reopened")


def wanted(call: Call) -> list[Wanted]:
    """Return what a form about one load says."""
    given = call.given
    return [Wanted(given["load"], given["kind"], given["qty"], reason=given["reason"])]


def take_receipt(call: Call) -> Any:
    """Record a receipt from its form."""
    return receiving.typed(
        call.target,
        actor=call.actor,
        body=call.form.body(),
        photos=call.given["photos"],
        occurred_at=call.given["occurred_at"],
    )


ARRIVING: dict[str, Action] = {
    "event": Action(
        _("Report from the road"),
        "run.move",
        "movement",
        with_reason(movement.report),
        run_forms.EventForm,
        ("dispatched", *ROAD, "diverted", "returning"),
        draws="place",
    ),
    "resume": Action(
        _("Goes on"),
        "run.move",
        "movement",
        with_reason(movement.go_on),
        states=("held", "diverted"),
    ),
    "divert": Action(
        _("Divert"),
        "run.move",
        "movement",
        with_reason(movement.divert),
        run_forms.DivertForm,
        ("in_transit", "held"),
    ),
    "abort": Action(
        _("Abort"),
        "run.move",
        "movement",
        with_reason(movement.abort),
        run_forms.ReasonForm,
        ("in_transit", "held"),
        is_danger=True,
    ),
    "turn_back": Action(
        _("Turns back"),
        "run.move",
        "movement",
        with_reason(movement.turn_back),
        states=("aborted",),
    ),
    "come_back": Action(
        _("Has come back"),
        "run.move",
        "movement",
        with_reason(movement.come_back),
        run_forms.ReasonForm,
        ("returning",),
        text=_("All that is outstanding is recorded as returned. Record losses before."),
    ),
    "lose": Action(
        _("Give up for lost"),
        "run.dispatch",
        "movement",
        with_reason(movement.lose),
        run_forms.LostForm,
        ("in_transit",),
        is_danger=True,
        text=_("All that is on board is recorded as lost, and the convoy ends. Nothing arrived."),
    ),
    "access_outcome": Action(
        _("Record how access went"),
        "run.move",
        "movement",
        with_reason(outcomes.tell_access),
        run_forms.AccessOutcomeForm,
        (*AFTER, "aborted", "returning", "reconciled", "closed", "cancelled"),
        text=_("What arrived is worked out from the ledger; a convoy that was impeded can arrive."),
    ),
    "receive": Action(
        _("Record a receipt"),
        "run.receive",
        "receipts",
        take_receipt,
        run_forms.ReceiptForm,
        **WAYBILL,
    ),
    "final": Action(
        _("Nothing more is to come"),
        "run.receive",
        "receipts",
        with_reason(receipt.declare_final),
        text=_("What is outstanding becomes a discrepancy, line by line."),
        **WAYBILL,
    ),
    "post": Action(
        _("Post with the overage"),
        "run.receive",
        "receipts",
        lambda call: receipt.resolve(call.target, actor=call.actor, overage=True),
        text=_("What is above what was loaded is recorded as overage."),
        **RECEIPT,
    ),
    "set_aside": Action(
        _("Set aside"),
        "run.receive",
        "receipts",
        with_reason(receipt.set_aside),
        run_forms.ReasonForm,
        is_danger=True,
        **RECEIPT,
    ),
    "loss": Action(
        _("Record a loss"),
        "run.receive",
        "closes",
        lambda call: dispositions.record_loss(
            wanted(call),
            actor=call.actor,
            reason=call.given["reason"],
            evidence=call.given["evidence"],
        ),
        run_forms.LossForm,
        AFTER,
    ),
    "hand_on": Action(
        _("Forward, redirect or return"),
        "run.plan",
        "closes",
        lambda call: dispositions.hand_on(
            wanted(call), actor=call.actor, reason=call.given["reason"]
        ),
        run_forms.HandOnForm,
        AFTER,
    ),
    "distribute": Action(
        _("Record a distribution"),
        "run.receive",
        "receipts",
        with_reason(lambda run, *, load, **given: dispositions.distribute(load, **given)),
        run_forms.DistributionForm,
        (*AFTER, "reconciled", "closed"),
    ),
    "reverse": Action(
        _("Take back"),
        "run.receive",
        "closes",
        with_reason(dispositions.take_back),
        run_forms.ReasonForm,
        target=Posting,
        path="convoy",
        is_danger=True,
        text=_("Each entry is mirrored; what it disposed of is outstanding again."),
    ),
    "investigate": Action(
        _("Investigate"), "run.plan", "closes", with_reason(closing.investigate), **DISCREPANCY
    ),
    "explain": Action(
        _("Explain"),
        "run.plan",
        "closes",
        with_reason(closing.explain),
        run_forms.EvidenceForm,
        **DISCREPANCY,
    ),
    "write_off": Action(
        _("Write off"),
        "run.write_off",
        "closes",
        with_reason(closing.write_off),
        run_forms.EvidenceForm,
        is_danger=True,
        **DISCREPANCY,
    ),
    "settle": Action(
        _("Close the discrepancy"),
        "run.plan",
        "closes",
        with_reason(closing.settle),
        **DISCREPANCY,
    ),
    "reconcile": Action(
        _("Reconcile"),
        "run.plan",
        "closes",
        with_reason(closing.reconcile),
        states=("received", "returned", "lost"),
    ),
    "close": Action(
        _("Close the convoy"),
        "run.dispatch",
        "closes",
        with_reason(closing.close),
        run_forms.CloseForm,
        ("reconciled", "reopened"),
    ),
    "reopen": Action(
        _("Reopen"),
        "run.dispatch",
        "closes",
        with_reason(closing.reopen),
        run_forms.ReasonForm,
        ("closed",),
    ),
}
