"""How moments are written, in the reader's zone and language."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi


def written(value: datetime) -> str:
    """Return a moment as ``23 Nov 2020, 14:05 UTC``."""
    local = timezone.localtime(value)
    return f"{date_format(local, 'DATETIME_FORMAT')} {_apart(local.tzname() or '')}"


def _apart(zone: str) -> str:
    """Return a zone's name that right-to-left text around it does not turn from +04 into 04+."""
    if not get_language_bidi():
        return zone
    return f"\N{LEFT-TO-RIGHT ISOLATE}{zone}\N{POP DIRECTIONAL ISOLATE}"
