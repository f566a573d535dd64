"""What people type about the plan of a convoy of our own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convoys import planning, routes, suggestions
from convoys.cargo_forms import NO_SITE
from convoys.models import Briefing, Driver, OperatedConvoy, Stop, Vehicle
from convoys.run_forms import SHORT, ActionForm, moment
from core.forms import FormWithFindings
from core.models import Organisation, RouteSegment, Site

NO_VEHICLE = _("There is no vehicle yet. Add one under “Cargo”, “Vehicles”.")


class PlanForm(FormWithFindings):
    """A new convoy: from where to where, when, by whom."""

    name = forms.CharField(label=_("Name"), max_length=200)
    lead_org = forms.ModelChoiceField(Organisation.objects.all(), label=_("Lead organisation"))
    leader = forms.CharField(label=_("Convoy leader"), max_length=150, required=False)
    escort = forms.ChoiceField(label=_("Escort"), choices=OperatedConvoy.Escort.choices)
    etd = moment(_("Planned departure"), required=True)
    eta = moment(_("Planned arrival"), required=True)
    origin = forms.ModelChoiceField(Site.objects.none(), label=_("From"))
    by_way_of = forms.ModelChoiceField(
        Site.objects.none(), label=_("By way of"), required=False, help_text=_("A stop between.")
    )
    destination = forms.ModelChoiceField(Site.objects.none(), label=_("To"))
    is_emergency = forms.BooleanField(
        label=_("Emergency: 24 hours' notice instead of 48"), required=False
    )

    def __init__(self, *args: Any, operation: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("origin", "by_way_of", "destination"):
            field: Any = self.fields[name]
            field.queryset = Site.objects.current().filter(operation=operation)
        self.name_what_is_missing({Site: NO_SITE})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("etd") and given.get("eta") and given["eta"] <= given["etd"]:
            self.add_error("eta", _("The arrival is not after the departure."))
        return given


class ChangeForm(ActionForm):
    """What of a plan can be changed by itself."""

    etd = moment(_("Planned departure"), required=True)
    eta = moment(_("Planned arrival"), required=True)
    leader = forms.CharField(label=_("Convoy leader"), max_length=150, required=False)
    escort = forms.ChoiceField(label=_("Escort"), choices=OperatedConvoy.Escort.choices)
    check_minutes = forms.IntegerField(
        label=_("Minutes between communication checks"), min_value=5, max_value=1440
    )
    is_emergency = forms.BooleanField(
        label=_("Emergency: 24 hours' notice instead of 48"), required=False
    )

    def prepare(self) -> None:
        for name, field in self.fields.items():
            field.initial = getattr(self.run, name)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("etd") and given.get("eta") and given["eta"] <= given["etd"]:
            self.add_error("eta", _("The arrival is not after the departure."))
        return given


class StopsForm(ActionForm):
    """The stops by their numbers, and one to be added."""

    site = forms.ModelChoiceField(Site.objects.none(), label=_("Add a stop at"), required=False)
    at = forms.IntegerField(
        label=_("Its place in the order"),
        min_value=1,
        required=False,
        help_text=_("Empty adds it at the end."),
    )

    def prepare(self) -> None:
        self.choose_from("site", Site.objects.current().filter(operation=self.run.operation_id))
        self.stops = list(self.run.stops.select_related("site").order_by("position"))
        numbered = {
            f"stop_{one.pk}": forms.IntegerField(
                label=str(one.site),
                min_value=1,
                required=False,
                initial=one.position,
                help_text=_("Its number in the order; empty removes the stop."),
            )
            for one in self.stops
        }
        self.fields = numbered | self.fields

    def places(self) -> list[Stop | Site]:
        """Return the stops and the new site in the order of their numbers."""
        given = self.cleaned_data
        # Of two with the same number the one that was moved comes first.
        found: list[tuple[int, bool, Any]] = [
            (given[f"stop_{one.pk}"], given[f"stop_{one.pk}"] == one.position, one)
            for one in self.stops
            if given[f"stop_{one.pk}"]
        ]
        if given["site"]:
            found.append((given["at"] or len(found) + 1000, False, given["site"]))
        return [place for _number, _stayed, place in sorted(found, key=lambda one: one[:2])]


class LegForm(ActionForm):
    """A vehicle with its driver, from one stop to another."""

    vehicle = forms.ModelChoiceField(Vehicle.objects.none(), label=_("Vehicle"))
    driver = forms.ModelChoiceField(Driver.objects.none(), label=_("Driver"), required=False)
    from_stop = forms.ModelChoiceField(Stop.objects.none(), label=_("From"))
    to_stop = forms.ModelChoiceField(Stop.objects.none(), label=_("To"))
    to_site = forms.ModelChoiceField(
        Site.objects.none(),
        label=_("Or on to another place"),
        required=False,
        help_text=_("It becomes the last stop."),
    )
    leaves = moment(_("Leaves"))
    arrives = moment(_("Arrives"))

    def prepare(self) -> None:
        own = {"operation": self.run.operation_id, "retired_at": None}
        self.choose_from("vehicle", Vehicle.objects.filter(**own))
        self.choose_from("driver", Driver.objects.filter(**own))
        self.name_what_is_missing({"vehicle": NO_VEHICLE})
        for name in ("from_stop", "to_stop"):
            self.choose_from(name, self.run.stops.select_related("site"))
        stops = list(self.run.stops.order_by("position"))
        self.fields["from_stop"].initial, self.fields["to_stop"].initial = stops[0], stops[-1]
        self.fields["leaves"].help_text = _("Empty: with the convoy.")
        self.fields["arrives"].help_text = _("Empty: with the convoy.")
        if self.target or self.run.state in planning.BEFORE_DISPATCH:
            del self.fields["to_site"]
        else:
            self._goes_on()
        if self.target:
            self.fields["leaves"].initial = self.target.period.lower
            self.fields["arrives"].initial = self.target.period.upper
            for name in ("vehicle", "driver", "from_stop", "to_stop"):
                self.fields[name].initial = getattr(self.target, name)

    def _goes_on(self) -> None:
        """Let it begin where a vehicle has arrived, and lead to any place."""
        self.choose_from("to_site", Site.objects.current().filter(operation=self.run.operation_id))
        here = self.run.legs.filter(arrived_at__isnull=False).order_by("arrived_at").last()
        if here:
            self.fields["from_stop"].initial = here.to_stop
        if here and here.to_stop == self.fields["to_stop"].initial:
            self.fields["to_stop"].initial = None  # it goes on to a place that is no stop yet
        self.fields["to_stop"].required = False
        self.fields["leaves"].help_text = _("Empty: now.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "to_stop" in given and not (given["to_stop"] or given.get("to_site")):
            self.add_error("to_stop", _("Choose where it goes: a stop, or another place."))
        return given


class WayOnForm(ActionForm):
    """The segments over which a vehicle goes on."""

    segments = forms.ModelMultipleChoiceField(
        RouteSegment.objects.none(),
        label=_("Segments"),
        help_text=_("From where it is now; what lies behind it stays in the route."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        found = RouteSegment.objects.current().filter(operation=self.run.operation_id)
        self.choose_from("segments", found)
        self.fields["segments"].initial = routes.ahead(self.run, self.target)


class RouteForm(ActionForm):
    """The segments of the route, in order."""

    segments = forms.ModelMultipleChoiceField(
        RouteSegment.objects.none(),
        label=_("Segments"),
        help_text=_("They are put in the order in which they are driven from the first stop."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        found = RouteSegment.objects.current().filter(operation=self.run.operation_id)
        self.choose_from("segments", found)
        self.fields["segments"].initial = list(self.run.segments.all())


class PersonForm(ActionForm):
    """Somebody on the manifest."""

    name = forms.CharField(label=_("Name"), max_length=150)
    task = forms.CharField(label=_("Task"), max_length=80)
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("Organisation"))
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)


class BriefForm(ActionForm):
    """Go or no-go."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Briefing.Decision.choices, widget=forms.RadioSelect
    )
    adviser = forms.CharField(label=_("Security adviser"), max_length=150)
    note = forms.CharField(label=_("What was said"), required=False, widget=SHORT)


class SuggestionForm(ActionForm):
    """The suggestion that was seen, so that no other one is loaded."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.preview = suggestions.of(self.run) or []
        self.fields["seen"].initial = suggestions.digest(self.preview)
