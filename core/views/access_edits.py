"""Changing papers: windows corrected, drafts changed, notices amended, steps of clearances."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core import policy
from core.access import plans
from core.access.paper_forms import (
    CorrectionForm,
    DraftForm,
    NoticeDraftForm,
    OfficeDoneForm,
    OfficeForm,
    journey_as_typed,
    window_as_typed,
)
from core.models import AccessWindow, Clearance, ClearanceStep
from core.views.access_events import tried
from core.views.access_papers import Paper
from core.views.access_roads import pencil
from core.views.doors import MemberRequest, opens

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@opens("window.manage")
@BOTH
def window_correct(request: MemberRequest, pk: Any) -> HttpResponse:
    """Put right what is recorded of a window that is not over."""
    rows = AccessWindow.objects.filter(operation=request.operation).select_related("operation")
    one = policy.get(request.actor, "window.manage", rows, pk=pk)
    plans.not_over(one)
    start = window_as_typed(one)
    form = CorrectionForm(request.POST or None, operation=request.operation, initial=start)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: plans.correct(one, actor=request.actor, **given)):
            messages.success(
                request, gettext("Corrected. Its history keeps what was there before.")
            )
            return redirect(one)
    title = gettext("Correct {window}").format(window=one)
    return pencil(request, form, title, draws="area", back="papers", leave=one.get_absolute_url())


@opens("clearance.manage")
@BOTH
def step_done(request: MemberRequest, pk: Any, step: int) -> HttpResponse:
    """Record when an office on the way to a clearance has done its part."""
    clearance = clearance_of(request, pk)
    found = get_object_or_404(ClearanceStep, clearance=clearance, number=step)
    form = OfficeDoneForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: plans.step_done(found, actor=request.actor, **given)):
            return redirect(clearance)
    return asked(request, form, gettext("Done by {office}").format(office=found), clearance)


@opens("clearance.manage")
@BOTH
def step_new(request: MemberRequest, pk: Any) -> HttpResponse:
    """Add an office that turned out to be on the way to a clearance."""
    clearance = clearance_of(request, pk)
    form = OfficeForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: plans.add_step(clearance, actor=request.actor, **given)):
            return redirect(clearance)
    return asked(request, form, gettext("Add a step"), clearance)


def edit(paper: Paper) -> Any:
    """Return the view that changes a draft, or amends a notice."""

    @opens(f"{paper.name}.manage")
    @BOTH
    def journey_edit(request: MemberRequest, pk: Any) -> HttpResponse:
        rows = paper.model.objects.filter(operation=request.operation).select_related("operation")
        one = policy.get(request.actor, f"{paper.name}.manage", rows, pk=pk)
        plans.may_change(one)
        form_class = NoticeDraftForm if paper.name == "notice" else DraftForm
        typed = journey_as_typed(one, form_class)
        form = form_class(request.POST or None, operation=request.operation, initial=typed)
        if form.is_valid():
            given = form.cleaned_data
            if tried(form, lambda: plans.change(one, actor=request.actor, **given)):
                messages.success(
                    request, gettext("Changed. Its history keeps what it said before.")
                )
                return redirect(one)
        title = gettext("Change the draft") if one.state == "draft" else gettext("Amend the notice")
        return asked(request, form, title, one)

    return journey_edit


def clearance_of(request: MemberRequest, pk: Any) -> Clearance:
    """Return a clearance that the reader may move along."""
    rows = Clearance.objects.filter(operation=request.operation).select_related("operation")
    return policy.get(request.actor, "clearance.manage", rows, pk=pk)


def asked(request: MemberRequest, form: Any, title: str, about: Any) -> HttpResponse:
    """Show a form about a paper; leaving it leads back to the paper."""
    context = {"form": form, "title": title, "action": title, "about": about, "back": "papers"}
    context["leave"] = about.get_absolute_url()
    status = 400 if form.errors else 200
    return render(request, "core/access/form.html", context, status=status)
