"""Which line goes on which vehicle: a suggestion that fits weight, volume, temperature and way.

The heaviest vehicle is made no fuller than needed: the share of payload that is allowed is lowered
as long as everything still fits. Within a share, lines with the fewest vehicles to choose from go
first, piece by piece, always onto the vehicle that is then the least full in its scarcer measure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

ROUNDS = 12
PIECES = 60
Plan = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Goods:
    """A line's whole units, what one weighs (kg) and fills (m³), and the vehicles that may take it.

    A vehicle may take a line if it goes to the consignee and keeps the line's temperature.
    """

    key: str
    units: int
    unit_kg: Decimal
    unit_m3: Decimal
    vehicles: frozenset[str]


@dataclass(frozen=True)
class Room:
    """What a vehicle may still take."""

    key: str
    kg: Decimal
    m3: Decimal


def suggest(goods: Sequence[Goods], rooms: Sequence[Room]) -> Plan | None:
    """Return units by vehicle and line, or None where no way was found to fit all of it."""
    best = fit(goods, rooms, Decimal(1))
    if best is None:
        return None
    low, high = Decimal(0), Decimal(1)
    for _round in range(ROUNDS):
        middle = (low + high) / 2
        found = fit(goods, rooms, middle)
        if found is None:
            low = middle
        else:
            best, high = found, middle
    return best


def fit(goods: Sequence[Goods], rooms: Sequence[Room], share: Decimal) -> Plan | None:
    """Return a plan in which no vehicle bears more than ``share`` of its payload, or None."""
    left = {room.key: [room.kg * share, room.m3] for room in rooms}
    whole = {room.key: (room.kg * share, room.m3) for room in rooms}
    plan: Plan = {room.key: {} for room in rooms}
    for line in sorted(goods, key=lambda one: (len(one.vehicles), -one.units * one.unit_kg)):
        waiting, piece = line.units, max(1, line.units // PIECES)
        while waiting:
            size = min(piece, waiting)
            chosen = _least_full(line, size, left, whole)
            if chosen is None and size == 1:
                return None
            if chosen is None:
                piece = max(1, size // 2)
                continue
            left[chosen][0] -= size * line.unit_kg
            left[chosen][1] -= size * line.unit_m3
            plan[chosen][line.key] = plan[chosen].get(line.key, 0) + size
            waiting -= size
    return plan


def _least_full(
    line: Goods,
    size: int,
    left: Mapping[str, list[Decimal]],
    whole: Mapping[str, tuple[Decimal, Decimal]],
) -> str | None:
    """Return the vehicle that is the least full with the piece on it, or None if none takes it."""
    best, best_fill = None, Decimal(2)
    for key in sorted(line.vehicles & left.keys()):
        kg, m3 = left[key][0] - size * line.unit_kg, left[key][1] - size * line.unit_m3
        if kg < 0 or m3 < 0 or not all(whole[key]):
            continue
        fill = max(1 - kg / whole[key][0], 1 - m3 / whole[key][1])
        if fill < best_fill:
            best, best_fill = key, fill
    return best
