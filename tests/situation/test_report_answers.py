"""Summaries of answers: what is counted, what is left out, and what must not be worked out."""

from typing import Any

import pytest

from assessments.coverage import Selection
from assessments.models import Choice, FormVersion, RepeatRow
from situation import report_answers
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.assessments import FormVersionFactory, QuestionFactory

RU = "Русский (ru)"
EN = "English (en)"


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field."""
    return field_of(cast)


@pytest.fixture
def version(field: Field) -> FormVersion:
    """Give a form version that asks for heating, people, a name and the members' sex."""
    version: FormVersion = FormVersionFactory(form=field.form, languages=[EN, RU])
    asked = (
        ("warm", "begin_group", {EN: "Warmth", RU: "Тепло"}, {}),
        ("warm/heating", "select_one", {EN: "Heating?", RU: "Отопление?"}, {"choice_list": "h"}),
        ("warm/people", "integer", {EN: "People of ${place}?"}, {}),
        ("warm/secret", "integer", {EN: "Secret"}, {"sensitivity": "restricted"}),
        ("warm/place", "select_one", {EN: "Where?"}, {"hxl": "#adm1+code", "choice_list": "h"}),
        ("member", "begin_repeat", {EN: "Member"}, {}),
        ("member/sex", "select_one", {EN: "Sex"}, {"repeat": "member", "choice_list": "s"}),
    )
    for position, (path, kind, labels, more) in enumerate(asked):
        QuestionFactory(
            version=version, position=position, path=path, kind=kind, labels=labels, **more
        )
    for listing, values in (("h", ("stove", "gas", "none")), ("s", ("f", "m"))):
        for position, value in enumerate(values):
            Choice.objects.create(
                version=version,
                list_name=listing,
                position=position,
                value=value,
                labels={EN: value.title(), RU: f"{value} по-русски"},
            )
    return version


def send(field: Field, heating: str, times: int, **more: Any) -> None:
    """Store submissions that answer alike, approved unless said otherwise."""
    for people in range(1, times + 1):
        answers = {"warm/heating": heating, "warm/people": people, "warm/secret": 7}
        made = field.submit(field.north, answers=answers, **({"state": "approved"} | more))
        for position, sex in enumerate("fm", start=1):
            RepeatRow.objects.create(
                submission=made, path="member", position=position, answers={"member/sex": sex}
            )


def summaries(field: Field, language: str = "en") -> dict[str, dict[str, Any]]:
    """Return the summaries by label."""
    selection = Selection(field.operation, assessment=field.assessment)
    return {one["label"]: one for one in report_answers.summarise(selection, language)}


def counts(summary: dict[str, Any]) -> list[tuple[str, int | None]]:
    """Return label and count of each choice."""
    return [(share["label"], share["count"]) for share in summary["shares"]]


def test_only_approved_submissions_that_are_no_tests_count(
    field: Field, version: FormVersion
) -> None:
    send(field, "stove", 6)
    send(field, "gas", 6, state="rejected")
    send(field, "gas", 6, state="received")
    send(field, "gas", 6, is_test=True)
    found = summaries(field)
    assert counts(found["Heating?"]) == [("Stove", 6), ("Gas", 0), ("None", 0)]
    assert found["Heating?"]["section"] == "Warmth"
    assert found["Heating?"]["shares"][0]["share"] == 100.0
    assert found["People of …?"]["spread"] == [2.25, 3.5, 4.75]
    assert counts(found["Sex"]) == [("F", 6), ("M", 6)]
    assert found["Sex"]["section"] == "Member"


def test_restricted_answers_and_places_are_left_out(field: Field, version: FormVersion) -> None:
    send(field, "stove", 6)
    assert set(summaries(field)) == {"Heating?", "People of …?", "Sex"}


def test_a_small_count_is_withheld_and_cannot_be_worked_out(
    field: Field, version: FormVersion
) -> None:
    send(field, "stove", 20)
    send(field, "gas", 8)
    send(field, "none", 2)
    shares = summaries(field)["Heating?"]["shares"]
    assert [one["count"] for one in shares] == [20, None, None]
    assert [one["is_small"] for one in shares] == [False, False, True]


def test_a_question_that_few_answered_is_not_shown(field: Field, version: FormVersion) -> None:
    send(field, "stove", report_answers.FEWEST - 1)
    assert set(summaries(field)) == {"Sex"}


def test_labels_come_in_the_language_of_the_report(field: Field, version: FormVersion) -> None:
    send(field, "stove", 5)
    found = summaries(field, "ru")
    assert counts(found["Отопление?"])[0] == ("stove по-русски", 5)
    assert found["Отопление?"]["section"] == "Тепло"
    assert "People of …?" in summaries(field, "hy")
