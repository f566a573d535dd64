"""Which line goes on which vehicle: a suggestion that fits weight, volume, temperature and way.

The heaviest vehicle is made no fuller than needed: the share of payload that is allowed is lowered
as long as everything still fits. Within a share the lines are laid piece by piece onto the vehicle
that is then the least full in its scarcer measure, in several orders; where no order fits all,
every way of dividing them is tried, line by line, up to a number of steps. For eight lines of a few
units on four vehicles that is exact; of very many units whole pieces are moved, which may miss a
way that leaves no room at all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

ROUNDS = 8
PIECES = 60
# In how many pieces a line is divided where every way is tried, and how often
DIVIDED = 12
STEPS = 15_000
STEPS_A_ROUND = 1500
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


Left = tuple[tuple[Decimal, Decimal], ...]
ORDERS: tuple[Callable[[Goods], tuple[Decimal | int, ...]], ...] = (
    lambda one: (len(one.vehicles), -one.units * one.unit_kg),
    lambda one: (len(one.vehicles), -one.units * one.unit_m3),
    lambda one: (-one.unit_kg, -one.unit_m3),
    lambda one: (-one.unit_m3, -one.unit_kg),
    lambda one: (len(one.vehicles), -one.unit_kg),
)


def suggest(goods: Sequence[Goods], rooms: Sequence[Room]) -> Plan | None:
    """Return units by vehicle and line, or None where no way was found to fit all of it."""
    best = fit(goods, rooms, Decimal(1), STEPS)
    if best is None:
        return None
    low, high = least_share(goods, rooms), fullest(best, goods, rooms)
    for _round in range(ROUNDS):
        middle = (low + high) / 2
        found = fit(goods, rooms, middle, STEPS_A_ROUND) if middle < high else None
        if found is None:
            low = middle
        else:
            best, high = found, fullest(found, goods, rooms)
    return best


def least_share(goods: Sequence[Goods], rooms: Sequence[Room]) -> Decimal:
    """Return the share of payload that is needed where all bear the same."""
    whole = sum((room.kg for room in rooms), Decimal(0))
    weight = sum((one.units * one.unit_kg for one in goods), Decimal(0))
    return weight / whole if whole else Decimal(0)


def fullest(plan: Plan, goods: Sequence[Goods], rooms: Sequence[Room]) -> Decimal:
    """Return the share of its payload that the fullest vehicle of a plan bears."""
    unit_kg = {one.key: one.unit_kg for one in goods}
    shares = [
        sum((units * unit_kg[key] for key, units in plan[room.key].items()), Decimal(0)) / room.kg
        for room in rooms
        if room.kg
    ]
    return max(shares, default=Decimal(0))


def fit(
    goods: Sequence[Goods], rooms: Sequence[Room], share: Decimal, steps: int = STEPS
) -> Plan | None:
    """Return a plan in which no vehicle bears more than ``share`` of its payload, or None."""
    for order in ORDERS:
        plan = _spread(sorted(goods, key=order), rooms, share)
        if plan is not None:
            return plan
    return _divide(sorted(goods, key=ORDERS[0]), rooms, share, steps)


def _spread(goods: Sequence[Goods], rooms: Sequence[Room], share: Decimal) -> Plan | None:
    """Lay lines in their order, piece by piece, onto the least full vehicle."""
    left = {room.key: [room.kg * share, room.m3] for room in rooms}
    whole = {room.key: (room.kg * share, room.m3) for room in rooms}
    plan: Plan = {room.key: {} for room in rooms}
    for line in goods:
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


def _divide(
    goods: Sequence[Goods], rooms: Sequence[Room], share: Decimal, steps: int
) -> Plan | None:
    """Try every way of dividing the lines, the most even first, until one fits or steps run out."""
    keys = [room.key for room in rooms]
    dead: set[tuple[int, Left]] = set()
    chosen: list[tuple[int, ...]] = []

    def lay(number: int, left: Left) -> bool:
        nonlocal steps
        if number == len(goods):
            return True
        if (number, left) in dead or not _may_fit(goods[number:], keys, left):
            return False
        for parts in _ways(goods[number], keys, left):
            steps -= 1
            if steps < 0:
                return False
            chosen.append(parts)
            if lay(number + 1, _without(goods[number], parts, left)):
                return True
            chosen.pop()
        dead.add((number, left))
        return False

    if not lay(0, tuple((room.kg * share, room.m3) for room in rooms)):
        return None
    return {
        key: {
            line.key: parts[place]
            for line, parts in zip(goods, chosen, strict=True)
            if parts[place]
        }
        for place, key in enumerate(keys)
    }


def _without(line: Goods, parts: Sequence[int], left: Left) -> Left:
    return tuple(
        (kg - units * line.unit_kg, m3 - units * line.unit_m3)
        for units, (kg, m3) in zip(parts, left, strict=True)
    )


def _most(line: Goods, room: tuple[Decimal, Decimal]) -> int:
    """Return how many units of a line a vehicle still takes."""
    most = line.units
    for has, each in zip(room, (line.unit_kg, line.unit_m3), strict=True):
        if each:
            most = min(most, int(max(has, Decimal(0)) / each))
    return most


def _may_fit(goods: Sequence[Goods], keys: Sequence[str], left: Left) -> bool:
    """Return whether nothing simple says that what waits does not fit."""
    for measure, each in enumerate(("unit_kg", "unit_m3")):
        needed = sum((one.units * getattr(one, each) for one in goods), Decimal(0))
        if needed > sum((room[measure] for room in left), Decimal(0)):
            return False
    return all(
        one.units
        <= sum(
            _most(one, room) for key, room in zip(keys, left, strict=True) if key in one.vehicles
        )
        for one in goods
    )


def _ways(line: Goods, keys: Sequence[str], left: Left) -> Iterator[tuple[int, ...]]:
    """Yield the ways to divide a line's units, in pieces where there are many, evenest first."""
    most = [
        _most(line, room) if key in line.vehicles else 0
        for key, room in zip(keys, left, strict=True)
    ]
    piece = max(1, line.units // DIVIDED)
    ways = _divisions(line.units, most, piece)
    yield from sorted(ways, key=lambda parts: _unevenness(line, parts, left))


def _divisions(units: int, most: Sequence[int], piece: int) -> Iterator[tuple[int, ...]]:
    if len(most) == 1:
        if units <= most[0]:
            yield (units,)
        return
    beyond = sum(most[1:])
    tried = {*range(0, min(units, most[0]) + 1, piece), min(units, most[0]), units - beyond}
    for first in sorted(tried):
        if max(0, units - beyond) <= first <= min(units, most[0]):
            for rest in _divisions(units - first, most[1:], piece):
                yield (first, *rest)


def _unevenness(line: Goods, parts: Sequence[int], left: Left) -> Decimal:
    """Return how full the scarcest measure would be, of what is left."""
    shares = [
        units * each / has
        for units, room in zip(parts, left, strict=True)
        for has, each in zip(room, (line.unit_kg, line.unit_m3), strict=True)
        if has > 0
    ]
    return max(shares, default=Decimal(0))
