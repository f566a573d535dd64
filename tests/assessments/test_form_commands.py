"""The commands for forms go through the same rules as the pages."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.models import FormVersion
from tests.assessments.test_publish import CAMPS, with_files
from tests.assessments.workbooks import needs_form, workbook
from tests.cast import Cast
from tests.factories.assessments import AssessmentFactory

BROKEN = [["type", "name", "label"], ["txet", "a", "A"]]


def run(name: str, *arguments: Any) -> str:
    """Run a command and return what it printed."""
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a questionnaire on disk."""
    path = tmp_path / "needs.xlsx"
    path.write_bytes(needs_form())
    return path


def test_a_good_form_is_reported_and_passes(file: Path) -> None:
    said = run("check_form", file)
    assert "Needs · needs · 1" in said
    report = json.loads(run("check_form", file, "--json"))
    assert report["publishable"] is True
    assert report["errors"] == []


def test_a_bad_form_is_explained_and_fails(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(workbook(survey=BROKEN))
    with pytest.raises(SystemExit) as end:
        call_command("check_form", str(file))
    assert end.value.code == 1
    assert "[survey 2 type] “txet” is no question type." in capsys.readouterr().out


def test_missing_and_broken_files_fail_too(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(with_files())
    camps = tmp_path / "camps.csv"
    camps.write_bytes(CAMPS.replace(b"name", b"nom"))
    with pytest.raises(SystemExit):
        call_command("check_form", str(file), "--json", "--attachment", str(camps))
    report = json.loads(capsys.readouterr().out)
    assert report["missing"] == ["sites.geojson", "tap.png"]
    assert report["errors"][0]["sheet"] == "camps.csv"


@pytest.mark.parametrize("name", ["check_form", "publish_form"])
def test_what_is_no_form_is_an_error(name: str, file: Path, cast: Cast) -> None:
    file.write_bytes(b"%PDF")
    options = [] if name == "check_form" else ["--operation", "caucasus"]
    with pytest.raises(CommandError, match="neither an Excel workbook nor XML"):
        run(name, file, *options)


@pytest.mark.usefixtures("media")
def test_a_form_is_published_for_an_assessment(file: Path, cast: Cast) -> None:
    assessment = AssessmentFactory(operation=cast.operation, title="Rapid")
    said = run(
        "publish_form", file, "--operation", "caucasus", "--assessment", "Rapid", "--as", "anna"
    )
    version = FormVersion.objects.get()
    assert "Needs" in said
    assert version.state == FormVersion.State.PUBLISHED
    assert version.created_by == cast.anna
    assert version.form is not None
    assert version.form.assessment == assessment


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--operation", "nowhere"], "no operation"),
        (["--operation", "caucasus", "--as", "nobody"], "no account"),
        (["--operation", "caucasus", "--assessment", "None such"], "no assessment"),
        (["--operation", "caucasus", "--as", "olga"], "Not allowed"),
    ],
)
def test_who_and_where_must_be_right(file: Path, cast: Cast, options: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run("publish_form", file, *options)
    assert FormVersion.objects.count() == 0


@pytest.mark.usefixtures("media")
def test_a_form_with_errors_is_not_published(file: Path, cast: Cast) -> None:
    file.write_bytes(workbook(survey=BROKEN))
    with pytest.raises(CommandError, match="txet"):
        run("publish_form", file, "--operation", "caucasus")
