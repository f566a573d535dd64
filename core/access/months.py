"""The months of the calendar of access: whole weeks, as the reader's language begins them."""

import calendar
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from django.utils import dates, timezone
from django.utils.dateparse import parse_date
from django.utils.formats import get_format

from core.access.picture import Moment
from core.models import AccessWindow

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 1)


@dataclass(frozen=True)
class Day:
    """A day of the grid; ``count`` is how much begins, ends or expires on it.

    ``windows`` are the names of those in force on some part of it.
    """

    date: date
    is_inside: bool
    is_today: bool
    count: int
    windows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Month:
    """A month by its first day, in whole weeks."""

    first: date

    @classmethod
    def read(cls, text: str) -> "Month":
        """Return the month that an address names as ``2020-11``, or else this one."""
        try:
            first = parse_date(f"{text}-01")
        except ValueError:
            first = None
        chosen = first or timezone.localdate().replace(day=1)
        return cls(min(max(chosen, FIRST), LAST))

    @property
    def days(self) -> list[list[date]]:
        """Return the weeks, with the days of the months beside where a week is shared."""
        monday = 1
        begins = (int(get_format("FIRST_DAY_OF_WEEK")) - monday) % 7
        weeks = calendar.Calendar(begins)
        return weeks.monthdatescalendar(self.first.year, self.first.month)

    @property
    def names(self) -> list[tuple[str, str]]:
        """Return the days of the week, short and whole."""
        return [
            (str(dates.WEEKDAYS_ABBR[day.weekday()]), str(dates.WEEKDAYS[day.weekday()]))
            for day in self.days[0]
        ]

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Return when its first week begins and its last one ends, in the reader's zone."""
        every = list(chain.from_iterable(self.days))
        ends = (every[0], every[-1] + timedelta(days=1))
        first, last = (timezone.make_aware(datetime.combine(day, time.min)) for day in ends)
        return first, last - timedelta(microseconds=1)

    @property
    def previous(self) -> date | None:
        """Return the month before."""
        before = (self.first - timedelta(days=1)).replace(day=1)
        return before if before >= FIRST else None

    @property
    def next(self) -> date | None:
        """Return the month after."""
        after = (self.first + timedelta(days=31)).replace(day=1)
        return after if after <= LAST else None

    def weeks(
        self, found: Iterable[Moment], windows: Iterable[AccessWindow] = ()
    ) -> list[list[Day]]:
        """Return the grid, with what was found counted by day and the windows in force."""
        counts, today = Counter(one.day for one in found), timezone.localdate()
        spans = [
            (timezone.localdate(one.starts_at), timezone.localdate(one.ends_at), str(one))
            for one in windows
        ]
        return [
            [
                Day(
                    day,
                    day.month == self.first.month,
                    day == today,
                    counts[day],
                    tuple(name for start, end, name in spans if start <= day <= end),
                )
                for day in week
            ]
            for week in self.days
        ]
