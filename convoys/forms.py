"""What people type about reported convoys, read into values."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from convoys import claim_values
from convoys.models import Claim, Convoy
from convoys.models.reported import AMOUNTS, DAYS, WEIGHTS
from core.models import Operation, RouteSegment

ROUTE = Claim.Attribute.ROUTE
# A road is chosen on the map, by a form of its own.
ATTRIBUTES = [one for one in Claim.Attribute.choices if one[0] != ROUTE]
KG_PER_TONNE = Decimal(1000)


class ConvoyForm(forms.Form):
    """A convoy that others report."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("What people here call it, for example “Second convoy of November”."),
    )
    organiser = forms.CharField(label=_("Run by, as reported"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ClaimForm(forms.Form):
    """One claim: tonnes for cargo, counts for vehicles and staff, dates, or words."""

    convoys = forms.ModelMultipleChoiceField(
        Convoy.objects.none(),
        label=_("Convoys it is about"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose several where the source speaks of them together."),
    )
    attribute = forms.ChoiceField(label=_("About"), choices=ATTRIBUTES)
    value = forms.CharField(
        label=_("Value"),
        max_length=300,
        help_text=_("Tonnes for cargo, a number for vehicles and staff, a date as 2020-11-23."),
    )
    upper = forms.CharField(
        label=_("To (for a range)"),
        max_length=40,
        required=False,
        help_text=_("Only where the source gives a range, such as 40 to 45 t."),
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Who says so: agency, authority, medium.")
    )
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, assume_scheme="https", max_length=500
    )
    published_on = forms.DateField(
        label=_("Published on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    reliability = forms.ChoiceField(
        label=_("Reliability of the source"), choices=Claim.Reliability.choices, initial="F"
    )
    credibility = forms.TypedChoiceField(
        label=_("Credibility of the claim"),
        choices=Claim.Credibility.choices,
        coerce=int,
        initial=6,
    )

    def __init__(self, *args: Any, convoys: QuerySet[Convoy], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["convoys"]
        field.queryset = convoys

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        attribute = given.get("attribute")
        if attribute in AMOUNTS and not given.get("upper"):
            given["value"], given["upper"] = claim_values.halves(given.get("value", ""))
        for key in ("value", "upper"):
            typed = given.get(key)
            if typed and attribute:
                try:
                    given[key] = read(attribute, typed)
                except ValueError as error:
                    self.add_error(key, str(error))
        return given


class RoadForm(ClaimForm):
    """A claim on the road that convoys took: the source's words, and the roads that are meant."""

    attribute = forms.ChoiceField(choices=[(ROUTE, ROUTE.label)], widget=forms.HiddenInput)
    value = forms.CharField(
        label=_("In the source's words"),
        max_length=300,
        required=False,
        help_text=_("Not needed where the roads are chosen."),
    )
    segments = forms.ModelMultipleChoiceField(
        RouteSegment.objects.none(),
        label=_("Roads that are meant"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all out where it is not clear which road the source means."),
    )
    field_order = ("convoys", "segments", "value")

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["upper"]
        field: Any = self.fields["segments"]
        field.queryset = RouteSegment.objects.current().filter(operation=operation)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not self.errors and not given["value"] and not given["segments"]:
            self.add_error("value", _("Choose the roads, or write what the source says."))
        return given


class ReasonForm(forms.Form):
    """Why a claim is adopted or withdrawn."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class AdoptForm(ReasonForm):
    """Why a claim is adopted; ``wider`` words the range of all that is said, where that is more."""

    whole_range = forms.BooleanField(required=False)
    field_order = ("whole_range", "reason")

    def __init__(self, *args: Any, wider: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if wider:
            label = _("Go by the range of all that sources say: {range}").format(range=wider)
            self.fields["whole_range"].label = label
        else:
            del self.fields["whole_range"]


def read(attribute: str, typed: str) -> Decimal | date | str:
    """Return the typed value in the unit that claims keep; raise ValueError where it is none."""
    if attribute in AMOUNTS:
        number = claim_values.number(typed)
        return number * KG_PER_TONNE if attribute in WEIGHTS else number
    return claim_values.day(typed) if attribute in DAYS else typed
