"""Intake: each record once, nothing lost, nobody's receipt to anybody else."""

import hashlib
import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from assessments import intake, publish
from assessments.models import (
    Form,
    FormVersion,
    RepeatRow,
    Submission,
    SubmissionConflict,
    SubmissionFile,
)
from core import media as storage
from core.errors import Problem, as_problem
from core.models import Role
from tests.assessments.desk import PNG, Desk, add, photo
from tests.assessments.workbooks import SETTINGS, needs_form, record, shared, workbook
from tests.cast import Cast
from tests.factories.assessments import AssessmentFactory
from tests.factories.core import MembershipFactory

GPS = 0x8825
ORIENTATION = 0x0112


def refusal(code: str) -> Any:
    """Expect a Problem with a code."""
    return pytest.raises(Problem, match=f"^{code}")


def test_a_record_is_kept_byte_for_byte_and_understood(desk: Desk) -> None:
    content = record(
        "<start>2020-11-23T10:15:00.000+04:00</start><device>tab-7</device>"
        "<province>XX100</province><head>Անահիտ</head><people>5</people>"
        "<needs>water shelter</needs><where>39.5 45.5 0 0</where>"
        "<member><name>A</name><illness><kind>flu</kind></illness></member>"
        "<member><name>B</name></member>"
    )
    receipt = desk.send(content)
    kept = Submission.objects.get()
    assert bytes(kept.xml) == content
    assert kept.xml_sha256 == hashlib.sha256(content).hexdigest()
    assert kept.answers["people"] == 5
    assert kept.answers["needs"] == ["water", "shelter"]
    assert kept.area is not None
    assert (kept.area.pcode, kept.area_name, kept.area_flag) == ("XX100", kept.area.name, "")
    assert kept.location is not None
    assert kept.location.coords == (45.5, 39.5)
    assert kept.organisation == desk.cast.organisations["OCHA"]
    assert kept.device_id == "tab-7"
    assert kept.started_at is not None
    assert all(words in kept.search for words in ("անահիտ", "safe water", "north"))
    rows = list(RepeatRow.objects.values_list("path", "position", "parent__position", "answers"))
    assert ("member/illness", 1, 1, {"member/illness/kind": "flu"}) in rows
    assert len(rows) == 3
    assert receipt.is_new
    assert receipt.as_dict("/x")["id"] == str(kept.uid)


def test_the_same_again_gives_the_same_receipt(desk: Desk) -> None:
    content = record()
    first, second = desk.send(content), desk.send(content)
    assert first.as_dict(None) == second.as_dict(None)
    assert not second.is_new
    assert Submission.objects.count() == 1


def test_another_record_under_the_same_id_is_refused_and_both_are_kept(desk: Desk) -> None:
    desk.send(record("<people>3</people>", instance="uuid:one"))
    for _ in range(2):
        with refusal("instance_conflict"):
            desk.send(record("<people>4</people>", instance="uuid:one"))
    assert Submission.objects.get().answers["people"] == 3
    assert SubmissionConflict.objects.count() == 1


def test_a_receipt_never_crosses_actors(desk: Desk) -> None:
    content = record()
    desk.send(content)
    with refusal("instance_conflict"):
        desk.send(content, who="farid")
    assert SubmissionConflict.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("anna", "forbidden"),
        ("lars", "forbidden"),
        ("outsider", "not_found"),
        ("adam", "not_found"),
    ],
)
def test_who_may_not_fill_may_not_send(desk: Desk, who: str, code: str) -> None:
    with refusal(code):
        desk.send(record(), who=who)
    assert Submission.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<data id='needs' version='1'><people>3</people></data>", "instance_id_missing"),
        (record(instance="u" * 300), "instance_id_missing"),
        (record(version="9"), "form_mismatch"),
        (record().replace(b'id="needs"', b'id="other"'), "form_mismatch"),
        (record(meta="<orx:deprecatedID>uuid:x</orx:deprecatedID>"), "edit_unknown"),
        (b"<!DOCTYPE a []><data/>", "xml_refused"),
        (b"<data", "xml_refused"),
        (b"", "xml_refused"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(
    desk: Desk, content: bytes, code: str
) -> None:
    with refusal(code):
        desk.send(content)
    assert Submission.objects.count() == 0


def test_a_closed_form_takes_nothing_new_but_answers_for_what_it_has(desk: Desk) -> None:
    content = record()
    desk.send(content)
    form = Form.objects.get()
    publish.set_open(form, actor=desk.cast.actor("anna"), is_open=False)
    assert not desk.send(content).is_new
    with refusal("form_closed"):
        desk.send(record())


def test_a_superseded_version_still_takes_records(desk: Desk) -> None:
    publish.publish(add(desk.cast, needs_form("2")), actor=desk.cast.actor("anna"))
    assert desk.send(record()).submission.version == desk.version


def test_tests_are_kept_apart(desk: Desk) -> None:
    content = record()
    desk.send(content)
    test = desk.send(content, is_test=True)
    assert test.is_new
    assert test.submission.is_test
    assert test.as_dict(None)["test"] is True


def test_a_draft_takes_tests_only(desk: Desk) -> None:
    draft = add(desk.cast, needs_form("2"))
    desk.version = draft
    with refusal("form_unknown"):
        desk.send(record(version="2"))
    assert desk.send(record(version="2"), who="anna", is_test=True).submission.is_test


def test_the_organisation_in_the_assessment_comes_first(desk: Desk) -> None:
    MembershipFactory(
        user=desk.cast.farid,
        operation=desk.cast.operation,
        organisation=desk.cast.organisations["OCHA"],
        role=Role.FIELD_OFFICER,
    )
    sent = desk.send(record(), who="farid").submission
    assert sent.organisation == desk.cast.organisations["OCHA"]


@pytest.mark.parametrize(
    ("body", "pcode", "flag"),
    [
        ("<province>XX100</province>", "XX100", ""),
        ("<where>39.5 47.5 0 0</where>", "XX200", ""),
        ("<province>XX100</province><where>39.5 47.5 0 0</where>", "XX100", "disagrees"),
        ("<province>XX100</province><where>10 10 0 0</where>", "XX100", "disagrees"),
        ("<head>XX200</head>", "XX200", ""),
        ("<head>XX200</head><province>XX100</province>", "XX100", ""),
        ("<where>10 10 0 0</where>", None, "not_found"),
        ("<people>1</people>", None, "not_found"),
    ],
)
def test_the_area_is_found(desk: Desk, body: str, pcode: str | None, flag: str) -> None:
    sent = desk.send(record(body)).submission
    assert (sent.area.pcode if sent.area else None, sent.area_flag) == (pcode, flag)


def test_files_may_come_later_with_the_identical_record(desk: Desk) -> None:
    content = record("<photo>photo.png</photo><people>2</people>")
    first = desk.send(content)
    assert first.missing == ["photo.png"]
    second = desk.send(content, files=[photo()])
    third = desk.send(content, files=[photo()])
    assert (second.missing, second.files[0].question_path) == ([], "photo")
    assert second.as_dict(None) == third.as_dict(None)
    assert second.as_dict(None)["files"][0]["sha256"] == hashlib.sha256(PNG).hexdigest()
    with refusal("file_conflict"):
        desk.send(content, files=[photo(content=b"something else")])


def test_a_file_that_the_record_does_not_name_is_kept_too(desk: Desk) -> None:
    desk.send(record(), files=[photo("audit.csv", b"a,b")])
    kept = SubmissionFile.objects.get()
    assert (kept.file_name, kept.content_type) == ("audit.csv", storage.UNKNOWN)


def jpeg(size: tuple[int, int] = (40, 20), orientation: int = 1) -> bytes:
    """Return a photo that says where it was taken."""
    image = Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[GPS] = {1: "N", 2: (39.0, 30.0, 0.0), 3: "E", 4: (45.0, 30.0, 0.0)}
    content = io.BytesIO()
    image.save(content, "JPEG", exif=exif)
    return content.getvalue()


@pytest.mark.parametrize(("orientation", "size"), [(1, (40, 20)), (6, (20, 40))])
def test_photos_lose_their_place_and_stand_upright(
    desk: Desk, orientation: int, size: tuple[int, int]
) -> None:
    content = jpeg(orientation=orientation)
    desk.send(record(), files=[photo("p.jpg", content)])
    kept = SubmissionFile.objects.get()
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    with Image.open(kept.file.path) as image:
        assert dict(image.getexif()) == {}
        assert image.size == size
    assert hashlib.sha256(kept.file.open("rb").read()).hexdigest() == kept.stored_sha256


@pytest.mark.parametrize(
    ("place", "parameters", "keeps", "size"),
    [("", "", False, (400, 200)), ("keep", "max-pixels=100", True, (100, 50))],
)
def test_a_form_says_how_large_photos_are_and_whether_they_keep_their_place(
    cast: Cast, media: None, place: str, parameters: str, keeps: bool, size: tuple[int, int]
) -> None:
    book = workbook(
        survey=[
            ["type", "name", "label", "parameters", "tessera::place"],
            ["image", "photo", "Photo", parameters, place],
        ],
        settings=SETTINGS,
    )
    desk = Desk(cast, publish.publish(add(cast, book), actor=cast.actor("anna")))
    content = jpeg((400, 200))
    desk.send(record("<photo>p.jpg</photo>"), files=[photo("p.jpg", content)])
    kept = SubmissionFile.objects.get()
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    with Image.open(kept.file.path) as image:
        assert image.size == size
        assert bool(image.getexif().get_ifd(GPS)) == keeps
        assert image.getexif().get(ORIENTATION) is None


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", storage.UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", storage.UNKNOWN),
        (b"<html><script>alert(1)</script></html>", storage.UNKNOWN),
        (b"\xff\xd8\xff\xe0 broken", storage.UNKNOWN),
        (PNG, "image/png"),
    ],
    ids=["eps", "svg", "html", "broken", "png"],
)
def test_only_pictures_are_ever_shown_as_pictures(
    desk: Desk, content: bytes, content_type: str
) -> None:
    desk.send(record(), files=[photo("p.jpg", content)])
    assert SubmissionFile.objects.get().content_type == content_type


@pytest.mark.parametrize("side", [6400, 12_000, 20_000])
def test_a_flood_of_pixels_is_refused(desk: Desk, side: int) -> None:
    content = io.BytesIO()
    Image.new("1", (side, side)).save(content, "PNG")
    with refusal("image_too_large"):
        desk.send(record(), files=[photo("p.png", content.getvalue())])
    assert Submission.objects.count() == 0


def test_a_full_disk_leaves_no_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(OSError, match="No space") as failure:
        desk.send(record(), files=[photo()])
    problem = as_problem(failure.value)
    assert problem is not None
    assert problem.status == 507
    assert Submission.objects.count() == 0


def test_intake_asks_the_database_little(desk: Desk) -> None:
    desk.send(record())
    body = "<province>XX100</province><where>39.5 45.5 0 0</where><member><name>A</name></member>"
    version = FormVersion.objects.select_related("form__assessment", "operation").get()
    actor = desk.cast.actor("olga")
    with CaptureQueriesContext(connection) as asked:
        receipt = intake.receive(version, actor=actor, content=record(body))
    assert receipt.is_new
    # roles, policy, savepoint, lock, known?, P-code, location, row, member, release
    assert len(asked) <= 10, [query["sql"][:90] for query in asked]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one(open_desk: Callable[[], Desk]) -> None:
    desk = open_desk()
    content = record("<people>7</people><member><name>A</name></member>")
    receipts: list[dict[str, Any]] = []

    def post() -> None:
        try:
            receipts.append(desk.send(content).as_dict(None))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 50
    assert all(receipt == receipts[0] for receipt in receipts)
    assert Submission.objects.count() == RepeatRow.objects.count() == 1


def test_a_record_of_the_large_questionnaire_is_taken(cast: Cast, media: None) -> None:
    name = "reach_msna_2024_global_tool_v11.xlsx"
    assessment = AssessmentFactory(operation=cast.operation, lead=cast.organisations["OCHA"])
    version = add(cast, shared(name), assessment=assessment)
    desk = Desk(cast, publish.publish(version, actor=cast.actor("anna")))
    body = "<roster><ind_age>4</ind_age></roster>"
    body = f"<consented><demographics>{body}</demographics></consented>"
    form = version.form
    assert form is not None
    content = record(body, version=version.version)
    desk.send(content.replace(b'"needs"', f'"{form.form_id}"'.encode()))
    row = RepeatRow.objects.get()
    assert row.path == "consented/demographics/roster"
