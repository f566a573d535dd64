"""What an import would do: refusals by row, parents, versions."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import shapely

from core.areas import columns as area_columns
from core.areas import plan as area_plan
from core.areas.columns import Mapping, NameColumn
from core.areas.files import Row, Table
from core.areas.plan import Action, Plan
from core.models import Operation
from tests.factories.core import AreaFactory, OperationFactory

SQUARE = shapely.to_wkb(shapely.box(44, 38, 45, 39))


@pytest.fixture
def operation(db: None) -> Operation:
    made: Operation = OperationFactory()
    return made


def planned(
    operation: Operation, *rows: dict[str, Any], shape: bytes | None = None, **mapping: Any
) -> Plan:
    """Plan rows whose columns are guessed; ``remarks`` of a row are the reader's."""
    listed = [
        Row(
            number,
            {key: value for key, value in row.items() if key != "remarks"},
            shape,
            row.get("remarks", ()),
        )
        for number, row in enumerate(rows, start=2)
    ]
    columns = list(dict.fromkeys(key for row in listed for key in row.cells))
    filled = [
        replace(row, cells={column: row.cells.get(column) for column in columns}) for row in listed
    ]
    table = Table(columns=columns, rows=filled, has_shapes=shape is not None)
    guessed = replace(area_columns.guess(table), default_valid_from="2020-01-01")
    return area_plan.plan(operation, table, replace(guessed, **mapping))


def refusals(plan: Plan) -> dict[int, str]:
    """Return the reasons by the first row."""
    return {finding.rows[0]: finding.message for finding in plan.reading.refused}


def cod(pcode: Any = "XX01", name: Any = "One", **cells: Any) -> dict[str, Any]:
    """Return a row of level 1."""
    return {"ADM1_PCODE": pcode, "ADM1_EN": name} | cells


def test_blank_pcodes_and_names_are_refused_by_row(operation: Operation) -> None:
    plan = planned(operation, cod(), cod(pcode=None), cod(pcode="XX02", name=None))
    assert refusals(plan) == {3: "The P-code is blank.", 4: "The name is blank."}
    assert [change.unit.pcode for change in plan.of(Action.ADDED)] == ["XX01"]


@pytest.mark.parametrize(
    ("remark", "words"),
    [
        ("empty", "empty"),
        ("range", "-180"),
        ("kind:Point", "Point"),
        ("collapsed", "no area"),
    ],
)
def test_unusable_boundaries_are_refused(operation: Operation, remark: str, words: str) -> None:
    plan = planned(operation, cod(remarks=(remark,)), shape=SQUARE)
    assert words in refusals(plan)[2]


@pytest.mark.parametrize("code", ["a/b", "XX 01", "X" * 31, "<b>"])
def test_what_cannot_be_a_pcode(operation: Operation, code: str) -> None:
    assert "cannot be a P-code" in refusals(planned(operation, cod(pcode=code)))[2]


def test_rows_of_one_pcode_are_united(operation: Operation) -> None:
    plan = planned(operation, cod(ADM1_RU="Один"), cod(ADM1_HY="Մեկ"), cod(pcode="XX02"))
    (unit, _other) = (change.unit for change in plan.of(Action.ADDED))
    assert unit.names == {"en": "One", "ru": "Один", "hy": "Մեկ"}
    assert unit.rows == (2, 3)
    assert [finding.rows for finding in plan.reading.united] == [(2, 3)]


def test_rows_of_one_pcode_that_contradict_each_other_are_refused(operation: Operation) -> None:
    plan = planned(operation, cod(), cod(name="Another"))
    assert "2, 3" in refusals(plan)[2]
    assert not plan.changes


def test_countries_come_from_their_columns_once(operation: Operation) -> None:
    country = {"ADM0_PCODE": "XX", "ADM0_EN": "Nowhere"}
    plan = planned(operation, cod(**country), cod(pcode="XX02", **country))
    assert [change.unit.pcode for change in plan.changes] == ["XX", "XX01", "XX02"]
    assert plan.changes[0].unit.name == "Nowhere"
    AreaFactory(operation=operation, pcode="XX", level=0)
    again = planned(operation, cod(**country))
    assert [change.unit.pcode for change in again.changes] == ["XX01"]


def test_an_unknown_parent_is_never_guessed_from_the_beginning(operation: Operation) -> None:
    AreaFactory(operation=operation, pcode="XX01", level=1)
    rows = [
        {"ADM2_PCODE": "XX0101", "ADM2_EN": "Low", "ADM1_PCODE": "XX99"},
        {"ADM2_PCODE": "XX0102", "ADM2_EN": "Lower", "ADM1_PCODE": None},
        {"ADM2_PCODE": "YY7", "ADM2_EN": "Lowest", "ADM1_PCODE": "XX01"},
    ]
    plan = planned(operation, *rows)
    assert "XX99 is not known" in refusals(plan)[2]
    assert "no parent" in refusals(plan)[3]
    assert [change.unit.pcode for change in plan.changes] == ["YY7"]


def gazetteer(operation: Operation, *rows: tuple[str, str, Any]) -> Plan:
    """Plan a list of P-code, parent and level."""
    cells = [
        {"pcode": pcode, "name": pcode.lower(), "parent_pcode": parent, "level": level}
        for pcode, parent, level in rows
    ]
    return planned(operation, *cells)


def test_levels_may_follow_from_the_parents(operation: Operation) -> None:
    plan = gazetteer(operation, ("C", "B", None), ("B", "A", None), ("A", "", None))
    assert [(change.unit.pcode, change.unit.level) for change in plan.changes] == [
        ("A", 0),
        ("B", 1),
        ("C", 2),
    ]


def test_parents_that_go_round_in_a_circle(operation: Operation) -> None:
    plan = gazetteer(operation, ("A", "B", None), ("B", "A", None), ("C", "C", None))
    found = refusals(plan)
    assert "A → B → A" in found[2]
    assert "B → A → B" in found[3]
    assert "own parent" in found[4]


def test_a_parent_must_lie_above(operation: Operation) -> None:
    plan = gazetteer(operation, ("A", "", 1), ("B", "A", 1), ("D", "X", 2), ("X", "Y", 12))
    found = refusals(plan)
    assert "not above level 1" in found[3]
    assert "X is refused" in found[4]
    assert "0 to 9" in found[5]


def test_a_later_date_supersedes_and_an_earlier_one_is_refused(operation: Operation) -> None:
    AreaFactory(operation=operation, pcode="XX01", name="Old", valid_from=date(2021, 1, 1))
    later = planned(operation, cod(validOn="2022-05-01"))
    (change,) = later.changes
    assert (change.action, change.what) == (Action.SUPERSEDED, ("name",))
    assert "older" in refusals(planned(operation, cod(validOn="2019-05-01")))[2]
    (change,) = planned(operation, cod(validOn="2021-01-01")).changes
    assert change.action == Action.CHANGED


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-11-23", date(2020, 11, 23)),
        ("2020/11/23", date(2020, 11, 23)),
        ("2020-11-23T10:00:00", date(2020, 11, 23)),
        ("23.11.2020", date(2020, 11, 23)),
        (20201123, date(2020, 11, 23)),
        (None, date(2020, 1, 1)),
    ],
)
def test_dates_as_people_write_them(operation: Operation, text: Any, day: date) -> None:
    plan = planned(operation, cod(validOn=text))
    assert plan.changes[0].unit.valid_from == day


@pytest.mark.parametrize("text", ["2020-13-01", "yesterday", "11/23/2020"])
def test_what_is_no_date(operation: Operation, text: str) -> None:
    assert "not a date" in refusals(planned(operation, cod(validOn=text)))[2]


def test_the_draft_names_its_languages_row_by_row(operation: Operation) -> None:
    rows = [
        {"adm1_pcode": "XX01", "adm1_name": "One", "adm1_name1": "Un", "lang": "en", "lang1": "fr"},
        {
            "adm1_pcode": "XX02",
            "adm1_name": "Deux",
            "adm1_name1": None,
            "lang": "fr",
            "lang1": None,
        },
    ]
    units = [change.unit for change in planned(operation, *rows).changes]
    assert [unit.names for unit in units] == [{"en": "One", "fr": "Un"}, {"fr": "Deux"}]
    assert [unit.name for unit in units] == ["One", "Deux"]


def test_names_lose_what_cannot_be_seen(operation: Operation) -> None:
    plan = planned(operation, cod(name="A\u202eB\u200bC"))
    assert plan.changes[0].unit.name == "ABC"


def test_a_chosen_mapping_counts_not_the_guess(operation: Operation) -> None:
    names = (NameColumn("note", "hy"),)
    plan = planned(operation, cod(note="Մեկ"), names=names, note="")
    assert plan.changes[0].unit.names == {"hy": "Մեկ"}


def test_areas_that_a_new_edition_leaves_out_are_named_and_stay(operation: Operation) -> None:
    AreaFactory(operation=operation, pcode="XX09", level=1)
    assert planned(operation, cod()).absent == ["XX09"]


def test_the_same_plan_has_the_same_digest(operation: Operation) -> None:
    first, second = planned(operation, cod()), planned(operation, cod())
    assert first.digest() == second.digest()
    assert first.digest() != planned(operation, cod(name="Two")).digest()
    assert isinstance(Mapping(), Mapping)
