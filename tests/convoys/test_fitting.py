"""Suggested loads fit weight, volume, temperature and way, and spread the weight."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convoys.fitting import Goods, Room, suggest

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
