"""Stock lists: rows of a file that become goods in a warehouse, each tried before it counts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys import stock
from convoys.models import StockLot
from core import cells, policy, relief_items, table_imports
from core.cells import Cells
from core.models import Operation, Organisation
from core.policy import Actor

COLUMNS = {
    "warehouse": gettext_lazy("the site's name"),
    "item": gettext_lazy("the item's code in the catalogue, or its name"),
    "owner": gettext_lazy("the organisation's acronym or name"),
    "qty": gettext_lazy("inventory units"),
    "unit": gettext_lazy("the item's unit: where it is another, the row is refused"),
    "lot_number": gettext_lazy("lot"),
    "expires_on": gettext_lazy("a day as 2020-11-20; empty for what keeps"),
}
LABELS = {
    "warehouse": gettext_lazy("Warehouse"),
    "item": gettext_lazy("Item"),
    "owner": gettext_lazy("Owner"),
    "qty": gettext_lazy("Quantity"),
    "unit": gettext_lazy("Unit"),
    "lot_number": gettext_lazy("Lot"),
    "expires_on": gettext_lazy("Expires on"),
}


def enter(
    operation: Operation, values: Mapping[str, Any], *, actor: Actor, client_id: UUID | None = None
) -> StockLot:
    """Take goods in; raise Problem ``invalid`` with all that stands against its columns."""
    policy.check(actor, "cargo.plan", operation)
    row = Cells(values)
    name = row.text("warehouse")
    warehouse: Any = stock.warehouses(operation).filter(name__iexact=name).first()
    if warehouse is None:
        row.refuse("warehouse", _("No warehouse is called “{name}”.").format(name=name))
    owner = _organisation(row)
    item = relief_items.named(operation, row)
    qty = relief_items.quantity(row, item)
    expires_on = row.read("expires_on", cells.day)
    row.check()
    return stock.take_in(
        operation,
        actor=actor,
        warehouse=warehouse,
        item=item,
        owner=owner,
        qty=qty,
        lot_number=row.text("lot_number"),
        expires_on=expires_on,
        client_id=client_id,
    )


def _organisation(row: Cells) -> Organisation | None:
    name = row.text("owner")
    found = Organisation.objects.filter(Q(acronym__iexact=name) | Q(name__iexact=name))[:2]
    if len(found) != 1:
        row.refuse("owner", _("No single organisation is called “{name}”.").format(name=name))
        return None
    return found[0]


table_imports.register(
    "stock",
    table_imports.Kind(
        "cargo.plan",
        COLUMNS,
        enter,
        required=("warehouse", "item", "owner", "qty"),
        labels=LABELS,
        passed_over=("operation", "item_name"),
    ),
)
