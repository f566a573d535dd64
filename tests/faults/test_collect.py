"""A script that acts as ODK Collect does, against a running server with real connections.

Form list → manifest → download → HEAD → several posts with media → edit, with what Collect checks
at each step: codes, headers and bodies.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from assessments import app_users, publish
from assessments.models import Submission, SubmissionEdit, SubmissionFile
from assessments.publish import Upload
from tests.assessments.desk import PNG, Desk, add
from tests.assessments.test_openrosa import LIST, MANIFEST, RESPONSE
from tests.assessments.test_publish import CAMPS, PLACES, with_files
from tests.faults.live import Live
from tests.phone import Answer, Files, Phone, new_id

DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
XFORMS = "{http://www.w3.org/2002/xforms}"


@dataclass
class Collect:
    """ODK Collect after its settings code was scanned: it knows a server URL and nothing else."""

    phone: Phone
    base: str

    def ask(self, method: str, address: str) -> Answer:
        """Send a request without a body, and check what every answer carries."""
        path = urlsplit(address).path if "://" in address else f"{self.base}/{address}"
        return checked(self.phone.ask(method, path, X_OpenRosa_Version="1.0"))

    def forms(self) -> dict[str, dict[str, str]]:
        """Return the form list by form ID."""
        answer = self.ask("GET", "formList")
        assert answer.status == 200
        entries = [{part.tag: part.text or "" for part in one} for one in read(answer)]
        return {one[f"{LIST}formID"]: one for one in entries}

    def download(self, entry: dict[str, str]) -> tuple[bytes, dict[str, bytes]]:
        """Download a form and its media; each must be what its hash says."""
        answer = self.ask("GET", entry[f"{LIST}downloadUrl"])
        assert entry[f"{LIST}hash"] == md5(answer.body)
        media = {}
        for one in read(self.ask("GET", entry[f"{LIST}manifestUrl"])):
            parts = {part.tag.removeprefix(MANIFEST): part.text or "" for part in one}
            content = self.ask("GET", parts["downloadUrl"]).body
            assert parts["hash"] == md5(content)
            media[parts["filename"]] = content
        return answer.body, media

    def submit(self, content: bytes, batches: list[Files], *, chunked: bool = False) -> Answer:
        """Ask where to send to, then send the identical record with each batch of files."""
        head = self.ask("HEAD", "submission")
        assert (head.status, head.body) == (204, b"")
        assert int(head.headers["X-OpenRosa-Accept-Content-Length"]) > 0
        there = urlsplit(head.headers["Location"])
        assert there.netloc == f"localhost:{self.phone.port}"
        self.phone.address = there.path
        send = self.phone.send_in_chunks if chunked else self.phone.send
        for batch in batches:
            answer = checked(send(content, batch))
            root = read(answer)
            assert answer.status in {201, 202}
            assert root.tag == f"{RESPONSE}OpenRosaResponse"
            assert root.findtext(f"{RESPONSE}message")
        return answer


def checked(answer: Answer) -> Answer:
    """Return an answer that carries what OpenRosa asks of all."""
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert DATE.fullmatch(answer.headers["Date"])
    return answer


def read(answer: Answer) -> Element:
    """Return the root of an answer in XML."""
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    root: Element = fromstring(answer.body)
    return root


def md5(content: bytes) -> str:
    """Return a hash as OpenRosa writes it."""
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


def filled(form: bytes, *, answers: dict[str, str], meta: str) -> bytes:
    """Return a record made from the form's own instance, as a client makes it."""
    instance = form.decode().partition("<instance>")[2].partition("</instance>")[0].strip()
    for name, value in answers.items():
        instance = re.sub(rf"<{name}\s*/>", f"<{name}>{value}</{name}>", instance)
    return re.sub(r"<instanceID\s*/>", meta, instance).encode()


@pytest.fixture
def collect(server: Live, field: Desk) -> Collect:
    """Give an app that was set up by a code."""
    _made, token = app_users.make(
        field.cast.operation,
        actor=field.cast.actor("carmen"),
        name="Tablet 7",
        organisation=field.cast.organisations["OCHA"],
    )
    return Collect(Phone(server.port, ""), f"/openrosa/{token}")


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_a_form_is_downloaded_filled_sent_in_batches_and_edited(
    collect: Collect, field: Desk, chunked: bool
) -> None:
    others = Upload("sites.geojson", json.dumps(PLACES).encode()), Upload("tap.png", PNG)
    version = add(field.cast, with_files(), Upload("camps.csv", CAMPS), *others)
    publish.publish(version, actor=field.cast.actor("anna"))
    form, media = collect.download(collect.forms()["files"])
    assert media == {"camps.csv": CAMPS, "sites.geojson": others[0].content, "tap.png": PNG}
    one, two = new_id(), new_id()
    content = filled(form, answers={"camp": "c1"}, meta=f"<instanceID>{one}</instanceID>")
    batches: list[Files] = [
        {
            f"photo {number} ծառ.jpg": PNG + bytes([number]) * 9_000
            for number in range(batch, 150, 3)
        }
        for batch in range(3)
    ]
    collect.submit(content, batches, chunked=chunked)
    kept = Submission.objects.get()
    assert (bytes(kept.xml), kept.answers) == (content, {"camp": "c1"})
    assert str(kept.submitted_by) == "Tablet 7"
    assert SubmissionFile.objects.exclude(file="").count() == 150
    assert SubmissionFile.objects.filter(file_name="photo 149 ծառ.jpg").exists()
    ids = f"<instanceID>{two}</instanceID><deprecatedID>{one}</deprecatedID>"
    change = filled(form, answers={"camp": "c2"}, meta=ids)
    for _again in range(2):
        collect.submit(change, [{}], chunked=chunked)
    assert SubmissionEdit.objects.get().deprecated_id == one
    assert Submission.objects.get().answers == {"camp": "c2"}
    assert Submission.objects.get().instance_id == one


def test_what_collect_shows_when_something_is_wrong(collect: Collect, field: Desk) -> None:
    collect.phone.address = f"{collect.base}/submission"
    for content, status in ((b"<data", 400), (b"<data id='needs' version='9'/>", 404)):
        answer = checked(collect.phone.send(content))
        assert (answer.status, read(answer).tag) == (status, f"{RESPONSE}OpenRosaResponse")
    collect.base = "/openrosa/nobody"
    answer = collect.ask("GET", "formList")
    assert (answer.status, answer.headers["WWW-Authenticate"][:5]) == (401, "Basic")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    collect: Collect, field: Desk
) -> None:
    path = f"{collect.base}/submission"
    answer = collect.phone.ask(
        "POST",
        path,
        b"x",
        Content_Length="300000000",
        Content_Type="multipart/form-data; boundary=x",
    )
    assert answer.status == 413
    assert not Submission.objects.exists()
