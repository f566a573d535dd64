"""Operations and organisations: opened by administrators, kept by coordinators."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from core import policy
from core.errors import Problem
from core.models import Operation, Organisation
from core.policy import Actor

Row = TypeVar("Row", bound=Model)


def open_operation(*, actor: Actor, **facts: Any) -> Operation:
    """Open an operation; raise ``invalid`` with the findings by field."""
    if actor.user is None:
        raise Problem("sign_in")
    policy.check(actor, "operation.create", actor.user)
    return _kept(Operation(**facts))


def edit_operation(operation: Operation, *, actor: Actor, **facts: Any) -> Operation:
    """Change an operation's facts; raise ``invalid`` with the findings by field."""
    policy.check(actor, "operation.manage", operation)
    return _kept(operation, **facts)


def keep_organisation(organisation: Organisation, *, actor: Actor, **facts: Any) -> Organisation:
    """Add or change an organisation; raise ``invalid`` with the findings by field.

    Organisations are shared by all operations, so whoever coordinates one may keep the list.
    """
    if organisation.pk:
        policy.check(actor, "organisation.manage", organisation)
    elif not may_keep_organisations(actor):
        raise Problem("not_found")
    return _kept(organisation, **facts)


def may_keep_organisations(actor: Actor) -> bool:
    """Return whether the actor administers, or coordinates an operation."""
    return policy.may_find(actor, "organisation.manage")


def _kept(row: Row, **facts: Any) -> Row:
    for name, value in facts.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        findings = [
            {"where": field, "message": message}
            for field, messages in error.message_dict.items()
            for message in messages
        ]
        raise Problem("invalid", errors=findings) from error
    row.save()
    return row
