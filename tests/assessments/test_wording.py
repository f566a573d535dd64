"""How answers read: languages, choices, numbers, places and times."""

from typing import Any

import pytest
from django.utils import timezone, translation

from assessments.models import Question
from assessments.wording import Wording, choose_language
from tests.assessments.records import ENGLISH, RUSSIAN, Records

OFFERED = [ENGLISH, RUSSIAN, "hy"]


@pytest.mark.parametrize(
    ("asked", "reader", "expected"),
    [
        (RUSSIAN, "en", RUSSIAN),
        ("Klingon", "ru", RUSSIAN),
        ("", "hy", "hy"),
        ("", "az", ENGLISH),
    ],
)
def test_the_language_is_what_was_asked_for_or_the_readers(
    asked: str, reader: str, expected: str
) -> None:
    with translation.override(reader):
        assert choose_language(OFFERED, asked, ENGLISH) == expected


def test_a_form_without_languages_has_none() -> None:
    assert choose_language([]) == ""


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", "a\nb", "a\nb"),
        ("text", None, ""),
        ("integer", 0, "0"),
        ("integer", "abc", "abc"),
        ("decimal", 12.5, "12.5"),
        ("acknowledge", True, "Yes"),
        ("date", "2020-11-23", "23 Nov 2020"),
        ("date", "2020-99-99", "2020-99-99"),
        ("datetime", "2020-11-23T06:00:00+04:00", "23 Nov 2020, 02:00"),
        ("time", "10:15:00.000+04:00", "10:15"),
        ("geopoint", [40.1, 46.25, None, 5.0], "40.100000, 46.250000 (±5 m)"),
        ("geopoint", [40.1, 46.25, None, None], "40.100000, 46.250000"),
        ("geopoint", "nowhere", "nowhere"),
        ("geotrace", [[1, 2], [3, 4]], "2 points"),
    ],
)
def test_values_read_as_people_write_them(kind: str, value: Any, expected: str) -> None:
    question = Question(path="q", name="q", kind=kind)
    with timezone.override("UTC"):
        assert Wording(ENGLISH).of(1, question, value) == expected


def test_choices_read_by_their_labels(records: Records) -> None:
    wording = Wording(ENGLISH)
    wording.learn([records.version.pk], ["damage"], {"heavy"})
    one = Question(path="q", name="q", kind="select_one", choice_list="damage")
    several = Question(path="q", name="q", kind="select_multiple", choice_list="damage")
    version = records.version.pk
    assert wording.of(version, one, "heavy") == "Heavy damage"
    assert wording.of(version, several, ["heavy", "unknown"]) == "Heavy damage; unknown"
