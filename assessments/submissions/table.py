"""Pages of the submissions table, and the neighbours of one submission in it."""

from dataclasses import dataclass

from assessments.models import Submission
from assessments.submissions.orders import ORDERS, ColumnOrder, GroupOrder, Key, Reading, Scope
from assessments.submissions.search import Extent
from core import keyset

NEWEST = "-received"


@dataclass(frozen=True)
class Place:
    """Where a page lies: after or before a cursor, else at the start, or at the end (``last``)."""

    after: str = ""
    before: str = ""
    last: bool = False


@dataclass(frozen=True)
class Page:
    """Primary keys in the order of the page, and cursors to both sides where there is more."""

    ids: list[int]
    after: str | None
    before: str | None


@dataclass(frozen=True)
class Table:
    """What is read, and in which order (``sort`` is a key of ORDERS, with a minus to turn it)."""

    extent: Extent
    scope: Scope
    sort: str = NEWEST

    def page(self, place: Place, *, size: int) -> Page:
        """Return one page; raise Problem ``bad_request`` for a cursor that is none of ours."""
        back = place.last or bool(place.before)
        keys = self._read(size + 1, place.before if back else place.after, back=back)
        more, keys = len(keys) > size, keys[:size]
        if back:
            keys.reverse()
        if not keys:
            return Page([], None, None)
        follows = not place.last if back else more
        precedes = more if back else bool(place.after)
        return Page(
            ids=[pk for _value, pk in keys],
            after=keyset.encode(*keys[-1]) if follows else None,
            before=keyset.encode(*keys[0]) if precedes else None,
        )

    def neighbours(self, row: Submission) -> tuple[int | None, int | None]:
        """Return the primary keys before and after a row of the table."""
        cursor = keyset.encode(*self._order().key(row))
        found = [self._read(1, cursor, back=back) for back in (True, False)]
        previous, following = (keys[0][1] if keys else None for keys in found)
        return previous, following

    def _order(self) -> ColumnOrder | GroupOrder:
        return ORDERS[self.sort.removeprefix("-")]

    def _read(self, size: int, cursor: str, *, back: bool) -> list[Key]:
        descending = self.sort.startswith("-")
        reading = Reading(self.extent, self.scope, descending, size, cursor, back)
        return self._order().read(reading)
