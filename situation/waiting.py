"""What waits for a reader, by what the policy lets them do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments import handover
from assessments.models import Assessment, Condition, FormVersion, Submission
from assessments.policy import OWN
from core import policy
from core.models import Job, Operation, User
from core.policy import Actor
from situation import publication

MOST = 1000
Review = Submission.State
State = Assessment.State
AHEAD = (State.PLANNED, State.AWAITING_CONDITIONS)
Rows = Callable[[Operation, Actor], QuerySet[Any]]


@dataclass(frozen=True)
class Task:
    """Something that waits: ``number`` counts to MOST and no further."""

    label: str | Promise
    number: int
    url: str
    icon: str

    @property
    def is_more(self) -> bool:
        """Return whether there are more than were counted."""
        return self.number >= MOST


def tasks(operation: Operation, actor: Actor) -> list[Task]:
    """Return what waits for the reader, the most urgent kind first."""
    found = []
    for label, icon, page, query, rows in KINDS:
        number = rows(operation, actor)[:MOST].count()
        if number:
            address = reverse(page, args=(operation.slug,))
            found.append(Task(label, number, f"{address}{query}", icon))
    return found


def to_review(operation: Operation, actor: Actor) -> QuerySet[Submission]:
    """Return the submissions that the actor may review and nobody has decided on."""
    waiting = Submission.objects.filter(
        operation=operation, is_test=False, state__in=[Review.RECEIVED, Review.IN_REVIEW]
    )
    return policy.filter(actor, "submission.review", waiting).order_by()


def returned(operation: Operation, actor: Actor) -> QuerySet[Submission]:
    """Return what the actor sent, or looks after, and a reviewer sent back."""
    sent = Submission.objects.filter(
        OWN(actor), operation=operation, is_test=False, state=Review.HAS_ISSUES
    )
    return policy.filter(actor, "submission.read", sent).order_by()


def unattended(operation: Operation, actor: Actor) -> QuerySet[User]:
    """Return those who left, where the actor may say who looks after what they sent."""
    if not policy.can(actor, "member.manage", operation):
        return User.objects.none()
    return handover.unattended(operation)


def drafts(operation: Operation, actor: Actor) -> QuerySet[FormVersion]:
    """Return converted forms that the actor may publish."""
    found = FormVersion.objects.filter(operation=operation, state=FormVersion.State.DRAFT)
    return policy.filter(actor, "form.publish", found).order_by()


def conditions(operation: Operation, actor: Actor) -> QuerySet[Condition]:
    """Return the open conditions that the actor may record, of planned assessments."""
    inside = Assessment.objects.filter(operation=operation, state__in=AHEAD)
    plannable = policy.filter(actor, "assessment.plan", inside)
    return Condition.objects.filter(assessment__in=plannable, met_on__isnull=True).order_by()


def ready(operation: Operation, actor: Actor) -> QuerySet[Assessment]:
    """Return the assessments that the actor could schedule because all conditions hold."""
    waiting = Condition.objects.filter(assessment=OuterRef("pk"), met_on__isnull=True)
    found = Assessment.objects.filter(~Exists(waiting), operation=operation, state__in=AHEAD)
    return policy.filter(actor, "assessment.schedule", found).order_by()


def failed(operation: Operation, actor: Actor) -> QuerySet[Job]:
    """Return the jobs that failed and that the actor may start again."""
    found = Job.objects.filter(operation=operation, state=Job.State.FAILED)
    return policy.filter(actor, "job.retry", found).order_by()


# label, icon, page, its filters, rows
KINDS: tuple[tuple[str | Promise, str, str, str, Rows], ...] = (
    (_("Submissions to review"), "submissions", "submissions", "?state=waiting", to_review),
    (
        _("Your submissions with issues"),
        "edit",
        "submissions",
        "?state=has_issues&mine=on",
        returned,
    ),
    (_("Form drafts to publish"), "forms", "forms", "", drafts),
    (_("Reports to publish"), "reports", "reports", "?state=ready", publication.waiting),
    (_("Open conditions"), "warning", "assessments", "?state=awaiting_conditions", conditions),
    (_("Assessments that can be scheduled"), "assessments", "assessments", "", ready),
    (_("People who left their submissions"), "people", "handover", "", unattended),
    (_("Failed jobs"), "jobs", "jobs", "?state=failed", failed),
)
