"""Edits by the sender: the latest counts, every XML is kept, nobody's approval is carried over."""

from typing import Any

import pytest

from assessments import intake, publish, review
from assessments.models import (
    FormVersion,
    RepeatRow,
    ReviewDecision,
    Submission,
    SubmissionConflict,
    SubmissionEdit,
    SubmissionFile,
)
from core.errors import Problem
from core.policy import Actor
from tests.assessments.desk import PNG, Desk, add, photo
from tests.assessments.test_intake import refusal
from tests.assessments.workbooks import needs_form, record

ONE, TWO, THREE = "uuid:one", "uuid:two", "uuid:three"


def edit(body: str, instance: str, deprecated: str, **options: Any) -> bytes:
    """Return a record that replaces another."""
    meta = f"<orx:deprecatedID>{deprecated}</orx:deprecatedID>"
    return record(body, instance=instance, meta=meta, **options)


def test_an_edit_gives_the_submission_its_answers_and_keeps_both_records(desk: Desk) -> None:
    first = record("<people>3</people><member><name>A</name></member>", instance=ONE)
    second = edit("<people>4</people><where>39.5 47.5 0 0</where>", TWO, ONE)
    original, edited = desk.send(first), desk.send(second)
    kept = Submission.objects.get()
    assert kept.answers["people"] == 4
    assert kept.area is not None
    assert kept.area.pcode == "XX200"
    assert (kept.instance_id, bytes(kept.xml)) == (ONE, first)
    assert bytes(SubmissionEdit.objects.get().xml) == second
    assert not RepeatRow.objects.exists()
    before, after = original.as_dict(None), edited.as_dict(None)
    assert before["id"] == after["id"]
    assert (before["instance_id"], after["instance_id"]) == (ONE, TWO)
    assert before["sha256"] != after["sha256"]


def test_everything_that_was_accepted_gives_its_receipt_again(desk: Desk) -> None:
    bodies = [
        record("<people>1</people>", instance=ONE),
        edit("<people>2</people>", TWO, ONE),
        edit("<people>3</people>", THREE, TWO),
    ]
    given = [desk.send(body).as_dict(None) for body in bodies]
    again = [desk.send(body) for body in bodies]
    assert [one.as_dict(None) for one in again] == given
    assert not any(one.is_new for one in again)
    assert Submission.objects.get().answers["people"] == 3


def test_an_edit_of_what_is_not_there_is_refused(desk: Desk) -> None:
    desk.send(record(instance=ONE))
    with refusal("edit_unknown"):
        desk.send(edit("", TWO, "uuid:never"))
    with refusal("edit_unknown"):
        desk.send(edit("", TWO, ONE), who="tigran")
    assert not SubmissionEdit.objects.exists()


def test_an_edit_of_a_state_long_gone_is_refused_and_kept(desk: Desk) -> None:
    desk.send(record(instance=ONE))
    desk.send(edit("<people>4</people>", TWO, ONE))
    for _ in range(2):
        with refusal("edit_not_current"):
            desk.send(edit("<people>5</people>", THREE, ONE))
    assert Submission.objects.get().answers["people"] == 4
    assert SubmissionConflict.objects.count() == 1


def test_another_record_under_the_id_of_an_edit_is_refused_and_kept(desk: Desk) -> None:
    desk.send(record(instance=ONE))
    desk.send(edit("<people>4</people>", TWO, ONE))
    with refusal("instance_conflict"):
        desk.send(record("<people>9</people>", instance=TWO))
    assert Submission.objects.count() == SubmissionConflict.objects.count() == 1


def test_a_closed_form_takes_no_edits(desk: Desk) -> None:
    desk.send(record(instance=ONE))
    form = desk.version.form
    assert form is not None
    publish.set_open(form, actor=desk.cast.actor("anna"), is_open=False)
    with refusal("form_closed"):
        desk.send(edit("", TWO, ONE))


def test_an_edit_may_come_by_a_newer_version(desk: Desk) -> None:
    desk.send(record(instance=ONE))
    newer = publish.publish(add(desk.cast, needs_form("2")), actor=desk.cast.actor("anna"))
    desk.version = newer
    desk.send(edit("<people>4</people>", TWO, ONE, version="2"))
    assert Submission.objects.get().version == newer


def test_an_edit_keeps_its_photos_and_drops_what_it_no_longer_names(desk: Desk) -> None:
    photos = "<photo>{}</photo>".format
    desk.send(record(photos("a.png"), instance=ONE), files=[photo("a.png"), photo("b.csv", b"1")])
    receipt = desk.send(edit(photos("a.png"), TWO, ONE))
    assert receipt.missing == []
    assert [one.file_name for one in receipt.files] == ["a.png"]
    receipt = desk.send(edit(photos("c.png"), THREE, TWO))
    assert receipt.missing == ["c.png"]
    receipt = desk.send(edit(photos("c.png"), THREE, TWO), files=[photo("c.png")])
    assert receipt.missing == []
    names = SubmissionFile.objects.order_by("pk").values_list("file_name", flat=True)
    assert list(names) == ["a.png", "b.csv", "c.png"]
    assert [one.file_name for one in SubmissionFile.objects.current()] == ["c.png"]


def test_an_edit_may_bring_another_photo_under_the_same_name(desk: Desk) -> None:
    body = "<photo>a.png</photo>"
    first = record(body, instance=ONE)
    desk.send(first, files=[photo("a.png")])
    desk.send(edit(body, TWO, ONE), files=[photo("a.png", b"other")])
    old, new = SubmissionFile.objects.order_by("pk")
    assert (old.superseded_by is None, new.superseded_by) == (False, None)
    assert desk.send(first, files=[photo("a.png", PNG)]).missing == []
    with refusal("file_conflict"):
        desk.send(first, files=[photo("a.png", b"third")])


def test_a_photo_that_comes_after_the_edit_is_not_lost(desk: Desk) -> None:
    first = record("<photo>a.png</photo>", instance=ONE)
    desk.send(first)
    desk.send(edit("<people>2</people>", TWO, ONE))
    assert SubmissionFile.objects.count() == 0
    assert desk.send(first, files=[photo("a.png")]).missing == []
    assert SubmissionFile.objects.get().superseded_by is not None


@pytest.mark.parametrize("action", ["approve", "flag", "reject", "start_review", None])
def test_an_edited_record_waits_for_review_again(desk: Desk, action: str | None) -> None:
    sent = desk.send(record(instance=ONE)).submission
    reviewer = desk.cast.actor("tigran")
    if action:
        review.decide(sent, action, actor=reviewer, reason="look")
    seen = review.last_seen(sent)
    desk.send(edit("<people>4</people>", TWO, ONE))
    assert Submission.objects.get().state == Submission.State.RECEIVED
    assert ReviewDecision.objects.latest("pk").action == "resubmit"
    with refusal("review_stale"):
        review.decide(sent, "approve", actor=reviewer, seen=seen)


def test_nobody_undoes_an_edit_by_undoing_decisions(desk: Desk) -> None:
    sent = desk.send(record(instance=ONE)).submission
    review.decide(sent, "approve", actor=desk.cast.actor("tigran"))
    desk.send(edit("<people>4</people>", TWO, ONE))
    batch = ReviewDecision.objects.latest("pk").batch
    with refusal("nothing_to_undo"):
        review.undo(batch, actor=desk.cast.actor("tigran"))


def test_an_edit_of_a_test_stays_a_test(desk: Desk) -> None:
    desk.send(record(instance=ONE))
    desk.send(record(instance=ONE), who="anna", is_test=True)
    desk.send(edit("<people>8</people>", TWO, ONE), who="anna", is_test=True)
    assert SubmissionEdit.objects.get().submission.is_test


def test_whoever_left_changes_nothing_any_more(desk: Desk) -> None:
    desk.send(record(instance=ONE))
    desk.cast.olga.memberships.all().delete()
    version = FormVersion.objects.get(pk=desk.version.pk)
    with pytest.raises(Problem):
        intake.receive(version, actor=Actor(desk.cast.olga), content=edit("", TWO, ONE))
