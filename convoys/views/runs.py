"""Convoys of our own: planning one, its tabs, carrying out an action, and whether all closes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys import (
    clearance,
    closing,
    equation,
    loading,
    movement,
    on_the_map,
    outcomes,
    papers,
    plausibility,
    suggestions,
    written,
)
from convoys import planning as rules
from convoys.models import Discrepancy, Entry, LoadLine, OperatedConvoy, Posting, Receipt, Waybill
from convoys.plan_forms import PlanForm
from convoys.release import known_to
from convoys.views.actions import Action, Call
from convoys.views.cargo import Home
from convoys.views.reported import BOTH, checked, said_of
from convoys.views.run_actions import ACTIONS, OFFERS
from core import policy
from core.errors import Problem
from core.paging import page
from core.policy import SYSTEM
from core.transitions import offers
from core.views.access_roads import background
from core.views.doors import MemberRequest, opens

TABS = {
    "plan": gettext_lazy("Plan"),
    "load": gettext_lazy("Load"),
    "waybills": gettext_lazy("Waybills"),
    "movement": gettext_lazy("Movement"),
    "receipts": gettext_lazy("Receipts"),
    "closes": gettext_lazy("Does it close?"),
    "claims": gettext_lazy("Claims"),
}
ON_THE_MAP = ("plan", "movement")


def run_of(request: MemberRequest, verb: str, pk: int) -> OperatedConvoy:
    """Return the convoy, if the reader may do ``verb`` with it."""
    mine = OperatedConvoy.objects.filter(operation=request.operation)
    return policy.get(request.actor, verb, mine.select_related("operation", "convoy"), pk=pk)


@opens("cargo.plan")
@BOTH
def run_new(request: MemberRequest) -> HttpResponse:
    """Plan a convoy."""
    form = PlanForm(request.POST or None, operation=request.operation)
    if form.is_valid():
        facts = dict(form.cleaned_data)
        ends = [facts.pop(name) for name in ("origin", "by_way_of", "destination")]
        try:
            made = rules.plan(
                request.operation,
                actor=request.actor,
                sites=[site for site in ends if site],
                **facts,
            )
        except Problem as problem:
            form.take(problem)
        else:
            return redirect("run", request.operation.slug, made.pk, "plan")
    home = Home(reverse("convoys", args=(request.operation.slug,)), _("Convoys"))
    context = {"form": form, "title": _("Plan a convoy"), "action": _("Plan it"), "home": home}
    return render(request, "convoys/cargo/form.html", context)


@opens("run.read")
def run(request: MemberRequest, pk: int, tab: str) -> HttpResponse:
    """Show one tab of a convoy, with what the reader may do there."""
    if tab not in TABS:
        raise Problem("not_found")
    one = run_of(request, "run.read", pk)
    slug = request.operation.slug
    context = {
        "run": one,
        "tab": tab,
        "tabs": [
            {"url": reverse("run", args=(slug, pk, key)), "label": label, "current": key == tab}
            for key, label in TABS.items()
        ],
        "actions": possible(request, one, tab),
        "flags": plausibility.flags(one),
        "overdue": movement.overdue_check(one),
        "halt": movement.halt(one),
        **CONTENTS[tab](one),
    }
    if tab in ON_THE_MAP:
        context |= mapped(request, on_the_map.drawing(one, request.actor))
    context["papers"] = papers.jobs_of(context.get(tab, ()), actor=request.actor)
    context |= {f"{name}_offers": offered(request, one, name) for name in OFFERS}
    return render(request, f"convoys/runs/{tab}.html", context)


def mapped(request: MemberRequest, drawing: dict[str, Any]) -> dict[str, Any]:
    """Return what a map of a convoy needs; nothing where there is nothing to draw."""
    return {"drawing": drawing, **background(request)} if drawing["features"] else {}


def possible(request: MemberRequest, one: OperatedConvoy, tab: str) -> list[dict[str, Any]]:
    """Return the actions on the whole convoy that its state and the reader's roles allow.

    The one that takes it further is the next; where none does, the first is.
    """
    found: list[dict[str, Any]] = [
        {"name": name, "label": action.label, "is_danger": action.is_danger}
        for name, action in ACTIONS.items()
        if action.tab == tab
        and one.state in action.states
        and policy.can(request.actor, action.verb, one)
    ]
    steps = offers(one, request.actor)
    further = [each for each in found if each["name"] in steps and not each["is_danger"]]
    for each in (further or found)[:1]:
        each["is_next"] = not each["is_danger"]
    return found


def offered(request: MemberRequest, one: OperatedConvoy, kind: str) -> dict[str, Any]:
    """Return by state what the reader may do with a part of the convoy."""
    return {
        state: [
            {"name": name, "label": ACTIONS[name].label, "is_danger": ACTIONS[name].is_danger}
            for name in names
            if policy.can(request.actor, ACTIONS[name].verb, one)
        ]
        for state, names in OFFERS[kind].items()
    }


def _plan(one: OperatedConvoy) -> dict[str, Any]:
    is_waiting = one.state in rules.BEFORE_DISPATCH
    return {
        "gate": clearance.gate(one) if is_waiting else [],
        "is_waiting": is_waiting,
        "leg_stage": _leg_stage(one),
        "onward": [(leg, clearance.gate(one, leg)) for leg in _onward(one)],
        "stops": one.stops.select_related("site"),
        "steps": one.route_steps.select_related("segment"),
        "legs": _legs(one),
        "crew": one.crew.filter(left_at=None).select_related("organisation"),
        "briefing": one.briefings.first(),
        "records": one.gate_records.select_related("recorded_by", "leg__vehicle")[:5],
    }


def _leg_stage(one: OperatedConvoy) -> str:
    """Return what a vehicle that was not let go yet waits for: the convoy, or to go on."""
    if one.state in rules.BEFORE_DISPATCH:
        return "planned"
    return "onward" if one.state in rules.ON_THE_WAY else ""


def _onward(one: OperatedConvoy) -> Any:
    """Return the vehicles that wait at a hub to be let go by themselves."""
    waiting = one.legs.filter(dispatched_at=None, departed_at=None)
    return waiting.select_related("vehicle") if _leg_stage(one) == "onward" else []


def _legs(one: OperatedConvoy) -> Any:
    loads = LoadLine.objects.filter(unload=None, qty__gt=0).select_related("item", "balance")
    waybills = Waybill.objects.exclude(state="void").select_related("consignee", "to_stop__site")
    return one.legs.select_related(
        "vehicle", "driver", "balance", "from_stop__site", "to_stop__site"
    ).prefetch_related(Prefetch("waybills", waybills), Prefetch("waybills__loads", loads))


def _load(one: OperatedConvoy) -> dict[str, Any]:
    is_waiting = one.state in rules.BEFORE_DISPATCH
    return {
        "legs": _legs(one),
        "is_waiting": is_waiting,
        "leg_stage": _leg_stage(one),
        "suggestion": suggestions.of(one) if is_waiting else [],
    }


def _waybills(one: OperatedConvoy) -> dict[str, Any]:
    found = Waybill.objects.filter(leg__convoy=one).select_related(
        "leg__vehicle", "consignee", "to_stop__site", "balance"
    )
    return {"waybills": found}


def _movement(one: OperatedConvoy) -> dict[str, Any]:
    odd = movement.out_of_order(one)
    events = one.transit_events.select_related("stop__site", "reporter", "leg__vehicle")
    return {
        "legs": one.legs.select_related("vehicle", "from_stop__site", "to_stop__site"),
        "events": [(event, event.pk in odd) for event in events],
        "outcome": outcomes.of(one),
    }


def _receipts(one: OperatedConvoy) -> dict[str, Any]:
    found = Receipt.objects.filter(waybill__leg__convoy=one)
    return {
        "receipts": found.select_related("waybill", "source_org"),
        "waybills": Waybill.objects.filter(leg__convoy=one)
        .exclude(state__in=("draft", "void", "issued"))
        .select_related("consignee", "leg", "finalised_by"),
    }


def _closes(one: OperatedConvoy) -> dict[str, Any]:
    rows = equation.of_convoy(one)
    postings = Posting.objects.filter(convoy=one).select_related("reporter", "receipt")
    entries = Entry.objects.select_related("load__item", "reverses")
    return {
        "rows": rows,
        "total": equation.total_kg(rows),
        "unsettled": closing.unsettled(one),
        "discrepancies": Discrepancy.objects.filter(load__waybill__leg__convoy=one).select_related(
            "load__item", "load__waybill"
        ),
        "postings": postings.prefetch_related(Prefetch("entries", entries)),
    }


def _claims(one: OperatedConvoy) -> dict[str, Any]:
    return said_of(one.convoy, SYSTEM) | checked(one.convoy)


CONTENTS = {
    "plan": _plan,
    "load": _load,
    "waybills": _waybills,
    "movement": _movement,
    "receipts": _receipts,
    "closes": _closes,
    "claims": _claims,
}


@opens("run.read")
@BOTH
def run_act(request: MemberRequest, pk: int, action: str) -> HttpResponse:
    """Ask for what an action needs, then carry it out."""
    chosen = ACTIONS.get(action)
    if chosen is None:
        raise Problem("not_found")
    one = run_of(request, chosen.verb, pk)
    target = _target(chosen, one, request.GET.get("on", ""))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = chosen.form(*sent, run=one, target=target)
    if form.is_valid():
        try:
            chosen.act(Call(one, request.actor, target, dict(form.cleaned_data), form))
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("Recorded."))
            return redirect("run", request.operation.slug, pk, chosen.tab)
    context = {"form": form, "run": one, "chosen": chosen, "about": target or one}
    if chosen.draws:
        draw = on_the_map.choices if chosen.draws == "segments" else on_the_map.drawing
        context |= mapped(request, draw(one, request.actor))
    return render(request, "convoys/runs/act.html", context)


def _target(chosen: Action, one: OperatedConvoy, key: str) -> Any:
    """Return the part of this convoy that an action is about; raise Problem ``not_found``."""
    if chosen.target is None:
        return None
    mine = chosen.target.objects.filter(**{chosen.path: one})
    try:
        return mine.get(pk=key)
    except (chosen.target.DoesNotExist, ValidationError):
        raise Problem("not_found") from None


@opens("cargo.read")
def closes(request: MemberRequest) -> HttpResponse:
    """Tell whether everything that all convoys carried is accounted for."""
    rows = equation.of_operation(request.operation)
    open_ones = Discrepancy.objects.filter(operation=request.operation).exclude(state="closed")
    runs = OperatedConvoy.objects.filter(operation=request.operation)
    unclosed = runs.exclude(state__in=("closed", "cancelled")).select_related("convoy")
    context = {
        "rows": rows,
        "total": equation.total_kg(rows),
        "open_discrepancies": open_ones.count(),
        "page": page(request, unclosed, field="etd", descending=True),
    }
    return render(request, "convoys/runs/operation.html", context)


@opens("waybill.read")
def waybill(request: MemberRequest, pk: Any) -> HttpResponse:
    """Show one waybill, with its loads and what became of them."""
    mine = Waybill.objects.filter(operation=request.operation).select_related(
        "leg__convoy", "leg__vehicle", "leg__from_stop__site", "to_stop__site", "consignee"
    )
    one = policy.get(request.actor, "waybill.read", mine, pk=pk)
    run = one.leg.convoy
    context = {
        "waybill": one,
        "is_staff": policy.can(request.actor, "run.read", run),
        "is_known": known_to(request.operation, request.actor).filter(pk=run.pk).exists(),
        "loads": loading.live_loads(one),
        "receipts": one.receipts.all(),
        "papers": papers.jobs_of([one], actor=request.actor),
    }
    return render(request, "convoys/runs/waybill.html", context)


@opens("receipt.read")
def receipt(request: MemberRequest, pk: Any) -> HttpResponse:
    """Show one receipt as it was written, and what was posted of it."""
    mine = Receipt.objects.filter(operation=request.operation).select_related(
        "waybill__leg__convoy", "source_org", "reporter"
    )
    one = policy.get(request.actor, "receipt.read", mine, pk=pk)
    entries = Entry.objects.filter(posting__receipt=one).select_related("load__item")
    context = {
        "receipt": one,
        "lines": written.lines(one),
        "seals": written.seals(one),
        "missing_pictures": written.missing_pictures(one),
        "is_dated_ahead": written.is_dated_ahead(one),
        "entries": entries,
        "papers": papers.jobs_of([one], actor=request.actor),
    }
    return render(request, "convoys/runs/receipt.html", context)
