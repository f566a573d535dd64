"""A suggestion for loading a convoy: what waits at its first stop, and the room that is left."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from convoys.fitting import Goods, Room, suggest
from convoys.ledger import body_hash, safely
from convoys.loading import Part, load, open_waybill
from convoys.models import ConsignmentLine, Leg, OperatedConvoy, Waybill
from convoys.planning import editable
from core.errors import Problem
from core.policy import Actor

Suggestion = list[tuple[Leg, ConsignmentLine, int]]


def digest(suggestion: Suggestion) -> str:
    """Return what tells one suggestion from another."""
    return body_hash(sorted(f"{leg.pk} {line.pk} {units}" for leg, line, units in suggestion))


@safely
def apply(convoy: OperatedConvoy, *, actor: Actor, seen: str) -> list[Waybill]:
    """Load as suggested: on a draft waybill for each vehicle, consignee and stop.

    Raises Problem ``guard_failed`` where ``seen``, the digest of the suggestion that somebody
    looked at, is not that of the one that holds now, or the ledger refuses a load.
    """
    editable(convoy, actor)
    suggestion = of(convoy) or []
    if not suggestion or digest(suggestion) != seen:
        raise Problem(
            "guard_failed",
            reason=_("What waits or the room for it has changed, and so has the suggestion."),
            fix=_("Look at it again on the tab “Load”."),
        )
    stops = {stop.site_id: stop for stop in convoy.stops.order_by("-position")}
    bills: dict[Any, list[Part]] = {}
    for leg, line, units in suggestion:
        consignment = line.consignment
        key = (leg, stops[consignment.destination_id], consignment.consignee)
        bills.setdefault(key, []).append(Part(line, Decimal(units)))
    return [_carry(key, parts, actor) for key, parts in bills.items()]


def _carry(key: tuple[Leg, Any, Any], parts: list[Part], actor: Actor) -> Waybill:
    leg, stop, consignee = key
    drafts = Waybill.objects.filter(leg=leg, to_stop=stop, consignee=consignee, state="draft")
    waybill = drafts.order_by("created_at").first() or open_waybill(
        leg, actor=actor, to_stop=stop, consignee=consignee
    )
    load(waybill, parts, actor=actor)
    return waybill


def of(convoy: OperatedConvoy) -> Suggestion | None:
    """Return whole units by vehicle and line; None where not all that waits was found to fit."""
    stops = {stop.site_id: stop.position for stop in convoy.stops.order_by("-position")}
    start = min(stops.values(), default=0)
    legs = {
        str(leg.pk): leg
        for leg in convoy.legs.filter(departed_at=None, from_stop__position=start).select_related(
            "vehicle", "balance", "to_stop", "from_stop", "convoy"
        )
    }
    here = [site for site, position in stops.items() if position == start]
    lines = {
        str(line.pk): line
        for line in ConsignmentLine.objects.filter(
            consignment__origin__in=here,
            consignment__destination__in=list(stops),
            balance__free_qty__gte=1,
        ).select_related("item", "balance", "consignment__consignee")
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
    """Return what a vehicle may still take, by its payload and by what its axles bear."""
    has, vehicle = leg.balance, leg.vehicle
    most = Decimal(has.max_kg)
    if vehicle.axle_limit_kg is not None:
        most = min(most, vehicle.axle_limit_kg * vehicle.axles - vehicle.tare_kg)
    return Room(key, max(most - has.kg, Decimal(0)), Decimal(has.max_m3 - has.m3))
