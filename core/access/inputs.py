"""The words of the dispatch gate: a movement that is asked about, and what is found against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

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
    them; ``buffer`` is how long after arrival papers must still be valid.
    """

    segments: Sequence[RouteSegment]
    leaves: datetime
    arrives: datetime
    passages: Sequence[Site] = ()
    sectors: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    vehicles: Sequence[Vehicle] = ()
    buffer: timedelta = BUFFER

    @property
    def needed_until(self) -> datetime:
        """Return until when papers must be valid."""
        return self.arrives + self.buffer


@dataclass(frozen=True)
class Finding:
    """One thing that stands against a movement; ``code`` is stable, the texts are translated."""

    input: str
    code: str
    subject: str
    is_hard: bool
    message: str
    fix: str
    dated: datetime | None = None
    key: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the finding as the API and the record of a dispatch keep it."""
        return {
            "input": self.input,
            "code": self.code,
            "subject": self.subject,
            "key": self.key,
            "hard": self.is_hard,
            "dated": self.dated.isoformat() if self.dated else None,
            "message": self.message,
            "fix": self.fix,
        }
