"""Decisions on thousands of submissions, and their undoing, as jobs of the ledger."""

import uuid
from collections.abc import Sequence

from django.utils.translation import ngettext

from assessments.models import ReviewDecision
from assessments.review import AT_ONCE, Outcome, checked_reason, decide_all, undo
from core import jobs
from core.models import Job, Operation
from core.policy import Actor

DECIDE_JOB = "assessments.review"
UNDO_JOB = "assessments.undo_review"


def title(action: str, count: int) -> str:
    """Return what is done, in words, for buttons and jobs."""
    words = {
        "approve": ngettext("Approve %d submission", "Approve %d submissions", count),
        "flag": ngettext("Send %d submission back", "Send %d submissions back", count),
        "reject": ngettext("Reject %d submission", "Reject %d submissions", count),
        "start_review": ngettext(
            "Take %d submission into review", "Take %d submissions into review", count
        ),
        "reopen": ngettext("Reopen %d submission", "Reopen %d submissions", count),
        "undo": ngettext(
            "Undo %d decision on a submission", "Undo %d decisions on submissions", count
        ),
    }
    return words[action] % count


def done(action: str, count: int) -> str:
    """Return what has been done, in words."""
    words = {
        "approve": ngettext("%d submission approved.", "%d submissions approved.", count),
        "flag": ngettext("%d submission sent back.", "%d submissions sent back.", count),
        "reject": ngettext("%d submission rejected.", "%d submissions rejected.", count),
        "start_review": ngettext(
            "%d submission taken into review.", "%d submissions taken into review.", count
        ),
        "reopen": ngettext("%d submission reopened.", "%d submissions reopened.", count),
        "undo": ngettext("%d decision undone.", "%d decisions undone.", count),
    }
    return words[action] % count


def decide_many(
    ids: Sequence[int],
    action: str,
    *,
    actor: Actor,
    operation: Operation,
    reason: str = "",
    as_of: int | None = None,
) -> Outcome | Job:
    """Decide at once on up to a thousand submissions, on more of them in a job.

    Raises Problem ``reason_missing``.
    """
    reason = checked_reason(action, reason)
    if len(ids) <= AT_ONCE:
        return decide_all(ids, action, actor=actor, reason=reason, as_of=as_of)
    batch = str(uuid.uuid4())
    return jobs.enqueue(
        DECIDE_JOB,
        title=title(action, len(ids)),
        actor=actor,
        operation=operation,
        key=batch,
        ids=list(ids),
        action=action,
        reason=reason,
        as_of=as_of,
        batch=batch,
    )


def undo_batch(batch: uuid.UUID, *, actor: Actor, operation: Operation) -> Outcome | Job:
    """Take back the decisions of a batch: at once, or where they are many in a job.

    Raises Problem ``nothing_to_undo``.
    """
    count = ReviewDecision.objects.filter(batch=batch, undone_at__isnull=True).count()
    if count <= AT_ONCE:
        return undo(batch, actor=actor)
    return jobs.enqueue(
        UNDO_JOB,
        title=title("undo", count),
        actor=actor,
        operation=operation,
        key=f"undo-{batch}",
        batch=str(batch),
    )
