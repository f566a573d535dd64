"""Each language writes a large number, a broken one and a day as the Unicode locale data says."""

from datetime import UTC, date, datetime

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


def test_an_armenian_day_stands_before_its_month() -> None:
    with translation.override("hy"):
        assert date_format(date(2020, 11, 23)) == "23 Նոյեմբեր, 2020"


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
