"""Exported records come in by a file: whole, signed, for who filled them, and never twice."""

import base64
import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments import export_keys, record_imports, tasks
from assessments.models import RecordImport, Submission, SubmissionFile
from assessments.record_files import FORMAT, canonical
from core import jobs
from core.errors import Problem
from tests.assessments.desk import PNG, Desk
from tests.assessments.test_edits import edit
from tests.assessments.workbooks import record
from tests.cast import Cast

ONE, TWO, THREE = "uuid:one", "uuid:two", "uuid:three"
URL = "/o/caucasus/administration/devices/imports/"


def part(content: bytes, **more: Any) -> dict[str, Any]:
    """Return a part of a record as the device writes it."""
    digest = hashlib.sha256(content).hexdigest()
    return more | {"type": "", "sha256": digest, "base64": base64.b64encode(content).decode()}


def exported(content: bytes, instance: str, **more: Any) -> dict[str, Any]:
    """Return a record as the device exports it."""
    known = {"form_id": "needs", "version": "1", "title": "Կարիքներ", "state": "finalised"}
    files = [part(PNG, name="ծառ.png")] if b"<photo>" in content else []
    return known | {"instance_id": instance, "submission": part(content), "files": files} | more


def document(cast: Cast, records: list[Any], who: str = "olga", **changes: Any) -> bytes:
    """Return a file of records as somebody's device writes it."""
    digest = hashlib.sha256(canonical(records)).hexdigest()
    made = {
        "format": FORMAT,
        "exported_at": "2020-11-23T10:15:00.000Z",
        "device_id": "tessera:1",
        "user": who,
        "records": records,
        "digest": digest,
        "signature": export_keys.sign(digest, cast.people[who]),
    }
    return json.dumps(made | changes, ensure_ascii=False).encode()


def receive(desk: Desk, content: bytes) -> RecordImport:
    """Give a file to the server as Carmen."""
    return record_imports.receive(
        desk.cast.operation, actor=desk.cast.actor("carmen"), content=content, name="a.json"
    )


def imported(desk: Desk, content: bytes, **options: Any) -> list[dict[str, Any]]:
    """Import a file as Carmen; return what became of its records."""
    wishes = {"with_drafts": False, "vouched": False} | options
    begun = record_imports.confirm(
        receive(desk, content), actor=desk.cast.actor("carmen"), **wishes
    )
    assert jobs.HANDLERS[begun.job.kind if begun.job else ""] is tasks.import_records
    jobs.run(str(begun.job_id))
    done = RecordImport.objects.get(pk=begun.pk)
    assert done.state == "done"
    return list(done.report)


def test_records_count_for_who_filled_them_and_the_history_says_who_brought_them(
    desk: Desk,
) -> None:
    content = record("<photo>ծառ.png</photo>", instance=ONE)
    (entry,) = imported(desk, document(desk.cast, [exported(content, ONE)]))
    kept = Submission.objects.get()
    assert (entry["outcome"], entry["submission"]) == ("received", kept.pk)
    assert (kept.submitted_by, bytes(kept.xml)) == (desk.cast.olga, content)
    assert kept.organisation == desk.cast.organisations["OCHA"]
    assert SubmissionFile.objects.get().sha256 == hashlib.sha256(PNG).hexdigest()
    events: Any = vars(Submission)["pgh_event_models"]["insert"]
    context = events.objects.get(pgh_obj_id=kept.pk).pgh_context.metadata
    assert context["user"] == desk.cast.carmen.pk
    assert context["record_import"] == RecordImport.objects.get().pk


def test_what_is_here_already_is_not_taken_twice(desk: Desk) -> None:
    content = record(instance=ONE)
    desk.send(content)
    later = edit("<people>9</people>", TWO, ONE)
    records = [exported(content, ONE), exported(later, TWO)]
    report = receive(desk, document(desk.cast, records)).report
    assert [one["check"] for one in report] == ["here", "edit"]
    done = imported(desk, document(desk.cast, records))
    assert [one["outcome"] for one in done] == ["here", "received"]
    assert Submission.objects.get().answers["people"] == 9


def test_a_second_run_finds_what_the_first_has_done(desk: Desk) -> None:
    content = document(desk.cast, [exported(record(instance=ONE), ONE)])
    imported(desk, content)
    found = RecordImport.objects.get()
    again = record_imports.run(found, with_drafts=False, tell=lambda done, total: None)
    assert [one["outcome"] for one in again.report] == ["here"]
    assert receive(desk, content) == found
    assert Submission.objects.count() == 1


def test_drafts_come_only_when_they_are_asked_for(desk: Desk) -> None:
    file = document(desk.cast, [exported(record(instance=ONE), ONE, state="draft")])
    assert [one["outcome"] for one in imported(desk, file)] == ["left_out"]
    RecordImport.objects.all().delete()
    jobs.Job.objects.all().delete()
    assert [one["outcome"] for one in imported(desk, file, with_drafts=True)] == ["received"]


def test_each_record_that_cannot_be_taken_says_why(desk: Desk) -> None:
    good = exported(record(instance=ONE), ONE)
    desk.send(record("<people>1</people>", instance=TWO))
    records = [
        good,
        exported(record("<people>2</people>", instance=TWO), TWO),
        exported(record(), THREE, form_id="never"),
        exported(b"<data", THREE),
        good | {"submission": good["submission"] | {"base64": "AAAA"}},
        good | {"files": [part(PNG, name="a.png") | {"sha256": "0" * 64}]},
        good | {"submission": None},
    ]
    report = receive(desk, document(desk.cast, records)).report
    expected = ["new", "other", "unknown_form", "damaged", "damaged", "damaged", "damaged"]
    assert [one["check"] for one in report] == expected
    done = imported(desk, document(desk.cast, records))
    assert [one["outcome"] for one in done] == ["received", *["left_out"] * 6]


def test_who_no_longer_fills_forms_is_told_by_record(desk: Desk) -> None:
    file = document(desk.cast, [exported(record(instance=ONE), ONE)])
    desk.cast.olga.memberships.all().delete()
    (entry,) = imported(desk, file)
    assert entry["outcome"] == "refused"
    assert entry["message"]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"format": "tessera-records/2"}'],
)
def test_what_is_no_such_file_is_refused(desk: Desk, content: bytes) -> None:
    with pytest.raises(Problem, match="records_refused"):
        receive(desk, content)


def test_a_file_that_was_touched_is_refused(desk: Desk) -> None:
    whole = document(desk.cast, [exported(record(instance=ONE), ONE)])
    touched = [
        whole.replace(b"uuid:one", b"uuid:two"),
        document(desk.cast, [], who="olga", user="tigran"),
        document(desk.cast, [], user="nobody"),
        document(desk.cast, [], signature="0" * 64),
        document(desk.cast, [], digest="0" * 64),
    ]
    for content in touched:
        with pytest.raises(Problem, match="records_refused"):
            receive(desk, content)
    assert not RecordImport.objects.exists()


def test_a_file_without_a_signature_needs_somebody_who_vouches(desk: Desk) -> None:
    file = document(desk.cast, [exported(record(instance=ONE), ONE)], signature="")
    with pytest.raises(Problem, match="unsigned_records"):
        imported(desk, file)
    assert RecordImport.objects.get().is_signed is False
    assert [one["outcome"] for one in imported(desk, file, vouched=True)] == ["received"]


@pytest.mark.parametrize(
    ("who", "code"), [("tigran", "forbidden"), ("adam", "forbidden"), ("outsider", "not_found")]
)
def test_coordinators_alone_import(desk: Desk, who: str, code: str) -> None:
    with pytest.raises(Problem, match=code):
        record_imports.receive(
            desk.cast.operation, actor=desk.cast.actor(who), content=b"", name="a"
        )


def test_the_pages_lead_from_the_file_to_the_submissions(desk: Desk) -> None:
    client = Client()
    client.force_login(desk.cast.carmen)
    assert "No file was brought yet" in client.get(URL).content.decode()
    bad = client.post(URL, {"file": SimpleUploadedFile("x.json", b"{}")})
    assert (bad.status_code, "format" in bad.content.decode()) == (400, True)
    file = document(desk.cast, [exported(record(instance=ONE), ONE)], signature="")
    answer = client.post(URL, {"file": SimpleUploadedFile("x.json", file)})
    page = answer["Location"]
    assert "not signed" in client.get(page).content.decode()
    assert client.post(f"{page}confirm/").status_code == 400
    assert client.post(f"{page}confirm/", {"vouched": "yes"}).status_code == 302
    jobs.run(str(RecordImport.objects.get().job_id))
    text = client.get(page).content.decode()
    assert f"/o/caucasus/submissions/{Submission.objects.get().pk}/" in text
    assert "1 record was received" in text
