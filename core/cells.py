"""What people write into the cells of tables, read as what they mean, or refused.

Spreadsheets come with decimal commas, with days as other countries write them, and with words of
the reader's language in place of codes. What can be read in two ways is refused: a guess that is
wrong by a thousand is worse than a question.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, DateField, DateTimeField, Field
from django.utils.translation import gettext as _

from core.errors import Problem

GAPS = re.compile("[\\s'\N{RIGHT SINGLE QUOTATION MARK}]+")
DECIMAL = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
# 1,500 is one and a half thousand in one country, and one and a half in the next.
TWO_WAYS = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ ,T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
# Workbooks count days from here: 20,000 is in 1954 and 80,000 in 2119.
DAY_ZERO = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
SECONDS = 86_400
YES_OR_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Cells:
    """The cells of one row, read one after the other; what stands against them is gathered."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.given = {
            key: value for key, value in values.items() if str(value or "").strip() or value == 0
        }
        self.findings: list[dict[str, str]] = []

    def __contains__(self, column: str) -> bool:
        return column in self.given

    def text(self, column: str) -> str:
        """Return a cell's text, empty where there is none."""
        return str(self.given.get(column, "")).strip()

    def read(self, column: str, read: Callable[..., Any]) -> Any:
        """Return what a cell means, or None where it is empty or cannot be read."""
        if column not in self.given:
            return None
        try:
            return read(self.given[column], where=column)
        except Problem as problem:
            self.findings += problem.errors
            return None

    def refuse(self, column: str, message: str) -> None:
        """Note what stands against a cell, unless something does already."""
        if all(one["where"] != column for one in self.findings):
            self.findings.append({"where": column, "message": message})

    def check(self) -> None:
        """Raise Problem ``invalid`` with all that was found."""
        if self.findings:
            raise Problem("invalid", errors=self.findings)


def number(given: Any, *, where: str) -> Decimal:
    """Return a number that is not negative, of three decimals at most; raise ``invalid``."""
    text = GAPS.sub("", str(given))
    if TWO_WAYS.fullmatch(text):
        message = _("“{text}” can be read in two ways. Write {whole} or {part}.")
        whole, part = text.replace(",", ""), text.replace(",", ".")
        raise _refused(where, message.format(text=text, whole=whole, part=part))
    found = Decimal(text.replace(",", ".")) if _is_number(given, text) else Decimal("NaN")
    if not found.is_finite():
        raise _refused(where, _("Write a number, for example 120 or 120.5."))
    if not 0 <= found < 10**10:
        raise _refused(where, _("Write a number from 0 to 9,999,999,999."))
    rounded = found.quantize(Decimal("0.001"))
    if found and not rounded:
        raise _refused(where, _("That is less than 0.001. Write more, or leave it empty."))
    return rounded.normalize() + 0  # 1,200 rather than 1.2E+3


def _is_number(given: Any, text: str) -> bool:
    return type(given) is float or (type(given) is not bool and bool(DECIMAL.fullmatch(text)))


def whole(given: Any, *, where: str) -> int:
    """Return a whole number; raise Problem ``invalid``."""
    found = number(given, where=where)
    if found != found.to_integral_value():
        raise _refused(where, _("Write a whole number, for example 12."))
    return int(found)


def day(given: Any, *, where: str) -> date:
    """Return a day; raise Problem ``invalid``."""
    try:
        return date.fromisoformat(in_iso(given)[:10])
    except ValueError:
        message = _("Write a day as year-month-day, for example 2020-11-20.")
        raise _refused(where, message) from None


def in_iso(given: Any) -> str:
    """Return a day or moment in ISO 8601: of 20.11.2020, of a workbook's count of days, or as it
    is.
    """
    if isinstance(given, int | float) and FIRST_SERIAL < given < LAST_SERIAL:
        counted = DAY_ZERO + timedelta(days=int(given))
        seconds = round((given - int(given)) * SECONDS)
        hours, minutes = divmod(seconds // 60, 60)
        return f"{counted}T{hours:02}:{minutes:02}" if seconds else str(counted)
    text = str(given).strip()
    dotted = DOTTED.fullmatch(text)
    if not dotted:
        return text
    day_, month, year, clock = dotted.groups()
    moment = f"T{clock:0>5}" if clock else ""
    return f"{year}-{month:0>2}-{day_:0>2}{moment}"


def of_field(field: "Field[Any, Any]", given: Any) -> Any:
    """Return a cell as a model's field takes it; what cannot be read stays, for the field to
    refuse.
    """
    if isinstance(field, DateTimeField):
        return in_iso(given)
    if isinstance(field, DateField):
        text = in_iso(given)
        return text[:10] if text[10:11] in ("T", " ") else text
    if isinstance(field, BooleanField):
        return YES_OR_NO.get(str(given).strip().casefold(), given)
    if field.choices:
        return choice(field, given)
    return given.strip() if isinstance(given, str) else given


def choice(field: "Field[Any, Any]", given: Any) -> Any:
    """Return the code of a choice that is given by its code or its label, in any case."""
    text = str(given).strip().casefold()
    for code, label in field.flatchoices:
        if text in (str(code).casefold(), str(label).casefold()):
            return code
    return given


def degrees(given: Any, *, where: str) -> Decimal:
    """Return a temperature in degrees Celsius, which may be below nought."""
    text = str(given).strip().replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if not DECIMAL.fullmatch(text) or abs(Decimal(text)) >= 1000:
        raise _refused(where, _("Write degrees Celsius, for example 2 or -18."))
    return Decimal(text).quantize(Decimal("0.1"))


def _refused(where: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"where": where, "message": message}])
