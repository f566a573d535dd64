"""State machines as data: one table gives engine, database trigger, tests and docs."""

import dataclasses
from dataclasses import dataclass

import pgtrigger


@dataclass(frozen=True)
class Transition:
    """One allowed move: from any of ``sources`` to ``target``, by those whom ``verb`` allows."""

    name: str
    sources: tuple[str, ...]
    target: str
    verb: str


@dataclass(frozen=True)
class Machine:
    """The states of one field of one model and the moves between them."""

    field: str
    initial: str
    transitions: tuple[Transition, ...]
    states: tuple[str, ...] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        named = dict.fromkeys([self.initial])
        for transition in self.transitions:
            named |= dict.fromkeys([*transition.sources, transition.target])
        object.__setattr__(self, "states", tuple(named))

    def named(self, name: str) -> Transition:
        """Return the transition called ``name``; raise KeyError when the table has none."""
        return {transition.name: transition for transition in self.transitions}[name]

    def leaving(self, state: str) -> list[Transition]:
        """Return the transitions that ``state`` allows."""
        return [transition for transition in self.transitions if state in transition.sources]

    def trigger(self) -> pgtrigger.FSM:
        """Return the trigger that holds the table in the database (for ``Meta.triggers``)."""
        moves = {
            (source, transition.target)
            for transition in self.transitions
            for source in transition.sources
        }
        return pgtrigger.FSM(
            name=f"{self.field}_moves", field=self.field, transitions=sorted(moves)
        )
