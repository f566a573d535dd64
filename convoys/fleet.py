"""Vehicles and drivers: adding one."""

from typing import Any

from convoys.models import Driver, Vehicle
from core import policy
from core.models import Operation
from core.policy import Actor
from core.relief_items import save_checked


def add(
    model: type[Vehicle] | type[Driver], operation: Operation, *, actor: Actor, **facts: Any
) -> Any:
    """Add a vehicle or driver; raise Problem ``invalid`` that names what cannot be."""
    policy.check(actor, "cargo.plan", operation)
    by = {"created_by": actor.user} if model is Vehicle else {}
    return save_checked(model(operation=operation, **by, **facts))
