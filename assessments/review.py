"""Review of submissions: approve, send back, reject, one by one or many at once, each undone again.

A reviewer decides on what was on the screen: a decision that came in between is told, never
overwritten. Every decision leaves a row, and an undo is one more of them.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import ReviewDecision, Submission
from assessments.models.states import SUBMISSION
from core import policy, transitions
from core.errors import Problem, declare
from core.models import User
from core.policy import Actor

ACTIONS = ("start_review", "approve", "flag", "reject", "reopen")
REASONED = ("flag", "reject")
UNDO = "undo"
AT_ONCE = 1_000
# Which transition leads to a state: by it a decision is undone.
TOWARDS = {SUBMISSION.named(action).target: action for action in ACTIONS}

declare(
    "review_stale",
    409,
    gettext_lazy("Somebody was faster"),
    gettext_lazy("{who} set this submission to “{state}” on {when}. {reason}"),
    gettext_lazy("Your decision was not saved. Look at the submission again, then decide."),
)
declare(
    "reason_missing",
    400,
    gettext_lazy("A reason is needed"),
    gettext_lazy("Whoever sent the submission must be able to see what is wrong with it."),
    gettext_lazy("Write in a sentence what has to be corrected, or why it is rejected."),
)
declare(
    "nothing_to_undo",
    409,
    gettext_lazy("There is nothing left to undo"),
    gettext_lazy("These decisions were undone already, or others were made since."),
    gettext_lazy("Open a submission to see its decisions, and decide anew."),
)


@dataclass(frozen=True)
class Outcome:
    """What became of a decision on many: how many were decided, how many left as they were."""

    batch: uuid.UUID
    decided: int
    skipped: int


def last_seen(submission: Submission) -> int:
    """Return the newest decision's id, by which a reviewer says later what was on the screen."""
    return newest(ReviewDecision.objects.filter(submission=submission))


def newest(decisions: QuerySet[ReviewDecision]) -> int:
    """Return the highest id among decisions, or 0."""
    return decisions.aggregate(newest=Max("pk"))["newest"] or 0


@transaction.atomic
def decide(
    submission: Submission,
    action: str,
    *,
    actor: Actor,
    reason: str = "",
    seen: int | None = None,
) -> Submission:
    """Make one decision and return the submission; in its target state already, it stays.

    ``seen`` is what ``last_seen`` gave when the reviewer looked; None takes what there is now.
    Raises Problem ``not_found``, ``forbidden``, ``review_stale``, ``reason_missing``,
    ``wrong_state``.
    """
    policy.check(actor, "submission.review", submission)
    reason = checked_reason(action, reason)
    locked = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    latest = locked.decisions.select_related("decided_by").first()
    if seen is not None and latest is not None and latest.pk != seen:
        raise _stale(latest)
    before = locked.state
    if before == SUBMISSION.named(action).target:
        return locked
    moved = transitions.advance(locked, action, actor=actor)
    _record([(locked.pk, before)], action, moved.state, actor, reason, uuid.uuid4())
    return moved


def decide_all(
    ids: Sequence[int],
    action: str,
    *,
    actor: Actor,
    reason: str = "",
    as_of: int | None = None,
    batch: uuid.UUID | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Decide on many, a thousand in a transaction; those that cannot be moved stay as they are.

    ``as_of`` is the newest decision that was on the screen: what was decided later is left alone.
    A second run with the same ``batch`` goes on where the first one ended. ``tell`` hears how many
    are done. Raises Problem ``reason_missing``.
    """
    reason = checked_reason(action, reason)
    batch = batch or uuid.uuid4()
    known = ReviewDecision.objects.filter(batch=batch)
    decided = 0
    for number, chunk in enumerate(_chunks(ids)):
        with transaction.atomic():
            rows = _light(chunk)
            done = set(known.filter(submission__in=chunk).values_list("submission", flat=True))
            decided += len(done)
            if as_of is not None:
                rows = rows.exclude(decisions__pk__gt=as_of)
            moved = transitions.advance_all(rows.exclude(pk__in=done), action, actor=actor)
            pairs = [(row.pk, row.state) for row in moved]
            _record(pairs, action, SUBMISSION.named(action).target, actor, reason, batch)
        decided += len(moved)
        tell(min((number + 1) * AT_ONCE, len(ids)))
    return Outcome(batch, decided, len(ids) - decided)


def undo(
    batch: uuid.UUID, *, actor: Actor, tell: Callable[[int], None] = lambda done: None
) -> Outcome:
    """Take back the decisions of a batch that nobody has decided over since.

    Raises Problem ``nothing_to_undo``.
    """
    open_ = ReviewDecision.objects.filter(batch=batch, undone_at__isnull=True, action__in=ACTIONS)
    total = open_.count()
    undoing = uuid.uuid4()
    done = 0
    ids = list(open_.order_by("from_state", "pk").values_list("pk", flat=True))
    for number, chunk in enumerate(_chunks(ids)):
        done += _undo_some(chunk, undoing, actor)
        tell(min((number + 1) * AT_ONCE, total))
    if not done:
        raise Problem("nothing_to_undo")
    return Outcome(undoing, done, total - done)


def batch_of(
    batch: uuid.UUID, *, actor: Actor, submissions: QuerySet[Submission]
) -> QuerySet[ReviewDecision]:
    """Return the decisions of a batch on those ``submissions`` that the actor may review.

    Raises Problem ``not_found`` where the actor may read none of them, ``forbidden`` where some can
    be read but none reviewed.
    """
    made = ReviewDecision.objects.filter(batch=batch)
    read = policy.filter(actor, "submission.read", submissions.filter(decisions__batch=batch))
    first = read.first()
    if first is None:
        raise Problem("not_found")
    reviewed = policy.filter(actor, "submission.review", submissions).values("pk")
    found = made.filter(submission__in=reviewed)
    if not found.exists():
        policy.check(actor, "submission.review", first)
    return found


@transaction.atomic
def _undo_some(ids: Sequence[int], undoing: uuid.UUID, actor: Actor) -> int:
    """Undo decisions and return how many could be."""
    latest = ReviewDecision.objects.filter(submission=OuterRef("submission")).order_by("-pk")
    decisions = (
        ReviewDecision.objects.select_for_update()
        .filter(pk__in=ids, undone_at__isnull=True)
        .annotate(latest=Subquery(latest.values("pk")[:1]))
        .order_by("from_state", "pk")
    )
    done = 0
    for state, same in groupby(decisions, key=lambda one: one.from_state):
        standing = {one.submission_id: one for one in same if one.latest == one.pk}
        rows = _light(list(standing))
        moved = transitions.advance_all(rows, TOWARDS[state], actor=actor)
        pairs = [(row.pk, row.state) for row in moved]
        _record(pairs, UNDO, state, actor, "", undoing)
        undone = ReviewDecision.objects.filter(pk__in=[standing[row.pk].pk for row in moved])
        done += undone.update(undone_at=timezone.now())
    return done


def checked_reason(action: str, reason: str) -> str:
    """Return the reason without blanks around it; raise ``reason_missing`` where it is needed."""
    if action in REASONED and not reason.strip():
        raise Problem("reason_missing")
    return reason.strip()


def _stale(latest: ReviewDecision) -> Problem:
    states = dict(Submission.State.choices)
    return Problem(
        "review_stale",
        who=latest.decided_by,
        state=states[latest.to_state],
        when=date_format(timezone.localtime(latest.decided_at), "DATETIME_FORMAT"),
        reason=_("Reason: {reason}").format(reason=latest.reason) if latest.reason else "",
    )


def _record(
    pairs: Sequence[tuple[int, str]],
    action: str,
    target: str,
    actor: Actor,
    reason: str,
    batch: uuid.UUID,
) -> None:
    """Write a decision for each pair of a submission's key and its former state."""
    user: User | None = actor.user
    if user is None:
        raise Problem("sign_in")
    ReviewDecision.objects.bulk_create(
        ReviewDecision(
            submission_id=pk,
            batch=batch,
            action=action,
            from_state=before,
            to_state=target,
            reason=reason,
            decided_by=user,
        )
        for pk, before in pairs
    )


def _light(ids: Sequence[int]) -> QuerySet[Submission]:
    """Return submissions by key, without the columns that are heavy to read."""
    return Submission.objects.filter(pk__in=ids).only("pk", "state")


def _chunks(ids: Sequence[int]) -> Iterator[list[Any]]:
    rest = iter(ids)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
