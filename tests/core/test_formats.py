"""Each language writes a large number, a broken one and a day as the Unicode locale data says."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format, get_format, number_format

from core.times import written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "1,234,567.8"),
        ("hy", "1\u00a0234\u00a0567,8"),
        ("ru", "1\u00a0234\u00a0567,8"),
        ("az", "1\u00a0234\u00a0567,8"),
    ],
)
def test_thousands_stand_apart(language: str, written: str) -> None:
    with translation.override(language):
        assert number_format(1_234_567.8, 1, force_grouping=True) == written


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "23 Nov 2020"),
        ("ru", "23 ноября 2020"),
        ("hy", "23 Նոյ 2020"),
        ("az", "23 Noy 2020"),
        ("ar", "23 نوفمبر 2020"),
    ],
)
def test_a_day_is_written_before_its_month_and_short_enough_for_tables(
    language: str, day: str
) -> None:
    moment = datetime(2020, 11, 23, 10, 5, tzinfo=UTC)
    with translation.override(language):
        assert date_format(moment.date(), "DATE_FORMAT") == date_format(moment.date()) == day
        assert date_format(moment, "DATETIME_FORMAT") == f"{day}, 10:05"


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_weeks_begin_on_monday(language: str) -> None:
    with translation.override(language):
        assert get_format("FIRST_DAY_OF_WEEK") == 1


@pytest.mark.parametrize(
    ("language", "zone"), [("en", "+04"), ("hy", "+04"), ("ar", "\u2066+04\u2069")]
)
def test_the_zone_of_a_moment_is_not_turned_round(language: str, zone: str) -> None:
    moment = datetime(2020, 11, 23, 10, 5, tzinfo=UTC)
    with translation.override(language), timezone.override("Asia/Tbilisi"):
        assert written(moment).endswith(f", 14:05 {zone}")
