"""Classes for numbers on maps: few, of equal width, with limits that are easy to read."""

from collections.abc import Iterable
from dataclasses import dataclass

STEPS = (1, 2, 5)
MOST = 4


@dataclass(frozen=True)
class Shade:
    """A class of a legend: from ``low`` to ``high``, both included; ``rank`` 1 is the lightest."""

    low: int
    high: int
    rank: int

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}\u2013{self.high}"

    @property
    def map_class(self) -> str:
        """Return the class of the shared map (static/site/map.css) that has this shade."""
        return f"seq-{self.rank + 1}"

    def __contains__(self, number: int) -> bool:
        return self.low <= number <= self.high


def shades(numbers: Iterable[int]) -> list[Shade]:
    """Return at most four classes of equal, round width from 1 to the highest number.

    Fewer classes are the darker ones, so that a single one is not mistaken for little.
    """
    most = max(numbers, default=0)
    if most < 1:
        return []
    width, power = 1, 1
    while width * MOST < most:
        width, power = _next_step(width, power)
    needed = -(-most // width)
    return [Shade(at * width + 1, (at + 1) * width, MOST - needed + at + 1) for at in range(needed)]


def _next_step(width: int, power: int) -> tuple[int, int]:
    later = [step * power for step in STEPS if step * power > width]
    return (later[0], power) if later else (10 * power, 10 * power)
