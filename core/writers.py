"""Writers: one record iterator in, one file format out, streamed.

CSV has UTF-8 with a byte order mark (spreadsheets need it) and neutralises formulas; XLSX has
string cells only for text, so formulas stay text there; HXL is CSV with a tag row; GeoJSON follows
RFC 7946; JSON is an array of objects. A suppressed count is ``< 5`` in a table and null in JSON.
"""

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.datasets import Column, Kind, Names, Record, Suppressed
from core.errors import Problem

FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# Most values are of these types, and are looked at by the million.
IN_A_CELL: dict[type, Callable[[Any], Any]] = {
    **dict.fromkeys((str, int, float), lambda value: value),
    type(None): lambda value: "",
    bool: lambda value: "true" if value else "false",
    datetime: datetime.isoformat,
    UUID: str,
}
NUMBERS = frozenset({int, float})
AS_IT_IS = frozenset({str, int, float, bool, type(None)})
NUMBER = re.compile(r"[+-]\d+(\.\d+)?")
QUOTED = ('"', "\r", "\n")
# What a sheet of XLSX can hold (ECMA-376 and Excel's own limits).
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
MOST_DIGITS = 2**53


def safe_cell(value: Any) -> Any:
    """Return text that no spreadsheet takes for a formula; numbers stay numbers (OWASP 1.2.10)."""
    if type(value) is not str or value[:1] not in FORMULA_STARTS or NUMBER.fullmatch(value):
        return value
    return f"'{value}"


def plain(value: Any) -> Any:
    """Return a value as JSON has it: dates in ISO 8601, decimals as numbers, missing as null."""
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, UUID):
        return str(value)
    return None if isinstance(value, Suppressed) else value


def cell(value: Any) -> Any:
    """Return a value for one cell of a table."""
    known = IN_A_CELL.get(type(value))
    if known is not None:
        return known(value)
    if isinstance(value, Names):
        return "; ".join(value)
    if isinstance(value, list | tuple):
        is_path = any(isinstance(part, list | tuple) for part in value)
        return ";".join(map(_point, value)) if is_path else _point(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, Suppressed) else plain(value)


def _point(value: Any) -> str:
    """Return several values in a cell as ODK writes them; what is unknown at the end goes."""
    parts = value if isinstance(value, list | tuple) else [value]
    return " ".join("" if part is None else str(part) for part in parts).rstrip()


def write_json(columns: list[Column], records: Iterable[Record]) -> Iterator[bytes]:
    """Yield a JSON array of objects, keyed by column."""
    keys = [column.key for column in columns]
    yield b"["
    for number, record in enumerate(records):
        row = dict(zip(keys, map(plain, record.values), strict=True))
        yield (b",\n" if number else b"\n") + json.dumps(row, ensure_ascii=False).encode()
    yield b"\n]\n"


def _csv_lines(heads: Iterable[list[str]], records: Iterable[Record]) -> Iterator[bytes]:
    """Yield lines of CSV; what most cells hold is told apart here, millions of times.

    The library's writer looks at each letter. Rows of which no cell needs quotes, nearly all, are
    found by what a search finds sooner, and written without it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([map(safe_cell, row) for row in heads])
    yield "\ufeff".encode()
    for record in records:
        cells = [
            (safe_cell(value) if value[:1] in FORMULA_STARTS else value)
            if type(value) is str
            else ""
            if value is None
            else str(value)
            if type(value) in NUMBERS
            else str(safe_cell(cell(value)))
            for value in record.values
        ]
        line = ",".join(cells)
        if line.count(",") >= len(cells) or not line or any(map(line.__contains__, QUOTED)):
            writer.writerow(cells)
        else:
            buffer.write(f"{line}\r\n")
        if buffer.tell() > 64_000:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(columns: list[Column], records: Iterable[Record]) -> Iterator[bytes]:
    """Yield CSV with a header of column keys."""
    return _csv_lines([[column.key for column in columns]], records)


def write_hxl(columns: list[Column], records: Iterable[Record]) -> Iterator[bytes]:
    """Yield CSV with labels, then a row of HXL tags (HXL 1.1)."""
    labels = [str(column.label) for column in columns]
    return _csv_lines([labels, [column.hxl for column in columns]], records)


def write_geojson(columns: list[Column], records: Iterable[Record]) -> Iterator[bytes]:
    """Yield a FeatureCollection; a record without geometry has ``null`` (RFC 7946, 3.2)."""
    keys = [column.key for column in columns]
    yield b'{"type":"FeatureCollection","features":['
    for number, record in enumerate(records):
        properties = dict(zip(keys, map(plain, record.values), strict=True))
        shape = shape_of(record.geometry)
        feature = (
            f'{{"type":"Feature","geometry":{shape},'
            f'"properties":{json.dumps(properties, ensure_ascii=False)}}}'
        )
        yield (b",\n" if number else b"\n") + feature.encode()
    yield b"\n]}\n"


def shape_of(geometry: Any) -> str:
    """Return a geometry as GeoJSON; points, of which there are many, without GDAL's help."""
    if geometry is None:
        return "null"
    if geometry.geom_type == "Point":
        return f'{{"type":"Point","coordinates":[{geometry.x},{geometry.y}]}}'
    return str(geometry.geojson)


def write_xlsx(columns: list[Column], records: Iterable[Record]) -> Iterator[bytes]:
    """Yield a workbook of one sheet; numbers are numbers, all else is text, never a formula.

    Raises Problem ``too_large`` where a sheet cannot hold that many rows.
    """
    from rustpy_xlsxwriter import write_worksheet

    keys = [column.key for column in columns]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        content = _sheet_rows(columns, keys, records)
        first = next(content, None)
        if first is None:
            _write_heads(keys, path)
        else:
            write_worksheet(_chain(first, content), str(path), "Data")
        with path.open("rb") as file:
            while chunk := file.read(256_000):
                yield chunk


def _sheet_rows(
    columns: list[Column], keys: list[str], records: Iterable[Record]
) -> Iterator[dict[str, Any]]:
    numeric = [column.kind in {Kind.INTEGER, Kind.DECIMAL} for column in columns]
    cells = [_number_cell if is_number else _text_cell for is_number in numeric]
    for number, record in enumerate(records):
        if number == MOST_ROWS:
            raise Problem("too_large", what=_("The table"), limit=_("a sheet's 1,048,575 rows"))
        values = zip(keys, cells, record.values, strict=True)
        yield {key: in_sheet(value) for key, in_sheet, value in values}


def _number_cell(value: Any) -> Any:
    """Return a number that a sheet holds to its last digit, or text."""
    given = cell(value)
    if type(given) in NUMBERS and -MOST_DIGITS <= given <= MOST_DIGITS:
        return given
    return _text_cell(given)


def _text_cell(value: Any) -> str:
    """Return text that fits a cell."""
    text = value if type(value) is str else str(cell(value))
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def _write_heads(keys: list[str], path: Path) -> None:
    """Write a sheet without rows; the fast writer would leave out its heads."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append([_written(sheet, key) for key in keys])
    book.save(path)


def write_book(sheets: Iterable[tuple[str, list[Column], Iterable[Sequence[Any]]]]) -> bytes:
    """Return a workbook of several small sheets, each with a name, columns and rows.

    As in ``write_xlsx`` numbers are numbers and all else is text; heads are the columns' keys.
    """
    from openpyxl import Workbook

    book, kept = Workbook(write_only=True), io.BytesIO()
    for name, columns, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.append([_written(sheet, column.key) for column in columns])
        numeric = [column.kind in {Kind.INTEGER, Kind.DECIMAL} for column in columns]
        for row in rows:
            cells = zip(numeric, row, strict=True)
            values = [
                _number_cell(one) if is_number else _text_cell(one) for is_number, one in cells
            ]
            sheet.append([_written(sheet, value) for value in values])
    book.save(kept)
    return kept.getvalue()


def _written(sheet: Any, value: Any) -> Any:
    """Return a cell; text is text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        made.data_type = "s"
    return made


def _chain(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


@dataclass(frozen=True)
class Format:
    """A file format: its writer, content type and file name ending, and whether it has shapes."""

    write: Callable[[list[Column], Iterable[Record]], Iterator[bytes]]
    content_type: str
    ending: str
    has_shapes: bool = False


FORMATS = {
    "json": Format(write_json, "application/json", "json"),
    "csv": Format(write_csv, "text/csv; charset=utf-8", "csv"),
    "hxl": Format(write_hxl, "text/csv; charset=utf-8", "hxl.csv"),
    "xlsx": Format(
        write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    ),
    "geojson": Format(write_geojson, "application/geo+json", "geojson", has_shapes=True),
}
