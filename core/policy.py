"""Who may do what: each app's table maps a verb to a rule, a rule gives a Q for an actor.

``filter`` and ``check`` use the same Q, so that a list and a row cannot disagree. What one may
not read is "not found"; what one may read but not change is "forbidden", with who could.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Problem
from core.models import ApiToken, Membership, Operation, Role, User

Row = TypeVar("Row", bound=Model)
NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING
MEMBERS = tuple(role for role in Role if role != Role.ADMINISTRATOR)
EVERYONE = tuple(Role)


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a signed-in user, a token (narrower than its user), or the system itself."""

    user: User | None = None
    token: ApiToken | None = None
    is_system: bool = False

    @property
    def is_administrator(self) -> bool:
        """Return whether the user administers the installation; a token never does."""
        return bool(self.user and self.user.is_superuser and self.user.is_active and not self.token)

    @cached_property
    def memberships(self) -> list[Membership]:
        """Return the user's roles, narrowed to the token's operation."""
        if not self.user or not self.user.is_active:
            return []
        mine = Membership.objects.filter(user=self.user).order_by("role")
        mine = mine.select_related("operation", "organisation")
        return list(mine.filter(operation=self.token.operation_id) if self.token else mine)

    def holding(self, roles: Iterable[Role]) -> list[Membership]:
        """Return the memberships in one of ``roles``."""
        wanted = set(roles)
        return [membership for membership in self.memberships if membership.role in wanted]

    def roles_in(self, operation_id: int) -> set[str]:
        """Return the roles held in an operation, ``administrator`` included."""
        held = {m.role for m in self.memberships if m.operation_id == operation_id}
        return held | ({Role.ADMINISTRATOR.value} if self.is_administrator else set())


SYSTEM = Actor(is_system=True)
Rule = Callable[[Actor], Q]


@dataclass(frozen=True)
class Verb:
    """An entry of a policy table.

    ``model`` is the model whose rows the rule selects (for a creation, the parent's), ``roles``
    who can be named in a refusal, ``reading`` the verb that decides between 404 and 403,
    ``operation`` the path from the row to its operation, ``writes`` whether a token needs the
    ``write`` scope.
    """

    name: str
    model: str
    rule: Rule
    roles: tuple[Role, ...]
    reading: str
    operation: str = "operation"
    writes: bool = field(default=True)


VERBS: dict[str, Verb] = {}


def declare(verb: Verb) -> None:
    """Add a verb to the table; raise ValueError when it is there already."""
    if verb.name in VERBS:
        raise ValueError(f"verb {verb.name} is declared twice")
    VERBS[verb.name] = verb


class Known:
    """Keys for a rule that are looked up when the rule is used; ``words`` say which they are."""

    def __init__(self, words: str, look_up: Callable[[], Iterable[int]]):
        self.words = words
        self._look_up = look_up

    @cached_property
    def keys(self) -> list[int]:
        """Return the keys."""
        return list(self._look_up())

    def __iter__(self) -> Iterator[int]:
        return iter(self.keys)


def in_operation(path: str, roles: Iterable[Role]) -> Rule:
    """Give rows whose operation (at ``path``) is one where the actor holds one of ``roles``."""
    wanted = tuple(roles)

    def rule(actor: Actor) -> Q:
        if actor.is_administrator and Role.ADMINISTRATOR in wanted:
            return EVERYTHING
        held = {membership.operation_id for membership in actor.holding(wanted)}
        return Q(**{f"{path}__in": held}) if held else NOTHING

    return rule


def either(*rules: Rule) -> Rule:
    """Give what any of ``rules`` gives."""

    def rule(actor: Actor) -> Q:
        combined = NOTHING
        for one in rules:
            combined |= one(actor)
        return combined

    return rule


def scope(actor: Actor, verb: str) -> Q:
    """Return which rows of the verb's model ``actor`` may treat so; raise KeyError if unknown."""
    entry = VERBS[verb]
    if actor.is_system:
        return EVERYTHING
    if not (actor.user and actor.user.is_active):
        return NOTHING
    if actor.token and entry.writes and ApiToken.Scope.WRITE not in actor.token.scopes:
        return NOTHING
    return entry.rule(actor)


def filter(actor: Actor, verb: str, queryset: QuerySet[Row]) -> QuerySet[Row]:
    """Keep the rows that ``actor`` may treat so."""
    return queryset.filter(scope(actor, verb))


def can(actor: Actor, verb: str, row: Model) -> bool:
    """Return whether ``actor`` may do ``verb`` with ``row``."""
    return row._meta.model._default_manager.filter(scope(actor, verb), pk=row.pk).exists()


def check(actor: Actor, verb: str, row: Model) -> None:
    """Raise Problem ``not_found`` or ``forbidden`` unless ``actor`` may do so."""
    if can(actor, verb, row):
        return
    entry = VERBS[verb]
    if not can(actor, entry.reading, row):
        raise Problem("not_found")
    raise Problem("forbidden", **who_could(entry, row))


def may_find(actor: Actor, verb: str, operation: Operation | None = None) -> bool:
    """Return whether ``verb`` could give the actor any row (in the operation), without a query.

    For menus and buttons; what is behind them checks for itself.
    """
    inside = replace(actor)
    if operation:
        held = [one for one in actor.memberships if one.operation_id == operation.pk]
        vars(inside)["memberships"] = held
    try:
        str(apps.get_model(VERBS[verb].model).objects.filter(scope(inside, verb)).query)
    except EmptyResultSet:
        return False
    return True


def get(actor: Actor, verb: str, queryset: QuerySet[Row], **lookup: Any) -> Row:
    """Return the one row that matches, if ``actor`` may do ``verb`` with it; else raise Problem."""
    row = queryset.filter(**lookup).first()
    if row is None:
        raise Problem("not_found")
    check(actor, verb, row)
    return row


def who_could(entry: Verb, row: Model, *, but: Any = None) -> dict[str, Any]:
    """Return the roles that may do it and the people who hold them here, for a refusal.

    ``but`` is the key of somebody who holds a role and may not do it all the same.
    """
    operation: Any = row
    if row._meta.label != "core.Operation":
        for part in entry.operation.split("__"):
            operation = getattr(operation, part)
    holders = Q(memberships__operation=operation, memberships__role__in=entry.roles)
    if Role.ADMINISTRATOR in entry.roles:
        holders |= Q(is_superuser=True)
    users = User.objects.filter(holders, is_active=True).exclude(pk=but).distinct()
    people = sorted(str(user) for user in users[:6])
    return {
        "roles": ", ".join(str(role.label) for role in entry.roles),
        "people": ", ".join(people) or _("nobody yet"),
    }


def actor_of(user: User | AnonymousUser, token: ApiToken | None = None) -> Actor:
    """Return the actor for a request's user."""
    return Actor(user=user if isinstance(user, User) else None, token=token)


def table() -> list[Verb]:
    """Return every verb, for the documentation and the generated tests."""
    if not apps.ready:
        raise RuntimeError("the policy table is complete only once all apps are loaded")
    return sorted(VERBS.values(), key=lambda verb: verb.name)
