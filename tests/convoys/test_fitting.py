"""Suggested loads fit weight, volume, temperature and way, and spread the weight."""

import random
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convoys.fitting import Goods, Room, fullest, suggest

TRUCKS = ("a", "b", "c")


def goods(key: str, units: int, kg: str, m3: str, *vehicles: str) -> Goods:
    """Return a line."""
    return Goods(key, units, Decimal(kg), Decimal(m3), frozenset(vehicles or TRUCKS))


def room(key: str, kg: int, m3: int) -> Room:
    """Return a vehicle's room."""
    return Room(key, Decimal(kg), Decimal(m3))


def test_the_heaviest_vehicle_is_no_fuller_than_needed() -> None:
    plan = suggest([goods("cement", 300, "50", "0.04")], [room(one, 10_000, 40) for one in TRUCKS])
    assert plan is not None
    assert max(sum(load.values()) for load in plan.values()) <= 103


def test_vaccines_go_only_on_the_cold_vehicle() -> None:
    lines = [goods("vaccine", 100, "10", "0.1", "a"), goods("cement", 180, "50", "0.04", "a", "b")]
    plan = suggest(lines, [room("a", 5000, 40), room("b", 6000, 40)])
    assert plan is not None
    assert plan["a"]["vaccine"] == 100
    assert "vaccine" not in plan["b"]


def test_light_and_heavy_goods_share_the_vehicles_that_neither_would_fill() -> None:
    lines = [goods("foam", 200, "1", "0.38"), goods("cement", 380, "50", "0.01")]
    plan = suggest(lines, [room("a", 10_000, 42), room("b", 10_000, 42)])
    assert plan is not None
    assert all({"foam", "cement"} <= set(load) for load in plan.values())


def test_what_cannot_fit_is_said() -> None:
    assert suggest([goods("cement", 300, "50", "0.04")], [room("a", 10_000, 40)]) is None
    assert suggest([goods("cement", 1, "50", "0.04", "z")], [room("a", 10_000, 40)]) is None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(1, 80), st.integers(1, 90), st.integers(1, 9)), max_size=5),
    st.lists(st.tuples(st.integers(500, 9000), st.integers(5, 60)), min_size=1, max_size=3),
)
def test_a_suggestion_never_overloads_and_leaves_nothing_behind(
    lines: list[tuple[int, int, int]], vehicles: list[tuple[int, int]]
) -> None:
    wanted = [
        goods(str(n), units, str(kg), str(Decimal(m3) / 100))
        for n, (units, kg, m3) in enumerate(lines)
    ]
    rooms = [room(TRUCKS[n], kg, m3) for n, (kg, m3) in enumerate(vehicles)]
    plan = suggest(wanted, rooms)
    if plan is None:
        return
    for line in wanted:
        assert sum(load.get(line.key, 0) for load in plan.values()) == line.units
    for one in rooms:
        load = plan[one.key]
        assert sum(load.get(line.key, 0) * line.unit_kg for line in wanted) <= one.kg
        assert sum(load.get(line.key, 0) * line.unit_m3 for line in wanted) <= one.m3


def divisions(units: int, places: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to divide units over places."""
    if places == 1:
        yield (units,)
        return
    for first in range(units + 1):
        for rest in divisions(units - first, places - 1):
            yield (first, *rest)


def is_possible(lines: list[Goods], rooms: list[Room], share: Decimal = Decimal(1)) -> bool:
    """Return whether some plan fits, by trying them all."""

    def lay(number: int, left: list[tuple[Decimal, Decimal]]) -> bool:
        if number == len(lines):
            return True
        line = lines[number]
        for parts in divisions(line.units, len(rooms)):
            if any(n and one.key not in line.vehicles for n, one in zip(parts, rooms, strict=True)):
                continue
            after = [
                (kg - n * line.unit_kg, m3 - n * line.unit_m3)
                for n, (kg, m3) in zip(parts, left, strict=True)
            ]
            if all(kg >= 0 and m3 >= 0 for kg, m3 in after) and lay(number + 1, after):
                return True
        return False

    return lay(0, [(one.kg * share, one.m3) for one in rooms])


def scene(chance: random.Random, most: tuple[int, int, int]) -> tuple[list[Goods], list[Room]]:
    """Make lines and vehicles of which nobody knows whether they fit, with little room to spare."""
    names = "abcd"[: chance.randint(1, most[1])]
    lines = []
    for number in range(chance.randint(1, most[0])):
        going = [one for one in names if chance.random() < 0.75] or [chance.choice(names)]
        each = str(chance.randint(10, 400)), str(Decimal(chance.randint(1, 60)) / 10)
        lines.append(goods(str(number), chance.randint(1, most[2]), *each, *going))
    spare = Decimal(chance.choice(("1.02", "1.1", "1.2", "1.4")))
    weight = sum((one.units * one.unit_kg for one in lines), Decimal(0)) * spare
    volume = sum((one.units * one.unit_m3 for one in lines), Decimal(0)) * spare
    parts = [[Decimal(chance.randint(5, 15)) for _name in names] for _measure in range(2)]
    rooms = [
        Room(name, weight * kg / sum(parts[0]), volume * m3 / sum(parts[1]))
        for name, kg, m3 in zip(names, *parts, strict=True)
    ]
    return lines, rooms


@pytest.mark.parametrize("most", [(4, 3, 3), (8, 4, 1), (5, 4, 2)])
def test_a_suggestion_is_found_wherever_trying_all_finds_one(most: tuple[int, int, int]) -> None:
    chance = random.Random(2020)  # noqa: S311 - repeatable on purpose
    found = {True: 0, False: 0}
    for _scene in range(70):
        lines, rooms = scene(chance, most)
        plan = suggest(lines, rooms)
        found[plan is not None] += 1
        if plan is None:
            assert not is_possible(lines, rooms)
        else:
            # No plan is known whose fullest vehicle bears markedly less.
            least = fullest(plan, lines, rooms) * Decimal("0.97")
            assert not is_possible(lines, rooms, least)
    assert min(found.values()) > 5  # of each kind enough to tell


def test_eight_lines_that_fill_four_vehicles_to_the_last_kilogram_are_found() -> None:
    chance = random.Random(1991)  # noqa: S311 - repeatable on purpose
    for _scene in range(12):
        room_for = {name: [Decimal(0), Decimal(0)] for name in "abcd"}
        lines = []
        for number in range(8):
            units, kg, m3 = chance.randint(1, 2), chance.randint(10, 400), chance.randint(1, 60)
            line = goods(str(number), units, str(kg), str(Decimal(m3) / 10), *"abcd")
            for _unit in range(units):
                room = room_for[chance.choice("abcd")]
                room[0] += line.unit_kg
                room[1] += line.unit_m3
            lines.append(line)
        assert suggest(lines, [Room(key, *has) for key, has in room_for.items()]) is not None
