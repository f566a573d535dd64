"""Population figures: both forms of table, sources side by side, refusals by row."""

from pathlib import Path

import pytest

from core.areas import imports, tree
from core.areas.datasets import POPULATION
from core.models import AreaImport, Operation, PopulationFigure
from core.policy import SYSTEM
from core.writers import FORMATS
from tests.factories.boundaries import imported, received
from tests.factories.core import AreaFactory, OperationFactory

KIND = AreaImport.Kind.POPULATION
WIDE = (
    "ADM1_EN,ADM1_PCODE,T_TL,F_TL,M_TL,F_00_04,M_80Plus,year\n"
    "One,XX01,1200,610,590,55,7,2020\n"
    'Two,XX02,"2,400",,1190.4,,,2020\n'
)


@pytest.fixture
def operation(db: None) -> Operation:
    made: Operation = OperationFactory()
    for pcode in ("XX01", "XX02"):
        AreaFactory(operation=made, pcode=pcode)
    AreaFactory(pcode="YY01")
    return made


def table(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(text)
    return path


def figures(operation: Operation) -> set[tuple[object, ...]]:
    found = PopulationFigure.objects.filter(area__operation=operation)
    return set(
        found.values_list("area__pcode", "group", "sex", "age_from", "age_to", "people", "source")
    )


def test_the_wide_form(operation: Operation, tmp_path: Path) -> None:
    found = imported(operation, table(tmp_path, WIDE), kind=KIND, source="COD-PS")
    assert figures(operation) == {
        ("XX01", "all", "all", None, None, 1200, "COD-PS"),
        ("XX01", "all", "f", None, None, 610, "COD-PS"),
        ("XX01", "all", "m", None, None, 590, "COD-PS"),
        ("XX01", "all", "f", 0, 4, 55, "COD-PS"),
        ("XX01", "all", "m", 80, None, 7, "COD-PS"),
        ("XX02", "all", "all", None, None, 2400, "COD-PS"),
        ("XX02", "all", "m", None, None, 1190, "COD-PS"),
    }
    assert [list(note["rows"]) for note in found.preview["notes"]] == [[3]]
    dates = set(PopulationFigure.objects.values_list("dated", flat=True))
    assert [day.isoformat() for day in dates] == ["2020-01-01"]


def test_the_same_figures_again_change_nothing_and_others_correct(
    operation: Operation, tmp_path: Path
) -> None:
    imported(operation, table(tmp_path, WIDE), kind=KIND)
    again = imported(operation, table(tmp_path, WIDE), kind=KIND)
    assert (again.preview["counts"]["added"], again.preview["counts"]["unchanged"]) == (0, 7)
    changed = imported(operation, table(tmp_path, WIDE.replace("1200", "1300")), kind=KIND)
    (change,) = changed.preview["changed"]
    assert (change["before"], change["people"]) == (1200, 1300)
    assert PopulationFigure.objects.count() == 7


def test_sources_stand_side_by_side(operation: Operation, tmp_path: Path) -> None:
    text = "pcode,group,sex,age,people,source,date\nXX01,all,,,{},{},2020-06-01\n"
    for people, source in ((1000, "Census"), (1500, "Estimate")):
        imported(operation, table(tmp_path, text.format(people, source)), kind=KIND)
    found = tree.population(PopulationFigure.objects.filter(area__pcode="XX01"))
    assert [source.name for source in found.sources] == ["Census", "Estimate"]
    assert [line.figures for line in found.lines] == [[1000, 1500]]
    assert found.lines[0].is_total


def test_the_long_form(operation: Operation, tmp_path: Path) -> None:
    text = (
        "P-code,Group,Sex,Age,People\n"
        "XX01,IDP,female,0-4,12\n"
        "XX01,hst,M,80+,3\n"
        "XX01,RES,both,17,4\n"
    )
    imported(operation, table(tmp_path, text), kind=KIND, source="S")
    assert figures(operation) == {
        ("XX01", "IDP", "f", 0, 4, 12, "S"),
        ("XX01", "HST", "m", 80, None, 3, "S"),
        ("XX01", "RES", "all", 17, 17, 4, "S"),
    }
    found = tree.population(PopulationFigure.objects.filter(area__pcode="XX01"))
    labels = [line.label for line in found.lines]
    assert "Internally displaced people, Female, 0 to 4 years" in labels


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",all,,,1", "P-code is blank"),
        ("YY01,all,,,1", "no area with the P-code YY01"),
        ("XX01,all,,,-5", "not possible"),
        ("XX01,all,,,many", "not a number"),
        ("XX01,all,,,nan", "not possible"),
        ("XX01,martians,,,1", "“martians” is not known"),
        ("XX01,all,x,,1", "“x” is not known"),
        ("XX01,all,,young,1", "“young” is not an age"),
        ("XX01,all,,9-3,1", "not an age"),
        ("XX01,all,,,", "no figure"),
    ],
)
def test_refusals_name_the_row(operation: Operation, tmp_path: Path, row: str, words: str) -> None:
    path = table(tmp_path, f"pcode,group,sex,age,people\nXX02,all,,,9\n{row}\n")
    found = imports.check(received(operation, path, kind=KIND))
    (finding,) = found.preview["refused"]
    assert list(finding["rows"]) == [3]
    assert words in finding["message"]
    assert found.preview["counts"]["added"] == 1


def test_contradictions_are_refused_and_repetitions_are_not(
    operation: Operation, tmp_path: Path
) -> None:
    text = "pcode,people\nXX01,5\nXX01,6\nXX02,7\nXX02,7\n"
    found = imports.check(received(operation, table(tmp_path, text), kind=KIND))
    (finding,) = found.preview["refused"]
    assert list(finding["rows"]) == [2, 3]
    assert found.preview["counts"] == {
        "added": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 2,
        "notes": 0,
    }


def test_an_export_imported_again_changes_nothing(operation: Operation, tmp_path: Path) -> None:
    imported(operation, table(tmp_path, WIDE), kind=KIND)
    rows = POPULATION.rows({"operation": operation})
    for fmt in ("csv", "xlsx"):
        path = tmp_path / f"export.{fmt}"
        records = POPULATION.records(SYSTEM, rows)
        path.write_bytes(b"".join(FORMATS[fmt].write(list(POPULATION.columns), records)))
        found = imports.check(received(operation, path, kind=KIND, source="elsewhere"))
        counts = found.preview["counts"]
        assert (counts["unchanged"], counts["added"], counts["refused"]) == (7, 0, 0), fmt
