"""What people type about items, stock, requests, consignments, vehicles and drivers."""

from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django import forms
from django.forms import fields_for_model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from convoys import delegates, stock
from convoys.models import Consignment, ConsignmentLine, Delegate, Driver, ServiceRequest, Vehicle
from convoys.run_forms import SHORT, units
from core.forms import DateInput, FormWithFindings
from core.models import Operation, Organisation, ReliefItem, Site, User
from core.quantities import amount, plain
from core.units import unit

NO_SITE = _("There is no site yet. Add one under “Access”, “Add”, “Site”.")
FIRST: Mapping[Any, Any] = {
    "warehouse": _("There is no warehouse yet. Add a site of that kind under “Access”, “Add”."),
    Site: NO_SITE,
    ReliefItem: _("The catalogue has no item yet. Add one under “Cargo”, “Catalogue”."),
}


class CargoForm(FormWithFindings):
    """A form in an operation: it chooses among the operation's own sites, items and requests.

    ``columns`` are fields made from a model's columns.
    """

    columns: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields = {name: deepcopy(field) for name, field in self.columns.items()} | self.fields
        self.name_what_is_empty()
        own = {
            Site: Site.objects.current().filter(operation=operation),
            ReliefItem: ReliefItem.objects.filter(operation=operation, retired_at=None),
            ServiceRequest: ServiceRequest.objects.filter(
                operation=operation, state__in=("accepted", "part_fulfilled")
            ),
        }
        for field in self.fields.values():
            rows = getattr(field, "queryset", None)
            if rows is not None and rows.model in own:
                choices: Any = field
                choices.queryset = own[rows.model]
                if rows.model is ReliefItem:
                    choices.label_from_instance = in_units
        if "warehouse" in self.fields:
            chooser: Any = self.fields["warehouse"]
            chooser.queryset = stock.warehouses(operation)
        self.name_what_is_missing(FIRST)


def in_units(item: ReliefItem) -> str:
    """Return an item's name with the unit that its quantities count."""
    return f"{item} · {unit(item.unit)}, {amount(item.unit_kg)} kg"


def of_columns(model: Any, *names: str, **widgets: Any) -> dict[str, Any]:
    """Return form fields for a model's columns, checked as the model's own."""
    return fields_for_model(model, fields=names, widgets=widgets)


def told(row: Any, form: "type[CargoForm]") -> dict[str, Any]:
    """Return what a form about a row starts with."""
    values = {name: getattr(row, name) for name in form.columns}
    return {name: plain(one) if isinstance(one, Decimal) else one for name, one in values.items()}


class ItemForm(CargoForm):
    """An item of the catalogue."""

    columns = of_columns(
        ReliefItem,
        "code",
        "name",
        "sector",
        "unit",
        "unit_kg",
        "unit_m3",
        "people_per_unit",
        "days_per_unit",
        "coverage_source",
        "temp_min",
        "temp_max",
        "un_number",
        "un_class",
    )


class StockForm(CargoForm):
    """Goods that came into a warehouse."""

    warehouse = forms.ModelChoiceField(Site.objects.none(), label=_("Warehouse"))
    item = forms.ModelChoiceField(ReliefItem.objects.none(), label=_("Item"))
    owner = forms.ModelChoiceField(Organisation.objects.all(), label=_("Owner"))
    qty = units(_("Quantity"))
    lot_number = forms.CharField(label=_("Lot"), max_length=60, required=False)
    expires_on = forms.DateField(label=_("Expires on"), required=False, widget=DateInput())


class CountForm(CargoForm):
    """What was counted of a lot."""

    qty = forms.DecimalField(label=_("Counted"), min_value=0, max_digits=14, decimal_places=3)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)


class RequestForm(CargoForm):
    """What an organisation asks to have carried."""

    columns = of_columns(
        ServiceRequest,
        "requester",
        "origin",
        "destination",
        "ready_date",
        "needed_by",
        "priority",
        "requested_kg",
        "note",
        ready_date=DateInput(),
        needed_by=DateInput(),
        note=SHORT,
    )


ROWS = 6


def _goods() -> dict[str, forms.Field]:
    """Return the fields for rows of goods; the first row is needed."""
    found: dict[str, forms.Field] = {}
    for number in range(1, ROWS + 1):
        is_needed = number == 1
        found[f"item_{number}"] = forms.ModelChoiceField(
            ReliefItem.objects.none(),
            label=format_lazy(_("Item {number}"), number=number),
            required=is_needed,
        )
        found[f"qty_{number}"] = units(
            format_lazy(_("Quantity of item {number}"), number=number), required=is_needed
        )
    return found


class ReconstructForm(CargoForm):
    """What the papers of a convoy of others say that one vehicle carried."""

    number = forms.CharField(
        label=_("Number of the waybill"),
        max_length=40,
        required=False,
        help_text=_("As the papers have it; empty gives it a number of ours."),
    )
    lead_org = forms.ModelChoiceField(Organisation.objects.all(), label=_("Who ran the convoy"))
    consignor = forms.ModelChoiceField(Organisation.objects.all(), label=_("Consignor"))
    consignee = forms.ModelChoiceField(
        Organisation.objects.all(),
        label=_("Consignee"),
        help_text=_("Its receivers record what they received."),
    )
    origin = forms.ModelChoiceField(Site.objects.none(), label=_("From"))
    destination = forms.ModelChoiceField(Site.objects.none(), label=_("To"))

    columns = _goods()

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, operation=operation, **kwargs)
        self.order_fields([*self.base_fields, *self.columns])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for number in range(1, ROWS + 1):
            item, qty = f"item_{number}", f"qty_{number}"
            if bool(given.get(item)) != bool(given.get(qty)) and not {item, qty} & set(self.errors):
                self.add_error(qty if given.get(item) else item, _("Give both, or none of them."))
        return given

    def papers(self) -> list[forms.BoundField]:
        """Return the fields above the goods."""
        return [self[name] for name in self.base_fields]

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of the goods, item and quantity beside each other."""
        return [(self[f"item_{one}"], self[f"qty_{one}"]) for one in range(1, ROWS + 1)]

    def goods(self) -> list[tuple[ReliefItem, Decimal]]:
        """Return the items and quantities that are given."""
        given = self.cleaned_data
        pairs = [(given[f"item_{one}"], given[f"qty_{one}"]) for one in range(1, ROWS + 1)]
        return [(item, qty) for item, qty in pairs if item]


class ReasonForm(CargoForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)


class ConsignmentForm(CargoForm):
    """Goods from one organisation and site to another."""

    columns = of_columns(
        Consignment,
        "request",
        "consignor",
        "consignee",
        "donor",
        "origin",
        "destination",
        "note",
        note=SHORT,
    )


class LineForm(CargoForm):
    """A quantity of an item, from stock or not."""

    item = forms.ModelChoiceField(ReliefItem.objects.none(), label=_("Item"))
    qty = units(_("Quantity"))
    from_stock = forms.BooleanField(
        label=_("From the stock at the origin, first expired first"),
        required=False,
        help_text=_("Lot, expiry and weight come from the stock; leave the rest empty then."),
    )

    own: Mapping[str, Any] = of_columns(
        ConsignmentLine,
        "lot_number",
        "expires_on",
        "gross_kg",
        "volume_m3",
        "hu_count",
        "hu_kind",
        "value",
        "currency",
        expires_on=DateInput(),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields |= {name: deepcopy(field) for name, field in self.own.items()}
        for name in ("gross_kg", "volume_m3"):
            self.fields[name].required = False
            self.fields[name].help_text = _("Of the whole line; the catalogue's without it.")

    def clean(self) -> dict[str, Any]:
        """Leave out what is not said, and refuse what the stock would contradict."""
        given = super().clean() or {}
        said = {name: given.pop(name) for name in self.own if name in given}
        said = {name: value for name, value in said.items() if value not in (None, "")}
        if given.get("from_stock"):
            for name in said:
                self.add_error(name, _("This comes from the stock. Leave it empty."))
        if "currency" in said:
            said["currency"] = said["currency"].upper()
        return given | said


class VehicleForm(CargoForm):
    """A vehicle."""

    columns = of_columns(
        Vehicle,
        "label",
        "plate",
        "kind",
        "owner",
        "tare_kg",
        "payload_kg",
        "volume_m3",
        "axles",
        "axle_limit_kg",
        "temp_min",
        "temp_max",
    )


class DelegateForm(CargoForm):
    """Who may decide in place of a second holder of the role."""

    duty = forms.ChoiceField(
        label=_("Duty"), choices=Delegate.Duty.choices, widget=forms.RadioSelect
    )
    user = forms.ModelChoiceField(User.objects.none(), label=_("Delegate"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)

    def __init__(self, *args: Any, operation: Operation, **kwargs: Any):
        super().__init__(*args, operation=operation, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = delegates.candidates(operation)


class DriverForm(CargoForm):
    """A driver."""

    columns = of_columns(Driver, "name", "phone", "licence", "employer")
