"""The pages of forms: an upload's way to publication, by hand, and who may go it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments import publish
from assessments.models import Form, FormVersion
from assessments.publish import Upload
from tests.assessments.desk import PNG, Desk, add
from tests.assessments.test_publish import CAMPS, with_files
from tests.assessments.workbooks import needs_form, workbook
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("media")
FORMS = "/o/caucasus/forms/"


def signed_in(cast: Cast, name: str) -> Client:
    """Return a client of somebody."""
    client = Client()
    client.force_login(cast.people[name], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_an_empty_list_says_how_to_begin(cast: Cast) -> None:
    page = signed_in(cast, "anna").get(FORMS).content.decode()
    assert "No forms yet" in page
    assert f"{FORMS}upload/" in page
    assert f"{FORMS}upload/" not in signed_in(cast, "olga").get(FORMS).content.decode()


def test_an_upload_leads_to_its_report(cast: Cast) -> None:
    client = signed_in(cast, "anna")
    file = SimpleUploadedFile("Needs.xlsx", needs_form())
    answer = client.post(f"{FORMS}upload/", {"file": file}, follow=True)
    version = FormVersion.objects.get()
    assert answer.redirect_chain[-1][0] == f"{FORMS}versions/{version.pk}/"
    assert "The form is being checked" in answer.content.decode()
    assert "Needs.xlsx" in client.get(FORMS).content.decode()
    publish.convert_version(version)
    page = client.get(f"{FORMS}versions/{version.pk}/").content.decode()
    assert "The form is in order." in page
    assert "#adm1+code" in page
    assert f"/field/#/preview/{version.pk}" in page


def test_what_cannot_be_a_form_is_said_at_the_field(cast: Cast) -> None:
    file = SimpleUploadedFile("form.xlsx", b"%PDF-1.7")
    answer = signed_in(cast, "anna").post(f"{FORMS}upload/", {"file": file})
    assert answer.status_code == 400
    assert "neither an Excel workbook nor XML" in answer.content.decode()
    assert FormVersion.objects.count() == 0


def test_errors_are_shown_with_row_column_and_fix(cast: Cast) -> None:
    version = add(cast, workbook(survey=[["type", "name", "label"], ["txet", "a", "<b>A</b>"]]))
    page = signed_in(cast, "anna").get(f"{FORMS}versions/{version.pk}/").content.decode()
    assert "1 error must be put right" in page
    assert "row 2" in page
    assert "Did you mean “text”?" in page


def test_publishing_by_hand(cast: Cast) -> None:
    client = signed_in(cast, "anna")
    version = add(cast, with_files(), Upload("camps.csv", CAMPS))
    url = f"{FORMS}versions/{version.pk}/"
    assert "publish/" not in client.get(url).content.decode()
    files = [
        SimpleUploadedFile("tap.png", PNG),
        SimpleUploadedFile("other.png", PNG),
        SimpleUploadedFile(
            "sites.geojson",
            b'{"type": "FeatureCollection", "features": [{"id": "s", "properties": {"title": "S"},'
            b'"geometry": {"type": "Point", "coordinates": [1, 1]}}]}',
        ),
    ]
    page = client.post(f"{url}files/", {"attachments": files}, follow=True).content.decode()
    assert "Stored: tap.png, sites.geojson." in page
    assert "other.png" in page
    assert f"{url}publish/" in page
    client.post(f"{url}publish/")
    assert FormVersion.objects.get().state == FormVersion.State.PUBLISHED


def test_a_form_is_closed_and_opened(desk: Desk) -> None:
    client = signed_in(desk.cast, "carmen")
    form = Form.objects.get()
    client.post(f"{FORMS}{form.pk}/open/", {"open": "no"})
    assert "Open the form" in client.get(f"{FORMS}{form.pk}/").content.decode()
    client.post(f"{FORMS}{form.pk}/open/", {"open": "yes"})
    assert Form.objects.get().is_open


def test_the_list_counts_and_filters(desk: Desk) -> None:
    desk.send()
    desk.send(is_test=True)
    client = signed_in(desk.cast, "olga")
    page = client.get(FORMS).content.decode()
    assert "Needs" in page
    assert '<td class="number" data-label="Submissions">1</td>' in page
    assert "No form matches" in client.get(f"{FORMS}?q=nothing").content.decode()
    assert "Needs" in client.get(f"{FORMS}?state=published&q=need").content.decode()
    assert "No form matches" in client.get(f"{FORMS}?state=closed").content.decode()


def test_the_questions_show_in_the_language_asked_for(cast: Cast) -> None:
    book = workbook(
        survey=[
            ["type", "name", "label::English (en)", "label::Русский (ru)"],
            ["text", "a", "Name", "Имя"],
        ],
        settings=[["form_id", "version"], ["two", "1"]],
    )
    url = f"{FORMS}versions/{add(cast, book).pk}/"
    client = signed_in(cast, "olga")
    assert "Имя" not in client.get(url).content.decode()
    assert "Имя" in client.get(url, {"language": "Русский (ru)"}).content.decode()


@pytest.mark.parametrize("step", ["publish", "discard", "files"])
@pytest.mark.parametrize(("who", "status"), [("olga", 403), ("lars", 403), ("outsider", 404)])
def test_others_change_nothing(cast: Cast, step: str, who: str, status: int) -> None:
    version = add(cast, needs_form())
    url = f"{FORMS}versions/{version.pk}/{step}/"
    assert signed_in(cast, who).post(url, {"attachments": []}).status_code == status
    assert FormVersion.objects.get().state == FormVersion.State.DRAFT


def test_the_uploaded_file_can_be_had_back(desk: Desk, media: Path) -> None:
    url = reverse("form_source", args=("caucasus", desk.version.pk))
    answer = signed_in(desk.cast, "olga").get(url)
    assert b"".join(answer) == desk.version.source.open("rb").read()
    assert answer["Content-Disposition"].startswith("attachment")
    assert signed_in(desk.cast, "outsider").get(url).status_code == 404


def test_discarding_a_draft_leads_back_to_the_list(cast: Cast) -> None:
    version = add(cast, needs_form())
    client = signed_in(cast, "anna")
    assert client.post(f"{FORMS}versions/{version.pk}/discard/")["Location"] == FORMS
    assert "No forms yet" in client.get(FORMS).content.decode()
