"""The sync protocol under a bad link: no record is ever lost, none is ever there twice.

A phone fills records with photos, and edits them. The link drops requests and answers, delivers
twice, much later or in another order, and cuts bodies. What the phone was told is always true.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from assessments.models import Submission, SubmissionConflict, SubmissionEdit, SubmissionFile
from core.bodies import WholeBody
from tests import phone
from tests.assessments.desk import Desk
from tests.assessments.test_edits import edit
from tests.assessments.test_field import Cut, signed_in
from tests.assessments.workbooks import record


@dataclass
class Kept:
    """A record on the phone; ``done`` once a receipt said that all of it is on the server."""

    root: str
    content: bytes
    people: int
    files: Mapping[str, bytes]
    done: bool = False

    @property
    def digest(self) -> str:
        """Return the hash by which the phone knows the record."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Queue:
    """The states of one record in the order in which they were made, the latest last."""

    states: list[Kept] = field(default_factory=list)


class Sender:
    """Olga's browser; cuts a body off where it is told to."""

    def __init__(self, desk: Desk):
        self.client = signed_in(desk.cast, "olga")
        self.token = self.client.get("/field/api/session").json()["csrf_token"]
        self.address = f"/field/api/forms/{desk.version.pk}/submissions"

    def post(self, content: bytes, files: Mapping[str, bytes], share: float = 1.0) -> Any:
        """Send a ``share`` of a request."""
        body = phone.multipart(content, files)
        stream = WholeBody(Cut(body[: int(len(body) * share)]), len(body))
        return self.client.generic(
            "POST",
            self.address,
            headers={"X-CSRFToken": self.token},
            **{
                "wsgi.input": stream,
                "CONTENT_LENGTH": str(len(body)),
                "CONTENT_TYPE": f"multipart/form-data; boundary={phone.BOUNDARY}",
            },
        )


class Link(RuleBasedStateMachine):
    """What can happen between a phone and the server."""

    sender: ClassVar[Sender]
    queues = Bundle("queues")
    delayed = Bundle("delayed")

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Queue] = []
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def told(self, kept: Kept, answer: Any) -> None:
        """Believe an answer as a phone does: only a receipt with the same hash counts."""
        assert answer.status_code == 201, answer.content
        receipt = answer.json()["receipt"]
        assert receipt["sha256"] == kept.digest
        kept.done = kept.done or not receipt["missing"]

    @rule(target=queues, people=st.integers(1, 9), photos=st.integers(0, 2))
    def fill(self, people: int, photos: int) -> Queue:
        root = phone.new_id()
        files = {f"{root[-6:]}-{number}.bin": bytes([number]) * 20 for number in range(photos)}
        named = "".join(f"<photo>{name}</photo>" for name in files)
        content = record(f"<people>{people}</people>{named}", instance=root)
        queue = Queue([Kept(root, content, people, files)])
        self.all.append(queue)
        return queue

    @rule(queue=queues, people=st.integers(10, 99))
    def change(self, queue: Queue, people: int) -> None:
        latest = queue.states[-1]
        if latest.done:
            instance, replaced = phone.new_id(), _id(latest.content)
            content = edit(f"<people>{people}</people>", instance, replaced)
            queue.states.append(Kept(latest.root, content, people, {}))

    @rule(queue=queues, some=st.integers(0, 2))
    def deliver(self, queue: Queue, some: int) -> None:
        kept = queue.states[-1]
        self.told(kept, self.sender.post(kept.content, dict(list(kept.files.items())[:some])))

    @rule(queue=queues)
    def lose_the_answer(self, queue: Queue) -> None:
        kept = queue.states[-1]
        self.sender.post(kept.content, kept.files)

    @rule(queue=queues)
    def deliver_twice(self, queue: Queue) -> None:
        kept = queue.states[-1]
        first, second = (self.sender.post(kept.content, kept.files) for _ in range(2))
        assert first.json() == second.json()
        self.told(kept, second)

    @rule(target=delayed, queue=queues, copies=st.integers(1, 2))
    def delay(self, queue: Queue, copies: int) -> Any:
        return multiple(*[(queue, queue.states[-1])] * copies)

    @rule(sent=consumes(delayed))
    def arrive_late(self, sent: tuple[Queue, Kept]) -> None:
        _queue, kept = sent
        self.told(kept, self.sender.post(kept.content, kept.files))

    @rule(queue=queues, share=st.floats(0.01, 0.99))
    def cut(self, queue: Queue, share: float) -> None:
        kept = queue.states[-1]
        assert self.sender.post(kept.content, kept.files, share).status_code == 400

    @invariant()
    def what_was_told_is_true(self) -> None:
        assert not SubmissionConflict.objects.exists()
        for queue in self.all:
            if any(kept.done for kept in queue.states):
                check(queue)

    def teardown(self) -> None:
        try:
            for queue in self.all:
                kept = queue.states[-1]
                self.told(kept, self.sender.post(kept.content, kept.files))
                assert kept.done
                check(queue)
            assert Submission.objects.count() == len(self.all)
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)


def check(queue: Queue) -> None:
    """Compare what the server has of a record with what the phone was told."""
    submission = Submission.objects.get(instance_id=queue.states[0].root)
    edits = list(SubmissionEdit.objects.filter(submission=submission).order_by("pk"))
    came = [submission.xml_sha256, *(one.xml_sha256 for one in edits)]
    made = [kept.digest for kept in queue.states]
    assert came == made[: len(came)]
    assert len(came) >= sum(kept.done for kept in queue.states)
    assert submission.answers["people"] == queue.states[len(came) - 1].people
    for kept in queue.states:
        for name, content in kept.files.items() if kept.done else ():
            file = SubmissionFile.objects.get(submission=submission, file_name=name)
            assert file.sha256 == hashlib.sha256(content).hexdigest()


def _id(content: bytes) -> str:
    return content.decode().partition("instanceID>")[2].partition("<")[0]


@pytest.mark.usefixtures("media")
def test_no_record_is_lost_and_none_is_there_twice(desk: Desk) -> None:
    Link.sender = Sender(desk)
    run_state_machine_as_test(
        Link,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
