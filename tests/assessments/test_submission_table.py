"""The table's pages: every order, both ways, without a gap; and the search."""

import pytest

from assessments.models import Submission
from assessments.submissions import search as submission_search
from assessments.submissions.orders import ORDERS, Scope
from assessments.submissions.search import measure
from assessments.submissions.table import Place, Table
from core.errors import Problem
from tests.assessments.records import Records
from tests.factories.core import AreaFactory

SORTS = [f"{sign}{key}" for key in ORDERS for sign in ("", "-")]


@pytest.fixture
def many(records: Records) -> Records:
    """Give thirty submissions in all states, of several people, organisations and areas."""
    states = ("received", "in_review", "has_issues", "approved", "rejected")
    areas = [AreaFactory(operation=records.cast.operation, name=name) for name in ("B", "a", "Ç")]
    for number in range(28):
        records.send(
            ("olga", "tigran", "farid")[number % 3],
            ("OCHA", "IFRC", "WFP", "UNHCR")[number % 4],
            state=states[number % 5],
            area=areas[number % 3],
            answers={"house/remarks": f"number {number}"},
        )
    return records


def walk(table: Table, *, back: bool = False) -> list[int]:
    """Return the keys of all pages, from the start or from the end."""
    seen: list[int] = []
    place = Place(last=True) if back else Place()
    while True:
        page = table.page(place, size=7)
        seen = [*page.ids, *seen] if back else [*seen, *page.ids]
        following = page.before if back else page.after
        if following is None:
            return seen
        place = Place(before=following) if back else Place(after=following)


@pytest.mark.parametrize("few", [5_000, 10], ids=["sorted at once", "by index"])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_follow_each_other_both_ways(
    many: Records, sort: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission_search, "FEW", few)
    scope = Scope(many.cast.operation)
    table = Table(measure(scope.rows()), scope, sort)
    forwards = walk(table)
    assert len(forwards) == len(set(forwards)) == 30
    assert walk(table, back=True) == forwards


@pytest.mark.parametrize("sort", SORTS)
def test_both_ways_of_sorting_agree(
    many: Records, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope(many.cast.operation)
    at_once = walk(Table(measure(scope.rows()), scope, sort))
    monkeypatch.setattr(submission_search, "FEW", 10)
    assert walk(Table(measure(scope.rows()), scope, sort)) == at_once


def test_groups_follow_the_order_of_their_names(many: Records) -> None:
    scope = Scope(many.cast.operation)
    ids = walk(Table(measure(scope.rows()), scope, "organisation"))
    rows = Submission.objects.in_bulk(ids)
    acronyms = [str(rows[pk].organisation) for pk in ids]
    assert acronyms == sorted(acronyms)
    states = [rows[pk].state for pk in walk(Table(measure(scope.rows()), scope, "state"))]
    assert list(dict.fromkeys(states)) == [
        "received",
        "in_review",
        "has_issues",
        "approved",
        "rejected",
    ]


def test_neighbours_are_those_of_the_table(many: Records) -> None:
    scope = Scope(many.cast.operation)
    for sort in SORTS:
        table = Table(measure(scope.rows()), scope, sort)
        ids = walk(table)
        row = Submission.objects.get(pk=ids[10])
        assert table.neighbours(row) == (ids[9], ids[11])


@pytest.mark.parametrize("cursor", ["", "%%%", "WzFd", "WyJ4IiwgMV0", "bnVsbA"])
def test_a_cursor_of_somebodys_own_making_is_refused(many: Records, cursor: str) -> None:
    scope = Scope(many.cast.operation)
    table = Table(measure(scope.rows()), scope, "-received")
    if not cursor:
        assert table.page(Place(after=cursor), size=3).ids
        return
    with pytest.raises(Problem) as refusal:
        table.page(Place(after=cursor), size=3)
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("stove", 1),
        ("STOVE", 1),
        ("tov", 1),
        ("no stove", 1),
        ("stove no", 1),
        ("st", 1),
        ("ov", 0),
        ("n", 1),
        ("t", 0),
        ("%", 0),
        ("_tove", 0),
        ("absent", 0),
        ("ՈՒՐԱԽ", 1),
    ],
)
@pytest.mark.parametrize("sample", [4_000, 1], ids=["small", "by index"])
def test_words_are_found(
    records: Records, text: str, found: int, sample: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission_search, "SAMPLE", sample)
    monkeypatch.setattr(submission_search, "COMMON", 2.0)
    Submission.objects.filter(pk=records.farids.pk).update(search="ուրախ 12")
    rows = Scope(records.cast.operation).rows()
    extent = measure(rows, text)
    assert (extent.count, extent.rows.count(), extent.exact) == (found, found, True)


def test_a_common_word_is_not_counted_to_the_end(
    many: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission_search, "SAMPLE", 10)
    scope = Scope(many.cast.operation)
    extent = measure(scope.rows(), "number")
    assert (extent.count, extent.exact) == (10, False)
    assert len(walk(Table(extent, scope, "submitter"))) == 28
