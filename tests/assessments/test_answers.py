"""Answers keep their types, their place in repeats, and whatever does not fit."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import answers, xml
from assessments.answers import Record
from assessments.catalogue import Catalogue
from tests.assessments.workbooks import record

KINDS = {
    "people": "integer",
    "rate": "decimal",
    "needs": "select_multiple",
    "where": "geopoint",
    "line": "geotrace",
    "photo": "image",
    "member": "begin_repeat",
    "member/illness": "begin_repeat",
    "member/photo": "image",
    "begun": "start",
}


def read(body: str, **more: dict[str, str]) -> Record:
    """Return the record of an XML body."""
    known = Catalogue(KINDS, more.get("tags", {}), {}, {}, {})
    return answers.read(xml.parse(record(body), most_bytes=100_000), known)


@pytest.mark.parametrize(
    ("body", "path", "value"),
    [
        ("<people>3</people>", "people", 3),
        ("<people>-3</people>", "people", -3),
        ("<people>many</people>", "people", "many"),
        ("<people>3.5</people>", "people", "3.5"),
        ("<rate>3.5</rate>", "rate", 3.5),
        ("<rate>4</rate>", "rate", 4),
        ("<rate>nan</rate>", "rate", "nan"),
        ("<rate>1e999</rate>", "rate", "1e999"),
        ("<needs>water  shelter</needs>", "needs", ["water", "shelter"]),
        ("<where>39.5 46.5 800.0 4.5</where>", "where", [39.5, 46.5, 800.0, 4.5]),
        ("<where>39.5 46.5</where>", "where", [39.5, 46.5, None, None]),
        ("<where>946.5 39.5 0 0</where>", "where", "946.5 39.5 0 0"),
        ("<where>here</where>", "where", "here"),
        ("<line>39 46 0 0;40 47 0 0</line>", "line", [[39, 46, 0, 0], [40, 47, 0, 0]]),
        ("<unknown>kept</unknown>", "unknown", "kept"),
        ("<group><deep>kept</deep></group>", "group/deep", "kept"),
    ],
)
def test_an_answer_has_the_type_of_its_question(body: str, path: str, value: Any) -> None:
    assert read(body).answers == {path: value}


def test_what_was_left_blank_is_no_answer() -> None:
    assert read("<people/><rate> </rate>").answers == {}


def test_repeats_keep_their_members_apart() -> None:
    members = read(
        "<member template=''/>"
        "<member><name>A</name><illness><kind>x</kind></illness><illness/></member>"
        "<member><name>B</name><illness><kind>y</kind></illness></member>"
    ).members
    assert [(one.path, one.position, one.parent, one.answers) for one in members] == [
        ("member", 1, None, {"member/name": "A"}),
        ("member/illness", 1, 0, {"member/illness/kind": "x"}),
        ("member/illness", 2, 0, {}),
        ("member", 2, None, {"member/name": "B"}),
        ("member/illness", 1, 3, {"member/illness/kind": "y"}),
    ]


def test_files_are_expected_where_the_record_names_them() -> None:
    found = read("<photo>a.jpg</photo><member><photo>b.jpg</photo></member>").files
    assert found == {"a.jpg": "photo", "b.jpg": "member/photo"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-11-23T10:15:00.000+04:00", datetime(2020, 11, 23, 6, 15, tzinfo=UTC)),
        ("2020-11-23T10:15:00", datetime(2020, 11, 23, 10, 15, tzinfo=UTC)),
        ("2020-13-40T10:15:00", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_device_may_claim_any_time(text: Any, expected: datetime | None) -> None:
    assert answers.moment(text) == expected


def test_tagged_codes_come_finest_first() -> None:
    tags = {"a": "#adm1+code", "b": "#adm2+code+v_pcode", "c": "#adm3+name"}
    found = read("<a>XX1</a><b>XX101</b><c>Town</c>", tags=tags)
    known = Catalogue(KINDS | {"c": "text"}, tags, {}, {}, {})
    assert answers.codes(found, known) == (["XX101", "XX1"], ["Town"])


@given(st.text())
def test_no_text_breaks_a_value(text: str) -> None:
    for convert in answers.VALUES.values():
        convert(text)
    answers.moment(text)
