"""The way of a file: upload, check, confirm, import; versions, and nothing half done."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.areas import apply, imports
from core.areas import shapes as area_shapes
from core.areas.datasets import AREAS
from core.errors import Problem
from core.models import Area, AreaImport, Operation
from core.policy import SYSTEM
from core.writers import FORMATS
from tests.cast import Cast
from tests.factories import boundaries
from tests.factories.boundaries import SHARED, box, feature, geojson, imported, received
from tests.factories.core import OperationFactory

NATURAL_EARTH = SHARED / "boundaries" / "arm_aze_adm1.geojson"
GLOBAL = SHARED / "pcodes" / "global_pcodes_adm1_adm2.csv"
needs_shared = pytest.mark.skipif(
    not NATURAL_EARTH.exists(), reason="../shared/data is not beside this checkout"
)


@pytest.fixture
def operation(db: None) -> Operation:
    made: Operation = OperationFactory(slug="here")
    return made


def counts(found: AreaImport) -> dict[str, int]:
    """Return the counts that are not nought."""
    return {key: value for key, value in found.preview["counts"].items() if value}


def current(operation: Operation) -> dict[str, Area]:
    return {area.pcode: area for area in Area.objects.current().filter(operation=operation)}


def export(operation: Operation, fmt: str) -> bytes:
    queryset = AREAS.rows({"operation": operation})
    return b"".join(FORMATS[fmt].write(list(AREAS.columns), AREAS.records(SYSTEM, queryset)))


def test_an_import_gives_size_centre_path_and_search(operation: Operation, tmp_path: Path) -> None:
    one = feature("XX01", "Şəki", box(44), ADM1_RU="Шеки")
    imported(operation, geojson(tmp_path / "a.geojson", one))
    areas = current(operation)
    made = areas["XX01"]
    assert made.parent == areas["XX"]
    assert made.path == "XX/XX01/"
    assert made.names == {"en": "Şəki", "ru": "Шеки"}
    assert "Səki" in made.search
    # A degree by a degree from 38 to 39 north on WGS 84, by the formula for a zone.
    assert made.area_km2 == pytest.approx(9683, abs=2)
    assert made.geometry is not None
    assert made.centre is not None
    assert made.geometry.covers(made.centre)
    assert made.geometry_low is not None
    assert made.source == "invented for tests"
    assert made.valid_from == date(2020, 1, 1)


def test_the_same_file_again_changes_nothing(operation: Operation, tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "a.geojson", feature("XX01", "One", box(44)), feature("XX02", "Two", box(45))
    )
    first = imported(operation, path)
    assert counts(first) == {"added": 3, "notes": 1}
    assert "no row for this country" in first.preview["notes"][0]["message"]
    before = list(Area.objects.values())
    assert counts(imported(operation, path)) == {"unchanged": 2}
    assert list(Area.objects.values()) == before


def test_a_later_edition_supersedes_what_differs(operation: Operation, tmp_path: Path) -> None:
    first = [feature("XX01", "One", box(44)), feature("XX02", "Two", box(45))]
    imported(operation, geojson(tmp_path / "a.geojson", *first))
    low = {"ADM2_PCODE": "XX0101", "ADM2_EN": "Low", "ADM1_PCODE": "XX01"}
    path = geojson(
        tmp_path / "b.geojson", {"type": "Feature", "properties": low, "geometry": box(44)}
    )
    imported(operation, path)
    second = [
        feature("XX01", "One", box(44, size=1.1), validOn="2022-03-01"),
        feature("XX02", "Two", box(45), validOn="2022-03-01"),
    ]
    found = imported(operation, geojson(tmp_path / "c.geojson", *second))
    assert counts(found) == {"superseded": 1, "unchanged": 1}
    old = Area.objects.get(operation=operation, pcode="XX01", valid_to__isnull=False)
    areas = current(operation)
    assert old.valid_to == areas["XX01"].valid_from == date(2022, 3, 1)
    assert old.superseded_by == areas["XX01"]
    assert areas["XX0101"].parent == areas["XX01"]
    assert areas["XX02"].valid_from == date(2020, 1, 1)


def test_a_correction_of_the_same_date_and_a_move(operation: Operation, tmp_path: Path) -> None:
    rows = "pcode,name,parent_pcode,level\nA,a,,0\nB,b,,0\nC,c,A,1\nD,d,C,2\n"
    path = tmp_path / "a.csv"
    path.write_text(rows)
    imported(operation, path)
    path.write_text(rows.replace("C,c,A", "C,see,B"))
    assert counts(imported(operation, path)) == {"changed": 1, "unchanged": 3}
    areas = current(operation)
    assert (areas["C"].name, areas["D"].path) == ("see", "B/C/D/")


def test_a_gazetteer_keeps_boundaries(operation: Operation, tmp_path: Path) -> None:
    imported(operation, geojson(tmp_path / "a.geojson", feature("XX01", "One", box(44))))
    path = tmp_path / "a.csv"
    path.write_text("ADM1_PCODE,ADM1_EN,ADM0_PCODE,validOn\nXX01,Uno,XX,2023-01-01\n")
    assert counts(imported(operation, path)) == {"superseded": 1}
    made = current(operation)["XX01"]
    assert (made.name, made.geometry is not None) == ("Uno", True)
    assert made.area_km2 == pytest.approx(9683, abs=2)


def test_repairs_are_listed_and_kept(operation: Operation, tmp_path: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[44, 38], [45, 39], [45, 38], [44, 39], [44, 38]]]}
    high = {
        "type": "Polygon",
        "coordinates": [[[46, 38, 9], [47, 38, 9], [47, 39, 9], [46, 38, 9]]],
    }
    found = imported(
        operation,
        geojson(tmp_path / "a.geojson", feature("XX01", "Bow", bow), feature("XX02", "High", high)),
    )
    assert [one["pcode"] for one in found.preview["repaired"]] == ["XX01"]
    assert [one["pcode"] for one in found.preview["notes"]] == ["XX", "XX02"]
    made = current(operation)
    geometry = made["XX01"].geometry
    assert geometry is not None
    assert geometry.valid
    assert len(geometry) == 2
    assert not getattr(made["XX02"].geometry, "hasz", True)


def test_impossible_places_are_refused(operation: Operation, tmp_path: Path) -> None:
    far = {"type": "Polygon", "coordinates": [[[44, 900], [45, 900], [45, 901], [44, 900]]]}
    spot = {"type": "Point", "coordinates": [44, 40]}
    path = geojson(
        tmp_path / "a.geojson",
        feature("XX01", "Far", far),
        feature("XX02", "Spot", spot),
        feature("XX03", "Good", box(44)),
    )
    found = imports.check(received(operation, path))
    assert [list(one["rows"]) for one in found.preview["refused"]] == [[1], [2]]
    with pytest.raises(Problem) as caught:
        imports.carry_out(found, actor=SYSTEM, tell=lambda *_: None)
    assert caught.value.code == "import_has_refusals"
    assert not Area.objects.filter(operation=operation).exists()
    imports.carry_out(found, actor=SYSTEM, leave_out=True, tell=lambda *_: None)
    assert sorted(current(operation)) == ["XX", "XX03"]


def test_what_was_confirmed_is_what_happens(operation: Operation, tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", feature("XX01", "One", box(44)))
    found = imports.check(received(operation, path))
    other = geojson(tmp_path / "b.geojson", feature("XX01", "Other", box(44)))
    imported(operation, other)
    with pytest.raises(Problem) as caught:
        imports.carry_out(found, actor=SYSTEM, tell=lambda *_: None)
    assert caught.value.code == "import_outdated"
    assert current(operation)["XX01"].name == "Other"


def test_a_file_that_changed_on_the_disk_is_not_imported(
    operation: Operation, tmp_path: Path
) -> None:
    path = geojson(tmp_path / "a.geojson", feature("XX01", "One", box(44)))
    found = imports.check(received(operation, path))
    stored = Path(found.file.path)
    stored.write_text(stored.read_text() + "\n")
    with pytest.raises(Problem) as caught:
        imports.carry_out(found, actor=SYSTEM, tell=lambda *_: None)
    assert caught.value.code == "import_outdated"


def test_nothing_is_half_imported(
    operation: Operation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [feature(f"XX{n:02}", f"Area {n}", box(40 + n)) for n in range(4)]
    found = imports.check(received(operation, geojson(tmp_path / "a.geojson", *rows)))
    monkeypatch.setattr(apply, "BATCH", 2)

    def die(done: int, total: int) -> None:
        if done > 2:
            raise RuntimeError("the worker dies")

    with pytest.raises(RuntimeError):
        imports.carry_out(found, actor=SYSTEM, tell=die)
    assert not Area.objects.filter(operation=operation).exists()
    found.refresh_from_db()
    imports.carry_out(found, actor=SYSTEM, tell=lambda *_: None)
    imports.carry_out(found, actor=SYSTEM, tell=die)
    assert len(current(operation)) == 5


def test_neighbours_keep_their_common_border_on_wide_maps(
    operation: Operation, tmp_path: Path
) -> None:
    wavy = [[44 + (n % 2) * 0.0001, 38 + n / 50] for n in range(51)]
    west = [[43, 38], *wavy, [43, 39], [43, 38]]
    east = [[45, 38], [45, 39], *reversed(wavy), [45, 38]]
    shapes = [{"type": "Polygon", "coordinates": [ring]} for ring in (west, east)]
    rows = [feature(f"XX0{n}", str(n), shape) for n, shape in enumerate(shapes)]
    imported(operation, geojson(tmp_path / "a.geojson", *rows))
    made = current(operation)
    low = [made[code].geometry_low for code in ("XX00", "XX01")]
    assert low[0] is not None
    assert low[1] is not None
    assert low[0].num_points < 20
    assert low[0].intersection(low[1]).area == pytest.approx(0, abs=1e-12)
    assert low[0].union(low[1]).num_points <= low[0].num_points + low[1].num_points
    assert low[0].distance(low[1]) == 0
    assert len(low[0].union(low[1])) > 0
    assert area_shapes.PIXELS["low"] < area_shapes.PIXELS["mid"]


def test_only_keepers_of_areas_may_upload(cast: Cast, tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", feature("XX01", "One", box(44)))
    with pytest.raises(Problem) as caught:
        received(cast.operation, path, actor=cast.actor("olga"))
    assert caught.value.code == "forbidden"
    assert received(cast.operation, path, actor=cast.actor("anna")).created_by == cast.anna


def test_the_command_shows_and_imports(
    operation: Operation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = geojson(
        tmp_path / "a.geojson", feature("XX01", "One", box(44)), feature("", "Bad", box(45))
    )
    call_command("import_areas", path, "--operation=here", "--dry-run")
    assert "refused: row 2" in capsys.readouterr().out
    assert not Area.objects.filter(operation=operation).exists()
    assert not AreaImport.objects.exists()
    with pytest.raises(CommandError, match="1 rows"):
        call_command("import_areas", path, "--operation=here")
    assert not AreaImport.objects.exists()
    call_command(
        "import_areas", path, "--operation=here", "--leave-out", "--source=COD", "--level=1"
    )
    assert current(operation)["XX01"].source == "COD"
    for wrong in (["--operation=nowhere"], ["--operation=here", "--level=7"]):
        with pytest.raises(CommandError):
            call_command("import_areas", path, *wrong)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_areas", tmp_path / "none.csv", "--operation=here")


names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(
    rows=st.lists(
        st.tuples(
            names, st.none() | names, st.floats(-170, 170), st.floats(-80, 80), st.floats(0.001, 5)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_an_export_imported_again_changes_nothing(
    rows: list[tuple[str, str | None, float, float, float]],
    db: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("trip")
    operation = OperationFactory()
    features = [
        feature(f"XX{n:02}", name, box(west, south, size), **({"ADM1_HY": other} if other else {}))
        for n, (name, other, west, south, size) in enumerate(rows)
    ]
    assert "added" in counts(imported(operation, geojson(folder / "a.geojson", *features)))
    for fmt in ("geojson", "csv", "xlsx"):
        path = folder / f"export.{fmt}"
        path.write_bytes(export(operation, fmt))
        found = counts(imports.check(received(operation, path)))
        found.pop("notes", None)
        assert set(found) == {"unchanged"}, fmt


@needs_shared
def test_natural_earth_with_real_pcodes(operation: Operation) -> None:
    found = imported(operation, NATURAL_EARTH)
    assert counts(found) == {"added": 87, "united": 4, "notes": 2}
    made = current(operation)
    assert len([area for area in made.values() if area.level == 1]) == 85
    assert made["AZ40401002"].names["ru"] == "Шекинский район"
    assert made["AM11"].parent == made["AM"]


@needs_shared
def test_the_global_list_of_pcodes(operation: Operation, tmp_path: Path) -> None:
    wanted = {"MOZ", "NPL", "SOM"}
    with GLOBAL.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    text = io.StringIO()
    csv.writer(text).writerows([rows[0], *(row for row in rows if row[0] in wanted)])
    path = tmp_path / "a.csv"
    path.write_text(text.getvalue())
    found = imported(operation, path)
    expected = sum(row[0] in wanted for row in rows)
    assert counts(found)["added"] == expected + len(wanted)
    assert "refused" not in counts(found)
    listed = {row[2]: row[4] for row in rows if row[0] in wanted}
    parents = dict(Area.objects.filter(operation=operation).values_list("pcode", "parent__pcode"))
    assert all(parents[pcode] == parent for pcode, parent in listed.items())


def test_uploads_keep_no_name_of_the_uploader_on_the_disk(
    operation: Operation, tmp_path: Path
) -> None:
    path = boundaries.geojson(tmp_path / "..%2fevil.py", feature("XX01", "One", box(44)))
    assert received(operation, path).file.name.endswith(".upload")
