"""Who may read, report and manage what is known of access (the matrix of product.md).

A fact's own sensitivity narrows who of the operation's members reads it. Partners report through
the API only, so by a token.
"""

from django.db.models import Q

from core.models import Role
from core.policy import MEMBERS, NOTHING, Actor, Verb, declare, in_operation
from core.verbs import own, verb

KEEPERS = (Role.ACCESS, Role.COORDINATOR)
REPORTERS = (Role.FIELD_OFFICER, Role.TEAM_LEAD, Role.LOGISTICS, *KEEPERS)
OUTSIDERS = (Role.PARTNER, Role.OBSERVER)
INSIDERS = tuple(role for role in MEMBERS if role not in OUTSIDERS)
SHARED = ("public", "partner")


def by_sensitivity(actor: Actor) -> Q:
    """Give the facts of the actor's operations that are theirs to know, and those they reported."""
    return (
        in_operation("operation", KEEPERS)(actor)
        | in_operation("operation", INSIDERS)(actor) & ~Q(sensitivity="restricted")
        | in_operation("operation", OUTSIDERS)(actor) & Q(sensitivity__in=SHARED)
        | (in_operation("operation", MEMBERS)(actor) & Q(reporter=actor.user))
    )


def partners_by_token(actor: Actor) -> Q:
    """Give operations to their partners' programs."""
    return in_operation("pk", (Role.PARTNER,))(actor) if actor.token else NOTHING


def reading(name: str, model: str) -> None:
    """Declare the verb that reads facts of a model."""
    declare(Verb(name, f"core.{model}", by_sensitivity, MEMBERS, name, writes=False))


def by_clock(name: str, model: str, read: str) -> None:
    """Declare a verb that nobody has but the system."""
    declare(Verb(name, f"core.{model}", lambda actor: NOTHING, (), read))


reading("constraint.read", "AccessConstraint")
reading("score.read", "AccessScore")
reading("observation.read", "StatusObservation")
reading("window.read", "AccessWindow")
reading("clearance.read", "Clearance")
reading("notice.read", "DeconflictionNotice")
reading("movement.read", "MovementRequest")
reading("outcome.read", "MovementOutcome")
verb("requirement.read", "core.ClearanceRequirement", "operation", INSIDERS, "requirement.read")
verb("access.read", "core.Operation", "pk", MEMBERS, "access.read")
verb("access.report", "core.Operation", "pk", REPORTERS, "access.read", partners_by_token)
verb("access.manage", "core.Operation", "pk", KEEPERS, "access.read")
verb("constraint.manage", "core.AccessConstraint", "operation", KEEPERS, "constraint.read")
verb("score.adopt", "core.AccessScore", "operation", KEEPERS, "score.read")
verb("observation.adopt", "core.StatusObservation", "operation", KEEPERS, "observation.read")
verb("requirement.manage", "core.ClearanceRequirement", "operation", KEEPERS, "requirement.read")
verb("window.manage", "core.AccessWindow", "operation", KEEPERS, "window.read")
verb("clearance.manage", "core.Clearance", "operation", KEEPERS, "clearance.read")
verb("clearance.decide", "core.Clearance", "operation", KEEPERS, "clearance.read")
verb("notice.manage", "core.DeconflictionNotice", "operation", KEEPERS, "notice.read")
verb("movement.manage", "core.MovementRequest", "operation", KEEPERS, "movement.read")
by_clock("window.by_clock", "AccessWindow", "window.read")
by_clock("clearance.by_clock", "Clearance", "clearance.read")
by_clock("notice.by_clock", "DeconflictionNotice", "notice.read")
MINE = own("created_by")
READ = "table_import.read"
declare(Verb(READ, "core.TableImport", MINE, MEMBERS, READ, writes=False))
declare(Verb("table_import.confirm", "core.TableImport", MINE, MEMBERS, READ))
