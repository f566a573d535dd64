"""Conversion: what authors get wrong is found, placed and explained; what they may write works."""

import re
from pathlib import Path
from typing import Any

import pytest

from assessments.xlsforms.convert import Conversion, convert
from assessments.xlsforms.findings import Finding
from core.errors import Problem
from tests.assessments.workbooks import CHOICES, SETTINGS, Sheet, needs_form, shared, workbook

FILES = Path(__file__).parent / "files"
HEADER = ["type", "name", "label", "relevant", "calculation", "appearance"]


def survey(*rows: list[Any], choices: Sheet | None = None, **sheets: Sheet) -> Conversion:
    """Convert a form of the given survey rows."""
    book = workbook(survey=[HEADER, *rows], choices=choices or CHOICES, settings=SETTINGS, **sheets)
    return convert(book, "form.xlsx")


def places(findings: list[Finding]) -> list[tuple[str, int | None, str]]:
    """Return where the findings are."""
    return [(finding.sheet, finding.row, finding.column) for finding in findings]


WRONG: dict[str, tuple[list[list[Any]], tuple[str, int, str], str]] = {
    "unknown type": ([["txet", "a", "A"]], ("survey", 2, "type"), "Did you mean “text”?"),
    "missing list": (
        [["select_one provinse", "a", "A"]],
        ("survey", 2, "type"),
        "Did you mean “province”?",
    ),
    "duplicate name": (
        [["text", "a", "A"], ["text", "a", "B"]],
        ("survey", 3, "name"),
        "a name of its own",
    ),
    "unmatched begin": (
        [["begin group", "g", "G"], ["text", "a", "A"]],
        ("survey", 2, "type"),
        "end group",
    ),
    "unmatched end": (
        [["text", "a", "A"], ["end repeat", "", ""]],
        ("survey", 3, "type"),
        "close in turn",
    ),
    "broken reference": (
        [["text", "head", "A"], ["text", "b", "B", "${haed} = 1"]],
        ("survey", 3, "relevant"),
        "Did you mean “head”?",
    ),
    "a name too long": ([["text", "a" * 300, "A"]], ("survey", 0, "name"), "Shorten"),
    "no name": ([["text", "", "A"]], ("survey", 2, "name"), "short name"),
    "bad name": ([["text", "a b", "A"]], ("survey", 2, "name"), "no spaces"),
    "no calculation": ([["calculate", "a", ""]], ("survey", 2, "calculation"), "expression"),
    "no label": ([["text", "a", ""]], ("survey", 2, "label"), "what is asked"),
    "broken expression": (
        [["text", "a", "A", "(1 = 1"]],
        ("survey", 2, "relevant"),
        "brackets",
    ),
    "unknown function": (
        [["text", "a", "A", "iff(1, 2, 3)"]],
        ("survey", 2, "relevant"),
        "Correct its name",
    ),
    "search()": (
        [["select_one need", "a", "A", "", "", "minimal search('x')"]],
        ("survey", 2, "appearance"),
        "select_one_from_file",
    ),
    "a select_multiple's choice with a space": (
        [["select_multiple bad", "a", "A"]],
        ("choices", 0, "name"),
        "underscore",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_has_its_place_and_a_fix(name: str) -> None:
    rows, place, fix = WRONG[name]
    found = survey(*rows, choices=[*CHOICES, ["bad", "two words", "X"]]).report.errors
    assert (place[0], place[1] or None, place[2]) in places(found)
    assert any(fix in finding.fix for finding in found)


def test_all_errors_are_found_at_once() -> None:
    rows = [["txet", "a", "A"], ["select_one nowhere", "b", "B"], ["text", "c", "C", "${zz} = 1"]]
    assert [row for _sheet, row, _column in places(survey(*rows).report.errors)] == [2, 3, 4]


def test_each_row_that_pyxform_names_in_one_message_is_told() -> None:
    twice = [
        *CHOICES,
        ["list", "a", "A"],
        ["list", "a", "B"],
        ["list", "b", "C"],
        ["list", "b", "D"],
    ]
    found = survey(["select_one list", "a", "A"], choices=twice).report.errors
    start = len(CHOICES)
    assert places(found) == [("choices", start + 2, "name"), ("choices", start + 4, "name")]


def test_a_blank_first_row_is_told() -> None:
    book = workbook(survey=[["", ""], HEADER, ["text", "a", "A"]], settings=SETTINGS)
    (error,) = convert(book, "form.xlsx").report.errors
    assert "first row" in error.message
    assert "type, name, label" in error.fix


def test_a_choices_sheet_without_its_columns_is_explained() -> None:
    choices = [["list_name", "nam", "label"], ["need", "x", "X"]]
    found = survey(["select_one need", "a", "A"], choices=choices).report.errors
    assert found[0].sheet == "choices"
    assert "'name'" in found[0].message


def test_a_choices_sheet_whose_lists_have_no_names_is_explained() -> None:
    choices = [["list", "name", "label"], ["need", "x", "X"]]
    found = survey(["select_one need", "a", "A"], choices=choices).report.errors
    assert ("choices", None, "") in places(found)
    assert "list_name" in found[-1].fix


def test_a_message_of_pyxform_that_we_do_not_know_is_shown_as_it_is() -> None:
    rows = [["range", "a", "A"]]
    book = workbook(
        survey=[[*HEADER, "parameters"], [*rows[0], "", "", "", "start=a"]], settings=SETTINGS
    )
    error = convert(book, "form.xlsx").report.errors[0]
    assert (error.sheet, error.row, error.column) == ("survey", 2, "parameters")
    assert "must be a number" in error.message


def test_what_the_browser_cannot_do_is_said() -> None:
    found = survey(
        ["background-audio", "sound", ""],
        ["audit", "", ""],
        ["text", "a", "A", "", "", "ex:org.app"],
        ["integer", "b", "B"],
    ).report
    assert found.errors == []
    assert len(found.unsupported) == 3


@pytest.mark.parametrize(
    ("appearance", "said"),
    [
        ("minimal columns-3 w4", []),
        ("likert no-buttons", []),
        ("map", ["on a map"]),
        ("quick columns-pack", ["go on by itself"]),
        ("image-map", ["on the picture"]),
        ("minimall", ["“minimall”"]),
        ("printer:org.app('a b', 'c d')", ["print"]),
        ("front bearing", ["compass", "“front”"]),
    ],
)
def test_appearances_are_shown_or_said(appearance: str, said: list[str]) -> None:
    choices = [["list_name", "name", "label"], ["yes", "yes", "Yes"]]
    report = survey(["select_one yes", "a", "A", "", "", appearance], choices=choices).report
    assert report.errors == []
    assert len(report.unsupported) == len(said)
    assert all(words in one.message for words, one in zip(said, report.unsupported, strict=True))


def test_a_sum_over_what_may_be_blank_is_warned_of() -> None:
    found = survey(
        ["begin repeat", "r", "R"],
        ["integer", "n", "N"],
        ["calculate", "one", "", "", "if(${n} > 4, 1, 0)"],
        ["end repeat", "", ""],
        ["calculate", "all", "", "", "sum(${n})"],
        ["calculate", "old", "", "", "sum(${one})"],
        ["calculate", "quoted", "", "", "concat('sum(', 'x')"],
    ).report.warnings
    assert [finding.row for finding in found if "sum()" in finding.message] == [6]


def test_a_required_note_that_always_shows_is_freed_and_one_with_relevance_still_stops() -> None:
    book = workbook(
        survey=[
            ["type", "name", "label", "required", "relevant"],
            ["integer", "age", "Age", "yes", ""],
            ["note", "always", "Read this.", "TRUE", ""],
            ["note", "stop", "Too young: correct the age.", "yes", "${age} < 5"],
        ],
        choices=CHOICES,
        settings=SETTINGS,
    )
    done = convert(book, "form.xlsx")
    binds = re.findall(r"<bind [^>]+>", done.xform)
    required = {
        name: any(f"/{name}" in bind and "required" in bind for bind in binds)
        for name in ("age", "always", "stop")
    }
    assert required == {"age": True, "always": False, "stop": True}
    assert ("survey", 3, "required") in places(done.report.warnings)


def test_questions_are_listed_with_all_that_tables_need() -> None:
    conversion = convert(needs_form(), "form.xlsx")
    asked = {one.path: one for one in conversion.questions.asked}
    assert conversion.report.errors == []
    assert asked["province"].hxl == "#adm1+code"
    assert asked["province"].choice_list == "province"
    assert asked["head"].sensitivity == "restricted"
    assert asked["where"].sensitivity == "restricted"
    assert asked["people"].sensitivity == "internal"
    assert asked["people"].labels == {"default": "People"}
    assert asked["member/illness"].kind == "begin_repeat"
    assert asked["member/illness/kind"].repeat == "member/illness"
    assert asked["member/name"].repeat == "member"
    assert [one.kind for one in asked.values()][:3] == ["start", "deviceid", "select_one"]
    assert conversion.report.counts["questions"] == 9
    assert {one.value for one in conversion.questions.offered} >= {"XX100", "water"}


def test_languages_with_missing_cells_survive() -> None:
    book = workbook(
        survey=[
            ["type", "name", "label::English (en)", "label::Հայերեն (hy)", "hint::English (en)"],
            ["text", "a", "Name", "Անուն", "Of the head"],
            ["text", "b", "Age of ${a}", "", ""],
        ],
        settings=[["form_id", "default_language"], ["two", "English (en)"]],
    )
    conversion = convert(book, "form.xlsx")
    asked = conversion.questions.asked
    assert conversion.languages == ["English (en)", "Հայերեն (hy)"]
    assert asked[0].labels["Հայերեն (hy)"] == "Անուն"
    assert asked[1].labels == {"English (en)": "Age of ${a}"}
    assert asked[0].hints == {"English (en)": "Of the head"}


def test_an_old_kobo_form_converts() -> None:
    book = workbook(
        survey=[
            ["type", "name", "label::English", "media::image", "choice_filter", "hint"],
            ["begin group", "intro", "Introduction"],
            ["select one need or_other", "n", "Need", "tap.png"],
            ["select_one_from_file camps.csv", "camp", "Camp"],
            ["end group"],
            ["begin repeat", "m", "Member"],
            ["select_one_external place", "p", "Place", "", "province=${n}"],
            ["end repeat"],
        ],
        choices=[["list name", "name", "label::English"], ["need", "water", "Water"]],
        external_choices=[
            ["list_name", "name", "label", "province"],
            ["place", "p1", "Place 1", "water"],
        ],
    )
    conversion = convert(book, "Kobo form (1).xlsx")
    assert conversion.report.errors == []
    assert conversion.form_id == "Kobo_form_1"
    assert conversion.version
    assert conversion.attachments == {"camps.csv": "csv", "tap.png": "image"}
    kinds = {one.path: one.kind for one in conversion.questions.asked}
    assert kinds["m/p"] == "select_one"
    assert kinds["intro/n_other"] == "text"
    assert ("place", "p1") in {(one.list_name, one.value) for one in conversion.questions.offered}


def test_an_old_workbook_converts() -> None:
    conversion = convert((FILES / "old_form.xls").read_bytes(), "old form.xls")
    assert conversion.report.errors == []
    assert conversion.form_id == "old_form"
    assert conversion.languages == ["English", "Русский"]
    assert [one.value for one in conversion.questions.offered] == ["1", "0"]


def test_what_the_converter_stumbles_over_is_reported_too() -> None:
    found = survey(["text", "a", "A"], ["select_multiple ${a}", "b", "B"]).report.errors
    assert "stumbled" in found[0].message


def test_the_same_file_always_gives_the_same_version() -> None:
    book = workbook(survey=[["type", "name", "label"], ["text", "a", "A"]])
    assert convert(book, "a.xlsx").version == convert(book, "a.xlsx").version


def test_the_xform_of_a_workbook_is_a_form_itself() -> None:
    first = convert(needs_form(), "form.xlsx")
    second = convert(first.xform.encode(), "form.xml")
    assert second.report.errors == []
    assert (second.form_id, second.version, second.title) == ("needs", "1", "Needs")
    assert [one.path for one in second.questions.asked] == [
        one.path for one in first.questions.asked
    ]


def test_an_xform_without_version_is_given_one() -> None:
    xform = convert(needs_form(), "form.xlsx").xform.replace(' version="1"', "")
    conversion = convert(xform.encode(), "form.xml")
    assert conversion.version
    assert f'version="{conversion.version}"' in conversion.xform


@pytest.mark.parametrize("content", [b"<a/>", b"<h:html xmlns:h='x'><h:head/></h:html>"])
def test_xml_that_is_no_form_is_refused(content: bytes) -> None:
    with pytest.raises(Problem, match="file_refused"):
        convert(content, "form.xml")


def test_an_encrypted_form_is_refused_with_its_reason() -> None:
    settings = [["form_id", "version", "public_key"], ["a", "1", "MIIB"]]
    book = workbook(survey=[["type", "name", "label"], ["text", "a", "A"]], settings=settings)
    assert places(convert(book, "form.xlsx").report.errors) == [("settings", None, "public_key")]


@pytest.mark.parametrize(
    ("name", "questions", "repeats"),
    [
        ("reach_msna_2024_global_tool_v11.xlsx", 200, 4),
        ("odk_all-question-types-v2024091201-3.xlsx", 80, 0),
        ("odk_socio-economic-survey-v20240515.xlsx", 17, 1),
        ("unhcr_kobo_xlsform_examples.xlsx", 1, 0),
    ],
)
def test_real_questionnaires_convert(name: str, questions: int, repeats: int) -> None:
    conversion = convert(shared(name), name)
    assert conversion.report.errors == []
    assert conversion.report.counts["questions"] >= questions
    assert conversion.report.counts["repeats"] == repeats
    shown = [one for one in conversion.questions.asked if one.kind.startswith("select")]
    assert shown
    assert all(one.labels for one in shown)
