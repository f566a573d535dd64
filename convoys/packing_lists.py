"""Packing lists: rows of a file that become lines of consignments, each tried before it counts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys import cargo
from convoys.models import Consignment, ConsignmentLine
from core import cells, policy, relief_items, table_imports
from core.cells import Cells
from core.models import Operation
from core.policy import Actor

COLUMNS = {
    "consignment": gettext_lazy("the consignment's number"),
    "item": gettext_lazy("the item's code in the catalogue, or its name"),
    "qty": gettext_lazy("inventory units"),
    "unit": gettext_lazy("the item's unit: where it is another, the row is refused"),
    "gross_kg": gettext_lazy("gross weight of the whole line in kg; the catalogue's without it"),
    "volume_m3": gettext_lazy("volume of the whole line in m³; the catalogue's without it"),
    "hu_count": gettext_lazy("handling units, for example pallets"),
    "hu_kind": gettext_lazy("kind of handling unit"),
    "lot_number": gettext_lazy("lot"),
    "expires_on": gettext_lazy("a day as 2020-11-20"),
    "value": gettext_lazy("what the whole line is worth"),
    "currency": gettext_lazy("three letters, for example USD; needed with a value"),
}
LABELS = {
    "consignment": gettext_lazy("Consignment"),
    "item": gettext_lazy("Item"),
    "qty": gettext_lazy("Quantity"),
    "unit": gettext_lazy("Unit"),
    "gross_kg": gettext_lazy("gross weight (kg)"),
    "volume_m3": gettext_lazy("volume (m³)"),
    "hu_count": gettext_lazy("handling units"),
    "hu_kind": gettext_lazy("kind of handling unit"),
    "lot_number": gettext_lazy("Lot"),
    "expires_on": gettext_lazy("Expires on"),
    "value": gettext_lazy("value"),
    "currency": gettext_lazy("currency"),
}
# What exports say besides, which the consignment and the catalogue know.
PASSED_OVER = (
    *("operation", "request", "consignor", "consignee", "donor", "origin", "destination"),
    *("position", "item_name", "left", "temp_min", "temp_max", "un_number", "un_class"),
)
READERS = {
    "gross_kg": cells.number,
    "volume_m3": cells.number,
    "hu_count": cells.whole,
    "expires_on": cells.day,
    "value": cells.number,
}


def enter(
    operation: Operation, values: Mapping[str, Any], *, actor: Actor, client_id: UUID | None = None
) -> ConsignmentLine:
    """Add a line; raise Problem ``invalid`` with all that stands against its columns."""
    policy.check(actor, "cargo.plan", operation)
    known = ConsignmentLine.objects.filter(pk=client_id).first() if client_id else None
    if known:
        return known
    row = Cells(values)
    consignment, item = _consignment(operation, row), relief_items.named(operation, row)
    qty = relief_items.quantity(row, item)
    facts = {column: row.read(column, read) for column, read in READERS.items()}
    facts |= {column: row.text(column) for column in ("hu_kind", "lot_number")}
    facts["currency"] = row.text("currency").upper()
    for one in cargo.against(facts):
        row.refuse(one["where"], one["message"])
    row.check()
    if client_id:
        facts["pk"] = client_id
    return cargo.add_line(consignment, actor=actor, item=item, qty=qty, **facts)


def _consignment(operation: Operation, row: Cells) -> Any:
    number = row.text("consignment")
    found = Consignment.objects.filter(operation=operation, number__iexact=number).first()
    if found is None:
        message = _("No consignment has the number “{number}”.").format(number=number)
        row.refuse("consignment", message)
    return found


table_imports.register(
    "packing",
    table_imports.Kind(
        "cargo.plan",
        COLUMNS,
        enter,
        required=("consignment", "item", "qty"),
        labels=LABELS,
        passed_over=(
            "operation",
            "item_name",
            "position",
            "left",
            "request",
            "consignor",
            "consignee",
        ),
    ),
)
