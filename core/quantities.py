"""Quantities as people read them."""

from decimal import Decimal

from django.utils.formats import number_format


def plain(number: Decimal) -> str:
    """Return a quantity without needless noughts: 100, not 1E+2 or 100.000."""
    return f"{number.normalize():f}"


def amount(number: Decimal | None) -> str:
    """Return a quantity, kg or m³ with as many decimals as it needs."""
    given = Decimal(number or 0)
    exponent = given.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return number_format(given, places, force_grouping=True)
