"""Codes of sectors and relief items, as clearances exclude them.

A code that nobody's cargo bears would exclude nothing, and say so to nobody: it is refused.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import Problem
from core.models import Operation, ReliefItem, Sector


def known(operation: Operation, given: Iterable[str], *, where: str) -> list[str]:
    """Return codes as the catalogue spells them; raise Problem ``invalid`` with those unknown."""
    wanted = list(dict.fromkeys(text for one in given if (text := one.strip())))
    if not wanted:
        return []
    items = ReliefItem.objects.filter(operation=operation).values_list("code", flat=True)
    sectors = Sector.objects.values_list("code", flat=True)
    spelt = {code.casefold(): code for code in (*items, *sectors)}
    unknown = [code for code in wanted if code.casefold() not in spelt]
    if unknown:
        message = _("Neither the code of a sector nor of an item of the catalogue: {codes}.")
        message = message.format(codes=", ".join(unknown))
        raise Problem("invalid", errors=[{"where": where, "message": message}])
    return [spelt[code.casefold()] for code in wanted]
