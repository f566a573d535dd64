"""Vehicles and drivers: adding and changing them; no vehicle is made smaller than its load."""

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convoys.ledger import safely
from convoys.models import Driver, LegBalance, Vehicle
from core import policy
from core.errors import Problem, declare
from core.models import Operation
from core.policy import Actor
from core.quantities import plain
from core.relief_items import save_checked

declare(
    "vehicle_over_payload",
    409,
    _("The vehicle is loaded with more than that"),
    _("{vehicle} carries {kg} kg and {m3} m³ with convoy {convoy}: more than {most}."),
    _("Take load off on the tab “Load” of {convoy}, or give the convoy another vehicle."),
)


def add(
    model: type[Vehicle] | type[Driver], operation: Operation, *, actor: Actor, **facts: Any
) -> Any:
    """Add a vehicle or driver; raise Problem ``invalid`` that names what cannot be."""
    policy.check(actor, "cargo.plan", operation)
    by = {"created_by": actor.user} if model is Vehicle else {}
    return save_checked(model(operation=operation, **by, **facts))


@safely
def change(vehicle: Vehicle, *, actor: Actor, **facts: Any) -> Vehicle:
    """Change a vehicle; what waits on it keeps its room.

    Raises Problem ``vehicle_over_payload`` naming the convoy whose load would not fit.
    """
    policy.check(actor, "vehicle.manage", vehicle)
    _holds_its_load(vehicle, facts["payload_kg"], facts["volume_m3"])
    for name, value in facts.items():
        setattr(vehicle, name, value)
    changed: Vehicle = save_checked(vehicle)
    return changed


def _holds_its_load(vehicle: Vehicle, most_kg: Decimal, most_m3: Decimal) -> None:
    waiting = LegBalance.objects.filter(leg__vehicle=vehicle, leg__departed_at=None)
    above = waiting.filter(Q(kg__gt=most_kg) | Q(m3__gt=most_m3))
    heaviest = above.select_related("leg__convoy").order_by("-kg").first()
    if heaviest:
        raise Problem(
            "vehicle_over_payload",
            vehicle=vehicle,
            kg=plain(heaviest.kg),
            m3=plain(heaviest.m3),
            convoy=heaviest.leg.convoy,
            most=f"{plain(most_kg)} kg, {plain(most_m3)} m³",
        )
