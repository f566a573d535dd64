"""The catalogue of relief items: adding one, checked as the table checks it."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from core import policy
from core.errors import Problem
from core.models import Operation, ReliefItem
from core.policy import Actor

Row = TypeVar("Row", bound=Model)


def add(operation: Operation, *, actor: Actor, **facts: Any) -> ReliefItem:
    """Add an item; raise Problem ``invalid`` that names the columns which cannot be."""
    policy.check(actor, "item.manage", operation)
    return save_checked(ReliefItem(operation=operation, created_by=actor.user, **facts))


def save_checked(row: Row) -> Row:
    """Save a row that its model's own checks pass; raise Problem ``invalid``."""
    try:
        row.full_clean(exclude={"created_by"})  # nobody types that
    except ValidationError as error:
        found = [
            {"where": "" if name == "__all__" else name, "message": " ".join(messages)}
            for name, messages in error.message_dict.items()
        ]
        raise Problem("invalid", errors=found) from None
    row.save(force_insert=row._state.adding)
    return row
