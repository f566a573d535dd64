"""Who works in the field client, and on what: each app says which roles its work there is for."""

from core.models import Role
from core.policy import Actor

WORK: dict[str, tuple[Role, ...]] = {}


def work_of(actor: Actor) -> list[str]:
    """Return what an actor does in the field client, by the names in ``WORK``."""
    return [name for name, roles in WORK.items() if actor.holding(roles)]
