"""Shades of a map: few classes with round limits that leave no number out."""

import pytest

from core.shades import shades


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], []),
        ([0, 0], []),
        ([1], ["1"]),
        ([0, 2, 4], ["1", "2", "3", "4"]),
        ([5], ["1\u20132", "3\u20134", "5\u20136"]),
        ([19], ["1\u20135", "6\u201310", "11\u201315", "16\u201320"]),
        ([41], ["1\u201320", "21\u201340", "41\u201360"]),
    ],
)
def test_limits_are_round(numbers: list[int], expected: list[str]) -> None:
    assert [str(shade) for shade in shades(numbers)] == expected


def test_a_single_class_is_the_darkest() -> None:
    assert [shade.map_class for shade in shades([1])] == ["seq-5"]


@pytest.mark.parametrize("most", [*range(1, 120), 999, 1000, 1001, 10**9])
def test_every_number_above_nought_is_in_one_class(most: int) -> None:
    numbers = [0, 1, most // 3, most // 2, most]
    classes = shades(numbers)
    assert len(classes) <= 4
    assert all(sum(number in one for one in classes) == (number > 0) for number in numbers)
