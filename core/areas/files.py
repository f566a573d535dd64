"""Reading of uploaded boundary, gazetteer and population files into one kind of table.

The content decides what a file is, never its name. core/areas/reader.py does the reading, in a
process of its own with limited memory and time.
"""

import asyncio
import json
import os
import sys
import tempfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import archives
from core.archives import refused
from core.errors import Problem

MOST_BYTES = 200_000_000
MOST_UNPACKED_WORKBOOK = 200_000_000
MOST_UNPACKED_SHAPES = 1_000_000_000
SECONDS = 180
READER = Path(__file__).with_name("reader.py")
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
FORMATS = gettext_lazy("Use GeoJSON, GeoPackage, a zipped shapefile, CSV or XLSX.")
REASONS = {
    "no_columns": (gettext_lazy("The table has no header with column names."), FORMATS),
    "not_utf8": (
        gettext_lazy("The text is not in UTF-8."),
        gettext_lazy("Save it as “CSV UTF-8”, or as an Excel workbook."),
    ),
    "not_text": (gettext_lazy("The content is neither a table nor boundaries."), FORMATS),
    "too_many_rows": (
        gettext_lazy("The file has more than 200,000 rows."),
        gettext_lazy("Split it, for example by administrative level."),
    ),
    "no_layer": (gettext_lazy("The file holds no layer with boundaries."), FORMATS),
    "no_crs": (
        gettext_lazy("The file does not say which coordinate reference system it uses."),
        gettext_lazy("Add the .prj file, or save it in EPSG:4326 (longitude and latitude)."),
    ),
    "crs": (
        gettext_lazy("Its coordinate reference system “{about}” has no EPSG code."),
        gettext_lazy("Save it in EPSG:4326 (longitude and latitude)."),
    ),
    "too_heavy": (
        gettext_lazy("Reading the file takes too much memory or time."),
        gettext_lazy("Simplify the boundaries, or split the file by administrative level."),
    ),
    "damaged": (
        gettext_lazy("The file could not be read: {about}"),
        gettext_lazy("Open it in the program that made it, save it again, and upload that."),
    ),
}


@dataclass(frozen=True)
class Row:
    """A row: its number in the file (a feature counts from 1), cells by column, and geometry.

    ``shape`` is WKB of valid polygons in EPSG:4326 or None; ``remarks`` are the codes of
    ``reader.clean``.
    """

    number: int
    cells: dict[str, Any]
    shape: bytes | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """What a file holds; ``layers`` are the sheets or layers to choose from.

    ``heads`` gives for a column the name of ``read(heads=…)`` that it bears, whatever its spelling.
    """

    columns: list[str]
    rows: list[Row]
    layer: str = ""
    layers: list[str] = field(default_factory=list)
    has_shapes: bool = False
    crs: str = ""
    heads: dict[str, str] = field(default_factory=dict)


def read(path: Path, *, layer: str = "", heads: Iterable[str] = ()) -> Table:
    """Return the table of a file; raise Problem when it is damaged, dangerous or of no use.

    ``heads`` are names of columns: the sheet and the row with most of them begin the table.
    """
    kind = sniff(path)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        source = _prepare(path, kind, folder)
        reader = "shapes" if kind in {"shapefile", "gpkg", "geojson"} else kind
        _run(reader, source, layer, folder, "\n".join(heads))
        found = json.loads((folder / "table.json").read_text(encoding="utf-8"))
        if "error" in found:
            raise _refusal(found["error"], found["about"])
        return _table(found, folder / "shapes.bin")


def sniff(path: Path) -> str:
    """Return csv, xlsx, geojson, gpkg or shapefile by the content; raise Problem otherwise."""
    if path.stat().st_size > MOST_BYTES:
        raise refused(
            _("The file is larger than {limit} MB.").format(limit=MOST_BYTES // 1_000_000),
            _("Simplify the boundaries, or split the file by administrative level."),
        )
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return _sniff_archive(path)
    if start.startswith(b"SQLite format 3\0"):
        return "gpkg"
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "csv"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "geojson"
    if not text or text.startswith((b"<", b"%PDF", b"\xd0\xcf\x11\xe0")) or b"\0" in start:
        raise _refusal("not_text", "")
    return "csv"


def _sniff_archive(path: Path) -> str:
    names = archives.members(path, most_bytes=MOST_UNPACKED_SHAPES)
    if "xl/workbook.xml" in names:
        archives.members(path, most_bytes=MOST_UNPACKED_WORKBOOK)
        archives.check_xml_parts(path)
        return "xlsx"
    if any(name.lower().endswith(".shp") for name in names):
        return "shapefile"
    raise refused(_("The archive holds neither a workbook nor a shapefile."), str(FORMATS))


def _prepare(path: Path, kind: str, folder: Path) -> Path:
    """Give the file a name by which GDAL knows it, whatever the uploader called it."""
    if kind != "shapefile":
        source = folder / f"input.{kind}"
        source.symlink_to(path.resolve())
        return source
    names = archives.members(path, most_bytes=MOST_UNPACKED_SHAPES)
    parts = [name for name in names if name.lower().endswith(SHAPEFILE_PARTS)]
    source = folder / "shapes"
    source.mkdir()
    archives.unpack(path, parts, source)
    return source


def _run(kind: str, source: Path, layer: str, folder: Path, heads: str) -> None:
    command = [sys.executable, "-I", str(READER), kind, str(source), layer, str(folder), heads]
    # In a thread, because the caller may be inside an event loop already.
    with ThreadPoolExecutor(max_workers=1) as thread:
        code, words = thread.submit(asyncio.run, _finish(command, folder)).result()
    if code is None or code < 0:
        raise _refusal("too_heavy", "")
    if code:
        raise _refusal("damaged", words.splitlines()[-1][:300] if words else "")


async def _finish(command: list[str], folder: Path) -> tuple[int | None, str]:
    """Run a program; return its exit code (None when it took too long) and its complaints."""
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, complaints = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        return None, ""
    return process.returncode, complaints.decode(errors="replace").strip()


def _refusal(code: str, about: str) -> Problem:
    reason, fix = REASONS[code]
    return refused(str(reason).format(about=about), str(fix))


def _table(found: dict[str, Any], shapes: Path) -> Table:
    places = found["places"]
    content = shapes.read_bytes()
    columns = found["columns"]
    remarks = found.get("remarks") or [()] * len(found["rows"])
    rows = []
    for index, (number, cells) in enumerate(found["rows"]):
        place = places[index] if places else None
        shape = content[place[0] : place[0] + place[1]] if place else None
        values = dict(zip(columns, cells, strict=True))
        rows.append(Row(number, values, shape, tuple(remarks[index])))
    return Table(
        columns=[column for column in columns if column],
        rows=rows,
        layer=found["layer"],
        layers=found["layers"],
        has_shapes=bool(places),
        crs=found.get("crs", ""),
        heads=found.get("heads", {}),
    )
