"""How claims and tonnes are written on pages."""

from decimal import Decimal

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from convoys.forms import KG_PER_TONNE, TONNES
from convoys.models import Claim

register = template.Library()


@register.filter
def tonnes(kg: Decimal) -> str:
    """Return kilograms as tonnes with at most one decimal, for example ``345 t``."""
    amount = (kg / KG_PER_TONNE).quantize(Decimal("0.1"))
    places = 0 if amount == amount.to_integral_value() else 1
    return _("{number} t").format(number=number_format(amount, places, force_grouping=True))


@register.filter
def said(claim: Claim) -> str:
    """Return what a claim says, in the reader's formats: an amount, a day, a range, or words."""
    if claim.text:
        return claim.text
    if claim.low is not None and claim.high is not None:
        write = tonnes if claim.attribute in TONNES else whole
        ends = [write(claim.low), write(claim.high)]
    elif claim.first_day and claim.last_day:
        ends = [date_format(claim.first_day, "j M Y"), date_format(claim.last_day, "j M Y")]
    else:
        return "—"
    return " \u2013 ".join(dict.fromkeys(ends))


def whole(count: Decimal) -> str:
    """Return a count without decimals."""
    return number_format(count, 0, force_grouping=True)
