"""The catalogue of relief items: adding, changing and retiring one, and finding it by its name."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core import cells, policy
from core.cells import Cells
from core.errors import Problem
from core.models import Operation, ReliefItem
from core.policy import Actor

Row = TypeVar("Row", bound=Model)


def add(operation: Operation, *, actor: Actor, **facts: Any) -> ReliefItem:
    """Add an item; raise Problem ``invalid`` that names the columns which cannot be."""
    policy.check(actor, "item.manage", operation)
    return save_checked(ReliefItem(operation=operation, created_by=actor.user, **facts))


@transaction.atomic
def change(item: ReliefItem, *, actor: Actor, **facts: Any) -> ReliefItem:
    """Change an item; what was consigned before keeps its weight and rules.

    Raises Problem ``invalid`` where stock is counted in the unit that would change.
    """
    policy.check(actor, "item.manage", item.operation)
    row = ReliefItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if facts.get("unit", row.unit) != row.unit and row.lots.exists():
        message = _("Stock is counted in “{unit}”. Add an item for the other unit.")
        raise Problem(
            "invalid", errors=[{"where": "unit", "message": message.format(unit=row.unit)}]
        )
    for name, value in facts.items():
        setattr(row, name, value)
    return save_checked(row)


def retire(item: ReliefItem, *, actor: Actor) -> ReliefItem:
    """Take an item out of the catalogue; stock and consignments keep it."""
    policy.check(actor, "item.manage", item.operation)
    item.retired_at = item.retired_at or timezone.now()
    item.save(update_fields=["retired_at"])
    return item


def named(operation: Operation, row: Cells, column: str = "item") -> Any:
    """Return the item in use that a cell names by its code or name, or note that there is none."""
    text = row.text(column)
    mine = ReliefItem.objects.filter(operation=operation, retired_at=None)
    for key in ("code", "code__iexact", "name__iexact"):
        found = mine.filter(**{key: text})[:2]
        if len(found) == 1:
            return found[0]
    row.refuse(column, _("The catalogue has no item “{item}”.").format(item=text))
    return None


def quantity(row: Cells, item: ReliefItem | None) -> Any:
    """Return the quantity of a row above nothing, in the item's unit, or note what is wrong."""
    found = row.read("qty", cells.number)
    if not found:
        row.refuse("qty", _("Give a quantity above nothing."))
    if item and "unit" in row and row.text("unit").casefold() != item.unit.casefold():
        message = _("The catalogue counts {item} in “{unit}”. Give the quantity in that unit.")
        row.refuse("unit", message.format(item=item, unit=item.unit))
    return found


def save_checked(row: Row) -> Row:
    """Save a row that its model's own checks pass; raise Problem ``invalid``."""
    if found := against(row):
        raise Problem("invalid", errors=found)
    row.save(force_insert=row._state.adding)
    return row


def against(row: Model, *, leave_out: Iterable[str] = ()) -> list[dict[str, str]]:
    """Return what a model's own checks have against a row, but for the columns to leave out."""
    found = _same_code(row) if isinstance(row, ReliefItem) else []
    try:
        row.full_clean(exclude={"created_by", *leave_out})  # nobody types that
    except ValidationError as error:
        found = [
            {"where": "" if name == "__all__" else name, "message": " ".join(messages)}
            for name, messages in error.message_dict.items()
        ]
    return found


def _same_code(item: ReliefItem) -> list[dict[str, str]]:
    """Return what stands against a code that another item has in capitals or small letters."""
    others = ReliefItem.objects.filter(operation=item.operation, code__iexact=item.code)
    if not others.exclude(pk=item.pk).exists():
        return []
    return [{"where": "code", "message": _("Another item has this code.")}]
