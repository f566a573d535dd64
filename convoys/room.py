"""What a form of loading reckons with as one types: a vehicle's room, and what a unit fills."""

from collections.abc import Iterable
from typing import Any

from convoys.models import ForwardBalance, Leg, LineBalance

Numbers = dict[str, float]


def of_vehicle(leg: Leg) -> dict[str, Any]:
    """Return what a leg's vehicle carries and may carry, in kg and m³, and its axles."""
    vehicle, balance = leg.vehicle, leg.balance
    most = vehicle.axle_limit_kg
    return {
        "kg": float(balance.kg),
        "most_kg": float(balance.max_kg),
        "m3": float(balance.m3),
        "most_m3": float(balance.max_m3),
        "tare_kg": float(vehicle.tare_kg),
        "axles": vehicle.axles,
        "most_axle_kg": None if most is None else float(most),
    }


def of_units(balances: Iterable[LineBalance | ForwardBalance]) -> dict[str, Numbers]:
    """Return by the key of a line or entry the kg and m³ of one unit of what is left of it."""
    return {
        str(one.pk): {
            "kg": float(one.free_kg / one.free_qty),
            "m3": float(one.free_m3 / one.free_qty),
        }
        for one in balances
        if one.free_qty
    }
