"""Numbers and days of claims as people, sheets and programs write them.

A comma is a decimal sign to some and groups thousands for others: what can be read in two ways is
refused with both readings, never guessed. ``ValueError`` carries the words for whoever wrote it.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

# Blanks between digits, the narrow and the unbreakable ones among them
BLANKS = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3})")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
UNCLEAR = re.compile(r"[1-9]\d{0,2},\d{3}")
RANGE = re.compile(r"(\S.*?)\s*[-\u2013\u2014]\s*(\S.*)")
DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
# Day 0 of spreadsheets (ECMA-376, 18.17.4.1), and the serial numbers that are taken for days
EPOCH = date(1899, 12, 30)
SERIALS = range(36_526, 73_050)


def number(given: Any) -> Decimal:
    """Return an amount that is not negative, to the thousandth."""
    text = BLANKS.sub("", "" if isinstance(given, bool) else str(given).strip())
    if UNCLEAR.fullmatch(text):
        told = _("“{text}” can be read in two ways. Write {whole} or {part}.")
        raise ValueError(
            told.format(text=text, whole=text.replace(",", ""), part=text.replace(",", "."))
        )
    if not NUMBER.fullmatch(text) or len(text) > 15:
        raise ValueError(_("Write a number, for example 45 or 45.5."))
    return Decimal(text.replace(",", ".")).quantize(Decimal("0.001"))


def halves(given: Any) -> tuple[Any, str]:
    """Return the ends of an amount that is written as a range; else the whole, and nothing."""
    found = RANGE.fullmatch(given.strip()) if isinstance(given, str) else None
    return (found[1], found[2]) if found else (given, "")


def day(given: Any) -> date:
    """Return a day written as year-month-day, as day.month.year, or as a sheet keeps it."""
    if isinstance(given, date):
        return given.date() if isinstance(given, datetime) else given
    text = str(given).strip()
    if text.isascii() and text.isdigit() and int(text[:9]) in SERIALS:
        return EPOCH + timedelta(days=int(text))
    parts = DAY.fullmatch(text)
    try:
        if parts:
            return date(int(parts[3]), int(parts[2]), int(parts[1]))
        return date.fromisoformat(text)
    except ValueError:
        told = _("Write a date as year-month-day, for example 2020-11-20.")
        raise ValueError(told) from None
