"""What people type about convoys of our own; each form belongs to one action on a convoy."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convoys import closing
from convoys.models import (
    Briefing,
    ConsignmentLine,
    Driver,
    Entry,
    LoadLine,
    OperatedConvoy,
    Stop,
    TransitEvent,
    Vehicle,
)
from convoys.numbers import amount
from core.access.forms import MomentInput
from core.forms import FormWithFindings
from core.models import Area, Organisation, PopulationGroup, RouteSegment, Site

SHORT = forms.Textarea(attrs={"rows": 2})
SMALLEST = Decimal("0.001")


# Django's field takes its type of rows only in annotations.
if TYPE_CHECKING:
    Choice = forms.ModelChoiceField[Any]
else:
    Choice = forms.ModelChoiceField


def moment(label: Any, *, required: bool = False, initial: Any = None) -> forms.DateTimeField:
    """Return a field for a day and time, in the reader's time zone."""
    return forms.DateTimeField(
        label=label, required=required, initial=initial, widget=MomentInput()
    )


def units(label: Any, *, required: bool = True) -> forms.DecimalField:
    """Return a field for a quantity in inventory units."""
    return forms.DecimalField(
        label=label, required=required, min_value=SMALLEST, max_digits=14, decimal_places=3
    )


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

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("etd") and given.get("eta") and given["eta"] <= given["etd"]:
            self.add_error("eta", _("The arrival is not after the departure."))
        return given


class ActionForm(FormWithFindings):
    """A form of one action: it knows the convoy, and what of the convoy it is about."""

    def __init__(self, *args: Any, run: OperatedConvoy, target: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.run, self.target = run, target
        self.prepare()

    def prepare(self) -> None:
        """Narrow the choices to the convoy's own."""

    def choose_from(self, name: str, rows: Any) -> None:
        """Let a field choose among rows."""
        field: Any = self.fields[name]
        field.queryset = rows


class SureForm(ActionForm):
    """Nothing but a button."""


class ReasonForm(ActionForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)


class EvidenceForm(ReasonForm):
    """Why, and by what one knows."""

    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=300,
        help_text=_("A report's number, a photo, who witnessed it."),
    )


class CloseForm(ActionForm):
    """What becomes of lines that were carried in part, where there are any."""

    rest = forms.ChoiceField(
        label=_("What was never loaded of the lines below"),
        choices=(
            (closing.WAITS, _("waits for another convoy, which will close the line")),
            (closing.BACK, _("goes back: to the stock, or to the consignor")),
        ),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)

    def prepare(self) -> None:
        left = closing.never_loaded(self.run)
        self.fields["rest"].help_text = "; ".join(
            f"{line}: {line.item}, {amount(line.balance.free_qty)} {line.unit}" for line in left
        )
        if not left:
            self.fields.clear()


class LegForm(ActionForm):
    """A vehicle with its driver, from one stop to another."""

    vehicle = forms.ModelChoiceField(Vehicle.objects.none(), label=_("Vehicle"))
    driver = forms.ModelChoiceField(Driver.objects.none(), label=_("Driver"), required=False)
    from_stop = forms.ModelChoiceField(Stop.objects.none(), label=_("From"))
    to_stop = forms.ModelChoiceField(Stop.objects.none(), label=_("To"))

    def prepare(self) -> None:
        own = {"operation": self.run.operation_id, "retired_at": None}
        self.choose_from("vehicle", Vehicle.objects.filter(**own))
        self.choose_from("driver", Driver.objects.filter(**own))
        for name in ("from_stop", "to_stop"):
            self.choose_from(name, self.run.stops.select_related("site"))
        stops = list(self.run.stops.order_by("position"))
        self.fields["from_stop"].initial, self.fields["to_stop"].initial = stops[0], stops[-1]


class RouteForm(ActionForm):
    """The segments of the route, in order."""

    segments = forms.ModelMultipleChoiceField(
        RouteSegment.objects.none(),
        label=_("Segments, in the order in which they are driven"),
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


class WaybillForm(ActionForm):
    """A waybill of a leg: for whom, to which stop."""

    to_stop = forms.ModelChoiceField(Stop.objects.none(), label=_("To"))
    consignee = forms.ModelChoiceField(Organisation.objects.all(), label=_("Consignee"))

    def prepare(self) -> None:
        stops = self.run.stops.select_related("site")
        if self.target:
            stops = stops.filter(position__gt=self.target.from_stop.position)
        self.choose_from("to_stop", stops)
        self.fields["to_stop"].initial = stops.order_by("position").last()


class LineChoice(Choice):
    """A line with what of it is not loaded yet."""

    def label_from_instance(self, line: Any) -> str:
        balance = line.balance
        return f"{line}: {line.item} - {balance.free_qty.normalize():f} {line.unit}"


class LoadForm(ActionForm):
    """A quantity of a consignment line."""

    line = LineChoice(ConsignmentLine.objects.none(), label=_("Line and what is left of it"))
    qty = units(_("Quantity"))

    def prepare(self) -> None:
        lines = ConsignmentLine.objects.filter(
            consignment__operation=self.run.operation_id, balance__free_qty__gt=0
        )
        self.choose_from("line", lines.select_related("item", "consignment", "balance"))


class EntryChoice(Choice):
    """A forwarded, redirected or returned entry with what of it is not loaded again."""

    def label_from_instance(self, entry: Any) -> str:
        left = f"{entry.balance.free_qty.normalize():f} {entry.load.item.unit}"
        return f"{entry.load.item} ({entry.get_kind_display()}): {left}"


class LoadOnForm(ActionForm):
    """A quantity of what was forwarded, redirected or returned."""

    entry = EntryChoice(Entry.objects.none(), label=_("What goes on"))
    qty = units(_("Quantity"))

    def prepare(self) -> None:
        found = Entry.objects.filter(
            posting__operation=self.run.operation_id, balance__free_qty__gt=0
        )
        self.choose_from("entry", found.select_related("load__item", "balance"))


class IssueForm(ActionForm):
    """Seals and signatures."""

    seals = forms.CharField(
        label=_("Seals"), max_length=200, required=False, help_text=_("Numbers, with commas.")
    )
    loader = forms.CharField(label=_("Signed by (loader)"), max_length=150)
    driver = forms.CharField(label=_("Signed by (driver)"), max_length=150)


class DispatchForm(ActionForm):
    """A reason, where something soft is overridden."""

    override = forms.CharField(
        label=_("Why it may leave all the same"),
        max_length=300,
        required=False,
        widget=SHORT,
        help_text=_("Needed where something stands against it that may be overridden."),
    )


class EventForm(ActionForm):
    """What happened on the road."""

    kind = forms.ChoiceField(label=_("What happened"), choices=TransitEvent.Kind.choices)
    occurred_at = moment(_("When"), required=True, initial=timezone.now)
    stop = forms.ModelChoiceField(Stop.objects.none(), label=_("At"), required=False)
    custody = forms.CharField(label=_("In the custody of"), max_length=150, required=False)
    seals_seen = forms.CharField(label=_("Seals seen"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=SHORT)

    def prepare(self) -> None:
        self.choose_from("stop", self.run.stops.select_related("site"))


class DivertForm(ReasonForm):
    """Another destination."""

    site = forms.ModelChoiceField(Site.objects.none(), label=_("New destination"))

    def prepare(self) -> None:
        self.choose_from("site", Site.objects.current().filter(operation=self.run.operation_id))


class LoadChoice(Choice):
    """A loaded line with what of it is outstanding."""

    def label_from_instance(self, load: Any) -> str:
        left = f"{load.balance.outstanding_qty.normalize():f} {load.item.unit}"
        return f"{load.waybill}: {load.item} - {left}"


class DispositionForm(ReasonForm):
    """What became of a quantity of a line."""

    kinds: tuple[str, ...] = ()
    load = LoadChoice(LoadLine.objects.none(), label=_("Line and what is outstanding"))
    kind = forms.ChoiceField(label=_("What became of it"))
    qty = units(_("Quantity"))
    field_order = ("load", "kind", "qty", "reason", "evidence")

    def prepare(self) -> None:
        loads = LoadLine.objects.filter(
            waybill__leg__convoy=self.run, balance__outstanding_qty__gt=0
        )
        self.choose_from("load", loads.select_related("item", "waybill", "balance"))
        labels = dict(Entry.Kind.choices)
        kind: Any = self.fields["kind"]
        kind.choices = [(one, labels[one]) for one in self.kinds]


class LossForm(DispositionForm, EvidenceForm):
    """What was lost, of which line, how."""

    kinds = Entry.LOSSES


class HandOnForm(DispositionForm):
    """What goes on with another vehicle, to another consignee, or back."""

    kinds = Entry.ONWARD


class DistributionForm(ActionForm):
    """What was given out, and to how many."""

    load = forms.ModelChoiceField(LoadLine.objects.none(), label=_("Received line"))
    qty = units(_("Quantity given out"))
    people = forms.IntegerField(label=_("People reached"), min_value=0)
    group = forms.ChoiceField(label=_("Population group"), choices=PopulationGroup.choices)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"), required=False)
    occurred_at = moment(_("When"), required=True, initial=timezone.now)

    def prepare(self) -> None:
        loads = LoadLine.objects.filter(waybill__leg__convoy=self.run, balance__good_qty__gt=0)
        self.choose_from("load", loads.select_related("item"))
        areas = Area.objects.current().filter(operation=self.run.operation_id)
        self.choose_from("area", areas.filter(level__lte=2))


class ReceiptForm(ActionForm):
    """What arrived of a waybill, line by line; what is left empty says nothing."""

    occurred_at = moment(_("Received at"), required=True, initial=timezone.now)
    receiver = forms.CharField(label=_("Received by"), max_length=150)
    signed_by = forms.CharField(label=_("Signed by"), max_length=150, required=False)
    seals = forms.CharField(label=_("Seals seen"), max_length=200, required=False)
    remarks = forms.CharField(label=_("Remarks"), max_length=1000, required=False)
    final = forms.BooleanField(
        label=_("Nothing more is to come of this waybill"),
        required=False,
        help_text=_("What is then outstanding becomes a discrepancy, line by line."),
    )
    WORDS = (("good", _("good")), ("damaged", _("damaged")), ("missing", _("missing")))

    def prepare(self) -> None:
        self.loads = list(
            self.target.loads.filter(unload=None).select_related("item", "balance")
            if self.target
            else []
        )
        for number, load in enumerate(self.loads):
            for name, word in self.WORDS:
                label = f"{load.item}, {load.qty.normalize():f} {load.item.unit}: {word}"
                self.fields[f"{name}_{number}"] = forms.DecimalField(
                    label=label, required=False, min_value=0, max_digits=14, decimal_places=3
                )

    def body(self) -> dict[str, Any]:
        """Return what was typed as a receipt's body."""
        given = self.cleaned_data
        lines = []
        for number, load in enumerate(self.loads):
            amounts = {name: given.get(f"{name}_{number}") for name, _word in self.WORDS}
            if any(amount is not None for amount in amounts.values()):
                said = {name: str(amount or 0) for name, amount in amounts.items()}
                lines.append({"load": str(load.pk), **said})
        told = {
            name: given[name] for name in ("receiver", "signed_by", "seals", "remarks", "final")
        }
        return told | {"lines": lines}
