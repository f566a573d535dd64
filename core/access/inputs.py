"""The words of the dispatch gate: a movement that is asked about, and what is found against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from core.models import RouteSegment, Site

BUFFER = timedelta(hours=6)


@dataclass(frozen=True)
class Vehicle:
    """A loaded vehicle: its gross weight and heaviest axle in tonnes; None where not known."""

    name: str
    gross_t: Decimal | None = None
    axle_t: Decimal | None = None


@dataclass(frozen=True)
class Movement:
    """What wants to move: over which segments and passages, when, with what.

    ``sectors`` are codes of core.Sector, ``items`` codes of what is loaded, as clearances exclude
    them; ``buffer`` is how long after arrival papers must still be valid. One that ``is_past`` is
    judged by how things stood when it left, as far as that is known today.
    """

    segments: Sequence[RouteSegment]
    leaves: datetime
    arrives: datetime
    passages: Sequence[Site] = ()
    sectors: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    vehicles: Sequence[Vehicle] = ()
    buffer: timedelta = BUFFER
    is_past: bool = False

    @property
    def needed_until(self) -> datetime:
        """Return until when papers must be valid."""
        return self.arrives + self.buffer


@dataclass(frozen=True)
class Rule:
    """What a code of the gate is about, and whether nobody can override it."""

    input: str
    is_hard: bool


RULES: dict[str, Rule] = {}


def declare(about: str, *, hard: Sequence[str] = (), soft: Sequence[str] = ()) -> None:
    """Add codes about one input to the gate; raise ValueError when one is taken."""
    for code in (*hard, *soft):
        if code in RULES:
            raise ValueError(f"gate code {code} is declared twice")
        RULES[code] = Rule(about, code in hard)


@dataclass(frozen=True)
class Finding:
    """One thing that stands against a movement; ``code`` is stable, the texts are translated.

    ``dated`` is when what it rests on was seen or decided; what is missing is missing now.
    """

    code: str
    subject: str
    message: str
    fix: str
    dated: datetime = field(default_factory=timezone.now)
    key: str = ""

    @property
    def input(self) -> str:
        """Return what the finding is about."""
        return RULES[self.code].input

    @property
    def is_hard(self) -> bool:
        """Return whether nobody can override it."""
        return RULES[self.code].is_hard

    def as_json(self) -> dict[str, object]:
        """Return the finding as the API and the record of a dispatch keep it."""
        return {
            "input": self.input,
            "code": self.code,
            "subject": self.subject,
            "key": self.key,
            "hard": self.is_hard,
            "dated": self.dated.isoformat(),
            "message": self.message,
            "fix": self.fix,
        }
