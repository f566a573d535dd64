"""What people type about access, read into what the rules take. They hold no rules."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import geo
from core.forms import DateInput, FormWithFindings
from core.models import (
    AccessConstraint,
    AccessScore,
    Area,
    Operation,
    RouteSegment,
    Sector,
    Site,
)
from core.models.facts import Credibility, FactSensitivity, Reliability
from core.models.statuses import Status

LONG = forms.Textarea(attrs={"rows": 3})


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time, in the reader's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def moment(label: Any, **options: Any) -> forms.DateTimeField:
    """Return a field for a day and time."""
    return forms.DateTimeField(label=label, widget=MomentInput, **options)


def hence(**distance: int) -> Any:
    """Return what gives a moment so far from now, to the minute."""
    return lambda: (timezone.now() + timedelta(**distance)).replace(second=0, microsecond=0)


class PointsField(forms.CharField):
    """Points drawn on the map, or typed one a line, as [longitude, latitude] pairs."""

    widget = forms.Textarea(attrs={"rows": 6, "class": "code", "spellcheck": "false"})

    def clean(self, value: Any) -> list[list[float]]:
        found = []
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.append(geo.degrees(line))
            except ValueError:
                message = gettext("Line {number} is not a latitude and a longitude: {line}")
                raise forms.ValidationError(message.format(number=number, line=line)) from None
        return found


class AreaField(forms.CharField):
    """An area by its P-code or its name."""

    def __init__(self, **options: Any):
        super().__init__(
            max_length=200,
            help_text=_("Its P-code or its name, as on the page “Areas”."),
            **options,
        )
        self.operation: Operation | None = None

    def clean(self, value: Any) -> Area | None:
        text = super().clean(value)
        if not text or self.operation is None:
            return None
        found = geo.find_by_pcode(self.operation, text)
        if found:
            return found
        named = Area.objects.current().filter(operation=self.operation, name__iexact=text)
        if named.count() != 1:
            raise forms.ValidationError(
                _("No single area is called so. Give its P-code."), code="unknown"
            )
        return named.get()


class FactForm(FormWithFindings):
    """What every fact carries; comes after its content."""

    occurred_at = moment(_("Observed at"), initial=hence())
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Who says so: team, agency, authority.")
    )
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, assume_scheme="https", max_length=500
    )
    reliability = forms.ChoiceField(
        label=_("Reliability of the source"), choices=Reliability.choices, initial="F"
    )
    credibility = forms.TypedChoiceField(
        label=_("Credibility of the report"), choices=Credibility.choices, coerce=int, initial=6
    )
    sensitivity = forms.ChoiceField(
        label=_("Who may read it"), choices=FactSensitivity.choices, initial="internal"
    )
    note = forms.CharField(label=_("Note"), required=False, widget=LONG)

    first: tuple[str, ...] = ()

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields(self.first)
        for name, field in self.fields.items():
            if isinstance(field, AreaField):
                field.operation = operation
            elif isinstance(field, forms.ModelChoiceField) and name != "sectors":
                rows: Any = field.queryset
                field.queryset = rows.filter(operation=operation)


def segments(**options: Any) -> "forms.ModelMultipleChoiceField[RouteSegment]":
    """Return a field for segments; which are the operation's, the form says."""
    rows: QuerySet[RouteSegment] = RouteSegment.objects.current()
    return forms.ModelMultipleChoiceField(
        rows,
        label=_("Segments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means all of them."),
        **options,
    )


def segment() -> "forms.ModelChoiceField[RouteSegment]":
    """Return a field for one segment or none."""
    return forms.ModelChoiceField(
        RouteSegment.objects.current(), label=_("Segment"), required=False
    )


def site(label: Any, *, kinds: Any = Site.Kind.values) -> "forms.ModelChoiceField[Site]":
    """Return a field for one site of some kinds, or none."""
    chosen = Site.objects.current().filter(kind__in=kinds)
    return forms.ModelChoiceField(chosen, label=label, required=False)


class ConstraintForm(FactForm):
    """An access constraint."""

    type = forms.TypedChoiceField(
        label=_("Type"), choices=AccessConstraint.Type.choices, coerce=int
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("In one line what happens, for example “Bridge closed to trucks”."),
    )
    area = AreaField(label=_("Area"), required=False)
    segment = segment()
    site = site(_("Site"))
    actor_kind = forms.ChoiceField(
        label=_("Who restricts"), choices=AccessConstraint.ActorKind.choices, initial="unknown"
    )
    impact = forms.ChoiceField(
        label=_("Impact"),
        choices=AccessConstraint.Impact.choices,
        initial="X",
        help_text=_("X says that nobody knows; 0 says that there is none."),
    )
    people_affected = forms.IntegerField(label=_("People affected"), required=False, min_value=0)
    sectors = forms.ModelMultipleChoiceField(
        Sector.objects.all(),
        label=_("Sectors"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    started_on = forms.DateField(label=_("Since"), widget=DateInput, initial=timezone.localdate)
    first = (
        "type",
        "title",
        "area",
        "segment",
        "site",
        "actor_kind",
        "impact",
        "people_affected",
        "sectors",
        "started_on",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        named = [key for key in ("area", "segment", "site") if given.get(key)]
        if len(named) != 1 and "area" not in self.errors:
            self.add_error("area", _("Name one place: an area, a segment or a site."))
        return given


class ObservationForm(FactForm):
    """What was seen of a segment, checkpoint or crossing."""

    segment = segment()
    site = site(_("Checkpoint or crossing"), kinds=("checkpoint", "crossing"))
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices, widget=forms.RadioSelect)
    valid_until = moment(
        _("Valid until"),
        initial=hence(hours=24),
        help_text=_("After that it reads as unknown, until somebody looks again."),
    )
    first = ("segment", "site", "status", "occurred_at", "valid_until")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("segment")) == bool(given.get("site")):
            self.add_error("segment", _("Name one: a segment, or a checkpoint or crossing."))
        seen, until = given.get("occurred_at"), given.get("valid_until")
        if seen and until and until <= seen:
            self.add_error("valid_until", _("This lies before it was observed."))
        return given


class ScoreForm(FactForm):
    """How hard people in an area can be reached."""

    area = AreaField(label=_("Area"))
    score = forms.ChoiceField(label=_("Score"), choices=AccessScore.Score.choices, initial="X")
    as_of = forms.DateField(label=_("As of"), widget=DateInput, initial=timezone.localdate)
    valid_until = forms.DateField(label=_("Valid until"), widget=DateInput)
    first = ("area", "score", "as_of", "valid_until")


class ReasonForm(FormWithFindings):
    """Why something is adopted, ended, decided or withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LONG)


class EndForm(FormWithFindings):
    """Since when a constraint is over, and what shows it."""

    on = forms.DateField(label=_("Ended on"), widget=DateInput, initial=timezone.localdate)
    reason = forms.CharField(
        label=_("What shows it"),
        max_length=300,
        widget=LONG,
        help_text=_("A visit, a letter, a decision: who confirmed that access is given."),
    )
