"""How moments are written, in the reader's zone and language."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def written(value: datetime) -> str:
    """Return a moment as ``23 Nov 2020, 14:05 UTC``."""
    local = timezone.localtime(value)
    return f"{date_format(local, 'j M Y, H:i')} {local.tzname()}"
