"""Recording the conditions of an assessment: added, holding since, fallen, removed from a draft."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments import conditions
from assessments.models import Assessment, Condition
from assessments.views.assessments import page_of, readable, with_constraints
from assessments.views.planning_forms import ConditionForm, EvidenceForm
from core import policy
from core.access.picture import lasting
from core.errors import Problem
from core.views.doors import MemberRequest, opens

Recorder = Callable[..., Condition]


def planned(request: MemberRequest, pk: int) -> Assessment:
    """Return the assessment whose conditions the reader may record."""
    return policy.get(request.actor, "assessment.plan", readable(request), pk=pk)


@require_POST
@opens("assessment.plan")
def condition_add(request: MemberRequest, pk: int) -> HttpResponse:
    """Add a condition."""
    one = planned(request, pk)
    form = ConditionForm(request.POST, constraints=lasting(request.operation, request.actor))
    if form.is_valid():
        try:
            conditions.add(one, actor=request.actor, **form.cleaned_data)
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("The condition was added; it is open."))
            return redirect("assessment", request.operation.slug, pk)
    return page_of(request, one, condition_form=form)


@require_POST
@opens("assessment.plan")
def condition_met(request: MemberRequest, pk: int, condition: int) -> HttpResponse:
    """Record since when a condition holds."""
    done = _("It was recorded that the condition holds.")
    return _record(request, pk, condition, conditions.record_met, done)


@require_POST
@opens("assessment.plan")
def condition_fell(request: MemberRequest, pk: int, condition: int) -> HttpResponse:
    """Record that a condition holds no more."""
    done = _("It was recorded that the condition fell.")
    return _record(request, pk, condition, conditions.record_fallen, done)


@require_POST
@opens("assessment.plan")
def condition_remove(request: MemberRequest, pk: int, condition: int) -> HttpResponse:
    """Take a condition off a draft."""
    one = planned(request, pk)
    found = _found(one, condition)
    conditions.remove(found, actor=request.actor)
    messages.success(request, _("The condition was removed."))
    return redirect("assessment", request.operation.slug, pk)


def _found(one: Assessment, condition: int) -> Condition:
    found = with_constraints(one).filter(pk=condition).first()
    if found is None:
        raise Problem("not_found")
    return found


def _record(
    request: MemberRequest, pk: int, condition: int, rule: Recorder, done: str
) -> HttpResponse:
    one = planned(request, pk)
    found = _found(one, condition)
    form = EvidenceForm(request.POST, condition=found)
    if form.is_valid():
        try:
            rule(found, actor=request.actor, **form.cleaned_data)
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, done)
            return redirect("assessment", request.operation.slug, pk)
    rows = [
        (each, form if each == found else EvidenceForm(condition=each))
        for each in with_constraints(one)
    ]
    return page_of(request, one, conditions=rows)
