"""What people type about convoys of our own; each form belongs to one action on a convoy."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convoys import closing, receiving, room
from convoys.models import (
    ConsignmentLine,
    Entry,
    Leg,
    LoadLine,
    OperatedConvoy,
    Stop,
    TransitEvent,
    Waybill,
)
from core.access.forms import MomentInput
from core.forms import FormWithFindings, ManyFiles, ManyFilesField
from core.models import Area, Organisation, PopulationGroup, Site
from core.models.movements import AccessOutcome
from core.quantities import amount

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


class AccessOutcomeForm(ReasonForm):
    """Whether the convoy was let through, and by what one knows."""

    access_outcome = forms.ChoiceField(label=_("Access"), choices=AccessOutcome.choices)
    field_order = ("access_outcome", "reason")


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


def reckoning(waybill: Waybill, balances: list[Any]) -> dict[str, Any]:
    """Return what static/site/loading.js reckons with."""
    return {"vehicle": room.of_vehicle(waybill.leg), "units": room.of_units(balances)}


class LoadForm(ActionForm):
    """A quantity of a consignment line."""

    line = LineChoice(ConsignmentLine.objects.none(), label=_("Line and what is left of it"))
    qty = units(_("Quantity"))

    def prepare(self) -> None:
        lines = ConsignmentLine.objects.filter(
            consignment__operation=self.run.operation_id, balance__free_qty__gt=0
        )
        rows = lines.select_related("item", "consignment", "balance")
        self.choose_from("line", rows)
        self.room = reckoning(self.target, [one.balance for one in rows])


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
            posting__operation=self.run.operation_id,
            balance__free_qty__gt=0,
            balance__closed=False,
        )
        rows = found.select_related("load__item", "balance")
        self.choose_from("entry", rows)
        self.room = reckoning(self.target, [one.balance for one in rows])


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
    leg = forms.ModelChoiceField(
        Leg.objects.none(),
        label=_("Vehicle"),
        required=False,
        help_text=_("Empty for all. A vehicle that goes on from a later stop departs by itself."),
    )
    stop = forms.ModelChoiceField(Stop.objects.none(), label=_("At"), required=False)
    latitude = forms.FloatField(
        label=_("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=_("Where the convoy was: click on the map, or type both numbers."),
    )
    longitude = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180
    )
    custody = forms.CharField(label=_("In the custody of"), max_length=150, required=False)
    seals_seen = forms.CharField(label=_("Seals seen"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=SHORT)

    def prepare(self) -> None:
        self.choose_from("stop", self.run.stops.select_related("site"))
        legs = self.run.legs.filter(arrived_at=None)
        self.choose_from("leg", legs.select_related("vehicle", "from_stop__site", "to_stop__site"))

    def clean(self) -> dict[str, Any]:
        """Take latitude and longitude as one point."""
        given = super().clean() or {}
        place = given.pop("longitude", None), given.pop("latitude", None)
        if place == (None, None):
            return given
        if None in place:
            self.add_error("latitude", _("Give both latitude and longitude, or neither."))
            return given
        return given | {"point": Point(*place, srid=4326)}


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


class LostForm(EvidenceForm):
    """How a whole convoy was lost."""

    kind = forms.ChoiceField(label=_("What became of it"))
    field_order = ("kind", "reason", "evidence")

    def prepare(self) -> None:
        labels = dict(Entry.Kind.choices)
        kind: Any = self.fields["kind"]
        kind.choices = [(one, labels[one]) for one in Entry.LOSSES]


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
    photos = ManyFilesField(
        label=_("Photos"),
        required=False,
        widget=ManyFiles(attrs={"accept": ",".join(sorted(receiving.PICTURES))}),
        help_text=_(
            "JPEG, PNG or WebP, several at once. Where they were taken is removed. When something"
            " else has to be put right, choose them again."
        ),
    )
    WORDS = (("good", _("good")), ("damaged", _("damaged")), ("missing", _("missing")))

    def prepare(self) -> None:
        self.loads = list(
            self.target.loads.filter(unload=None).select_related("item", "balance")
            if self.target
            else []
        )
        self.about = [self[name] for name in self.fields]
        for number, load in enumerate(self.loads):
            for name, word in self.WORDS:
                self.fields[f"{name}_{number}"] = forms.DecimalField(
                    label=f"{load.item}: {word}",
                    required=False,
                    min_value=0,
                    max_digits=14,
                    decimal_places=3,
                )
            self.fields[f"reason_{number}"] = forms.CharField(
                label=f"{load.item}: {gettext('what happened')}", max_length=300, required=False
            )

    @property
    def lines(self) -> list[tuple[LoadLine, list[forms.BoundField]]]:
        """Return each load with its fields: good, damaged, missing, and what happened."""
        names = (*(name for name, _word in self.WORDS), "reason")
        return [
            (load, [self[f"{name}_{number}"] for name in names])
            for number, load in enumerate(self.loads)
        ]

    def body(self) -> dict[str, Any]:
        """Return what was typed as a receipt's body."""
        given = self.cleaned_data
        lines = []
        for number, load in enumerate(self.loads):
            amounts = {name: given.get(f"{name}_{number}") for name, _word in self.WORDS}
            if any(amount is not None for amount in amounts.values()):
                said = {name: str(amount or 0) for name, amount in amounts.items()}
                reason = given.get(f"reason_{number}", "")
                lines.append({"load": str(load.pk), **said, "reason": reason})
        told = {
            name: given[name] for name in ("receiver", "signed_by", "seals", "remarks", "final")
        }
        return told | {"lines": lines}
