"""Keyset paging: cursors survive the journey, and nobody else's are taken."""

import pytest

from core import keyset
from core.errors import Problem
from core.models import Area
from tests.cast import Cast
from tests.factories.core import AreaFactory


@pytest.mark.parametrize("key", [("Շուշի", 7), ("", 1), (3, 4), ("2020-11-23T06:00:00+00:00", 2)])
def test_a_cursor_gives_its_key_back(key: tuple[str | int, int]) -> None:
    assert tuple(keyset.decode(keyset.encode(*key), type(key[0]), int)) == key


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", keyset.encode("a"), keyset.encode(1, 2), keyset.encode("a\0", 1), "W" * 9],
)
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refusal:
        keyset.decode(cursor, str, int)
    assert refusal.value.status == 400


def test_rows_beyond_a_key_follow_both_columns(cast: Cast) -> None:
    made = [AreaFactory(operation=cast.operation, name=name) for name in ("a", "b", "b", "c")]
    key = ("b", made[1].pk)

    def names(*, descending: bool) -> list[str]:
        beyond = keyset.beyond(("name", "id"), key, descending=descending)
        return list(
            Area.objects.filter(beyond).order_by("name", "pk").values_list("name", flat=True)
        )

    assert names(descending=False) == ["b", "c"]
    assert names(descending=True) == ["a"]
