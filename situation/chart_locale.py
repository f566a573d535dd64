"""Numbers and days of the active language, as d3 wants them said."""

from typing import Any

from django.utils import dates, formats


def number_locale() -> dict[str, Any]:
    """Return the active language's separators, as d3-format wants them."""
    return {
        "decimal": str(formats.get_format("DECIMAL_SEPARATOR")),
        "thousands": str(formats.get_format("THOUSAND_SEPARATOR")),
        "grouping": [3],
        "currency": ["", ""],
    }


def day_locale() -> dict[str, Any]:
    """Return the active language's names of months and days, as d3-time-format wants them."""
    weekdays = [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%-d %b %Y, %H:%M",
        "date": "%-d %b %Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": [str(dates.WEEKDAYS[day]) for day in weekdays],
        "shortDays": [str(dates.WEEKDAYS_ABBR[day]) for day in weekdays],
        "months": [str(dates.MONTHS[month]) for month in range(1, 13)],
        "shortMonths": [str(dates.MONTHS_3[month]).capitalize() for month in range(1, 13)],
    }
