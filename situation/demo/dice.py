"""Draws for invented data, the same on every machine and at every loading."""

import hashlib
from collections.abc import Mapping
from itertools import count
from typing import TypeVar

Value = TypeVar("Value")


class Dice:
    """A sequence of draws that follows from its seed alone (SHA-256 of the seed and a counter)."""

    def __init__(self, *seed: object):
        self._seed = "/".join(str(part) for part in seed)
        self._turn = count()

    def fraction(self) -> float:
        """Return a number of at least 0 and below 1."""
        digest = hashlib.sha256(f"{self._seed}/{next(self._turn)}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def chance(self, share: float) -> bool:
        """Return true in ``share`` (0 to 1) of all draws."""
        return self.fraction() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self.fraction() * (high - low + 1))

    def around(self, mean: float, spread: float) -> float:
        """Return a number near ``mean``, bell-shaped, never further than three ``spread``."""
        return mean + spread * (sum(self.fraction() for _ in range(12)) - 6) / 2

    def pick(self, weights: Mapping[Value, float]) -> Value:
        """Return a key, each as often as its weight."""
        left = self.fraction() * sum(weights.values())
        for value, weight in weights.items():
            left -= weight
            if left < 0:
                return value
        return value

    def some(self, shares: Mapping[Value, float]) -> list[Value]:
        """Return the keys that are drawn, each with its own share (0 to 1)."""
        return [value for value, share in shares.items() if self.chance(share)]
