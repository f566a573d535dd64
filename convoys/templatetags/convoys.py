"""How claims and tonnes are written on pages."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoys.clearance import axle_kg
from convoys.forms import KG_PER_TONNE
from convoys.models import Claim, Entry
from convoys.models.reported import WEIGHTS
from convoys.numbers import packages
from convoys.receipt import final_at
from convoys.reported import Attribute
from core.quantities import amount
from core.units import unit

register = template.Library()
register.filter(amount)
register.filter(axle_kg)
register.filter(final_at)
register.filter(packages)
register.filter(unit)


@register.filter
def tonnes(kg: Decimal) -> str:
    """Return kilograms as tonnes with at most one decimal, for example ``345 t``."""
    amount = (kg / KG_PER_TONNE).quantize(Decimal("0.1"))
    places = 0 if amount == amount.to_integral_value() else 1
    return _("{number} t").format(number=number_format(amount, places, force_grouping=True))


@register.filter
def to(least: Decimal, most: Decimal) -> str:
    """Return kilograms from the least to the most as tonnes, the one value where both are equal."""
    return joined([tonnes(least), tonnes(most)])


@register.filter
def people(count: Decimal) -> str:
    """Return how many people a unit is enough for, for example ``1 person``."""
    # What is no whole number counts as languages count two: “2.5 people”.
    number = int(count) if count == count.to_integral_value() else 2
    return ngettext("{count} person", "{count} people", number).format(count=amount(count))


@register.filter
def said(claim: Claim) -> str:
    """Return what a claim says, in the reader's formats: an amount, a day, a range, or words."""
    return span([claim])


@register.filter
def settled(attribute: Attribute) -> str:
    """Return what is adopted of an attribute, else everything from the least to the most said."""
    return said(attribute.adopted.claim) if attribute.adopted else span(attribute.claims)


def span(claims: Sequence[Claim]) -> str:
    """Return claims on one attribute as one range, or their words beside each other."""
    lows = [claim.low for claim in claims if claim.low is not None]
    highs = [claim.high for claim in claims if claim.high is not None]
    if lows and highs:
        write = tonnes if claims[0].attribute in WEIGHTS else whole
        return joined([write(min(lows)), write(max(highs))])
    first = [claim.first_day for claim in claims if claim.first_day]
    last = [claim.last_day for claim in claims if claim.last_day]
    if first and last:
        return days(min(first), max(last))
    return " / ".join(dict.fromkeys(claim.text for claim in claims)) or "—"


def days(first: date, last: date) -> str:
    """Return a day or a range of days, the shared month and year once: as in 20 to 21 Nov 2020."""
    shared = "j" if (first.year, first.month) == (last.year, last.month) else "DATE_FORMAT"
    end = date_format(last, "DATE_FORMAT")
    return end if first == last else joined([date_format(first, shared), end])


def joined(ends: Sequence[str]) -> str:
    """Return a range, or the one value where both ends are the same."""
    return " \u2013 ".join(dict.fromkeys(ends))


def whole(count: Decimal) -> str:
    """Return a count without decimals."""
    return number_format(count, 0, force_grouping=True)


@register.filter
def unlocalised(number: Decimal | None) -> str:
    """Return a number as HTML attributes take it."""
    return f"{Decimal(number or 0):f}"


@register.filter
def at(table: dict[str, Any], key: str) -> Any:
    """Return what a table has for a key, or nothing."""
    return table.get(key, ())


@register.filter
def of(table: dict[str, Any], row: Any) -> Any:
    """Return what a table has for a row, by its key."""
    return table.get(str(row.pk))


@register.filter
def loss(kind: str) -> str:
    """Return the word for a kind of ledger entry."""
    return str(dict(Entry.Kind.choices).get(kind, kind))
