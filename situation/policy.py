"""Who may read, make and publish reports (the matrix of product.md)."""

from django.db.models import Q

from core.models import Role
from core.policy import MEMBERS, Actor, in_operation
from core.verbs import verb
from situation.models import Report

WRITERS = (Role.ANALYST, Role.LOGISTICS, Role.ACCESS, Role.COORDINATOR)
READERS_OF_DRAFTS = tuple(role for role in MEMBERS if role != Role.OBSERVER)
PUBLISHED = (Report.State.PUBLISHED, Report.State.SUPERSEDED)


def published_to_observers(actor: Actor) -> Q:
    """Give reports that were published to observers, who see no drafts."""
    return in_operation("operation", (Role.OBSERVER,))(actor) & Q(state__in=PUBLISHED)


verb("figures.read", "core.Operation", "pk", MEMBERS, "figures.read")
verb(
    "report.read",
    "situation.Report",
    "operation",
    READERS_OF_DRAFTS,
    "report.read",
    published_to_observers,
)
verb("report.make", "assessments.Assessment", "operation", WRITERS, "assessment.read")
verb("convoy_report.make", "core.Operation", "pk", WRITERS, "figures.read")
verb("report.retry", "situation.Report", "operation", WRITERS, "report.read")
verb("report.publish", "situation.Report", "operation", (Role.COORDINATOR,), "report.read")
