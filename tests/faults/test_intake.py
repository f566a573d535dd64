"""Nothing acknowledged is lost, nothing is stored twice, whatever dies or breaks on the way in."""

import hashlib
import http.client
import signal
import threading
import time
from typing import Any

import pytest
from django.test import Client

from assessments import publish
from assessments.models import RepeatRow, Submission, SubmissionConflict, SubmissionFile
from tests.assessments.desk import PNG, Desk, add
from tests.assessments.workbooks import needs_form, record
from tests.faults.live import Live, at_once
from tests.phone import Answer, new_id

BROKEN = (OSError, http.client.HTTPException)
BODY = "<people>7</people><photo>a.png</photo><member><name>A</name></member>"


def receipt(answer: Any) -> dict[str, Any]:
    """Return the receipt of an answer that must have one."""
    assert isinstance(answer, Answer), answer
    assert answer.status == 201, answer.body
    found: dict[str, Any] = answer.json()["receipt"]
    return found


def test_killed_before_the_commit(server: Live, field: Desk) -> None:
    """Fault 1: the web server is killed between the body's last byte and the commit."""
    phone, content = server.phone(field), record(BODY)
    server.order("before-commit", "kill")
    with pytest.raises(BROKEN):
        phone.send(content, {"a.png": PNG})
    assert Submission.objects.count() == RepeatRow.objects.count() == 0
    server.up()
    again = receipt(phone.send(content, {"a.png": PNG}))
    assert again["sha256"] == hashlib.sha256(content).hexdigest()
    assert Submission.objects.count() == SubmissionFile.objects.exclude(file="").count() == 1


def test_killed_after_the_commit(server: Live, field: Desk) -> None:
    """Fault 2: the web server is killed after the commit, before the answer."""
    phone, content = server.phone(field), record(BODY)
    server.order("after-commit", "kill")
    with pytest.raises(BROKEN):
        phone.send(content, {"a.png": PNG})
    kept = Submission.objects.get()
    server.up()
    first, second = (receipt(phone.send(content, {"a.png": PNG})) for _ in range(2))
    assert first == second
    assert first["id"] == str(kept.uid)
    assert first["received_at"] == kept.received_at.isoformat()
    assert Submission.objects.count() == 1


def test_fifty_at_once(server: Live, field: Desk) -> None:
    """Fault 15: the same record fifty times in parallel is one row and fifty equal receipts."""
    phone, content = server.phone(field), record(BODY)
    receipts = [receipt(one) for one in at_once(50, lambda _: phone.send(content, {"a.png": PNG}))]
    assert len(receipts) == 50
    assert all(one == receipts[0] for one in receipts)
    assert Submission.objects.count() == RepeatRow.objects.count() == 1
    assert SubmissionFile.objects.count() == 1


def test_two_records_under_one_id(server: Live, field: Desk) -> None:
    """Fault 16: another record under the same ID is refused; both are there for review."""
    phone, instance = server.phone(field), new_id()
    first = record("<people>1</people>", instance=instance)
    receipt(phone.send(first))
    other = record("<people>2</people>", instance=instance)
    answers = at_once(8, lambda _: phone.send(other))
    assert [one.status for one in answers if isinstance(one, Answer)] == [409] * 8
    assert bytes(Submission.objects.get().xml) == first
    assert bytes(SubmissionConflict.objects.get().xml) == other


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_a_body_cut_at_each_tenth(server: Live, field: Desk, chunked: bool) -> None:
    """Fault 17: a body that ends too early is refused, and nothing of it is kept."""
    phone, content = server.phone(field), record(BODY)
    files = {"a.png": PNG + bytes(50_000)}
    said = [phone.send_part(content, files, share / 10, chunked=chunked) for share in range(1, 10)]
    assert set(said) <= {400, None}
    assert Submission.objects.count() == SubmissionFile.objects.count() == 0
    assert receipt(phone.send(content, files))["missing"] == []


def test_a_photo_whose_link_dropped_is_sent_again_alone(server: Live, field: Desk) -> None:
    """Fault 18: one photo came, the link dropped in the second; only the second goes again."""
    phone = server.phone(field)
    content = record("<photo>a.png</photo><head>x</head>")
    first = receipt(phone.send(content))
    assert first["missing"] == ["a.png"]
    photo = PNG + bytes(100_000)
    assert phone.send_part(content, {"a.png": photo}, 0.7) in {400, None}
    assert receipt(phone.send(content))["missing"] == ["a.png"]
    resumed = receipt(phone.send(content, {"a.png": photo}))
    assert resumed["missing"] == []
    assert resumed["files"] == [
        {
            "name": "a.png",
            "sha256": hashlib.sha256(photo).hexdigest(),
            "size": SubmissionFile.objects.get().size,
        }
    ]
    assert resumed["id"] == first["id"]


def test_a_form_that_changed_after_the_download(server: Live, field: Desk) -> None:
    """Fault 29: a record of the older version is taken, against that version, and labelled."""
    phone = server.phone(field)
    publish.publish(add(field.cast, needs_form("2")), actor=field.cast.actor("anna"))
    said = receipt(phone.send(record()))
    kept = Submission.objects.get()
    assert (kept.version.version, kept.version.state) == ("1", "superseded")
    reader = Client()
    reader.force_login(field.cast.tigran)
    assert "superseded" in reader.get(said["url"]).content.decode()


def test_a_deployment_under_load(server: Live, field: Desk) -> None:
    """Fault 40: the server is told to end while records come in; none acknowledged is lost."""
    phone = server.phone(field)
    acknowledged: dict[str, str] = {}
    refused: list[Answer] = []
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            content, answered = record(BODY), None
            while answered is None:
                try:
                    answered = phone.send(content, {"a.png": PNG})
                except BROKEN:
                    time.sleep(0.05)  # the phone keeps the record and tries again
            if answered.status == 201:
                acknowledged[receipt(answered)["id"]] = hashlib.sha256(content).hexdigest()
            else:
                refused.append(answered)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    server.programs["web"].send_signal(signal.SIGTERM)
    assert server.programs["web"].wait(60) == 0
    server.up()
    time.sleep(0.5)
    ended.set()
    for thread in threads:
        thread.join()
    kept = {str(uid): sha for uid, sha in Submission.objects.values_list("uid", "xml_sha256")}
    assert refused == []
    assert acknowledged
    assert kept == acknowledged
