"""Windows, clearances, notices and movement requests: lists, one of them, its next steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from core import policy
from core.access import picture, plans, reports
from core.access.paper_forms import (
    ClearanceForm,
    JourneyForm,
    NoticeForm,
    OutcomeForm,
    RequirementForm,
    StepForm,
    WindowForm,
)
from core.access.standing import standings
from core.models import (
    AccessWindow,
    Clearance,
    ClearanceRequirement,
    DeconflictionNotice,
    MovementRequest,
)
from core.transitions import offers
from core.views.access import tabs
from core.views.access_events import tried
from core.views.access_roads import around, pencil
from core.views.doors import MemberRequest, opens

BOTH = require_http_methods(["GET", "HEAD", "POST"])
MOST = 100
STEPS: dict[str, str | Promise] = {
    "confirm": _("Confirm"),
    "extend": _("Extend"),
    "break_off": _("Record that it was broken"),
    "resume": _("Resume"),
    "end": _("End"),
    "cancel": _("Cancel"),
    "grant": _("Granted"),
    "grant_with_conditions": _("Granted with conditions"),
    "deny": _("Denied"),
    "revoke": _("Revoked"),
    "submit": _("Submit"),
    "acknowledge": _("Acknowledged"),
    "withdraw": _("Withdraw"),
    "take_up": _("Pending at the other side"),
    "facilitate": _("Facilitated"),
    "postpone": _("Postponed"),
    "lose_sight": _("No answer to be had"),
}


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its addresses' name, words, model, form, and the rules behind both."""

    name: str
    title: str | Promise
    new: str | Promise
    note: str | Promise
    model: type[Any]
    form: type[Any]
    make: Callable[..., Any]
    move: Callable[..., Any]
    with_step: tuple[str, ...] = ()
    is_drawn: bool = False


PAPERS = (
    Paper(
        "window",
        _("Windows"),
        _("Record a window"),
        _("Ceasefires, pauses and corridors that parties announced."),
        AccessWindow,
        WindowForm,
        plans.announce,
        plans.move_window,
        ("ends_at",),
        is_drawn=True,
    ),
    Paper(
        "clearance",
        _("Clearances"),
        _("Request a clearance"),
        _("Permissions that authorities give, step by step. Who requests does not decide."),
        Clearance,
        ClearanceForm,
        plans.request,
        plans.decide,
        ("conditions", "excluded_items", "valid_from", "valid_to", "reference"),
    ),
    Paper(
        "notice",
        _("Deconfliction notices"),
        _("Draft a notice"),
        _("What parties are told of a movement. A notice informs; it is never a permission."),
        DeconflictionNotice,
        NoticeForm,
        plans.notify,
        plans.move_journey,
        ("reference",),
    ),
    Paper(
        "movement",
        _("Movement requests"),
        _("Draft a movement request"),
        _("What parties are asked to let pass, and how they answer."),
        MovementRequest,
        JourneyForm,
        plans.ask,
        plans.move_journey,
        ("reference", "agreed_from", "agreed_until"),
    ),
)


def _rows(request: MemberRequest, paper: Paper) -> Any:
    rows = paper.model.objects.filter(operation=request.operation).select_related("operation")
    return policy.filter(request.actor, f"{paper.name}.read", rows)


@opens("access.read")
def papers(request: MemberRequest) -> HttpResponse:
    """List windows, clearances, notices and requests, and which clearances are required."""
    text = request.GET.get("q", "").strip()[:100]
    found = []
    for paper in PAPERS:
        field = "title" if paper.name == "window" else "purpose"
        rows = _rows(request, paper)
        rows = rows.filter(**{f"{field}__icontains": text}) if text else rows
        found.append((paper, rows[:MOST]))
    needed = ClearanceRequirement.objects.filter(operation=request.operation)
    needed = policy.filter(request.actor, "requirement.read", needed)
    context = {
        "tabs": tabs(request, "papers"),
        "q": text,
        "papers": found,
        "requirements": standings(
            request.operation, needed.select_related("segment", "sector", "operation")
        ),
        "today": timezone.localdate(),
    }
    return render(request, "core/access/papers.html", context)


def new(paper: Paper) -> Any:
    """Return the view that makes a paper of a kind."""

    @opens("access.manage")
    @BOTH
    def paper_new(request: MemberRequest) -> HttpResponse:
        form = paper.form(request.POST or None, operation=request.operation)
        if form.is_valid():
            given = form.cleaned_data
            rule = paper.make
            made = tried(form, lambda: rule(request.operation, actor=request.actor, **given))
            if made:
                return redirect(made)
        if paper.is_drawn:
            return pencil(request, form, str(paper.new), draws="area", back="papers")
        context = {"form": form, "title": paper.new, "action": _("Save"), "back": "papers"}
        status = 400 if form.errors else 200
        return render(request, "core/access/form.html", context, status=status)

    return paper_new


def one(paper: Paper) -> Any:
    """Return the view that shows a paper of a kind, with the steps that the reader can take."""

    @opens(f"{paper.name}.read")
    def paper_one(request: MemberRequest, pk: Any) -> HttpResponse:
        row = policy.get(request.actor, f"{paper.name}.read", _rows(request, paper), pk=pk)
        return _show(request, paper, row, _steps(request, paper, row))

    return paper_one


def move(paper: Paper) -> Any:
    """Return the view that takes a paper of a kind a step further."""

    @opens(f"{paper.name}.manage")
    @require_POST
    def paper_move(request: MemberRequest, pk: Any) -> HttpResponse:
        row = policy.get(request.actor, f"{paper.name}.manage", _rows(request, paper), pk=pk)
        form = _steps(request, paper, row)
        if form.is_valid():
            given = dict(form.cleaned_data)
            step, rule = given.pop("step"), paper.move
            if tried(form, lambda: rule(row, step, actor=request.actor, **given)):
                messages.success(request, gettext("Recorded."))
                return redirect(row)
        return _show(request, paper, row, form)

    return paper_move


def _steps(request: MemberRequest, paper: Paper, row: Any) -> StepForm:
    steps = [(key, str(STEPS[key])) for key in offers(row, request.actor) if key in STEPS]
    return StepForm(request.POST or None, steps=steps, fields=paper.with_step)


def _show(request: MemberRequest, paper: Paper, row: Any, form: StepForm) -> HttpResponse:
    chooser: Any = form.fields["step"]
    context = {"paper": paper, "row": row, "form": form, "steps": chooser.choices}
    context["move"] = f"{paper.name}_move"
    context["today"] = timezone.localdate()
    if paper.is_drawn and row.geometry:
        context |= {"drawing": picture.drawing([], [], [row])} | around(request, row.geometry)
    status = 400 if form.errors else 200
    return render(request, f"core/access/{paper.name}.html", context, status=status)


@opens("access.report")
@BOTH
def outcome_new(request: MemberRequest, pk: Any) -> HttpResponse:
    """Record how a movement went."""
    rows = MovementRequest.objects.filter(operation=request.operation)
    movement = policy.get(request.actor, "movement.read", rows, pk=pk)
    policy.check(request.actor, "access.report", request.operation)
    form = OutcomeForm(request.POST or None, operation=request.operation)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: reports.outcome(movement, actor=request.actor, **given)):
            return redirect(movement)
    context = {"form": form, "title": _("Record the outcome"), "action": _("Record")}
    context |= {"back": "papers", "about": movement}
    status = 400 if form.errors else 200
    return render(request, "core/access/form.html", context, status=status)


@opens("access.manage")
@BOTH
def requirement_new(request: MemberRequest) -> HttpResponse:
    """Record whose clearance is needed."""
    form = RequirementForm(request.POST or None, operation=request.operation)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: plans.require(request.operation, actor=request.actor, **given)):
            return redirect("papers", request.operation.slug)
    context = {"form": form, "title": _("Require a clearance"), "action": _("Record")}
    status = 400 if form.errors else 200
    return render(request, "core/access/form.html", context | {"back": "papers"}, status=status)


@opens("requirement.manage")
@require_POST
def requirement_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Record that a clearance is no longer needed from today on."""
    rows = ClearanceRequirement.objects.filter(operation=request.operation)
    found = policy.get(request.actor, "requirement.manage", rows, pk=pk)
    plans.no_longer(found, actor=request.actor, on=timezone.localdate())
    return redirect("papers", request.operation.slug)
