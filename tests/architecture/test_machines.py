"""Every state, transition and person of every machine, and the triggers behind them."""

from itertools import product
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, transaction
from django.db.models import Model

from core import transitions
from core.errors import Problem
from core.machines import Machine
from core.policy import SYSTEM
from core.transitions import MACHINES
from tests.architecture.matrix import MATRIX, World, build
from tests.cast import Cast

# Where a life ends; every other state can be left.
ENDS = {
    "assessments.Assessment": {"archived", "cancelled"},
    "assessments.FormVersion": {"superseded", "discarded"},
    "assessments.Submission": set(),
    "core.AccessWindow": {"ended", "cancelled"},
    "core.Clearance": {"denied", "expired", "revoked"},
    "core.DeconflictionNotice": {"expired", "withdrawn"},
    "core.MovementRequest": {"facilitated", "denied"},
    "convoys.ServiceRequest": {"rejected", "fulfilled", "cancelled"},
    "convoys.OperatedConvoy": {"cancelled"},
    "convoys.Waybill": {"void"},
    "convoys.Receipt": {"posted", "set_aside"},
    "convoys.Discrepancy": {"closed"},
    "situation.Report": {"superseded"},
}
STATES = [
    (model._meta.label, state) for model, machine in MACHINES.items() for state in machine.states
]


@pytest.fixture
def world(cast: Cast) -> World:
    """Give one object of each kind."""
    return build(cast)


@pytest.fixture
def _without_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what tables cannot say; each guard has a test of its own."""
    monkeypatch.setattr(transitions, "GUARDS", {})


def machine_of(label: str) -> tuple[type[Model], Machine]:
    """Return a model with its machine by the model's label."""
    return next(pair for pair in MACHINES.items() if pair[0]._meta.label == label)


def row_in(world: World, label: str, state: str) -> Any:
    """Return the world's object of a model, put into a state behind the trigger's back."""
    model, machine = machine_of(label)
    row: Any = next(one for one in world.objects.values() if type(one) is model)
    with pgtrigger.ignore():
        model._default_manager.filter(pk=row.pk).update(**{machine.field: state})
    return model._default_manager.get(pk=row.pk)


def outcome(row: Any, name: str, actor: Any) -> str:
    """Try a transition and return the new state or the refusal's code; nothing stays changed."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                moved: Any = transitions.advance(row, name, actor=actor)
                return str(moved.state)
        except Problem as refusal:
            return refusal.code
        finally:
            transaction.set_rollback(True)


def test_every_machine_is_known_here() -> None:
    assert {model._meta.label for model in MACHINES} == set(ENDS)


@pytest.mark.parametrize("label", ENDS)
def test_every_state_is_reached_and_left(label: str) -> None:
    machine = machine_of(label)[1]
    reached, edge = set(), {machine.initial}
    while edge:
        reached |= edge
        edge = {step.target for state in edge for step in machine.leaving(state)} - reached
    assert reached == set(machine.states)
    assert {state for state in machine.states if not machine.leaving(state)} == ENDS[label]


@pytest.mark.usefixtures("_without_guards")
@pytest.mark.parametrize(("label", "state"), STATES)
def test_a_transition_goes_where_the_table_says_for_whom_the_matrix_says(
    world: World, label: str, state: str
) -> None:
    machine = machine_of(label)[1]
    row = row_in(world, label, state)
    actors = {who: world.cast.actor(who) for who in world.cast.people}
    for step, (who, actor) in product(machine.transitions, actors.items()):
        allowed = who in MATRIX[step.verb][1]
        got = outcome(row, step.name, actor)
        if not allowed:
            expected = {"forbidden", "not_found"}
        elif state in step.sources or state == step.target:
            expected = {step.target}
        else:
            expected = {"wrong_state"}
        assert got in expected, (step.name, who)


@pytest.mark.usefixtures("_without_guards")
@pytest.mark.parametrize(("label", "state"), STATES)
def test_the_database_refuses_every_other_move(world: World, label: str, state: str) -> None:
    model, machine = machine_of(label)
    row = row_in(world, label, state)
    targets = {step.target for step in machine.leaving(state)} | {state}
    rows = model._default_manager.filter(pk=row.pk)
    for other in machine.states:
        moves = other in targets and state not in ENDS[label]
        with transaction.atomic():
            if moves or other == state:
                rows.update(**{machine.field: other})
            else:
                with pytest.raises(DatabaseError), transaction.atomic():
                    rows.update(**{machine.field: other})
            transaction.set_rollback(True)


@pytest.mark.usefixtures("_without_guards")
@pytest.mark.parametrize("label", ENDS)
def test_a_replay_changes_nothing(world: World, label: str) -> None:
    machine = machine_of(label)[1]
    step = next(one for one in machine.transitions if one.target not in one.sources)
    row = row_in(world, label, step.target)
    transitions.advance(row, step.name, actor=SYSTEM)
    fresh: Any = type(row)._default_manager.get(pk=row.pk)
    assert fresh.state == step.target
