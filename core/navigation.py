"""The navigation inside an operation: which pages there are, and which of them the reader may open.

Pages of other apps are named by their URL names only, so that core knows no app above it.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import policy
from core.models import Operation
from core.policy import VERBS, Actor


@dataclass(frozen=True)
class Place:
    """A page of the navigation: its URL name, label, the verb that opens it, and its icon."""

    name: str
    label: str | Promise
    verb: str
    icon: str


PLACES = (
    Place("overview", _("Overview"), "operation.read", "overview"),
    Place("areas", _("Areas"), "area.read", "areas"),
    Place("assessments", _("Assessments"), "assessment.read", "assessments"),
    Place("forms", _("Forms"), "form.read", "forms"),
    Place("submissions", _("Submissions"), "submission.read", "submissions"),
    Place("convoys", _("Convoys"), "convoy.read", "convoys"),
    Place("reports", _("Reports"), "report.read", "reports"),
    Place("jobs", _("Jobs"), "job.read", "jobs"),
    Place("administration", _("Administration"), "member.manage", "administration"),
)


def may_find(actor: Actor, verb: str, operation: Operation) -> bool:
    """Return whether the actor's roles in the operation could give any row, without a query."""
    inside = replace(actor)
    held = [one for one in actor.memberships if one.operation_id == operation.pk]
    vars(inside)["memberships"] = held
    try:
        str(apps.get_model(VERBS[verb].model).objects.filter(policy.scope(inside, verb)).query)
    except EmptyResultSet:
        return False
    return True


def places(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the entries for the reader: ``url``, ``label``, ``icon`` and ``current``."""
    operation: Operation | None = getattr(request, "operation", None)
    if operation is None:
        return []
    actor: Actor = getattr(request, "actor", Actor())
    entries = []
    for place in PLACES:
        try:
            url = reverse(place.name, args=(operation.slug,))
        except NoReverseMatch:
            continue
        if may_find(actor, place.verb, operation):
            entries.append(
                {
                    "url": url,
                    "label": place.label,
                    "icon": place.icon,
                    "current": request.path == url
                    or (place.name != "overview" and request.path.startswith(url)),
                }
            )
    return entries


def may_fill(request: HttpRequest) -> bool:
    """Return whether the reader fills forms somewhere, and so wants the field client."""
    actor: Actor = getattr(request, "actor", Actor())
    return bool(actor.holding(VERBS["form.fill"].roles))
