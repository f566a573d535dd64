"""Packing lists: rows of a file that become lines of consignments, each tried before it counts."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys import cargo
from convoys.models import Consignment, ConsignmentLine
from core import policy, table_imports
from core.errors import Problem
from core.models import Operation, ReliefItem
from core.policy import Actor

COLUMNS = {
    "consignment": gettext_lazy("the consignment's number"),
    "item": gettext_lazy("the item's code in the catalogue"),
    "qty": gettext_lazy("inventory units"),
    "gross_kg": gettext_lazy("gross weight of the whole line in kg; the catalogue's without it"),
    "volume_m3": gettext_lazy("volume of the whole line in m³; the catalogue's without it"),
    "hu_count": gettext_lazy("handling units, for example pallets"),
    "hu_kind": gettext_lazy("kind of handling unit"),
    "lot_number": gettext_lazy("lot"),
}
NUMBERS = ("qty", "gross_kg", "volume_m3", "hu_count")


def enter(
    operation: Operation, values: Mapping[str, Any], *, actor: Actor, client_id: UUID | None = None
) -> ConsignmentLine:
    """Add a line; raise Problem ``invalid`` whose findings name the columns."""
    policy.check(actor, "cargo.plan", operation)
    known = ConsignmentLine.objects.filter(pk=client_id).first() if client_id else None
    if known:
        return known
    given = {key: value for key, value in values.items() if value not in (None, "")}
    numbers = {key: _number(key, given[key]) for key in NUMBERS if key in given}
    consignment = Consignment.objects.filter(
        operation=operation, number=str(given.get("consignment", "")).strip()
    ).first()
    item = ReliefItem.objects.filter(
        operation=operation, code=str(given.get("item", "")).strip()
    ).first()
    if consignment is None:
        raise _invalid("consignment", _("No consignment has this number."))
    if item is None:
        raise _invalid("item", _("No item of the catalogue has this code."))
    if not numbers.get("qty"):
        raise _invalid("qty", _("Give a quantity above nothing."))
    words = {key: str(given[key]).strip() for key in ("hu_kind", "lot_number") if key in given}
    extra = {"pk": client_id} if client_id else {}
    qty = numbers.pop("qty")
    return cargo.add_line(consignment, actor=actor, item=item, qty=qty, **numbers, **words, **extra)


def _number(column: str, given: Any) -> Decimal:
    try:
        number = Decimal(str(given).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number < 10**10:
        raise _invalid(column, _("Write a number, for example 120 or 120.5."))
    return number.quantize(Decimal(1) if column == "hu_count" else Decimal("0.001"))


def _invalid(where: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"where": where, "message": message}])


table_imports.register(
    "packing",
    table_imports.Kind("cargo.plan", COLUMNS, enter, required=("consignment", "item", "qty")),
)
