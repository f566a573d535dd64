"""Reports from the request to the file: what they say, whom they serve, and how they fail."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.db import DatabaseError, transaction
from django.test import Client
from pypdf import PdfReader

from core import jobs
from core.errors import Problem
from situation import reports
from situation.models import Report
from tests.assessments.world import Field, field_of
from tests.cast import Cast

HOSTILE = '#panic("x") *bold* $x$ \\ `raw` <script> [link](x) "quoted" @all'
SOFT_BREAK = "\u200b"
DIRECTION = "\u202e\u2066"


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field: three approved submissions in the north, none elsewhere."""
    field = field_of(cast)
    for state in ("approved", "approved", "approved", "rejected", "received"):
        field.submit(field.north, state=state)
    field.submit(field.north, state="approved", is_test=True)
    return field


@pytest.fixture(autouse=True)
def worker(settings: Any, tmp_path: Path) -> None:
    """Know the kinds of jobs that a worker knows, and keep files apart."""
    current_app.loader.import_default_modules()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def made(field: Field) -> Callable[..., Report]:
    """Give a function that asks for a report as Anna, runs its job, and returns it fresh."""

    def make(language: str = "en") -> Report:
        report = reports.request(
            field.assessment, actor=field.cast.actor("anna"), language=language
        )
        assert report.job is not None
        jobs.run(str(report.job.pk))
        return fresh(report)

    return make


def fresh(report: Report) -> Report:
    """Return a report as the database has it now; its state cannot be set on the object."""
    return Report.objects.select_related("job").get(pk=report.pk)


def text_of(report: Report) -> str:
    """Return the words of a report's PDF, each run of blanks as one."""
    with report.file.open("rb") as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_report_says_what_was_approved_and_what_was_not_assessed(
    made: Callable[..., Report],
) -> None:
    report = made()
    assert (report.state, report.failure) == ("ready", "")
    text = text_of(report)
    assert "Displaced households" in text
    assert "1 of 2 areas in the scope have findings." in text
    assert "3 of 5 submissions are approved and count as findings" in text
    assert "1 AM01 North 10 5 1 3" in text
    assert "2 AM02 South 10 0 0 — not assessed (a)" in text
    assert "(a) no submission yet" in text
    assert report.figures_sha256 in text.replace(" ", "").replace(SOFT_BREAK, "")
    assert "Invented data" not in text


def test_the_file_is_tagged_titled_and_the_same_for_the_same_figures(
    made: Callable[..., Report],
) -> None:
    report = made()
    with report.file.open("rb") as file:
        content = file.read()
    document = PdfReader(io.BytesIO(content))
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.metadata is not None
    assert document.metadata.title == "Displaced households"
    assert len(document.pages) == report.pages
    assert reports.set_pages(report).content == content


@pytest.mark.parametrize("language", list(reports.LANGUAGES))
def test_a_report_can_be_made_in_each_language(
    language: str, field: Field, made: Callable[..., Report]
) -> None:
    field.north.names = {"en": "North", "ru": "Север", "hy": "Հյուսիս", "az": "Şimal"}
    field.north.save()
    report = made(language)
    assert report.state == "ready"
    assert field.north.names[language] in text_of(report)


def test_what_people_write_is_printed_and_never_obeyed(
    field: Field, made: Callable[..., Report]
) -> None:
    field.assessment.title = HOSTILE
    field.assessment.description = f"{HOSTILE} {DIRECTION} {'x' * 200}"
    field.assessment.save()
    field.north.name, field.north.names = "=1+1 #read('/etc/passwd')", {}
    field.north.save()
    report = made()
    assert report.state == "ready"
    text = text_of(report)
    assert HOSTILE in text
    assert "=1+1 #read('/etc/passwd')" in text


def test_a_demonstration_is_marked_on_every_page(field: Field, made: Callable[..., Report]) -> None:
    field.operation.is_demo = True
    field.operation.save()
    report = made()
    with report.file.open("rb") as file:
        for page in PdfReader(io.BytesIO(file.read())).pages:
            assert "Invented data" in page.extract_text()


def test_a_ready_report_stays_as_it_is(field: Field, made: Callable[..., Report]) -> None:
    report = made()
    before = (report.figures, report.sha256)
    field.submit(field.south, state="approved")
    assert reports.make(report, tell=lambda *_: None).sha256 == before[1]
    for change in (
        {"figures": {}},
        {"sha256": "0" * 64},
        {"file": "other.pdf"},
        {"state": "making"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**change)
    report = fresh(report)
    assert (report.figures, report.sha256) == before
    assert made().figures != report.figures


def test_one_person_waits_for_one_report_at_a_time(field: Field) -> None:
    anna, carmen = field.cast.actor("anna"), field.cast.actor("carmen")
    first = reports.request(field.assessment, actor=anna, language="en")
    assert reports.request(field.assessment, actor=anna, language="en") == first
    assert reports.request(field.assessment, actor=anna, language="ru") != first
    assert reports.request(field.assessment, actor=carmen, language="en") != first


def test_reports_are_made_by_those_whom_the_matrix_names(field: Field) -> None:
    with pytest.raises(Problem, match="forbidden"):
        reports.request(field.assessment, actor=field.cast.actor("olga"), language="en")
    with pytest.raises(Problem, match="not_found"):
        reports.request(field.assessment, actor=field.cast.actor("outsider"), language="en")
    with pytest.raises(Problem, match="report_language"):
        reports.request(field.assessment, actor=field.cast.actor("anna"), language="tlh")


def test_a_report_that_cannot_be_set_says_why_and_can_be_tried_again(
    client: Client,
    field: Field,
    made: Callable[..., Report],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text(
        '#set document(title: "x")\n#set text(font: "No Such Font")\nx #metadata(1) <pages>'
    )
    with monkeypatch.context() as patch:
        patch.setattr(reports, "TEMPLATE", broken)
        report = made()
    assert report.state == "failed"
    assert "no such font" in report.failure
    assert report.job is not None
    assert report.job.state == "failed"
    home = f"/o/caucasus/reports/{report.pk}/"
    client.force_login(field.cast.olga)
    page = client.get(home).content.decode()
    assert "no such font" in page
    assert f"{home}retry/" not in page
    assert client.post(f"{home}retry/").status_code == 403
    client.force_login(field.cast.carmen)
    assert f"{home}retry/" in client.get(home).content.decode()
    assert client.post(f"{home}retry/").status_code == 302
    jobs.run(str(report.job.pk))
    report = fresh(report)
    assert (report.state, report.failure) == ("ready", "")
    with pytest.raises(Problem, match="report_not_failed"):
        reports.retry(report, actor=field.cast.actor("carmen"))


def test_members_read_and_download_a_report_and_outsiders_find_nothing(
    client: Client, field: Field, made: Callable[..., Report]
) -> None:
    report = made()
    home = f"/o/caucasus/reports/{report.pk}/"
    client.force_login(field.cast.paula)
    page = client.get(home).content.decode()
    assert report.sha256 in page
    assert report.figures_sha256 in page
    answer: Any = client.get(f"{home}file/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    name = f"displaced-households-en-{report.as_of:%Y-%m-%d}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert json.loads(client.get(f"{home}figures/").content) == report.figures
    client.force_login(field.cast.outsider)
    for address in (home, f"{home}file/", f"{home}figures/", "/o/caucasus/reports/"):
        assert client.get(address).status_code == 404


def test_a_report_is_asked_for_from_the_page_and_found_in_the_list(
    client: Client, field: Field
) -> None:
    client.force_login(field.cast.carmen)
    address = f"/o/caucasus/assessments/{field.assessment.pk}/reports/"
    assert client.get("/o/caucasus/reports/").content.decode().count("No reports yet") == 1
    answer = client.post(address, {"language": "hy"})
    report = Report.objects.get()
    assert answer.headers["Location"] == f"/o/caucasus/reports/{report.pk}/"
    waiting = client.get(answer.headers["Location"]).content.decode()
    assert f'id="job-{report.job_id}"' in waiting
    assert client.get(f"/o/caucasus/reports/{report.pk}/file/").status_code == 409
    for query, found in (("q=displaced", 1), ("language=ru", 0), ("state=making", 1), ("q=zz", 0)):
        page = client.get(f"/o/caucasus/reports/?{query}").content.decode()
        assert page.count(f'href="/o/caucasus/reports/{report.pk}/"') == found, query
    client.force_login(field.cast.olga)
    assert client.post(address, {"language": "hy"}).status_code == 403


def test_a_file_that_is_gone_is_told_and_not_a_crash(
    client: Client, field: Field, made: Callable[..., Report]
) -> None:
    report = made()
    Path(report.file.path).unlink()
    client.force_login(field.cast.anna)
    assert client.get(f"/o/caucasus/reports/{report.pk}/file/").status_code == 410
