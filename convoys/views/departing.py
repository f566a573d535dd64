"""The actions on a convoy of our own until it is dispatched."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoys import (
    dispatch,
    loading,
    plan_forms,
    planning,
    reconstruction,
    replanning,
    run_forms,
    suggestions,
)
from convoys.loading import Part
from convoys.models import Leg, LoadLine
from convoys.views.actions import WAYBILL, Action, step, with_reason

BEFORE = planning.BEFORE_DISPATCH

DEPARTING: dict[str, Action] = {
    "change": Action(
        _("Change the plan"),
        "run.plan",
        "plan",
        with_reason(replanning.change),
        plan_forms.ChangeForm,
        BEFORE,
    ),
    "stops": Action(
        _("Change the stops"),
        "run.plan",
        "plan",
        lambda call: replanning.set_stops(call.run, call.form.places(), actor=call.actor),
        plan_forms.StopsForm,
        BEFORE,
    ),
    "change_leg": Action(
        _("Change"),
        "run.plan",
        "plan",
        with_reason(replanning.change_leg),
        plan_forms.LegForm,
        target=Leg,
        path="convoy",
    ),
    "remove_leg": Action(
        _("Take off"),
        "run.plan",
        "plan",
        with_reason(replanning.remove_leg),
        target=Leg,
        path="convoy",
        is_danger=True,
        text=_("The vehicle no longer goes with this convoy."),
    ),
    "suggest": Action(
        _("Load as suggested"),
        "run.plan",
        "load",
        with_reason(suggestions.apply),
        plan_forms.SuggestionForm,
        text=_("Draft waybills are opened where there are none; they can be changed until issued."),
    ),
    "leg": Action(
        _("Add a vehicle"),
        "run.plan",
        "plan",
        with_reason(planning.add_leg),
        plan_forms.LegForm,
        (*BEFORE, *planning.ON_THE_WAY),
    ),
    "route": Action(
        _("Choose the route"),
        "run.plan",
        "plan",
        lambda call: planning.set_route(call.run, list(call.given["segments"]), actor=call.actor),
        plan_forms.RouteForm,
        BEFORE,
        draws="segments",
    ),
    "way_on": Action(
        _("Choose its way"),
        "run.plan",
        "plan",
        lambda call: planning.set_way_on(
            call.target, list(call.given["segments"]), actor=call.actor
        ),
        plan_forms.WayOnForm,
        target=Leg,
        path="convoy",
        draws="segments",
    ),
    "let_go": Action(
        _("Let it go"),
        "run.dispatch",
        "plan",
        lambda call: dispatch.dispatch(
            call.run, leg=call.target, actor=call.actor, override=call.given["override"]
        ),
        run_forms.DispatchForm,
        target=Leg,
        path="convoy",
        text=_("The vehicle may leave. What the gate sees now is kept with your name."),
    ),
    "person": Action(
        _("Add a person"),
        "run.plan",
        "plan",
        with_reason(planning.add_person),
        plan_forms.PersonForm,
        BEFORE,
    ),
    "brief": Action(
        _("Record the briefing"),
        "run.move",
        "plan",
        with_reason(planning.brief),
        plan_forms.BriefForm,
        (*BEFORE, *planning.ON_THE_WAY),
    ),
    "plan": Action(_("The plan is ready"), "run.plan", "plan", step("plan"), states=("draft",)),
    "ask_access": Action(
        _("Ask for clearance"), "run.plan", "plan", step("ask_access"), states=("planned",)
    ),
    "clear": Action(
        _("Cleared"),
        "run.clear",
        "plan",
        step("clear"),
        states=("access_pending",),
        text=_("The way and the papers were looked at; the gate is asked again on dispatch."),
    ),
    "unclear": Action(
        _("Take the clearance back"),
        "run.clear",
        "plan",
        step("unclear"),
        run_forms.ReasonForm,
        ("cleared",),
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
        _("Dispatch"),
        "run.dispatch",
        "plan",
        lambda call: dispatch.dispatch(call.run, actor=call.actor, override=call.given["override"]),
        run_forms.DispatchForm,
        ("loaded",),
        text=_("The convoy may leave. What the gate sees now is kept with your name."),
    ),
    "cancel": Action(
        _("Cancel the convoy"),
        "run.plan",
        "plan",
        with_reason(dispatch.cancel),
        run_forms.ReasonForm,
        BEFORE,
        is_danger=True,
    ),
    "waybill": Action(
        _("Open a waybill"),
        "run.plan",
        "load",
        lambda call: loading.open_waybill(call.target, actor=call.actor, **call.given),
        run_forms.WaybillForm,
        target=Leg,
        path="convoy",
    ),
    "load": Action(
        pgettext_lazy("action", "Load"),
        "run.plan",
        "load",
        lambda call: loading.load(
            call.target, [Part(call.given["line"], call.given["qty"])], actor=call.actor
        ),
        run_forms.LoadForm,
        **WAYBILL,
    ),
    "load_on": Action(
        _("Load what goes on"),
        "run.plan",
        "load",
        lambda call: loading.load(
            call.target, [Part(call.given["entry"], call.given["qty"])], actor=call.actor
        ),
        run_forms.LoadOnForm,
        **WAYBILL,
    ),
    "take_off": Action(
        _("Take off"),
        "run.plan",
        "load",
        with_reason(loading.take_off),
        target=LoadLine,
        path="waybill__leg__convoy",
    ),
    "issue": Action(
        _("Issue"),
        "run.plan",
        "waybills",
        with_reason(loading.issue),
        run_forms.IssueForm,
        text=_("From then on neither the waybill nor its loads can be changed."),
        **WAYBILL,
    ),
    "confirm": Action(
        _("Confirm"),
        "run.plan",
        "waybills",
        with_reason(reconstruction.confirm),
        text=_("These goods were carried. From then on the waybill can be received, and stays."),
        **WAYBILL,
    ),
    "take_back": Action(
        pgettext_lazy("action", "Take back"),
        "run.plan",
        "waybills",
        with_reason(reconstruction.take_back),
        run_forms.ReasonForm,
        text=_("The waybill becomes void; make another from the claim."),
        is_danger=True,
        **WAYBILL,
    ),
    "void": Action(
        pgettext_lazy("action", "Void"),
        "run.plan",
        "waybills",
        with_reason(loading.void),
        run_forms.ReasonForm,
        is_danger=True,
        **WAYBILL,
    ),
    "reissue": Action(
        _("Reissue"),
        "run.plan",
        "load",
        with_reason(loading.reissue),
        run_forms.ReasonForm,
        text=_("The waybill becomes void; its next version begins with the same loads."),
        **WAYBILL,
    ),
}
