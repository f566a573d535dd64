"""OpenRosa as ODK Collect, KoboCollect and Enketo speak it: codes, headers and bodies."""

import base64
import hashlib
import io
import json
import re
import zlib
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from assessments import app_users, publish
from assessments.models import AppUser, FormVersion, Submission, SubmissionConflict, SubmissionFile
from assessments.publish import Upload
from core.errors import Problem
from core.models import Membership, Role
from tests.assessments.desk import PNG, Desk, add
from tests.assessments.hostile import HOSTILE
from tests.assessments.test_edits import edit
from tests.assessments.test_publish import CAMPS, PLACES, with_files
from tests.assessments.workbooks import needs_form, record, shared
from tests.cast import Cast
from tests.factories.core import MembershipFactory

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
ONE, TWO = "uuid:one", "uuid:two"
PASSWORD = "a long password"


@dataclass
class App:
    """An app on a phone, set up with a server URL."""

    base: str
    headers: dict[str, str]

    def ask(self, method: str, address: str, data: Any = None) -> Any:
        """Send a request below the server URL, or to an absolute address."""
        path = address.removeprefix("http://testserver")
        path = path if path.startswith("/") else f"{self.base}/{path}"
        client = Client(enforce_csrf_checks=True)
        send = getattr(client, method.lower())
        answer = (
            send(path, data, headers=self.headers) if data else send(path, headers=self.headers)
        )
        assert answer["X-OpenRosa-Version"] == "1.0"
        return answer

    def send(self, content: bytes, *files: tuple[str, bytes]) -> Any:
        """Post a record with files."""
        parts: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("s.xml", content)}
        parts |= {name: SimpleUploadedFile(name, body) for name, body in files}
        return self.ask("POST", "submission", parts)


@pytest.fixture
def app(desk: Desk) -> App:
    """Give an app of OCHA's."""
    _made, token = app_users.make(
        desk.cast.operation,
        actor=desk.cast.actor("carmen"),
        name="Tablet 7",
        organisation=desk.cast.organisations["OCHA"],
    )
    return App(f"/openrosa/{token}", {})


def basic(name: str, password: str = PASSWORD) -> App:
    """Return an app that signs in by name and password."""
    given = base64.b64encode(f"{name}:{password}".encode()).decode()
    return App("/openrosa", {"Authorization": f"Basic {given}"})


def with_password(cast: Cast, name: str) -> App:
    """Give somebody a password, and return their app."""
    cast.people[name].set_password(PASSWORD)
    cast.people[name].save()
    return basic(name)


def read(answer: Any) -> Element:
    """Return the root of an answer in XML."""
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root: Element = fromstring(answer.content)
    return root


def said(answer: Any) -> str:
    """Return the message of an answer in OpenRosa's envelope."""
    root = read(answer)
    assert root.tag == f"{RESPONSE}OpenRosaResponse"
    return root.findtext(f"{RESPONSE}message") or ""


def test_the_form_list_is_what_clients_expect(app: App, desk: Desk) -> None:
    root = read(app.ask("GET", "formList"))
    assert root.tag == f"{LIST}xforms"
    (entry,) = root
    values = {part.tag.removeprefix(LIST): part.text for part in entry}
    body = desk.version.xform.encode()
    assert values == {
        "formID": "needs",
        "name": "Needs",
        "version": "1",
        "hash": f"md5:{hashlib.md5(body, usedforsecurity=False).hexdigest()}",
        "downloadUrl": f"http://testserver{app.base}/forms/{desk.version.pk}.xml",
    }
    assert app.ask("GET", values["downloadUrl"] or "").content == body


def test_the_form_list_can_be_asked_for_one_form_and_in_words(app: App) -> None:
    assert len(read(app.ask("GET", "formList?formID=needs"))) == 1
    assert len(read(app.ask("GET", "formList?formID=other"))) == 0
    (entry,) = read(app.ask("GET", "formList?verbose=true"))
    assert entry.find(f"{LIST}descriptionText") is not None


def test_another_version_has_another_hash(app: App, desk: Desk) -> None:
    (before,) = read(app.ask("GET", "formList"))
    publish.publish(add(desk.cast, needs_form("2")), actor=desk.cast.actor("anna"))
    (after,) = read(app.ask("GET", "formList"))
    assert before.findtext(f"{LIST}hash") != after.findtext(f"{LIST}hash")
    assert after.findtext(f"{LIST}version") == "2"


def test_the_manifest_lists_the_files_with_their_hashes(app: App, desk: Desk) -> None:
    others = Upload("sites.geojson", json.dumps(PLACES).encode()), Upload("tap.png", PNG)
    version = add(desk.cast, with_files(), Upload("camps.csv", CAMPS), *others)
    publish.publish(version, actor=desk.cast.actor("anna"))
    entries = read(app.ask("GET", "formList"))
    (url,) = (
        found.text for one in entries if (found := one.find(f"{LIST}manifestUrl")) is not None
    )
    root = read(app.ask("GET", url or ""))
    assert root.tag == f"{MANIFEST}manifest"
    values = {part.tag.removeprefix(MANIFEST): part.text for part in root[0]}
    assert root[0].tag == f"{MANIFEST}mediaFile"
    assert values["filename"] == "camps.csv"
    assert values["hash"] == f"md5:{hashlib.md5(CAMPS, usedforsecurity=False).hexdigest()}"
    assert b"".join(app.ask("GET", values["downloadUrl"] or "")) == CAMPS
    assert app.ask("GET", f"forms/{version.pk}/files/none.csv").status_code == 404


def test_head_says_where_to_and_how_much(app: App) -> None:
    answer = app.ask("HEAD", "submission")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Location"] == f"http://testserver{app.base}/submission"
    assert int(answer["X-OpenRosa-Accept-Content-Length"]) <= 2_000_000


def test_a_record_comes_in_several_posts_and_its_files_in_any_script(app: App) -> None:
    content = record("<photo>ծառ №1.png</photo>", instance=ONE)
    answer = app.send(content)
    assert answer.status_code == 201
    assert "ծառ №1.png" in said(answer)
    answer = app.send(content, ("ծառ №1.png", PNG))
    assert answer.status_code == 201
    assert str(Submission.objects.get().uid) in said(answer)
    kept = SubmissionFile.objects.get()
    assert (kept.file_name, kept.sha256) == ("ծառ №1.png", hashlib.sha256(PNG).hexdigest())
    assert said(app.send(content, ("ծառ №1.png", PNG))) == said(answer)
    assert str(Submission.objects.get().submitted_by) == "Tablet 7"


def test_more_than_a_hundred_files_come_in_one_post(app: App) -> None:
    files = [(f"{number}.csv", str(number).encode()) for number in range(150)]
    assert app.send(record(), *files).status_code == 201
    assert SubmissionFile.objects.count() == 150


def test_the_same_id_with_other_content_is_a_conflict(app: App) -> None:
    app.send(record("<people>1</people>", instance=ONE))
    answer = app.send(record("<people>2</people>", instance=ONE))
    assert (answer.status_code, ONE in said(answer)) == (409, True)
    assert SubmissionConflict.objects.count() == 1


def test_edits_follow_the_deprecated_id(app: App) -> None:
    change = edit("<people>4</people>", TWO, ONE)
    assert app.send(change).status_code == 404
    app.send(record(instance=ONE))
    assert app.send(change).status_code == 201
    assert app.send(change).status_code == 201
    assert app.send(edit("<people>5</people>", "uuid:3", ONE)).status_code == 409
    assert Submission.objects.get().answers["people"] == 4


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<data id='needs' version='1'><people>3</people></data>", 400),
        (b"<data", 400),
        (record(version="9"), 404),
        (record().replace(b'id="needs"', b'id="other"'), 404),
    ],
)
def test_what_is_refused_says_why_in_the_envelope(app: App, content: bytes, status: int) -> None:
    answer = app.send(content)
    assert answer.status_code == status
    assert said(answer)
    assert not Submission.objects.exists()


def test_hostile_xml_is_refused_at_the_door(app: App) -> None:
    for name, content in HOSTILE.items():
        answer = app.send(content)
        assert answer.status_code == (413 if name == "a long text" else 400), name
        assert said(answer)
    assert not Submission.objects.exists()


def test_a_closed_form_is_neither_listed_nor_filled(app: App, desk: Desk) -> None:
    form = desk.version.form
    assert form is not None
    publish.set_open(form, actor=desk.cast.actor("anna"), is_open=False)
    assert len(read(app.ask("GET", "formList"))) == 0
    assert app.send(record()).status_code == 409


def test_a_superseded_version_is_still_filled(app: App, desk: Desk) -> None:
    publish.publish(add(desk.cast, needs_form("2")), actor=desk.cast.actor("anna"))
    assert app.send(record()).status_code == 201
    assert Submission.objects.get().version == desk.version


def test_a_record_without_a_version_is_of_the_published_one(app: App, desk: Desk) -> None:
    publish.publish(add(desk.cast, needs_form("2")), actor=desk.cast.actor("anna"))
    app.send(record().replace(b' version="1"', b""))
    assert Submission.objects.get().version.version == "2"


def test_exactly_one_record_a_post(app: App) -> None:
    parts = {"photo.png": SimpleUploadedFile("photo.png", PNG)}
    assert app.ask("POST", "submission", parts).status_code == 400
    two = [SimpleUploadedFile("a.xml", record()), SimpleUploadedFile("b.xml", record())]
    assert app.ask("POST", "submission", {"xml_submission_file": two}).status_code == 400
    twice = [SimpleUploadedFile("a.csv", b"1"), SimpleUploadedFile("a.csv", b"2")]
    parts = {"xml_submission_file": SimpleUploadedFile("a.xml", record()), "a.csv": twice}
    assert app.ask("POST", "submission", parts).status_code == 400


def test_errors_are_in_the_readers_language(app: App) -> None:
    answer = App(app.base, {"Accept-Language": "ru"}).send(b"<data")
    assert answer["Content-Language"] == "ru"
    AppUser.objects.get().user.__class__.objects.filter(app_user__isnull=False).update(
        language="hy"
    )
    assert said(answer) != said(app.send(b"<data"))


@pytest.mark.parametrize("address", ["formList", "submission", "forms/1.xml", "forms/1/manifest"])
def test_strangers_are_asked_who_they_are(desk: Desk, address: str) -> None:
    for app in (App("/openrosa", {}), App("/openrosa/nobody", {}), basic("olga", "wrong")):
        answer = app.ask("POST" if address == "submission" else "GET", address)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Basic ")
        assert said(answer)


def test_people_sign_in_by_name_and_password(desk: Desk) -> None:
    olga = with_password(desk.cast, "olga")
    (entry,) = read(olga.ask("GET", "formList"))
    url = entry.findtext(f"{LIST}downloadUrl")
    assert url == f"http://testserver/openrosa/forms/{desk.version.pk}.xml"
    assert olga.send(record()).status_code == 201
    assert Submission.objects.get().submitted_by == desk.cast.olga
    assert len(read(with_password(desk.cast, "anna").ask("GET", "formList"))) == 0


@pytest.mark.parametrize(
    "given", ["Basic", "Basic %%%", "Basic /////w==", "Bearer x", "Basic eA=="]
)
def test_a_header_that_cannot_be_read_is_no_sign_in(desk: Desk, given: str) -> None:
    answer = App("/openrosa", {"Authorization": given}).ask("GET", "formList")
    assert answer.status_code == 401


def test_wrong_passwords_are_counted(desk: Desk) -> None:
    with_password(desk.cast, "olga")
    tries = [basic("olga", "wrong").ask("GET", "formList").status_code for _ in range(9)]
    assert tries[0] == 401
    locked = basic("olga").ask("GET", "formList")
    assert locked.status_code == 429
    assert said(locked)


def test_an_account_with_two_steps_is_not_opened_by_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.openrosa.door.is_mfa_enabled", lambda user: True)
    assert with_password(desk.cast, "olga").ask("GET", "formList").status_code == 403


def test_a_form_id_of_two_operations_is_not_guessed(desk: Desk) -> None:
    cast = desk.cast
    for role in (Role.FIELD_OFFICER, Role.ANALYST):
        MembershipFactory(
            user=cast.people["olga"],
            operation=cast.elsewhere,
            organisation=cast.organisations["AWAY"],
            role=role,
        )
    version = publish.add(
        cast.elsewhere, actor=cast.actor("olga"), file=Upload("needs.xlsx", needs_form())
    )
    publish.publish(version, actor=cast.actor("olga"))
    olga = with_password(cast, "olga")
    assert len(read(olga.ask("GET", "formList"))) == 0
    assert olga.send(record()).status_code == 409
    assert not Submission.objects.exists()


def test_a_revoked_link_opens_nothing_and_what_came_stays(app: App, desk: Desk) -> None:
    app.send(record())
    made = AppUser.objects.get()
    for who, code in (("olga", "not_found"), ("outsider", "not_found")):
        with pytest.raises(Problem, match=code):
            app_users.revoke(made, actor=desk.cast.actor(who))
    app_users.revoke(made, actor=desk.cast.actor("carmen"))
    assert app.ask("GET", "formList").status_code == 401
    assert app.send(record()).status_code == 401
    assert Submission.objects.get().submitted_by == made.user
    assert not Membership.objects.filter(user=made.user).exists()


def test_a_link_is_kept_as_its_digest_only(app: App) -> None:
    token = app.base.rpartition("/")[2]
    made = AppUser.objects.get()
    assert token not in json.dumps(list(AppUser.objects.values()), default=str)
    assert made.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert not made.user.has_usable_password()


def test_the_settings_code_is_what_collect_reads() -> None:
    code = app_users.collect_settings("https://example.org/openrosa/x", "Caucasus")
    settings = json.loads(zlib.decompress(base64.b64decode(code)))
    assert settings["general"]["server_url"] == "https://example.org/openrosa/x"
    assert settings["project"]["name"] == "Caucasus"


def test_the_command_prints_an_address_that_works(desk: Desk, settings: Any) -> None:
    settings.BASE_URL = "https://example.org"
    out = io.StringIO()
    call_command("app_user", "add", "Phone 3", "--operation", "caucasus", stdout=out)
    address = out.getvalue().strip()
    assert address.startswith("https://example.org/openrosa/")
    app = App(address.removeprefix("https://example.org"), {})
    assert len(read(app.ask("GET", "formList"))) == 1
    assert AppUser.objects.get().organisation == desk.cast.organisations["OCHA"]


def test_a_coordinator_makes_and_revokes_accounts(desk: Desk) -> None:
    client = Client()
    client.force_login(desk.cast.carmen)
    url = "/o/caucasus/administration/collect/"
    assert "No Collect accounts yet" in client.get(url).content.decode()
    organisation = desk.cast.organisations["OCHA"].pk
    page = client.post(url, {"name": "Tablet 1", "organisation": organisation})
    text = page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "data:image/svg+xml" in text
    base = text.partition('value="http://testserver/openrosa/')[2].partition('"')[0]
    app = App(f"/openrosa/{base}", {})
    assert len(read(app.ask("GET", "formList"))) == 1
    assert base not in client.get(url).content.decode()
    client.post(f"{url}{AppUser.objects.get().pk}/revoke/")
    assert app.ask("GET", "formList").status_code == 401
    assert FormVersion.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["odk_all-question-types-v2024091201-3.xlsx", "unhcr_kobo_xlsform_examples.xlsx"]
)
def test_the_empty_record_of_others_forms_is_taken(desk: Desk, app: App, name: str) -> None:
    version = add(desk.cast, shared(name))
    for one in version.attachments.filter(file=""):
        one.file.save(one.file_name, ContentFile(b"name,label\na,A\n"))
    version = publish.publish(version, actor=desk.cast.actor("anna"))
    instance = version.xform.partition("<instance>")[2].partition("</instance>")[0].strip()
    meta = re.sub(r"<(orx:)?instanceID\s*/>", rf"<\1instanceID>{ONE}</\1instanceID>", instance)
    namespaces = 'xmlns:orx="http://openrosa.org/xforms" xmlns:jr="http://openrosa.org/javarosa"'
    content = re.sub(r"^<(\w+)", rf"<\1 {namespaces}", meta, count=1)
    answer = app.send(content.encode())
    assert answer.status_code == 201, said(answer)
    assert Submission.objects.get().version == version
