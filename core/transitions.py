"""Moves an object along its state machine: lock, policy, guard, change, audit, jobs on commit."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import transaction
from django.db.models import Model, QuerySet

from core import policy
from core.errors import Problem
from core.machines import Machine
from core.policy import Actor

Row = TypeVar("Row", bound=Model)
Guard = Callable[[Any, dict[str, Any]], None]
MACHINES: dict[type[Model], Machine] = {}
GUARDS: dict[tuple[type[Model], str], list[Guard]] = {}


def register(model: type[Model], machine: Machine) -> None:
    """Say which machine a model follows; called from an app's ``transitions.py``."""
    MACHINES[model] = machine


def guard(model: type[Model], name: str) -> Callable[[Guard], Guard]:
    """Add a condition to a transition: a function of the locked object and the caller's facts.

    It raises Problem (``guard_failed`` with ``reason`` and ``fix``, or another) to refuse.
    """

    def add(function: Guard) -> Guard:
        GUARDS.setdefault((model, name), []).append(function)
        return function

    return add


@transaction.atomic
def advance(
    row: Row, name: str, *, actor: Actor, facts: dict[str, Any] | None = None, **changes: Any
) -> Row:
    """Move ``row`` along the transition ``name`` and set ``changes`` on it; return it fresh.

    A row already in the target state is returned untouched, so that a replay changes nothing.
    Raises Problem ``not_found``, ``forbidden``, ``wrong_state`` or whatever a guard raises.
    """
    model = type(row)
    machine = MACHINES[model]
    transition = machine.named(name)
    locked = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    policy.check(actor, transition.verb, locked)
    state = getattr(locked, machine.field)
    if state == transition.target and state not in transition.sources:
        return locked
    if state not in transition.sources:
        raise Problem(
            "wrong_state",
            object=locked,
            state=label(locked, machine.field, state),
            sources=", ".join(label(locked, machine.field, one) for one in transition.sources),
        )
    for condition in GUARDS.get((model, name), ()):
        condition(locked, facts or {})
    with pghistory.context(transition=name, reason=str(changes.get("state_reason", ""))):
        locked.__dict__[machine.field] = transition.target
        for key, value in changes.items():
            setattr(locked, key, value)
        locked.save(update_fields=[machine.field, *changes])
    return locked


def obstacle(row: Model, name: str, facts: dict[str, Any] | None = None) -> Problem | None:
    """Return what a guard would refuse the transition with now, or None; nothing is locked."""
    for condition in GUARDS.get((type(row), name), ()):
        try:
            condition(row, facts or {})
        except Problem as refusal:
            return refusal
    return None


@transaction.atomic
def advance_all(
    rows: QuerySet[Row], name: str, *, actor: Actor, facts: dict[str, Any] | None = None
) -> list[Row]:
    """Move those of ``rows`` that policy, state and guards let through; return them as they were.

    For hundreds of rows at once: one lock, one update. The others stay untouched, without a word.
    """
    machine = MACHINES[rows.model]
    transition = machine.named(name)
    mine = policy.filter(actor, transition.verb, rows)
    movable = mine.filter(**{f"{machine.field}__in": transition.sources})
    locked = list(movable.order_by("pk").select_for_update(of=("self",)))
    moved = [row for row in locked if _passes(row, name, facts or {})]
    with pghistory.context(transition=name):
        chosen = rows.model._default_manager.filter(pk__in=[row.pk for row in moved])
        chosen.update(**{machine.field: transition.target})
    return moved


def _passes(row: Model, name: str, facts: dict[str, Any]) -> bool:
    try:
        for condition in GUARDS.get((type(row), name), ()):
            condition(row, facts)
    except Problem:
        return False
    return True


def label(row: Model, field: str, value: str) -> str:
    """Return the reader's word for a state."""
    choices: Any = row._meta.get_field(field)
    return str(dict(choices.flatchoices).get(value, value))


def offers(row: Model, actor: Actor) -> list[str]:
    """Return the names of the transitions that the row's state and the policy allow the actor."""
    machine = MACHINES[type(row)]
    state = getattr(row, machine.field)
    return [t.name for t in machine.leaving(state) if policy.can(actor, t.verb, row)]
