"""Assignments of an assessment: who fills which form where until when, and how far it is."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments import assignments as rules
from assessments.models import Assessment, Assignment, Form
from assessments.planning import CLOSED
from assessments.submissions.filters import AreaField
from assessments.views.assessments import readable
from core import policy
from core.errors import Problem
from core.forms import DateInput, FormWithFindings
from core.models import Organisation
from core.paging import page
from core.views.doors import MemberRequest, opens


class AssignmentForm(FormWithFindings):
    """A part of the field work."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Organisation.objects.none()
    )
    team = forms.CharField(label=gettext_lazy("Team"), max_length=100, required=False)
    form = forms.ModelChoiceField(label=gettext_lazy("Form"), queryset=Form.objects.none())
    target = forms.IntegerField(
        label=gettext_lazy("Planned submissions"), min_value=0, max_value=1_000_000, initial=10
    )
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DateInput, required=False)
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=DateInput, required=False)
    field_order = ("organisation", "team", "form", "area", "target", "starts_on", "ends_on")

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"] = AreaField(
            assessment.operation,
            label=_("Area"),
            help_text=_("Its P-code or name: an area of the scope, or one inside it."),
        )
        organisation: Any = self.fields["organisation"]
        organisation.queryset = rules.organisations_of(assessment)
        form: Any = self.fields["form"]
        form.queryset = assessment.forms.order_by("title")
        self.order_fields(self.field_order)


@opens("assessment.read")
def assignments(request: MemberRequest, pk: int) -> HttpResponse:
    """List the assignments with their progress; planners add to them."""
    one = policy.get(request.actor, "assessment.read", readable(request), pk=pk)
    may_plan = policy.can(request.actor, "assessment.plan", one) and one.state not in CLOSED
    form = AssignmentForm(request.POST or None, assessment=one)
    if request.method == "POST" and form.is_valid():
        try:
            rules.add(one, actor=request.actor, wanted=Assignment(**form.cleaned_data))
        except Problem as problem:
            form.take(problem)
        else:
            messages.success(request, _("The assignment was added."))
            return redirect("assignments", request.operation.slug, pk)
    found = Assignment.objects.filter(assessment=one).select_related("organisation", "form", "area")
    listed = page(request, found, field="id")
    received = rules.progress(listed.rows)
    context = {
        "assessment": one,
        "form": form,
        "may_plan": may_plan,
        "page": listed,
        "rows": [(each, received[each.pk]) for each in listed.rows],
    }
    return render(request, "assessments/assessments/assignments.html", context)


@opens("assessment.plan")
@require_POST
def assignment_remove(request: MemberRequest, pk: int, assignment: int) -> HttpResponse:
    """Take an assignment off."""
    one = policy.get(request.actor, "assessment.plan", readable(request), pk=pk)
    found = Assignment.objects.filter(assessment=one, pk=assignment).first()
    if found is None:
        raise Problem("not_found")
    rules.remove(found, actor=request.actor)
    messages.success(request, _("The assignment was removed."))
    return redirect("assignments", request.operation.slug, pk)
