"""The navigation inside an operation: which pages there are, and which of them the reader may open.

Pages of other apps are named by their URL names only, so that core knows no app above it.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import policy
from core.models import Operation, Role
from core.policy import VERBS, Actor


@dataclass(frozen=True)
class Place:
    """A page of the navigation: its URL name, label, the verb that opens it, and its icon.

    ``also`` names what stands beside it in addresses and belongs to it all the same.
    """

    name: str
    label: str | Promise
    verb: str
    icon: str
    also: tuple[str, ...] = ()


CONVOYS = ("cargo", "claims", "runs", "waybills", "receipts")
PLACES = (
    Place("overview", _("Overview"), "operation.read", "overview"),
    Place("areas", _("Areas"), "area.read", "areas"),
    Place("assessments", _("Assessments"), "assessment.read", "assessments"),
    Place("forms", _("Forms"), "form.read", "forms"),
    Place("submissions", _("Submissions"), "submission.read", "submissions"),
    Place("access", _("Access"), "access.read", "pin"),
    Place("convoys", _("Convoys"), "convoy.read", "convoys", CONVOYS),
    Place("reports", _("Reports"), "report.read", "reports"),
    Place("jobs", _("Jobs"), "job.read", "jobs"),
    Place("administration", _("Administration"), "member.manage", "administration", ("tokens",)),
)


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
        within = (url, *(f"/o/{operation.slug}/{part}/" for part in place.also))
        if policy.may_find(actor, place.verb, operation):
            entries.append(
                {
                    "url": url,
                    "label": place.label,
                    "icon": place.icon,
                    "current": request.path == url
                    or (place.name != "overview" and request.path.startswith(within)),
                }
            )
    return entries


def may_fill(request: HttpRequest) -> bool:
    """Return whether the reader fills forms somewhere, and so wants the field client."""
    actor: Actor = getattr(request, "actor", Actor())
    return bool(actor.holding(VERBS["form.fill"].roles))


def may_receive(request: HttpRequest) -> bool:
    """Return whether the reader receives cargo somewhere, for which the field client works too."""
    actor: Actor = getattr(request, "actor", Actor())
    return bool(actor.holding((Role.RECEIVER,)))
