"""Publication of reports: a draft is for those who work on it, a published one for every member."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core import policy
from core.errors import Problem
from core.models import Operation
from core.policy import SYSTEM, Actor
from core.transitions import advance, obstacle
from situation.models import Report

State = Report.State


@transaction.atomic
def publish(report: Report, *, actor: Actor) -> Report:
    """Publish a draft; the report that was published before it in its language is superseded.

    Raises Problem ``guard_failed`` for whoever asked for the report, or what ``advance`` raises.
    """
    published = advance(
        report,
        "publish",
        actor=actor,
        facts=facts(actor),
        published_by=actor.user,
        published_at=timezone.now(),
    )
    for earlier in siblings(published).filter(state=State.PUBLISHED):
        advance(earlier, "supersede", actor=SYSTEM)
    return published


def withdraw(report: Report, *, actor: Actor) -> Report:
    """Make a published report a draft again."""
    return advance(report, "withdraw", actor=actor, published_by=None, published_at=None)


def refusal(report: Report, *, actor: Actor) -> Problem | None:
    """Return what hinders the actor to publish a draft, or None; nothing is changed."""
    return obstacle(report, "publish", facts(actor))


def facts(actor: Actor) -> dict[str, int | None]:
    """Return what the guard needs to know: who would publish."""
    return {"publisher": actor.user.pk if actor.user else None}


def siblings(report: Report) -> QuerySet[Report]:
    """Return the other reports of the same kind on the same subject in the same language."""
    return Report.objects.filter(
        operation=report.operation_id,
        assessment=report.assessment_id,
        kind=report.kind,
        language=report.language,
    ).exclude(pk=report.pk)


def successor(report: Report) -> Report | None:
    """Return the published report that stands in the place of a superseded one, if one does."""
    return siblings(report).filter(state=State.PUBLISHED).order_by("-published_at").first()


def waiting(operation: Operation, actor: Actor) -> QuerySet[Report]:
    """Return the newest drafts that others made and the actor may publish."""
    newer = Report.objects.filter(
        Q(assessment=OuterRef("assessment")) | Q(assessment=None, kind=Report.Kind.CONVOYS),
        operation=OuterRef("operation"),
        kind=OuterRef("kind"),
        language=OuterRef("language"),
        created_at__gt=OuterRef("created_at"),
        state__in=[State.READY, State.PUBLISHED],
    )
    drafts = Report.objects.filter(~Exists(newer), operation=operation, state=State.READY)
    return policy.filter(actor, "report.publish", drafts.exclude(created_by=actor.user)).order_by()
