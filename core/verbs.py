"""Core's policy table: operations, members, areas, jobs and tokens."""

from django.db.models import Q

from core.models import Role
from core.policy import (
    EVERYONE,
    EVERYTHING,
    MEMBERS,
    NOTHING,
    Actor,
    Rule,
    Verb,
    declare,
    either,
    in_operation,
)

MANAGERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
AREA_KEEPERS = (Role.ANALYST, Role.COORDINATOR, Role.ADMINISTRATOR)
ROUTE_KEEPERS = (Role.LOGISTICS, Role.ACCESS, Role.COORDINATOR)
PLANNERS = (Role.LOGISTICS, Role.COORDINATOR)
EXPORTERS = (Role.ANALYST, Role.LOGISTICS, Role.ACCESS, Role.COORDINATOR)


def own(path: str) -> Rule:
    """Give rows whose user, found by ``path``, is the actor's, while a member of the operation."""

    def rule(actor: Actor) -> Q:
        belongs = in_operation("operation", MEMBERS)(actor)
        return Q(**{path: actor.user}) & belongs if actor.user else NOTHING

    return rule


def administrators(actor: Actor) -> Q:
    """Give every row to administrators of the installation, none to others."""
    return EVERYTHING if actor.is_administrator else NOTHING


def themselves(actor: Actor) -> Q:
    """Give people their own account; never by a token."""
    known = actor.user and actor.user.is_active and not actor.token
    return Q(pk=actor.user.pk) if actor.user and known else NOTHING


def keepers(actor: Actor) -> Q:
    """Give what all operations share to whoever manages one of them; never by a token."""
    keeps = not actor.token and (actor.is_administrator or actor.holding(MANAGERS))
    return EVERYTHING if keeps else NOTHING


def verb(
    name: str, model: str, path: str, roles: tuple[Role, ...], reading: str, *extra: Rule
) -> None:
    """Declare a verb for those who hold one of ``roles`` in the operation at ``path``."""
    declare(
        Verb(
            name=name,
            model=model,
            rule=either(in_operation(path, roles), *extra),
            roles=roles,
            reading=reading,
            operation=path.removesuffix("_id") if path != "pk" else "pk",
            writes=name != reading,
        )
    )


verb("operation.read", "core.Operation", "pk", EVERYONE, "operation.read")
verb("operation.manage", "core.Operation", "pk", MANAGERS, "operation.read")
verb("member.read", "core.Membership", "operation", MANAGERS, "member.read")
verb("member.manage", "core.Operation", "pk", MANAGERS, "operation.read")
verb("area.read", "core.Area", "operation", EVERYONE, "area.read")
verb("area.manage", "core.Operation", "pk", AREA_KEEPERS, "operation.read")
verb("area_import.read", "core.AreaImport", "operation", AREA_KEEPERS, "area_import.read")
verb("area_import.manage", "core.AreaImport", "operation", AREA_KEEPERS, "area_import.read")
verb("population.read", "core.PopulationFigure", "area__operation", EVERYONE, "population.read")
verb("site.read", "core.Site", "operation", EVERYONE, "site.read")
verb("segment.read", "core.RouteSegment", "operation", EVERYONE, "segment.read")
verb("route.manage", "core.Operation", "pk", ROUTE_KEEPERS, "operation.read")
verb("item.read", "core.ReliefItem", "operation", EVERYONE, "item.read")
verb("item.manage", "core.Operation", "pk", PLANNERS, "operation.read")
verb("job.read", "core.Job", "operation", MANAGERS, "job.read", own("created_by"))
verb("job.retry", "core.Job", "operation", MANAGERS, "job.read", own("created_by"))
verb("token.read", "core.ApiToken", "operation", MANAGERS, "token.read", own("user"))
verb("token.revoke", "core.ApiToken", "operation", MANAGERS, "token.read", own("user"))
verb("token.make", "core.Operation", "pk", MEMBERS, "operation.read")
declare(
    Verb("user.recover", "core.User", administrators, (Role.ADMINISTRATOR,), "user.recover", "pk")
)
declare(
    Verb(
        "operation.create", "core.User", administrators, (Role.ADMINISTRATOR,), "user.recover", "pk"
    )
)
declare(Verb("user.edit", "core.User", themselves, EVERYONE, "user.edit", "pk"))
declare(
    Verb("organisation.manage", "core.Organisation", keepers, MANAGERS, "organisation.manage", "pk")
)
