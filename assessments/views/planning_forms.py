"""Forms of the assessment pages: what is typed, turned into what the rules take."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, AssessmentOrganisation, Condition
from assessments.planning import Plan
from core.forms import DateInput, FormWithFindings
from core.models import AccessConstraint, Area, Operation, Organisation

Part = AssessmentOrganisation.Part


class PlanForm(FormWithFindings):
    """The facts of an assessment; its areas are chosen beside the form."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("As it will stand on reports."),
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), choices=Assessment.Method.choices)
    description = forms.CharField(
        label=gettext_lazy("Purpose"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What will be decided with the findings, and for whom."),
    )
    lead = forms.ModelChoiceField(
        label=gettext_lazy("Lead organisation"),
        queryset=Organisation.objects.all(),
        help_text=gettext_lazy("Its analysts and coordinators read and review all submissions."),
    )
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Member organisations"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    observers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Observers"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    requested_by = forms.CharField(
        label=gettext_lazy("Requested by"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Who asked for the assessment, for example a Member State."),
    )
    requested_on = forms.DateField(
        label=gettext_lazy("Requested on"), widget=DateInput, required=False
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Field work from"), widget=DateInput, required=False
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Field work until"), widget=DateInput, required=False
    )

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        taking_part = (
            Q(memberships__operation=operation)
            | Q(assessments__operation=operation)
            | Q(pk__in=Assessment.objects.filter(operation=operation).values("lead"))
        )
        near: QuerySet[Organisation] = Organisation.objects.filter(taking_part).distinct()
        for name in ("members", "observers"):
            field: Any = self.fields[name]
            field.queryset = near
            field.label_from_instance = full_name
        lead: Any = self.fields["lead"]
        lead.label_from_instance = full_name

    def plan(self, targets: dict[Area, int], *, is_demo: bool) -> Plan:
        """Return what was typed, with the areas chosen beside the form."""
        given = dict(self.cleaned_data)
        for name in ("members", "observers"):
            given[name] = list(given[name])
        return Plan(**given, targets=targets, is_demo=is_demo)


def full_name(organisation: Organisation) -> str:
    """Return an organisation's acronym with its name."""
    if organisation.name in {"", organisation.acronym}:
        return organisation.acronym
    return f"{organisation.acronym} · {organisation.name}"


def kept(assessment: Assessment) -> dict[str, Any]:
    """Return what an assessment's plan form begins with."""
    parts = list(assessment.participations.values_list("organisation", "part"))
    plain = ("title", "method", "description", "requested_by", "requested_on")
    return {
        **{name: getattr(assessment, name) for name in plain},
        "starts_on": assessment.starts_on,
        "ends_on": assessment.ends_on,
        "lead": assessment.lead_id,
        "members": [one for one, part in parts if part == Part.MEMBER],
        "observers": [one for one, part in parts if part == Part.OBSERVER],
    }


class ConditionForm(FormWithFindings):
    """A new condition."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Condition.Kind.choices)
    text = forms.CharField(
        label=gettext_lazy("What must hold"),
        max_length=300,
        help_text=gettext_lazy("So that everybody can tell whether it does, and who must act."),
    )
    constraint = forms.ModelChoiceField(
        AccessConstraint.objects.none(),
        label=gettext_lazy("Access constraint that must end"),
        required=False,
        help_text=gettext_lazy("The condition holds from the day on which its end is recorded."),
    )

    def __init__(self, *args: Any, constraints: QuerySet[AccessConstraint], **kwargs: Any):
        super().__init__(*args, **kwargs)
        chooser: Any = self.fields["constraint"]
        chooser.queryset = constraints


class EvidenceForm(FormWithFindings):
    """Since when something holds, or when it fell, and what shows it."""

    on = forms.DateField(label=gettext_lazy("Day"), widget=DateInput)
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For example a letter with its date, a decision, a visit."),
    )

    def __init__(self, data: QueryDict | None = None, *, condition: Condition):
        today = {"on": timezone.localdate()}
        super().__init__(data, auto_id=f"condition-{condition.pk}-%s", initial=today)


def targets(data: QueryDict, areas: dict[int, Area]) -> dict[Area, int]:
    """Return the chosen areas with their targets; what is no number in a target counts as none.

    The data has ``area`` once for each area and ``target-<id>`` for its planned submissions.
    """
    chosen = {}
    for given in data.getlist("area"):
        area = areas.get(int(given)) if given.isdecimal() and len(given) < 19 else None
        if area:
            target = data.get(f"target-{area.pk}", "").strip()
            chosen[area] = int(target) if target.isdecimal() and len(target) < 10 else 0
    return chosen


def bad_targets(data: QueryDict) -> list[str]:
    """Return what was typed as a target and is no whole number."""
    typed = [
        value.strip()
        for key, values in data.lists()
        if key.startswith("target-")
        for value in values
    ]
    return [value for value in typed if value and not (value.isdecimal() and len(value) < 10)]


def not_whole(values: list[str]) -> str:
    """Return the message on targets that are no whole numbers."""
    return _("Give the planned submissions as whole numbers, not “{values}”.").format(
        values="”, “".join(values[:3])
    )
