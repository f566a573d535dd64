"""Review: decisions, stale ones, many at once, and the undo of each."""

import uuid

import pytest

from assessments import review, review_jobs, tasks
from assessments.models import ReviewDecision, Submission
from core import jobs
from core.errors import Problem
from core.models import Job
from tests.assessments.records import Records


def state(row: Submission) -> str:
    """Return a submission's state as the database has it."""
    return Submission.objects.get(pk=row.pk).state


def test_a_reviewer_approves_and_the_decision_says_who(records: Records) -> None:
    moved = review.decide(records.olgas, "approve", actor=records.cast.actor("tigran"))
    decision = ReviewDecision.objects.get(submission=moved)
    assert (moved.state, decision.decided_by) == ("approved", records.cast.tigran)
    assert (decision.from_state, decision.to_state) == ("received", "approved")


@pytest.mark.parametrize("action", ["flag", "reject"])
@pytest.mark.parametrize("reason", ["", " \n"])
def test_sending_back_needs_a_reason(records: Records, action: str, reason: str) -> None:
    with pytest.raises(Problem) as refusal:
        review.decide(records.olgas, action, actor=records.cast.actor("tigran"), reason=reason)
    assert refusal.value.code == "reason_missing"
    assert state(records.olgas) == "received"


@pytest.mark.parametrize(
    ("who", "code"), [("olga", "forbidden"), ("nils", "not_found"), ("outsider", "not_found")]
)
def test_whoever_may_not_review_is_refused(records: Records, who: str, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        review.decide(records.olgas, "approve", actor=records.cast.actor(who))
    assert refusal.value.code == code


def test_the_second_reviewer_hears_what_the_first_decided(records: Records) -> None:
    seen = review.last_seen(records.olgas)
    first, second = records.cast.actor("tigran"), records.cast.actor("anna")
    review.decide(records.olgas, "flag", actor=first, reason="Age is missing.", seen=seen)
    with pytest.raises(Problem) as refusal:
        review.decide(records.olgas, "approve", actor=second, seen=seen)
    assert refusal.value.code == "review_stale"
    assert refusal.value.status == 409
    assert "Tigran" in refusal.value.detail
    assert "Age is missing." in refusal.value.detail
    assert state(records.olgas) == "has_issues"


def test_the_same_decision_again_changes_nothing(records: Records) -> None:
    actor = records.cast.actor("tigran")
    for _ in range(2):
        review.decide(records.olgas, "approve", actor=actor)
    assert ReviewDecision.objects.count() == 1


def test_many_are_decided_as_far_as_one_may(records: Records) -> None:
    ids = [records.olgas.pk, records.farids.pk]
    outcome = review.decide_all(ids, "approve", actor=records.cast.actor("tigran"))
    assert (outcome.decided, outcome.skipped) == (1, 1)
    assert (state(records.olgas), state(records.farids)) == ("approved", "received")


def test_what_was_decided_since_the_page_was_shown_is_left_alone(records: Records) -> None:
    as_of = review.newest(ReviewDecision.objects.all())
    review.decide(records.olgas, "start_review", actor=records.cast.actor("anna"))
    outcome = review.decide_all(
        [records.olgas.pk, records.farids.pk],
        "approve",
        actor=records.cast.actor("carmen"),
        as_of=as_of,
    )
    assert (outcome.decided, outcome.skipped) == (1, 1)
    assert state(records.olgas) == "in_review"


def test_a_second_run_of_a_batch_goes_on_where_the_first_ended(records: Records) -> None:
    actor, batch = records.cast.actor("carmen"), uuid.uuid4()
    ids = [records.olgas.pk, records.farids.pk]
    review.decide_all(ids[:1], "approve", actor=actor, batch=batch)
    outcome = review.decide_all(ids, "approve", actor=actor, batch=batch)
    assert outcome.decided == 2
    assert ReviewDecision.objects.filter(batch=batch).count() == 2


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ("received", "approve"),
        ("in_review", "approve"),
        ("has_issues", "approve"),
        ("received", "flag"),
        ("in_review", "flag"),
        ("approved", "flag"),
        ("received", "reject"),
        ("in_review", "reject"),
        ("has_issues", "reject"),
        ("approved", "reopen"),
        ("rejected", "reopen"),
        ("received", "start_review"),
    ],
)
def test_every_decision_can_be_undone(records: Records, before: str, action: str) -> None:
    actor = records.cast.actor("carmen")
    row = records.send("olga", "OCHA", state=before)
    outcome = review.decide_all([row.pk], action, actor=actor, reason="Because.")
    assert state(row) != before
    undone = review.undo(outcome.batch, actor=actor)
    assert (state(row), undone.decided) == (before, 1)


def test_an_undo_leaves_what_was_decided_since(records: Records) -> None:
    actor = records.cast.actor("carmen")
    ids = [records.olgas.pk, records.farids.pk]
    outcome = review.decide_all(ids, "approve", actor=actor)
    review.decide(records.olgas, "flag", actor=actor, reason="Wrong area.")
    undone = review.undo(outcome.batch, actor=actor)
    assert (undone.decided, undone.skipped) == (1, 1)
    assert (state(records.olgas), state(records.farids)) == ("has_issues", "received")


def test_nothing_is_undone_twice(records: Records) -> None:
    actor = records.cast.actor("carmen")
    outcome = review.decide_all([records.olgas.pk], "approve", actor=actor)
    review.undo(outcome.batch, actor=actor)
    with pytest.raises(Problem) as refusal:
        review.undo(outcome.batch, actor=actor)
    assert refusal.value.code == "nothing_to_undo"


def test_nobody_undoes_what_they_may_not_review(records: Records) -> None:
    outcome = review.decide_all([records.olgas.pk], "approve", actor=records.cast.actor("carmen"))
    with pytest.raises(Problem):
        review.undo(outcome.batch, actor=records.cast.actor("nils"))
    assert state(records.olgas) == "approved"


def test_a_job_decides_and_another_undoes(records: Records) -> None:
    ids = [records.olgas.pk, records.farids.pk]
    actor, operation = records.cast.actor("carmen"), records.cast.operation
    assert jobs.HANDLERS[review_jobs.DECIDE_JOB] is tasks.decide
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review_jobs, "AT_ONCE", 1)
        job = review_jobs.decide_many(ids, "approve", actor=actor, operation=operation)
        assert isinstance(job, Job)
        jobs.run(str(job.pk))
        assert {state(records.olgas), state(records.farids)} == {"approved"}
        undoing = review_jobs.undo_batch(uuid.UUID(job.key), actor=actor, operation=operation)
        assert isinstance(undoing, Job)
        jobs.run(str(undoing.pk))
    assert {state(records.olgas), state(records.farids)} == {"received"}
    job.refresh_from_db()
    assert (job.state, job.result["decided"]) == ("done", 2)
    assert job.result["url"].endswith(f"/submissions/review/{job.key}/")
