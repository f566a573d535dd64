"""Writers: the values that no format may spoil, and the formulas that none may let through."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from core import writers
from core.datasets import Column, Kind, Record, Suppressed
from core.errors import Problem
from core.writers import FORMATS

NASTY = (
    "=1+1",
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\uff1d1+1",
    "\uff0b1",
)
KEPT = (
    "Հայերեն",
    "Azərbaycanca",
    'a "quoted", word',
    "line\nbreak",
    "a;b",
    "\u202eabc",
    "\x0b",
    "007",
    "",
    "_x0041_",
    "x" * 200,
)
COLUMNS = [
    Column("text", "Text", hxl="#text"),
    Column("number", "=Number", Kind.DECIMAL, hxl="#num"),
]


def written(name: str, records: list[Record], columns: list[Column] = COLUMNS) -> bytes:
    """Return the file that a format makes of records."""
    return b"".join(FORMATS[name].write(columns, iter(records)))


def sheet(content: bytes) -> list[list[tuple[Any, str]]]:
    """Return the cells of a workbook's sheet, with their types."""
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()
    return [[(cell.value, cell.data_type) for cell in row] for row in rows]


def table(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", NASTY)
def test_no_spreadsheet_takes_text_for_a_formula(text: str) -> None:
    record = Record([text, -5])
    for name in ("csv", "hxl"):
        cell = table(written(name, [record]))[-1][0]
        assert cell == f"'{text}"
    (value, kind), (number, number_kind) = sheet(written("xlsx", [record]))[1]
    assert kind == "s"
    assert str(value).replace("_x000D_", "\r") == text
    assert (number, number_kind) == (-5, "n")
    assert json.loads(written("json", [record]))[0] == {"text": text, "number": -5}


def test_heads_are_no_formulas_either() -> None:
    columns = [Column("=cmd", "=label", hxl="=tag"), Column("b", "@b")]
    assert table(written("csv", [Record(["", ""])], columns))[0] == ["'=cmd", "b"]
    assert table(written("hxl", [], columns))[:2] == [["'=label", "'@b"], ["'=tag", ""]]
    for records in ([], [Record(["x", "y"])]):
        assert sheet(written("xlsx", records, columns))[0][0] == ("=cmd", "s")


def test_negative_numbers_stay_numbers() -> None:
    for value in (-5, -5.5, Decimal("-5.5")):
        assert table(written("csv", [Record(["", value])]))[1][1] == str(value)
        assert sheet(written("xlsx", [Record(["", value])]))[1][1] == (float(value), "n")
    assert table(written("csv", [Record(["-5", "+37455123456"])]))[1] == ["-5", "+37455123456"]


@pytest.mark.parametrize("text", KEPT)
def test_text_comes_out_as_it_went_in(text: str) -> None:
    record = Record([text, 1])
    assert table(written("csv", [record]))[1][0] == text
    assert json.loads(written("json", [record]))[0]["text"] == text
    assert json.loads(written("geojson", [record]))["features"][0]["properties"]["text"] == text
    # A sheet escapes what XML cannot hold, and what looks like such an escape (ECMA-376, 22.4.2.4).
    value = sheet(written("xlsx", [record]))[1][0][0] or ""
    assert value.replace("_x000B_", "\x0b").replace("_x005F_", "_") == text


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.sampled_from("ab,\"'\r\n\t =-;\u2028"), max_size=4),
)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[CELLS] * n), max_size=4)))
@example([(None,)])
@example([("",), ("a",)])
def test_csv_is_what_the_library_writes(rows: list[tuple[Any, ...]]) -> None:
    columns = [Column(f"c{n}", "") for n in range(len(rows[0]) if rows else 1)]
    expected = io.StringIO()
    lines = [[writers.safe_cell(writers.cell(one)) for one in row] for row in rows]
    csv.writer(expected).writerows([[one.key for one in columns], *lines])
    made = written("csv", [Record(list(row)) for row in rows], columns)
    assert made.decode("utf-8-sig") == expected.getvalue()


def test_an_empty_table_has_its_heads() -> None:
    assert table(written("csv", []))[0] == ["text", "number"]
    assert [value for value, _kind in sheet(written("xlsx", []))[0]] == ["text", "number"]
    assert len(sheet(written("xlsx", []))) == 1
    assert json.loads(written("json", [])) == []
    assert json.loads(written("geojson", []))["features"] == []


def test_kinds_are_written_as_each_format_has_them() -> None:
    record = Record([["a", "b"], None])
    assert table(written("csv", [record]))[1] == ["a b", ""]
    assert json.loads(written("json", [record]))[0] == {"text": ["a", "b"], "number": None}
    when = Record([datetime(2020, 11, 23, 6, tzinfo=UTC), Decimal("3.0")])
    assert table(written("csv", [when]))[1] == ["2020-11-23T06:00:00+00:00", "3"]
    assert table(written("csv", [Record([date(2020, 11, 23), True])]))[1] == ["2020-11-23", "true"]
    assert table(written("csv", [Record([[40.1, 46.2, None, 5.0], ""])]))[1][0] == "40.1 46.2  5.0"
    line = Record([[[1, 2, None, None], [3, 4, None, None]], ""])
    assert table(written("csv", [line]))[1][0] == "1 2;3 4"


def test_a_suppressed_count_is_neither_missing_nor_nought() -> None:
    record = Record(["x", Suppressed(5)])
    assert table(written("csv", [record]))[1][1] == "< 5"
    assert sheet(written("xlsx", [record]))[1][1] == ("< 5", "s")
    assert json.loads(written("json", [record]))[0]["number"] is None


def test_geometry_is_longitude_first() -> None:
    features = json.loads(written("geojson", [Record(["x", 1], Point(46, 39)), Record(["y", 2])]))
    shapes = [feature["geometry"] for feature in features["features"]]
    assert shapes == [{"type": "Point", "coordinates": [46.0, 39.0]}, None]


def test_long_text_is_cut_where_a_cell_ends() -> None:
    (value, _kind), _ = sheet(written("xlsx", [Record(["x" * 40_000, 2**60])]))[1]
    assert len(value) == 32_767
    assert value.endswith("…")
    assert table(written("csv", [Record(["x" * 40_000, 1])]))[1][0] == "x" * 40_000


def test_digits_are_not_lost_in_a_sheet() -> None:
    assert sheet(written("xlsx", [Record(["x", 2**60])]))[1][1] == (str(2**60), "s")


def test_a_table_too_long_for_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "MOST_ROWS", 2)
    with pytest.raises(Problem) as refusal:
        written("xlsx", [Record(["x", 1])] * 3)
    assert refusal.value.code == "too_large"
