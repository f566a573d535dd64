"""Constraints, observed status and scores: the list, one of them, reporting, ending, adopting."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import policy
from core.access import constraints as rules
from core.access import reports, scores, status
from core.access.forms import (
    ConstraintForm,
    EndForm,
    ObservationForm,
    ReasonForm,
    ScoreForm,
)
from core.errors import Problem
from core.models import AccessConstraint, AccessScore, StatusObservation
from core.paging import page
from core.views.access import tabs
from core.views.doors import MemberRequest, opens

BOTH = require_http_methods(["GET", "HEAD", "POST"])


def readable(request: MemberRequest) -> QuerySet[AccessConstraint]:
    """Return the operation's constraints that the reader may see."""
    rows = AccessConstraint.objects.filter(operation=request.operation)
    return policy.filter(request.actor, "constraint.read", rows)


def tried(form: Any, rule: Callable[[], Any]) -> Any:
    """Return what the rule gives, or None with its findings beside the form's fields."""
    try:
        return rule()
    except Problem as problem:
        form.take(problem)
        return None


@opens("constraint.read")
def constraints(request: MemberRequest) -> HttpResponse:
    """List the constraints with a search and filters, and the scores of areas."""
    text = request.GET.get("q", "").strip()[:100]
    kind, live = request.GET.get("type", ""), request.GET.get("over", "")
    found = readable(request)
    if text:
        words = Q(title__icontains=text) | Q(source__icontains=text) | Q(note__icontains=text)
        places = Q(area__search__icontains=text) | Q(segment__name__icontains=text)
        found = found.filter(words | places | Q(site__name__icontains=text))
    if kind.isascii() and kind.isdigit():
        found = found.filter(type=int(kind[:2]))
    over = Q(ended_on__isnull=False) | Q(withdrawn_at__isnull=False)
    found = found.filter(over) if live == "yes" else found.exclude(over) if not live else found
    listed = page(
        request,
        found.select_related("area", "segment", "site", "operation"),
        field="started_on",
        descending=True,
    )
    scored = AccessScore.objects.filter(operation=request.operation).select_related("area")
    context = {
        "tabs": tabs(request, "constraints"),
        "page": listed,
        "q": text,
        "type": kind,
        "over": live,
        "types": AccessConstraint.Type.choices,
        "scores": scores.sides(policy.filter(request.actor, "score.read", scored)[:50]),
        "has_any": readable(request).exists(),
    }
    return render(request, "core/access/constraints.html", context)


@opens("constraint.read")
def constraint(request: MemberRequest, pk: Any) -> HttpResponse:
    """Show one constraint."""
    one = policy.get(request.actor, "constraint.read", readable(request), pk=pk)
    return render(request, "core/access/constraint.html", {"constraint": one})


@opens("access.report")
@BOTH
def constraint_new(request: MemberRequest) -> HttpResponse:
    """Report a constraint."""
    chosen = {key: request.GET.get(key, "") for key in ("area", "segment", "site")}
    form = ConstraintForm(request.POST or None, operation=request.operation, initial=chosen)
    if form.is_valid():
        facts = dict(form.cleaned_data)
        many = {"sectors": facts.pop("sectors")}
        made = tried(
            form,
            lambda: reports.constraint(request.operation, actor=request.actor, many=many, **facts),
        )
        if made:
            messages.success(request, _("The constraint is recorded."))
            return redirect(made)
    return _form(request, form, _("Report a constraint"), _("Record"), "constraints")


@opens("constraint.manage")
@BOTH
def constraint_end(request: MemberRequest, pk: Any) -> HttpResponse:
    """Ask since when access is given and what shows it, then end a constraint."""
    one = policy.get(request.actor, "constraint.manage", readable(request), pk=pk)
    form = EndForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: rules.end(one, actor=request.actor, **given)):
            messages.success(request, _("The constraint has ended. What waits for it is told."))
            return redirect(one)
    return _form(request, form, _("Record the end"), _("Record the end"), "constraints", one)


@opens("constraint.manage")
@BOTH
def constraint_withdraw(request: MemberRequest, pk: Any) -> HttpResponse:
    """Ask what was wrong, then withdraw a report."""
    one = policy.get(request.actor, "constraint.manage", readable(request), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: rules.withdraw(one, actor=request.actor, **given)):
            return redirect(one)
    return _form(request, form, _("Withdraw the report"), _("Withdraw"), "constraints", one)


@opens("access.report")
@BOTH
def observation_new(request: MemberRequest) -> HttpResponse:
    """Report what was seen of a road or checkpoint."""
    chosen = {key: request.GET.get(key, "") for key in ("segment", "site")}
    form = ObservationForm(request.POST or None, operation=request.operation, initial=chosen)
    if form.is_valid():
        given = form.cleaned_data
        made = tried(
            form, lambda: reports.observation(request.operation, actor=request.actor, **given)
        )
        if made:
            messages.success(request, _("Recorded. It stands beside what others observed."))
            return redirect(made.subject)
    return _form(request, form, _("Report a status"), _("Record"), "roads")


@opens("observation.adopt")
@BOTH
def observation_adopt(request: MemberRequest, pk: Any) -> HttpResponse:
    """Ask for the reason, then go by one of several observations."""
    rows = StatusObservation.objects.filter(operation=request.operation)
    one = policy.get(request.actor, "observation.adopt", rows, pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: status.adopt(one, actor=request.actor, **given)):
            subject: Any = one.subject
            return redirect(subject)
    return _form(request, form, _("Adopt an observation"), _("Adopt"), "roads", one)


@opens("access.manage")
@BOTH
def score_new(request: MemberRequest) -> HttpResponse:
    """Score the access to an area."""
    form = ScoreForm(request.POST or None, operation=request.operation)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: reports.score(request.operation, actor=request.actor, **given)):
            messages.success(request, _("The score is recorded."))
            return redirect("constraints", request.operation.slug)
    return _form(request, form, _("Score an area"), _("Record"), "constraints")


@opens("score.adopt")
@BOTH
def score_adopt(request: MemberRequest, pk: Any) -> HttpResponse:
    """Ask for the reason, then go by one of several scores of an area."""
    rows = AccessScore.objects.filter(operation=request.operation).select_related("area")
    one = policy.get(request.actor, "score.adopt", rows, pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if tried(form, lambda: scores.adopt(one, actor=request.actor, **given)):
            return redirect("constraints", request.operation.slug)
    return _form(request, form, _("Adopt a score"), _("Adopt"), "constraints", one)


def _form(
    request: MemberRequest, form: Any, title: str, action: str, back: str, about: Any = None
) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": back, "about": about}
    return render(request, "core/access/form.html", context, status=400 if form.errors else 200)
