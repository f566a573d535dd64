"""A suggestion for loading a convoy: what waits at its first stop, and the room that is left."""

from decimal import Decimal
from typing import Any

from convoys.fitting import Goods, Room, suggest
from convoys.models import ConsignmentLine, Leg, OperatedConvoy


def of(convoy: OperatedConvoy) -> list[tuple[Leg, ConsignmentLine, int]] | None:
    """Return whole units by vehicle and line; None where not all that waits was found to fit."""
    stops = {stop.site_id: stop.position for stop in convoy.stops.order_by("-position")}
    start = min(stops.values(), default=0)
    legs = {
        str(leg.pk): leg
        for leg in convoy.legs.filter(departed_at=None, from_stop__position=start).select_related(
            "vehicle", "balance", "to_stop"
        )
    }
    here = [site for site, position in stops.items() if position == start]
    lines = {
        str(line.pk): line
        for line in ConsignmentLine.objects.filter(
            consignment__origin__in=here,
            consignment__destination__in=list(stops),
            balance__free_qty__gte=1,
        ).select_related("item", "balance", "consignment")
    }
    if not (legs and lines):
        return []
    goods = [_goods(key, line, legs, stops) for key, line in lines.items()]
    plan = suggest(goods, [_room(key, leg) for key, leg in legs.items()])
    if plan is None:
        return None
    return [
        (legs[vehicle], lines[line], units)
        for vehicle, load in plan.items()
        for line, units in load.items()
    ]


def _goods(key: str, line: ConsignmentLine, legs: dict[str, Leg], stops: dict[Any, int]) -> Goods:
    reach = stops[line.consignment.destination_id]
    fitting = [
        name
        for name, leg in legs.items()
        if leg.to_stop.position >= reach and keeps(leg.vehicle, line)
    ]
    free = line.balance
    return Goods(
        key=key,
        units=int(free.free_qty),
        unit_kg=free.free_kg / free.free_qty,
        unit_m3=free.free_m3 / free.free_qty,
        vehicles=frozenset(fitting),
    )


def keeps(vehicle: Any, line: ConsignmentLine) -> bool:
    """Return whether a vehicle keeps a line's temperatures, if it has any."""
    low, high = line.temp_min, line.temp_max
    if low is None and high is None:
        return True
    if vehicle.temp_min is None or vehicle.temp_max is None:
        return False
    return bool(
        (high is None or vehicle.temp_min <= high) and (low is None or vehicle.temp_max >= low)
    )


def _room(key: str, leg: Leg) -> Room:
    has = leg.balance
    return Room(key, Decimal(has.max_kg - has.kg), Decimal(has.max_m3 - has.m3))
