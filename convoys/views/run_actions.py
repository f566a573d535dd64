"""The actions on a convoy of our own, as a table: who may, which form, which rule, which tab."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from convoys import (
    closing,
    dispatch,
    dispositions,
    ledger,
    loading,
    movement,
    plan_forms,
    planning,
    receipt,
    receiving,
    replanning,
    run_forms,
    suggestions,
)
from convoys.ledger import Wanted
from convoys.loading import Part
from convoys.models import Discrepancy, Leg, LoadLine, OperatedConvoy, Posting, Receipt, Waybill
from core.policy import Actor

BEFORE = planning.BEFORE_DISPATCH
ROAD = ("in_transit", "held", "part_arrived")
AFTER = (*ROAD, "arrived", "receiving", "received", "returned", "lost", "diverted", "reopened")


@dataclass(frozen=True)
class Call:
    """What an action is carried out with; ``target`` is the part of the convoy that it is about."""

    run: OperatedConvoy
    actor: Actor
    target: Any
    given: dict[str, Any]
    form: Any


@dataclass(frozen=True)
class Action:
    """One action. Without ``states`` it depends on ``target``, whose page offers it."""

    label: str | Promise
    verb: str
    tab: str
    act: Callable[[Call], Any]
    form: type[run_forms.ActionForm] = run_forms.SureForm
    states: tuple[str, ...] = ()
    target: Any = None
    path: str = ""
    text: str | Promise = ""
    is_danger: bool = False


def step(name: str) -> Callable[[Call], Any]:
    """Return the rule that takes a step before dispatch."""

    def act(call: Call) -> Any:
        return dispatch.move(call.run, name, actor=call.actor, reason=call.given.get("reason", ""))

    return act


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


def with_reason(rule: Callable[..., Any]) -> Callable[[Call], Any]:
    """Return an action that hands the form's answers to a rule about the target, or the convoy."""

    def act(call: Call) -> Any:
        return rule(call.target or call.run, actor=call.actor, **call.given)

    return act


WAYBILL: dict[str, Any] = {"target": Waybill, "path": "leg__convoy"}
DISCREPANCY: dict[str, Any] = {"target": Discrepancy, "path": "load__waybill__leg__convoy"}
RECEIPT: dict[str, Any] = {"target": Receipt, "path": "waybill__leg__convoy"}

ACTIONS: dict[str, Action] = {
    "change": Action(
        _("Change the plan"), "run.plan", "plan", with_reason(replanning.change),
        plan_forms.ChangeForm, BEFORE,
    ),
    "stops": Action(
        _("Change the stops"), "run.plan", "plan",
        lambda call: replanning.set_stops(call.run, call.form.places(), actor=call.actor),
        plan_forms.StopsForm, BEFORE,
    ),
    "change_leg": Action(
        _("Change"), "run.plan", "plan", with_reason(replanning.change_leg),
        plan_forms.LegForm, target=Leg, path="convoy",
    ),
    "remove_leg": Action(
        _("Take off"), "run.plan", "plan", with_reason(replanning.remove_leg),
        target=Leg, path="convoy", is_danger=True,
        text=_("The vehicle no longer goes with this convoy."),
    ),
    "suggest": Action(
        _("Load as suggested"), "run.plan", "load", with_reason(suggestions.apply),
        plan_forms.SuggestionForm,
        text=_("Draft waybills are opened where there are none; they can be changed until issued."),
    ),
    "leg": Action(
        _("Add a vehicle"), "run.plan", "plan", with_reason(planning.add_leg),
        plan_forms.LegForm, (*BEFORE, *ROAD),
    ),
    "route": Action(
        _("Choose the route"), "run.plan", "plan",
        lambda call: planning.set_route(
            call.run, list(call.given["segments"]), actor=call.actor
        ),
        plan_forms.RouteForm, BEFORE,
    ),
    "person": Action(
        _("Add a person"), "run.plan", "plan", with_reason(planning.add_person),
        plan_forms.PersonForm, BEFORE,
    ),
    "brief": Action(
        _("Record the briefing"), "run.move", "plan", with_reason(planning.brief),
        plan_forms.BriefForm, BEFORE,
    ),
    "plan": Action(_("The plan is ready"), "run.plan", "plan", step("plan"), states=("draft",)),
    "ask_access": Action(
        _("Ask for clearance"), "run.plan", "plan", step("ask_access"), states=("planned",)
    ),
    "clear": Action(
        _("Cleared"), "run.clear", "plan", step("clear"), states=("access_pending",),
        text=_("The way and the papers were looked at; the gate is asked again on dispatch."),
    ),
    "unclear": Action(
        _("Take the clearance back"), "run.clear", "plan", step("unclear"),
        run_forms.ReasonForm, ("cleared",),
    ),
    "start_loading": Action(
        _("Begin loading"), "run.plan", "load", step("start_loading"), states=("cleared",)
    ),
    "finish_loading": Action(
        _("Loading is finished"), "run.plan", "load", step("finish_loading"), states=("loading",)
    ),
    "resume_loading": Action(
        _("Load again"), "run.plan", "load", step("resume_loading"), states=("loaded",)
    ),
    "dispatch": Action(
        _("Dispatch"), "run.dispatch", "plan",
        lambda call: dispatch.dispatch(
            call.run, actor=call.actor, override=call.given["override"]
        ),
        run_forms.DispatchForm, ("loaded",),
        text=_("The convoy may leave. What the gate sees now is kept with your name."),
    ),
    "cancel": Action(
        _("Cancel the convoy"), "run.plan", "plan", with_reason(dispatch.cancel),
        run_forms.ReasonForm, BEFORE, is_danger=True,
    ),
    "waybill": Action(
        _("Open a waybill"), "run.plan", "load",
        lambda call: loading.open_waybill(call.target, actor=call.actor, **call.given),
        run_forms.WaybillForm, target=Leg, path="convoy",
    ),
    "load": Action(
        _("Load"), "run.plan", "load",
        lambda call: loading.load(
            call.target, [Part(call.given["line"], call.given["qty"])], actor=call.actor
        ),
        run_forms.LoadForm, **WAYBILL,
    ),
    "load_on": Action(
        _("Load what goes on"), "run.plan", "load",
        lambda call: loading.load(
            call.target, [Part(call.given["entry"], call.given["qty"])], actor=call.actor
        ),
        run_forms.LoadOnForm, **WAYBILL,
    ),
    "take_off": Action(
        _("Take off"), "run.plan", "load", with_reason(loading.take_off),
        target=LoadLine, path="waybill__leg__convoy",
    ),
    "issue": Action(
        _("Issue"), "run.plan", "waybills", with_reason(loading.issue), run_forms.IssueForm,
        text=_("From then on neither the waybill nor its loads can be changed."), **WAYBILL,
    ),
    "void": Action(
        _("Void"), "run.plan", "waybills", with_reason(loading.void), run_forms.ReasonForm,
        is_danger=True, **WAYBILL,
    ),
    "reissue": Action(
        _("Reissue"), "run.plan", "load", with_reason(loading.reissue), run_forms.ReasonForm,
        text=_("The waybill becomes void; its next version begins with the same loads."), **WAYBILL,
    ),
    "event": Action(
        _("Report from the road"), "run.move", "movement", with_reason(movement.report),
        run_forms.EventForm, ("dispatched", *ROAD, "diverted", "returning"),
    ),
    "resume": Action(
        _("Goes on"), "run.move", "movement", with_reason(movement.go_on),
        states=("held", "diverted"),
    ),
    "divert": Action(
        _("Divert"), "run.move", "movement", with_reason(movement.divert),
        run_forms.DivertForm, ("in_transit", "held"),
    ),
    "abort": Action(
        _("Abort"), "run.move", "movement", with_reason(movement.abort),
        run_forms.ReasonForm, ("in_transit", "held"), is_danger=True,
    ),
    "turn_back": Action(
        _("Turns back"), "run.move", "movement", with_reason(movement.turn_back),
        states=("aborted",),
    ),
    "come_back": Action(
        _("Has come back"), "run.move", "movement", with_reason(movement.come_back),
        run_forms.ReasonForm, ("returning",),
        text=_("All that is outstanding is recorded as returned. Record losses before."),
    ),
    "receive": Action(
        _("Record a receipt"), "run.receive", "receipts", take_receipt,
        run_forms.ReceiptForm, **WAYBILL,
    ),
    "final": Action(
        _("Nothing more is to come"), "run.receive", "receipts",
        with_reason(receipt.declare_final),
        text=_("What is outstanding becomes a discrepancy, line by line."), **WAYBILL,
    ),
    "post": Action(
        _("Post with the overage"), "run.receive", "receipts",
        lambda call: receipt.resolve(call.target, actor=call.actor, overage=True),
        text=_("What is above what was loaded is recorded as overage."), **RECEIPT,
    ),
    "set_aside": Action(
        _("Set aside"), "run.receive", "receipts", with_reason(receipt.set_aside),
        run_forms.ReasonForm, is_danger=True, **RECEIPT,
    ),
    "loss": Action(
        _("Record a loss"), "run.receive", "closes",
        lambda call: dispositions.record_loss(
            wanted(call), actor=call.actor, reason=call.given["reason"],
            evidence=call.given["evidence"],
        ),
        run_forms.LossForm, AFTER,
    ),
    "hand_on": Action(
        _("Forward, redirect or return"), "run.plan", "closes",
        lambda call: dispositions.hand_on(
            wanted(call), actor=call.actor, reason=call.given["reason"]
        ),
        run_forms.HandOnForm, AFTER,
    ),
    "distribute": Action(
        _("Record a distribution"), "run.receive", "receipts", with_reason(
            lambda run, *, load, **given: dispositions.distribute(load, **given)
        ),
        run_forms.DistributionForm, (*AFTER, "reconciled", "closed"),
    ),
    "reverse": Action(
        _("Take back"), "run.receive", "closes",
        lambda call: ledger.reverse(
            call.target.entries.filter(sign=1), actor=call.actor, reason=call.given["reason"]
        ),
        run_forms.ReasonForm, target=Posting, path="convoy", is_danger=True,
        text=_("Each entry is mirrored; what it disposed of is outstanding again."),
    ),
    "investigate": Action(
        _("Investigate"), "run.plan", "closes", with_reason(closing.investigate), **DISCREPANCY
    ),
    "explain": Action(
        _("Explain"), "run.plan", "closes", with_reason(closing.explain),
        run_forms.EvidenceForm, **DISCREPANCY,
    ),
    "write_off": Action(
        _("Write off"), "run.write_off", "closes", with_reason(closing.write_off),
        run_forms.EvidenceForm, is_danger=True, **DISCREPANCY,
    ),
    "settle": Action(
        _("Close the discrepancy"), "run.plan", "closes", with_reason(closing.settle),
        **DISCREPANCY,
    ),
    "reconcile": Action(
        _("Reconcile"), "run.plan", "closes", with_reason(closing.reconcile),
        states=("received", "returned", "lost"),
    ),
    "close": Action(
        _("Close the convoy"), "run.dispatch", "closes", with_reason(closing.close),
        run_forms.CloseForm, ("reconciled", "reopened"),
    ),
    "reopen": Action(
        _("Reopen"), "run.dispatch", "closes", with_reason(closing.reopen),
        run_forms.ReasonForm, ("closed",),
    ),
}  # fmt: skip

# What each state of a part offers on the tabs
OFFERS: dict[str, dict[str, tuple[str, ...]]] = {
    "leg": {"planned": ("change_leg", "remove_leg")},
    "waybill": {
        "draft": ("load", "load_on", "issue", "void"),
        "issued": ("void", "reissue"),
        "in_transit": ("receive", "final"),
        "part_received": ("receive", "final"),
        "received": ("receive",),
        "lost": ("receive",),
    },
    "receipt": {"needs_resolution": ("post", "set_aside")},
    "discrepancy": {
        "open": ("investigate",),
        "investigating": ("explain", "write_off"),
        "explained": ("settle",),
        "written_off": ("settle",),
    },
}
