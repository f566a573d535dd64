"""Computed tables: sorted, searched and paged by the address, whatever it says."""

from typing import Any

import pytest
from django.test import RequestFactory

from core.tables import Sortable, Table, arrange

ROWS = [("Shirak", 3), ("Lori", 30), ("Ararat", 7)]
COLUMNS: dict[str, Sortable[tuple[str, int]]] = {
    "name": Sortable("Name", lambda row: row[0]),
    "number": Sortable("Number", lambda row: row[1], is_number=True),
}


def table(address: str, size: int = 50) -> Table[tuple[str, int]]:
    """Return the table at an address."""
    request: Any = RequestFactory().get(address)
    return arrange(request, "t", ROWS, COLUMNS, text=lambda row: row[0], size=size)


def names(address: str, size: int = 50) -> list[str]:
    """Return the names on the page."""
    return [name for name, _number in table(address, size).rows]


def test_the_given_order_is_kept_until_one_asks() -> None:
    assert names("/") == ["Shirak", "Lori", "Ararat"]
    assert names("/?t-sort=name") == ["Ararat", "Lori", "Shirak"]
    assert names("/?t-sort=-number") == ["Lori", "Ararat", "Shirak"]


def test_a_heading_turns_the_order_and_numbers_begin_with_the_most() -> None:
    fresh = {heading.key: heading for heading in table("/?other=1&t-page=2").headings}
    assert fresh["name"].url == "?other=1&t-sort=name"
    assert fresh["number"].url == "?other=1&t-sort=-number"
    sorted_ = {heading.key: heading for heading in table("/?t-sort=-number").headings}
    assert (sorted_["number"].sort, sorted_["number"].url) == ("descending", "?t-sort=number")
    assert sorted_["name"].sort == "none"


def test_search_ignores_case_and_counts_what_it_found() -> None:
    found = table("/?t-q=AR")
    assert found.count == 1
    assert table("/?t-q=nothing").rows == []


def test_pages_follow_each_other() -> None:
    first = table("/?t-sort=name", size=2)
    assert (first.previous, first.next) == (None, "?t-sort=name&t-page=2")
    last = table("/?t-sort=name&t-page=2", size=2)
    assert (last.previous, last.next) == ("?t-sort=name&t-page=1", None)
    assert names("/?t-sort=name&t-page=2", size=2) == ["Shirak"]


@pytest.mark.parametrize("page", ["0", "99", "-1", "x", "1e3", "9" * 30])
def test_a_page_that_is_not_there_gives_one_that_is(page: str) -> None:
    assert len(names(f"/?t-page={page}", size=2)) in {1, 2}


def test_an_unknown_column_sorts_nothing() -> None:
    assert names("/?t-sort=password") == ["Shirak", "Lori", "Ararat"]


def test_a_search_carries_the_other_parameters() -> None:
    assert table("/?a=1&a=2&t-q=x&t-page=3&t-sort=name").kept == [
        ("a", "1"),
        ("a", "2"),
        ("t-sort", "name"),
    ]
