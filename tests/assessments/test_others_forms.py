"""Forms as others write them, from the workbook to the table: each answers all of its questions."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments import publish
from assessments.models import FormVersion, RepeatRow, Submission
from assessments.publish import Upload
from tests.assessments.desk import Desk, add
from tests.assessments.others import FILES, FORMS, book, filled
from tests.assessments.workbooks import shared

SHARED = (
    "odk_all-question-types-v2024091201-3.xlsx",
    "odk_socio-economic-survey-v20240515.xlsx",
    "reach_msna_2024_global_tool_v11.xlsx",
    "unhcr_kobo_xlsform_examples.xlsx",
)


def published(desk: Desk, content: bytes) -> FormVersion:
    """Upload a form with all files that it names, and publish it."""
    version = add(desk.cast, content, assessment=desk.version.assessment)
    assert version.report["errors"] == []
    anna = desk.cast.actor("anna")
    for one in version.attachments.filter(file=""):
        file = Upload(one.file_name, FILES.get(one.kind, b"name\na\n"))
        publish.attach(version, actor=anna, file=file)
    return publish.publish(FormVersion.objects.get(pk=version.pk), actor=anna)


def goes_through(desk: Desk, content: bytes) -> None:
    """Publish a form, send a record of it, and find every answer where people read them."""
    version = published(desk, content)
    record, files, paths = filled(version)
    assert paths
    parts = [SimpleUploadedFile(name, data) for name, data in files.items()]
    Desk(desk.cast, version).send(record, files=parts)
    row = Submission.objects.get(version=version)
    assert not row.files.filter(file="").exists()
    kept = set(row.answers)
    for member in RepeatRow.objects.filter(submission=row):
        kept |= set(member.answers)
    assert kept >= paths

    reader = Client()
    reader.force_login(desk.cast.anna)
    home = "/o/caucasus/submissions/"
    assert version.form is not None
    where = {"form": version.form.form_id}
    assert reader.get(home, where).status_code == 200
    assert reader.get(f"{home}{row.pk}/", {"answers": "all"}).status_code == 200
    answer: Any = reader.get(f"{home}export/", where | {"format": "csv"})
    text = b"".join(answer).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert {path for path in row.answers if not line[path]} == set()


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_a_record_of_others_forms_is_taken(desk: Desk, file: Path) -> None:
    goes_through(desk, book(file.read_text()))


@pytest.mark.parametrize("name", SHARED)
def test_a_record_of_a_real_questionnaire_is_taken(desk: Desk, name: str) -> None:
    goes_through(desk, shared(name))
