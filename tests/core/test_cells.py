"""What people write into cells: decimal commas, other countries' days, words in place of codes."""

from decimal import Decimal
from typing import Any

import pytest

from core import cells
from core.errors import Problem
from core.models import AccessConstraint, AccessWindow


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (120, "120"),
        ("120,5", "120.5"),
        ("1 200,25", "1200.25"),
        ("1\N{NO-BREAK SPACE}200", "1200"),
        ("0,125", "0.125"),
        (1.2345678, "1.235"),
        (12.25, "12.25"),
    ],
)
def test_a_number_is_read_as_it_is_meant(given: Any, meant: str) -> None:
    assert cells.number(given, where="qty") == Decimal(meant)


@pytest.mark.parametrize("given", ["1,200", "-5", "12 kg", "", "1e9", "nan", True, 10**10, 1e-05])
def test_what_is_no_number_or_could_be_two_is_refused_by_its_column(given: Any) -> None:
    with pytest.raises(Problem) as refused:
        cells.number(given, where="qty")
    assert refused.value.errors[0]["where"] == "qty"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("20.11.2020", "2020-11-20"),
        ("20.11.2020 9:30", "2020-11-20T09:30"),
        (44155, "2020-11-20"),
        (44155.75, "2020-11-20T18:00"),
        ("2020-11-20T14:00Z", "2020-11-20T14:00Z"),
        ("11/12/2020", "11/12/2020"),
    ],
)
def test_days_and_moments_are_read_however_workbooks_write_them(given: Any, meant: str) -> None:
    assert cells.in_iso(given) == meant


def test_a_choice_is_given_by_its_code_or_its_word_in_any_case() -> None:
    impact = AccessConstraint._meta.get_field("impact")
    assert cells.of_field(impact, "x") == "X"
    assert cells.of_field(impact, "3: High ") == "3"
    assert cells.of_field(impact, "sehr hoch") == "sehr hoch"
    assert cells.of_field(AccessWindow._meta.get_field("kind"), "CORRIDOR") == "corridor"
    assert cells.of_field(AccessConstraint._meta.get_field("type"), "3") == 3


def test_a_temperature_may_lie_below_nought() -> None:
    assert cells.degrees("-18", where="temp_min") == Decimal(-18)
    assert cells.degrees("\N{MINUS SIGN}2,5", where="temp_min") == Decimal("-2.5")
