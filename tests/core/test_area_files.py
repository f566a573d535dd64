"""Reading of uploaded files: every usual format, and what must be refused before it does harm."""

import zipfile
from pathlib import Path

import pytest
import shapely
from openpyxl import Workbook

from core import archives
from core.areas import files as area_files
from core.errors import Problem
from tests.factories import boundaries

ROWS = [{"ADM1_PCODE": "XX01", "ADM1_EN": "One"}, {"ADM1_PCODE": "XX02", "ADM1_EN": "Ärmän"}]
SHAPES = [shapely.box(44, 38, 45, 39), shapely.box(45, 38, 46, 39)]


def refusal(path: Path) -> str:
    """Return why a file is refused."""
    with pytest.raises(Problem) as caught:
        area_files.read(path)
    assert caught.value.status in {400, 413}
    return f"{caught.value.detail} {caught.value.how}"


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(("driver", "ending"), [("GeoJSON", "geojson"), ("GPKG", "gpkg")])
def test_a_boundary_file_is_known_by_its_content(driver: str, ending: str, tmp_path: Path) -> None:
    path = boundaries.layer(tmp_path / f"areas.{ending}", ROWS, SHAPES, driver=driver)
    table = area_files.read(path.rename(tmp_path / "no_ending"))
    assert [row.cells["ADM1_EN"] for row in table.rows] == ["One", "Ärmän"]
    assert [row.number for row in table.rows] == [1, 2]
    assert table.crs == "EPSG:4326"
    assert shapely.from_wkb(table.rows[0].shape).equals(SHAPES[0])


def test_a_zipped_shapefile_in_a_folder(tmp_path: Path) -> None:
    boundaries.layer(tmp_path / "areas.shp", ROWS, SHAPES, driver="ESRI Shapefile")
    parts = sorted(tmp_path.glob("areas.*"))
    table = area_files.read(boundaries.zipped(tmp_path / "a.zip", *parts, folder="cod/"))
    assert [row.cells["ADM1_EN"] for row in table.rows] == ["One", "Ärmän"]
    assert table.has_shapes


def test_other_projections_become_longitude_and_latitude(tmp_path: Path) -> None:
    shape = shapely.box(500_000, 4_427_757, 600_000, 4_500_000)
    path = boundaries.layer(tmp_path / "a.gpkg", ROWS[:1], [shape], driver="GPKG", crs="EPSG:32638")
    west, south, east, north = shapely.bounds(shapely.from_wkb(area_files.read(path).rows[0].shape))
    assert (round(west, 3), round(south, 3)) == (45.0, 39.994)
    assert 46 < east < 46.3
    assert 40.6 < north < 40.7


def test_a_projection_without_an_epsg_code_is_refused(tmp_path: Path) -> None:
    crs = "+proj=aea +lat_1=10 +lat_2=20 +lat_0=1 +lon_0=45 +datum=WGS84"
    path = boundaries.layer(tmp_path / "a.gpkg", ROWS, SHAPES, driver="GPKG", crs=crs)
    assert "EPSG" in refusal(path)


def test_a_shapefile_without_projection_must_be_in_degrees(tmp_path: Path) -> None:
    shape = shapely.box(500_000, 4_427_757, 600_000, 4_500_000)
    boundaries.layer(tmp_path / "a.shp", ROWS[:1], [shape], driver="ESRI Shapefile")
    parts = [path for path in tmp_path.glob("a.*") if path.suffix != ".prj"]
    assert ".prj" in refusal(boundaries.zipped(tmp_path / "a.zip", *parts))


def test_layers_to_choose_from(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    boundaries.layer(path, ROWS, SHAPES, driver="GPKG", name="adm1")
    boundaries.layer(path, ROWS[:1], SHAPES[:1], driver="GPKG", name="adm2", append=True)
    assert area_files.read(path).layers == ["adm1", "adm2"]
    assert len(area_files.read(path, layer="adm2").rows) == 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_by_any_separator(separator: str, tmp_path: Path) -> None:
    lines = [
        ["P-Code", "Name"],
        ["#adm1+code", "#adm1+name"],
        ["01", "One"],
        ["", ""],
        ["02", "Two"],
    ]
    path = tmp_path / "a.csv"
    path.write_text("\ufeff" + "\n".join(separator.join(line) for line in lines))
    table = area_files.read(path)
    assert table.columns == ["P-Code", "Name"]
    assert [(row.number, row.cells["P-Code"]) for row in table.rows] == [(3, "01"), (5, "02")]


def test_a_workbook_gives_numbers_as_they_look(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["P-Code", "Name", "People"], [101, "One", 12.5]])
    assert area_files.read(path).rows[0].cells == {"P-Code": 101, "Name": "One", "People": 12.5}


def test_unicode_text_as_excel_saves_it(tmp_path: Path) -> None:
    path = tmp_path / "areas.txt"
    path.write_bytes("P-Code\tName\nXX01\tთბილისი\n".encode("utf-16"))
    assert area_files.read(path).rows[0].cells == {"P-Code": "XX01", "Name": "თბილისი"}


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        "P-Code,Name\n1,Հայաստան".encode("utf-16-le").replace(b"\0", b"") + b"\xff\xfe"
    )
    assert "UTF-8" in refusal(path)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"<html></html>", b"", b"\x89PNG\r\n\x1a\n\0\0", b"\xd0\xcf\x11\xe0"]
)
def test_anything_else_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    path.write_bytes(content)
    assert "GeoJSON" in refusal(path)


def test_geojson_cut_off_or_nested_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"type":"FeatureCollection","features":[{"type":"Feat')
    assert "could not be read" in refusal(path)
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 100_000)
    assert refusal(path)


def test_an_archive_whose_names_lead_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for name in ("../../etc/areas.shp", "/areas.shp", "C:\\areas.shp"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, b"")
        assert "lead out" in refusal(path)


def test_an_archive_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["P-Code", "Name"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(area_files.MOST_UNPACKED_WORKBOOK + 1))
    assert path.stat().st_size < 1_000_000
    assert "200 MB" in refusal(path)


def test_an_archive_with_too_many_members(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(archives.MOST_MEMBERS + 1):
            archive.writestr(f"{number}.shp", b"")
    assert "2001 members" in refusal(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities(encoding: str, tmp_path: Path) -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><sst>&c;</sst>'
    )
    source = workbook(tmp_path / "a.xlsx", [["P-Code", "Name"], ["01", "One"]])
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, bomb.encode(encoding) if is_sheet else old.read(name))
    assert "document type" in refusal(path)


def test_a_damaged_archive(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["P-Code"]])
    path.write_bytes(path.read_bytes()[:-40])
    assert "damaged" in refusal(path)


def test_a_reader_that_needs_too_much_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    greedy = tmp_path / "reader.py"
    greedy.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(area_files, "READER", greedy)
    monkeypatch.setattr(area_files, "SECONDS", 0.2)
    path = tmp_path / "a.csv"
    path.write_text("P-Code\n1\n")
    assert "too much memory or time" in refusal(path)


def test_a_reader_that_takes_too_much_memory_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    greedy = tmp_path / "reader.py"
    whole = area_files.READER.read_text().replace(
        "found = READERS[kind]", "bytes(4 * 1024**3)\n        found = READERS[kind]"
    )
    greedy.write_text(whole)
    monkeypatch.setattr(area_files, "READER", greedy)
    path = tmp_path / "a.csv"
    path.write_text("P-Code\n1\n")
    assert "too much memory or time" in refusal(path)
