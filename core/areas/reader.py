"""Reads one uploaded table or boundary file, as a program of its own with little memory and time.

Files from outside meet large C and C++ libraries here; whatever they do to this process, the worker
lives on. Called by core.areas.files as ``reader.py KIND INPUT LAYER OUTPUT HEADS``: writes
``OUTPUT/table.json`` and ``OUTPUT/shapes.bin`` (WKB in EPSG:4326, polygons that are valid).
``HEADS`` are names of columns, a line each, by which the header of a table is found below its
title; without them the first row is the header.
"""

import csv
import io
import json
import math
import re
import resource
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely

MEMORY = 3 * 1024**3
CPU_SECONDS = 150
FILE_BYTES = 1024**3
MOST_ROWS = 200_000
MOST_COLUMNS = 600
DIGITS = 7
POLYGONS = {3, 6}
# How far down a sheet its header is looked for, below titles, addresses and blank rows.
HEAD_ROWS = 40


# Names of columns, by how they are compared.
Heads = dict[str, str]


class Unreadable(Exception):
    """The file cannot be used; the first argument is a code that core.areas.files explains."""


def limit() -> None:
    """Take the limits on before anything has seen the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def plain(value: Any) -> Any:
    """Return a cell as JSON has it: whole floats as integers, days and moments in ISO 8601, no
    blanks. Workbooks keep a day as the midnight that it begins with.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    if isinstance(value, int):
        return value
    text = str(value).strip()
    return text or None


def table(header: list[Any], rows: list[tuple[int, list[Any]]]) -> dict[str, Any]:
    """Return columns and rows without HXL tags and blank lines; rows are [number, cells]."""
    columns = [str(plain(name) or "") for name in header[:MOST_COLUMNS]]
    if not any(columns):
        raise Unreadable("no_columns")
    kept = []
    for number, cells in rows:
        values = [plain(cell) for cell in cells[: len(columns)]]
        values += [None] * (len(columns) - len(values))
        if any(value is not None for value in values) and not is_tags(values):
            kept.append([number, values])
    return {"columns": columns, "rows": kept}


def is_tags(values: list[Any]) -> bool:
    """Return whether a row is HXL 1.1's row of tags."""
    filled = [str(value) for value in values if value is not None]
    return bool(filled) and all(re.match(r"#[a-z]", value) for value in filled)


def heading(name: Any) -> str:
    """Return a column's name as it is compared: whatever its case, blanks, line breaks and marks
    for what is needed.
    """
    return " ".join(str(name or "").replace("_", " ").split()).strip(" *:").casefold()


def known(cells: Sequence[Any], heads: Heads) -> int:
    """Return how many of the cells are names of columns."""
    return len({heading(cell) for cell in cells} & heads.keys())


def header_at(rows: Sequence[Sequence[Any]], heads: Heads) -> int:
    """Return the index of the row with the most names of columns, the first where none has any."""
    found = [known(cells, heads) for cells in rows[:HEAD_ROWS]]
    return found.index(max(found)) if found else 0


def separator_of(text: str, heads: Heads) -> str:
    """Return what stands between cells: what makes the best header, or is most in line one."""
    lines = text.split("\n", HEAD_ROWS)[:HEAD_ROWS]

    def rank(mark: str) -> tuple[int, int]:
        cells = csv.reader(lines, delimiter=mark)
        return max(known(row, heads) for row in cells) if heads else 0, lines[0].count(mark)

    return max(",;\t|", key=rank)


def read_csv(path: Path, layer: str, heads: Heads) -> dict[str, Any]:
    """Read comma, semicolon or tab separated text in UTF-8, or UTF-16 with its mark as Excel's
    “Unicode text” has it; undo our own formula escape.
    """
    csv.field_size_limit(1_000_000)
    content = path.read_bytes()
    try:
        is_wide = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("not_utf8") from None
    if "\0" in text:
        raise Unreadable("not_text")
    separator = separator_of(text, heads)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, list[Any]]] = []
    for cells in reader:
        if len(rows) > MOST_ROWS:
            raise Unreadable("too_many_rows")
        rows.append((reader.line_num, [unescape(cell) for cell in cells]))
    return below_header(rows, heads) | {"layers": [], "layer": ""}


def below_header(rows: list[tuple[int, list[Any]]], heads: Heads) -> dict[str, Any]:
    """Return the table whose header is among the first rows."""
    at = header_at([cells for _number, cells in rows[:HEAD_ROWS]], heads)
    found = table(rows[at][1] if rows else [], rows[at + 1 :])
    named = {name: heads.get(heading(name)) for name in found["columns"]}
    return found | {"heads": {name: head for name, head in named.items() if head}}


def unescape(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from calculating it."""
    return cell[1:] if re.match("'[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell) else cell


def read_xlsx(path: Path, layer: str, heads: Heads) -> dict[str, Any]:
    """Read one sheet of a workbook: values, never formulas."""
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    sheets = [sheet.title for sheet in book.worksheets]
    name = layer if layer in sheets else best_sheet(book, heads)
    rows: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(book[name].iter_rows(values_only=True), start=1):
        if len(rows) > MOST_ROWS:
            raise Unreadable("too_many_rows")
        # A format that reaches down to the end of the sheet makes a million blank rows.
        if any(cell is not None for cell in cells):
            rows.append((number, list(cells)))
    return below_header(rows, heads) | {"layers": sheets, "layer": name}


def best_sheet(book: Any, heads: Heads) -> str:
    """Return the sheet that has the most names of columns in a row, the first where none has."""

    def rank(sheet: Any) -> int:
        rows = sheet.iter_rows(max_row=HEAD_ROWS, values_only=True)
        return max((known(cells, heads) for cells in rows), default=0)

    sheets = book.worksheets
    return str((max(sheets, key=rank) if heads else sheets[0]).title)


def read_shapes(path: Path, layer: str, heads: Heads) -> dict[str, Any]:
    """Read one layer of a GeoJSON, a GeoPackage, or a folder of shapefiles."""
    sources = layers_of(path)
    if not sources:
        raise Unreadable("no_layer")
    name = layer if layer in sources else next(iter(sources))
    source, inner = sources[name]
    meta, _, shapes, fields = pyogrio.raw.read(
        source, layer=inner, datetime_as_string=True, force_2d=False, max_features=MOST_ROWS + 1
    )
    if shapes is None:
        raise Unreadable("no_layer")
    if len(shapes) > MOST_ROWS:
        raise Unreadable("too_many_rows")
    cells = zip(*fields, strict=True) if len(fields) else [()] * len(shapes)
    values = [[plain(cell) for cell in unboxed(row)] for row in cells]
    geometries, remarks = clean(shapely.from_wkb(shapes), meta["crs"])
    return {
        "columns": [str(field) for field in meta["fields"]],
        "rows": [[number, row] for number, row in enumerate(values, start=1)],
        "remarks": remarks,
        "crs": meta["crs"] or "",
        "layers": list(sources),
        "layer": name,
        "shapes": shapely.to_wkb(geometries),
    }


def unboxed(row: tuple[Any, ...]) -> list[Any]:
    """Return the cells of a row as Python's own types, and moments as dates."""
    cells = [cell.item() if isinstance(cell, np.generic) else cell for cell in row]
    return [
        cell[:10] if isinstance(cell, str) and re.match(r"\d{4}-\d\d-\d\dT", cell) else cell
        for cell in cells
    ]


def layers_of(path: Path) -> dict[str, tuple[Path, str | None]]:
    """Return the layers that have polygons or any geometry: name -> (file, layer in it)."""
    files = sorted(path.glob("*.shp")) if path.is_dir() else [path]
    found: dict[str, tuple[Path, str | None]] = {}
    for file in files:
        for name, kind in pyogrio.list_layers(file):
            if kind is not None:
                found[str(name)] = (file, str(name))
    return found


def clean(shapes: Any, crs: str | None) -> tuple[Any, list[list[str]]]:
    """Return valid 2-D polygons in EPSG:4326 (None where there is none), and remarks per row.

    Remarks are codes: ``third_dimension``, ``repaired`` and ``no_boundary`` (null) are used all the
    same; ``empty``, ``range``, ``collapsed``, ``kind:Point`` and the like cannot be used.
    """
    remarks: list[list[str]] = [[] for _ in shapes]
    mark(remarks, shapely.is_missing(shapes), "no_boundary")
    mark(remarks, shapely.is_empty(shapes), "empty")
    mark(remarks, shapely.has_z(shapes), "third_dimension")
    kinds = shapely.get_type_id(shapes)
    for index in np.flatnonzero(~np.isin(kinds, [-1, *POLYGONS])):
        remarks[index].append(f"kind:{shapes[index].geom_type}")
    usable = np.isin(kinds, list(POLYGONS)) & ~shapely.is_empty(shapes)
    flat = shapely.transform(in_degrees(shapely.force_2d(shapes), crs), grid)
    bounds = shapely.bounds(flat)
    with np.errstate(invalid="ignore"):
        inside = (np.abs(bounds[:, [0, 2]]) <= 180).all(1) & (np.abs(bounds[:, [1, 3]]) <= 90).all(
            1
        )
    mark(remarks, usable & ~inside, "range")
    usable &= inside
    broken = usable & ~shapely.is_valid(flat)
    mark(remarks, broken, "repaired")
    for index in np.flatnonzero(broken):
        flat[index] = repaired(flat[index])
        if flat[index] is None:
            remarks[index] = ["collapsed"]
            usable[index] = False
    flat[~usable] = None
    return flat, remarks


def mark(remarks: list[list[str]], where: Any, code: str) -> None:
    """Add a remark to the rows that are marked."""
    for index in np.flatnonzero(where):
        remarks[index].append(code)


def grid(coordinates: Any) -> Any:
    """Return coordinates on the grid that areas are kept on (about a centimetre)."""
    return np.round(coordinates, DIGITS)


def in_degrees(shapes: Any, crs: str | None) -> Any:
    """Return geometries in EPSG:4326; only reference systems with an EPSG code are known."""
    if crs in {"EPSG:4326", "OGC:CRS84"}:
        return shapes
    if not crs:
        bounds = shapely.total_bounds(shapes)
        if not (np.isfinite(bounds).all() and np.abs(bounds).max() <= 180):
            raise Unreadable("no_crs")
        return shapes
    code = re.fullmatch(r"EPSG:(\d+)", crs)
    if not code:
        raise Unreadable("crs", crs.partition("[")[2][:60].strip('"') or crs[:60])
    change = pyproj.Transformer.from_crs(int(code[1]), 4326, always_xy=True)
    return shapely.transform(shapes, change.transform, interleaved=False)


def repaired(shape: Any) -> Any:
    """Return the polygons of a geometry made valid on the grid; None when no area is left."""
    valid = shapely.make_valid(shape)
    exact = shapely.set_precision(polygons(valid), 10**-DIGITS)
    exact = shapely.transform(polygons(exact), grid)
    for _ in range(3):
        if shapely.is_valid(exact):
            break
        exact = shapely.transform(polygons(shapely.buffer(exact, 0)), grid)
    return exact if shapely.is_valid(exact) and not shapely.is_empty(exact) else None


def polygons(shape: Any) -> Any:
    """Return only the polygons of a geometry, as a multipolygon."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[np.isin(shapely.get_type_id(parts), list(POLYGONS))])


READERS = {"csv": read_csv, "xlsx": read_xlsx, "shapes": read_shapes}


def write(found: dict[str, Any], output: Path) -> None:
    """Write the table and its shapes; a row's shape is [offset, length] or null."""
    places: list[list[int] | None] = []
    with (output / "shapes.bin").open("wb") as file:
        for shape in found.pop("shapes", []):
            places.append([file.tell(), len(shape)] if shape is not None else None)
            file.write(shape or b"")
    (output / "table.json").write_text(json.dumps(found | {"places": places}), encoding="utf-8")


def main(kind: str, source: str, layer: str, output: str, heads: str) -> None:
    """Read, or say in the output why not."""
    limit()
    names: Heads = {}
    for head in heads.splitlines():
        names.setdefault(heading(head), head)
    try:
        found = READERS[kind](Path(source), layer, names)
    except Unreadable as error:
        found = {"error": error.args[0], "about": error.args[1] if len(error.args) > 1 else ""}
    except (MemoryError, RecursionError):
        found = {"error": "too_heavy", "about": ""}
    write(found, Path(output))


if __name__ == "__main__":
    main(*sys.argv[1:6])
