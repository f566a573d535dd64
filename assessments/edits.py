"""Edits by the sender: a record that names, as ``deprecatedID``, the record that it replaces.

Each XML stays as it came; the submission's answers are those of the latest. A record that changes
after a decision waits for review again, so that nobody's approval covers what they never saw.
"""

import uuid

from assessments import arrived_files
from assessments.arrivals import Arrival, columns, create_members
from assessments.models import ReviewDecision, Submission, SubmissionConflict, SubmissionEdit
from assessments.receipts import Receipt
from core import policy
from core.errors import Problem
from core.media import Stored
from core.transitions import advance

ACTION = "resubmit"


def accept(arrival: Arrival, stored: dict[str, Stored]) -> Receipt | None:
    """Take an edit in, or keep it for review where the record was edited since, and return None.

    Raises Problem ``edit_unknown`` where the sender has no such record.
    """
    submission = _edited(arrival)
    latest = submission.edits.only("instance_id").first()
    current = latest.instance_id if latest else submission.instance_id
    if arrival.identity.deprecated_id != current:
        keep_beside(submission, arrival)
        return None
    edit = SubmissionEdit.objects.create(
        submission=submission,
        form=arrival.form,
        is_test=arrival.is_test,
        instance_id=arrival.identity.instance_id,
        deprecated_id=current,
        submitted_by=arrival.user,
        xml=arrival.content,
        xml_sha256=arrival.digest,
    )
    _rewrite(submission, arrival)
    _await_review(submission, arrival)
    files = arrived_files.replace(submission, edit, arrival.record, stored)
    return Receipt(submission, edit, files, is_new=True)


def keep_beside(submission: Submission, arrival: Arrival) -> None:
    """Keep a record that cannot be taken in, so that a reviewer can compare."""
    SubmissionConflict.objects.get_or_create(
        submission=submission,
        xml_sha256=arrival.digest,
        defaults={"submitted_by": arrival.user, "xml": arrival.content},
    )


def _edited(arrival: Arrival) -> Submission:
    """Return the submission that the record replaces a state of, locked."""
    named = arrival.identity.deprecated_id
    same = {"form": arrival.form, "is_test": arrival.is_test, "instance_id": named}
    key = (
        Submission.objects.filter(**same).values_list("pk", flat=True).first()
        or SubmissionEdit.objects.filter(**same).values_list("submission", flat=True).first()
    )
    mine = policy.filter(arrival.actor, "submission.amend", Submission.objects.filter(pk=key or 0))
    found = mine.select_for_update(of=("self",)).defer("xml", "answers", "search").first()
    if found is None:
        raise Problem("edit_unknown", deprecated_id=named)
    return found


def _rewrite(submission: Submission, arrival: Arrival) -> None:
    """Give the submission the answers of the edit."""
    changed = columns(arrival)
    for name, value in changed.items():
        setattr(submission, name, value)
    submission.save(update_fields=list(changed))
    submission.repeat_rows.all().delete()
    create_members(submission, arrival.record)


def _await_review(submission: Submission, arrival: Arrival) -> None:
    """Move the submission back to the start of review; whoever has it open is told."""
    before = submission.state
    if before != Submission.State.RECEIVED:
        advance(submission, ACTION, actor=arrival.actor)
    ReviewDecision.objects.create(
        submission=submission,
        batch=uuid.uuid4(),
        action=ACTION,
        from_state=before,
        to_state=Submission.State.RECEIVED,
        decided_by=arrival.user,
    )
