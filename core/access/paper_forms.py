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


class CodesField(forms.CharField):
    """Codes of sectors or items, as a list."""

    def __init__(self, **options: Any):
        help_text = _("Sectors' or items' codes with commas between.")
        super().__init__(help_text=help_text, **options)

    def clean(self, value: Any) -> list[str]:
        parts = super().clean(value).replace(";", ",").split(",")
        return [part.strip() for part in parts if part.strip()]


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
    excluded_items = CodesField(label=_("Not allowed"), required=False)
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


class DraftForm(JourneyForm):
    """What a draft of a movement request says, to be changed."""

    kept: tuple[str, ...] = (*JourneyForm.first, "source", "note")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in self.kept}


class NoticeDraftForm(DraftForm):
    """What a notice says, to be changed or amended."""

    is_emergency = NoticeForm.base_fields["is_emergency"]
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Why it is amended, once it was acknowledged."),
    )
    kept = (*JourneyForm.first, "is_emergency", "source", "note", "reason")


def journey_as_typed(one: Any, form: type[DraftForm]) -> dict[str, Any]:
    """Return a notice or movement request as its form begins with it."""
    typed = {name: getattr(one, name) for name in form.kept if hasattr(one, name)}
    return typed | {"segments": one.segments.all()}


class OfficeForm(FormWithFindings):
    """An office on the way to a clearance."""

    office = forms.CharField(label=_("Office"), max_length=200)


class OfficeDoneForm(FormWithFindings):
    """When an office has done its part."""

    on = forms.DateField(label=_("Done on"), widget=DateInput, initial=timezone.localdate)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


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


AS_ASKED = _("Leave it empty where it is as it was asked.")


class StepForm(FormWithFindings):
    """A step of a window or a paper: the step, why, and what comes with it."""

    step = forms.ChoiceField(label=_("Step"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    ends_at = moment(_("New end"), required=False, help_text=_("To extend or resume."))
    conditions = forms.CharField(label=_("Conditions"), required=False, widget=LONG)
    excluded_items = CodesField(label=_("Not allowed"), required=False)
    valid_from = moment(_("Granted from"), required=False, help_text=AS_ASKED)
    valid_to = moment(_("Granted until"), required=False, help_text=AS_ASKED)
    agreed_from = moment(_("Agreed start"), required=False, help_text=AS_ASKED)
    agreed_until = moment(_("Agreed end"), required=False, help_text=AS_ASKED)
    reference = forms.CharField(label=_("Reference of the answer"), max_length=100, required=False)

    def __init__(
        self, *args: Any, steps: list[tuple[str, str]], fields: tuple[str, ...], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        chooser: Any = self.fields["step"]
        chooser.choices = steps
        for name in set(self.fields) - {"step", "reason", *fields}:
            del self.fields[name]
