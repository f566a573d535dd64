"""What people type about windows, clearances, notices and requests. They hold no rules."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import geo
from core.access.forms import LONG, FactForm, PointsField, moment, segment, segments
from core.forms import DateInput, FormWithFindings
from core.models import AccessWindow, Operation, Sector
from core.models.movements import AccessOutcome, DeliveryOutcome


class PeriodForm(FactForm):
    """A fact with a beginning and an end."""

    begins, ends = "starts_at", "ends_at"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get(self.begins), given.get(self.ends)
        if start and end and end <= start:
            self.add_error(self.ends, _("The end cannot be before the start."))
        return given


class WindowForm(PeriodForm):
    """A ceasefire, pause or corridor."""

    kind = forms.ChoiceField(label=_("Kind"), choices=AccessWindow.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    parties = forms.CharField(
        label=_("Parties"),
        max_length=300,
        required=False,
        help_text=_("Who agreed, by the names that they use themselves."),
    )
    segments = segments()
    starts_at = moment(_("Starts"))
    ends_at = moment(_("Ends"))
    terms = forms.CharField(label=_("Terms"), required=False, widget=LONG)
    points = PointsField(
        label=_("Corners of the area"),
        required=False,
        help_text=_(
            "Where it holds, if it is an area. Click on the map around it, or type"
            " latitude, longitude: one corner a line."
        ),
    )
    first = ("kind", "title", "parties", "points", "segments", "starts_at", "ends_at", "terms")


class CorrectionForm(WindowForm):
    """What can be put right of a window: all but its state and times, and who told of it."""

    kept = ("title", "parties", "points", "segments", "terms")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in self.kept}


def window_as_typed(one: AccessWindow) -> dict[str, Any]:
    """Return a window as its form for corrections begins with it."""
    typed: dict[str, Any] = {name: getattr(one, name) for name in ("title", "parties", "terms")}
    corners = "\n".join(geo.corners(one.geometry))
    return typed | {"points": corners, "segments": one.segments.all()}


class ClearanceForm(PeriodForm):
    """A clearance that was requested."""

    begins, ends = "valid_from", "valid_to"
    authority = forms.CharField(label=_("Authority"), max_length=200)
    kind = forms.CharField(
        label=_("Kind of clearance"),
        max_length=100,
        help_text=_("As the authority calls it, for example facilitation letter."),
    )
    purpose = forms.CharField(label=_("For what"), max_length=200)
    segments = segments()
    valid_from = moment(_("Valid from"))
    valid_to = moment(_("Valid until"))
    offices = forms.CharField(
        label=_("Steps"),
        required=False,
        widget=LONG,
        help_text=_("The offices on the way, one a line, in their order."),
    )
    excluded_items = forms.CharField(
        label=_("Not allowed"),
        required=False,
        help_text=_("Sectors' or items' codes with commas between."),
    )
    first = (
        "authority",
        "kind",
        "purpose",
        "segments",
        "valid_from",
        "valid_to",
        "offices",
        "excluded_items",
    )

    def clean_offices(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["offices"].splitlines() if line.strip()]

    def clean_excluded_items(self) -> list[str]:
        parts = self.cleaned_data["excluded_items"].split(",")
        return [part.strip()[:100] for part in parts if part.strip()]


class JourneyForm(PeriodForm):
    """A movement that parties are told of or asked for."""

    addressee = forms.CharField(label=_("To whom"), max_length=200)
    purpose = forms.CharField(label=_("What moves"), max_length=200)
    segments = segments()
    starts_at = moment(_("Starts"))
    ends_at = moment(_("Ends"))
    first: tuple[str, ...] = ("addressee", "purpose", "segments", "starts_at", "ends_at")


class NoticeForm(JourneyForm):
    """A deconfliction notice."""

    is_emergency = forms.BooleanField(
        label=_("Emergency: a shorter notice is enough"), required=False
    )
    first = (*JourneyForm.first, "is_emergency")


class OutcomeForm(FactForm):
    """How a movement went."""

    access_outcome = forms.ChoiceField(label=_("Access"), choices=AccessOutcome.choices)
    delivery_outcome = forms.ChoiceField(label=_("Delivery"), choices=DeliveryOutcome.choices)
    first = ("access_outcome", "delivery_outcome")


class RequirementForm(FormWithFindings):
    """Whose clearance is needed on which segment for what."""

    authority = forms.CharField(label=_("Authority"), max_length=200)
    kind = forms.CharField(label=_("Kind of clearance"), max_length=100)
    segment = segment()
    sector = forms.ModelChoiceField(
        Sector.objects.all(),
        label=_("Sector"),
        required=False,
        help_text=_("None means any cargo."),
    )
    since = forms.DateField(label=_("Since"), widget=DateInput, initial=timezone.localdate)
    source = forms.CharField(label=_("Source"), max_length=200)

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["segment"]
        field.queryset = field.queryset.filter(operation=operation)


class StepForm(FormWithFindings):
    """A step of a window or a paper: the step, why, and what comes with it."""

    step = forms.ChoiceField(label=_("Step"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    ends_at = moment(_("New end"), required=False, help_text=_("To extend or resume."))
    conditions = forms.CharField(label=_("Conditions"), required=False, widget=LONG)
    reference = forms.CharField(label=_("Reference of the answer"), max_length=100, required=False)

    def __init__(
        self, *args: Any, steps: list[tuple[str, str]], fields: tuple[str, ...], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        chooser: Any = self.fields["step"]
        chooser.choices = steps
        for name in ("ends_at", "conditions", "reference"):
            if name not in fields:
                del self.fields[name]
