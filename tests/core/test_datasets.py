"""Datasets: columns by clearance, small counts, rows by policy."""

from dataclasses import replace
from typing import Any

import pytest

from core.datasets import DATASETS, Column, Dataset, Kind, Sensitivity, declare, is_insider
from core.models import PopulationFigure
from core.policy import SYSTEM
from tests.cast import Cast
from tests.factories.core import AreaFactory, MembershipFactory

FIGURES = Dataset(
    name="test-figures",
    label="Figures",
    verb="population.read",
    rows=lambda parameters: PopulationFigure.objects.order_by("pk"),
    columns=(
        Column("pcode", "P-code", source="area__pcode", sensitivity=Sensitivity.PUBLIC),
        Column("people", "People", Kind.INTEGER, sensitivity=Sensitivity.PARTNER, smallest=5),
        Column("source", "Source", sensitivity=Sensitivity.INTERNAL),
        Column("secret", "Secret", source="area__note", sensitivity=Sensitivity.RESTRICTED),
    ),
)


@pytest.fixture
def figures(cast: Cast) -> Cast:
    """Give three population figures: none, few and many people."""
    area = AreaFactory(operation=cast.operation, pcode="AZ01", note="hidden")
    for people in (0, 3, 50):
        PopulationFigure.objects.create(
            area=area, people=people, source=f"S{people}", dated=area.valid_from
        )
    return cast


def read(dataset: Dataset, actor: Any) -> list[list[Any]]:
    """Return the values of all records."""
    return [record.values for record in dataset.records(actor)]


def test_columns_above_the_clearance_are_left_out(figures: Cast) -> None:
    def keys(who: str) -> list[str]:
        return [column.key for column in FIGURES.for_actor(figures.actor(who)).columns]

    assert keys("anna") == ["pcode", "people", "source"]
    assert keys("paula") == keys("oscar") == keys("outsider")[:2] == ["pcode", "people"]
    assert len(FIGURES.for_actor(SYSTEM).columns) == 4


def test_a_column_that_was_not_left_out_is_blank(figures: Cast) -> None:
    assert read(FIGURES, figures.actor("anna"))[2] == ["AZ01", 50, "S50", None]
    assert read(FIGURES, figures.actor("paula"))[2] == ["AZ01", 50, None, None]


def test_small_counts_are_suppressed_for_outsiders_only(figures: Cast) -> None:
    def people(who: str) -> list[str]:
        return [str(values[1]) for values in read(FIGURES, figures.actor(who))]

    assert people("anna") == ["0", "3", "50"]
    assert people("paula") == ["0", "< 5", "50"]


def test_rows_follow_the_policy(figures: Cast) -> None:
    assert read(FIGURES, figures.actor("outsider")) == []
    assert read(replace(FIGURES, verb="area.read", within="area"), figures.actor("anna"))
    assert read(replace(FIGURES, verb="area.read", within="area"), figures.actor("outsider")) == []


def test_a_partner_elsewhere_is_no_insider_here(cast: Cast) -> None:
    assert is_insider(cast.actor("anna"))
    MembershipFactory(
        user=cast.anna,
        operation=cast.elsewhere,
        organisation=cast.organisations["OCHA"],
        role="partner",
    )
    assert not is_insider(cast.actor("anna"))


def test_items_of_a_mapping_stay_in_their_places() -> None:
    secret = Column("secret", "", source="said", item="b", sensitivity=Sensitivity.RESTRICTED)
    columns = (
        Column("a", "", source="said", item="a", sensitivity=Sensitivity.PUBLIC),
        secret,
        Column("plain", "", sensitivity=Sensitivity.PUBLIC),
        Column("c", "", source="said", item="c", sensitivity=Sensitivity.PUBLIC),
        Column("other", "", source="noted", item="a", sensitivity=Sensitivity.PUBLIC),
        Column("all", "", source="said", sensitivity=Sensitivity.PUBLIC),
    )
    said = {"a": 1, "b": 2}
    row = {"plain": "x", "said": said, "noted": {"a": 3}}
    table = Dataset(
        name="t", label="", verb="", rows=lambda _: PopulationFigure.objects.none(), columns=columns
    )
    for cleared, shown in ((Sensitivity.RESTRICTED, 2), (Sensitivity.PUBLIC, None)):
        (record,) = table._read([row], list(Sensitivity).index(cleared))
        assert record.values == [1, shown, "x", None, 3, said]
    assert secret.of(row) == 2


def test_a_dataset_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        declare(next(iter(DATASETS.values())))


def test_no_dataset_shows_a_column_under_two_keys() -> None:
    for dataset in DATASETS.values():
        keys = [column.key for column in dataset.columns]
        assert len(keys) == len(set(keys)), dataset.name
