"""Recording facts about access: constraints, scores, observations, outcomes, from any door.

A page, a file and the API call the same rule. The client may choose the fact's id: the same id with
the same content is the same fact, however often it comes; with other content it is refused.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import policy
from core.errors import Problem, declare
from core.models import (
    AccessConstraint,
    AccessScore,
    MovementOutcome,
    MovementRequest,
    Operation,
    Organisation,
    StatusObservation,
)
from core.models.facts import Fact
from core.policy import Actor

Kind = TypeVar("Kind", bound=Fact)
# A device's clock may be ahead; what lies further in the future was not observed.
AHEAD = timedelta(minutes=15)

declare(
    "fact_conflict",
    409,
    gettext_lazy("This was recorded already, with other content"),
    gettext_lazy("A fact with the id {id} stands in the records and says something else."),
    gettext_lazy("Send it under a new id; both will stand side by side."),
)


def constraint(operation: Operation, *, actor: Actor, **facts: Any) -> AccessConstraint:
    """Record an access constraint; raise Problem ``invalid``, ``fact_conflict``, ``forbidden``."""
    return keep(AccessConstraint, operation, actor=actor, **facts)


def observation(operation: Operation, *, actor: Actor, **facts: Any) -> StatusObservation:
    """Record what was seen of a segment or of a checkpoint or crossing."""
    site = facts.get("site")
    if site is not None and not site.is_passage:
        message = _("Only a checkpoint or a crossing is open or closed; {site} is none.")
        raise _invalid("site", message.format(site=site))
    return keep(StatusObservation, operation, actor=actor, **facts)


def score(operation: Operation, *, actor: Actor, **facts: Any) -> AccessScore:
    """Record how hard people in an area can be reached."""
    return keep(AccessScore, operation, actor=actor, verb="access.manage", **facts)


def outcome(movement: MovementRequest, *, actor: Actor, **facts: Any) -> MovementOutcome:
    """Record how a movement went, on both axes."""
    policy.check(actor, "movement.read", movement)
    return keep(MovementOutcome, movement.operation, actor=actor, movement=movement, **facts)


@transaction.atomic
def keep(
    model: type[Kind],
    operation: Operation,
    *,
    actor: Actor,
    verb: str = "access.report",
    client_id: UUID | None = None,
    many: dict[str, Any] | None = None,
    **facts: Any,
) -> Kind:
    """Keep a fact, or return the one that ``client_id`` stands for already.

    ``many`` gives the rows of many-to-many fields; what was observed without a moment, was now.
    Raises Problem ``invalid`` with a finding for each field, ``fact_conflict``, ``forbidden`` or
    ``not_found``.
    """
    policy.check(actor, verb, operation)
    related = {name: list(rows) for name, rows in (many or {}).items()}
    _same_operation(operation, [*facts.values(), *chain.from_iterable(related.values())])
    who = {"reporter": actor.user, "source_org": _org(actor, operation)}
    row = model(operation=operation, **who, **{"occurred_at": timezone.now()} | facts)
    if client_id:
        row.pk = client_id
    check_row(row)
    if row.occurred_at > timezone.now() + AHEAD:
        raise _invalid("occurred_at", _("This moment has not come yet."))
    known = model._default_manager.filter(pk=row.pk).first() if client_id else None
    if known is None:
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            # Somebody else was as fast with the same id.
            known = model._default_manager.filter(pk=row.pk).first()
            if known is None:
                raise
        else:
            for name, rows in related.items():
                getattr(row, name).set(rows)
            return row
    return _same(known, row, set(facts), related)


def _same_operation(operation: Operation, parts: list[Any]) -> None:
    for part in parts:
        if getattr(part, "operation_id", operation.pk) != operation.pk:
            raise Problem("not_found")


def _org(actor: Actor, operation: Operation) -> Organisation | None:
    mine = (one for one in actor.memberships if one.operation_id == operation.pk)
    return next((one.organisation for one in mine), None)


def check_row(row: Model) -> None:
    """Raise Problem ``invalid`` with a finding for each field that cannot be so."""
    if findings := against(row):
        raise Problem("invalid", errors=findings)


def against(row: Model, *, leave_out: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Return a finding for each field of a row that cannot be so, but for those to leave out."""
    _set_zones(row)
    try:
        row.full_clean(exclude={*_unchecked(row), *leave_out}, validate_unique=False)
    except ValidationError as error:
        return [
            {"where": "" if where == "__all__" else where, "message": " ".join(messages)}
            for where, messages in error.message_dict.items()
        ]
    return []


def _set_zones(row: Model) -> None:
    """Read moments that are text; one without a zone is in the reader's."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, DateTimeField) and isinstance(value, str):
            with suppress(ValueError):  # what is no moment is named by the check
                day = parse_date(value.strip())
                found = parse_datetime(f"{value.strip()}T00:00" if day else value.strip())
                if found:
                    given = found if timezone.is_aware(found) else timezone.make_aware(found)
                    setattr(row, field.attname, given)


def _unchecked(row: Model) -> set[str]:
    """Return what needs no check: fields that may be left out and are, rows that were read just
    now, and the state, which only transitions set.
    """
    fields = row._meta.concrete_fields
    absent = {one.name for one in fields if one.null and getattr(row, one.attname) is None}
    return {
        "state",
        *absent,
        *(one.name for one in fields if one.is_relation and _is_read(row, one)),
    }


def _is_read(row: Model, field: Any) -> bool:
    related = field.is_cached(row) and field.get_cached_value(row)
    return bool(related) and not related._state.adding


def _invalid(where: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"where": where, "message": message}])


def _same(known: Kind, sent: Kind, names: set[str], related: dict[str, list[Any]]) -> Kind:
    """Return the known fact if it says what was sent; raise Problem ``fact_conflict``."""
    equal = known.operation_id == sent.operation_id and all(
        getattr(known, name) == getattr(sent, name) for name in names
    )
    for name, rows in related.items():
        equal = equal and set(getattr(known, name).all()) == set(rows)
    if not equal:
        raise Problem("fact_conflict", id=sent.pk)
    return known
