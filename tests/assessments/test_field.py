"""The field client's API: what it promises to the client, over real requests."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from assessments import publish
from assessments.models import Submission, SubmissionFile
from assessments.publish import Upload
from core.bodies import CutOff, WholeBody
from tests.assessments.desk import PNG, Desk, add, photo
from tests.assessments.test_publish import CAMPS, with_files
from tests.assessments.workbooks import needs_form, record
from tests.cast import Cast


def signed_in(cast: Cast, name: str) -> Client:
    """Return a client of somebody, with the CSRF check on."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.people[name], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def post(client: Client, url: str, content: bytes, *files: Any) -> Any:
    """Send a record as the client does."""
    token = client.get("/field/api/session").json()["csrf_token"]
    parts = {one.name: one for one in files}
    xml = SimpleUploadedFile("submission.xml", content, "text/xml")
    return client.post(url, {"xml_submission_file": xml, **parts}, headers={"X-CSRFToken": token})


def test_signed_out_is_said_as_a_problem(client: Client, db: None) -> None:
    answer = client.get("/field/api/session")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "sign_in"


def test_the_session_says_who_and_where(cast: Cast) -> None:
    said = signed_in(cast, "olga").get("/field/api/session").json()
    assert said["user"] == {"username": "olga", "name": "Olga", "language": "en"}
    assert said["operations"] == [{"slug": "caucasus", "name": "Caucasus 2020"}]
    assert said["csrf_token"]
    assert signed_in(cast, "lars").get("/field/api/session").json()["operations"] == []


def test_the_shell_needs_no_exception_from_the_policy(cast: Cast) -> None:
    client = signed_in(cast, "olga")
    answer = client.get("/field/")
    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert signed_in(cast, "lars").get("/field/").status_code == 404


def test_a_form_is_described_as_the_client_needs_it(desk: Desk) -> None:
    client = signed_in(desk.cast, "olga")
    (form,) = client.get("/field/api/forms").json()["forms"]
    assert form["form_id"] == "needs"
    assert form["state"] == "published"
    assert form["operation"] == {"slug": "caucasus", "name": "Caucasus 2020"}
    assert form["assessment"]["title"] == "Rapid"
    assert form["hash"] == f"md5:{desk.version.xform_hash}"
    assert form.pop("assignments") == []
    assert client.get(f"/field/api/forms/{form['id']}").json() == form
    answer = client.get(form["xform_url"])
    assert answer.content.decode() == desk.version.xform
    again = client.get(form["xform_url"], headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("who", ["anna", "carmen", "lars", "outsider"])
def test_others_get_no_forms_to_fill(desk: Desk, who: str) -> None:
    assert signed_in(desk.cast, who).get("/field/api/forms").json() == {"forms": []}


def test_a_closed_form_is_not_offered(desk: Desk) -> None:
    form = desk.version.form
    assert form is not None
    publish.set_open(form, actor=desk.cast.actor("anna"), is_open=False)
    assert signed_in(desk.cast, "olga").get("/field/api/forms").json() == {"forms": []}


def test_attachments_are_served_inert(cast: Cast, media: Path) -> None:
    version = add(cast, with_files(), Upload("camps.csv", CAMPS))
    client = signed_in(cast, "olga")
    (file,) = client.get(f"/field/api/forms/{version.pk}").json()["attachments"]
    answer = client.get(file["url"])
    assert b"".join(answer) == CAMPS
    assert answer["Content-Type"] == file["type"] == "text/csv; charset=utf-8"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    again = client.get(file["url"], headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get(file["url"].replace("camps", "other")).status_code == 404
    assert signed_in(cast, "outsider").get(file["url"]).status_code == 404


def test_a_record_gets_its_receipt(desk: Desk) -> None:
    client = signed_in(desk.cast, "olga")
    content = record("<photo>ծառ.png</photo>")
    answer = post(client, f"/field/api/forms/{desk.version.pk}/submissions", content)
    assert answer.status_code == 201
    receipt = answer.json()["receipt"]
    assert receipt["missing"] == ["ծառ.png"]
    assert client.get(receipt["url"]).status_code == 200
    url = f"/field/api/forms/{desk.version.pk}/submissions"
    again = post(client, url, content, photo("ծառ.png")).json()["receipt"]
    assert (again["missing"], again["files"][0]["name"]) == ([], "ծառ.png")
    assert again["id"] == receipt["id"] == str(Submission.objects.get().uid)


def test_a_preview_sends_tests(desk: Desk) -> None:
    client = signed_in(desk.cast, "anna")
    draft = add(desk.cast, needs_form("2"))
    described = client.get(f"/field/api/forms/{draft.pk}").json()
    assert described["state"] == "draft"
    answer = post(client, described["submit_url"], record(version="2"))
    assert answer.json()["receipt"]["test"] is True
    published = client.get(f"/field/api/forms/{desk.version.pk}?preview=1").json()
    assert post(client, published["submit_url"], record()).json()["receipt"]["test"] is True
    url = f"/field/api/forms/{desk.version.pk}/submissions"
    assert post(client, url, record()).status_code == 403


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"<data", 400, "xml_refused"), (record(version="7"), 400, "form_mismatch")],
)
def test_errors_are_problem_documents(desk: Desk, content: bytes, status: int, code: str) -> None:
    url = f"/field/api/forms/{desk.version.pk}/submissions"
    answer = post(signed_in(desk.cast, "olga"), url, content)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code
    assert answer.json()["how"]


def test_errors_are_in_the_language_that_the_device_shows(desk: Desk) -> None:
    client = signed_in(desk.cast, "olga")
    titles = [
        client.get("/field/api/forms/999999", headers={"X-Reader-Language": one}).json()["title"]
        for one in ("", "ru", "xx")
    ]
    assert titles[0] == titles[2]
    assert titles[1] != titles[0]


def test_a_body_without_a_record_is_refused(desk: Desk) -> None:
    client = signed_in(desk.cast, "olga")
    token = client.get("/field/api/session").json()["csrf_token"]
    url = f"/field/api/forms/{desk.version.pk}/submissions"
    assert client.post(url, {"photo.png": photo()}).status_code == 403
    answer = client.post(url, {"photo.png": photo()}, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_a_photo_is_served_to_those_who_may_see_the_record(desk: Desk) -> None:
    desk.send(record("<photo>p.png</photo>"), files=[photo("p.png"), photo("x.html", b"<script>")])
    kept, page = SubmissionFile.objects.order_by("content_type").reverse()
    submission = Submission.objects.get()

    def address(file: SubmissionFile) -> str:
        return reverse("submission_file", args=("caucasus", submission.pk, file.pk))

    answer = signed_in(desk.cast, "olga").get(address(kept))
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"]
    other = signed_in(desk.cast, "tigran").get(address(page))
    assert other["Content-Disposition"].startswith("attachment")
    assert other["Content-Type"] == "application/octet-stream"
    for who in ("farid", "outsider", "lars"):
        assert signed_in(desk.cast, who).get(address(kept)).status_code == 404


class Cut:
    """A connection that ends after some bytes."""

    def __init__(self, content: bytes) -> None:
        self.rest = content

    def read(self, size: int = -1) -> bytes:
        """Give up to ``size`` bytes."""
        taken, self.rest = (self.rest, b"") if size < 0 else (self.rest[:size], self.rest[size:])
        return taken

    readline = read


def test_a_body_that_is_cut_off_is_noticed() -> None:
    whole = WholeBody(Cut(b"12345"), 5)
    assert whole.read(3) + whole.read(3) + whole.read(3) == b"12345"
    short = WholeBody(Cut(b"12345"), 9)
    assert short.read(5) == b"12345"
    with pytest.raises(CutOff):
        short.read(1)


@pytest.mark.parametrize("share", range(1, 11))
def test_an_upload_that_is_cut_off_stores_nothing(desk: Desk, share: int) -> None:
    client = signed_in(desk.cast, "olga")
    token = client.get("/field/api/session").json()["csrf_token"]
    xml = SimpleUploadedFile("submission.xml", record("<photo>p.png</photo>"), "text/xml")
    body = encode_multipart(BOUNDARY, {"xml_submission_file": xml, "p.png": photo("p.png", PNG)})
    cut = WholeBody(Cut(body[: len(body) * share // 10]), len(body))
    answer = client.generic(
        "POST",
        f"/field/api/forms/{desk.version.pk}/submissions",
        headers={"X-CSRFToken": token},
        **{
            "wsgi.input": cut,
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": MULTIPART_CONTENT,
        },
    )
    whole = share == 10
    assert answer.status_code == (201 if whole else 400)
    assert Submission.objects.count() == SubmissionFile.objects.count() == int(whole)
