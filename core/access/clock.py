"""What time alone does to access: windows begin and end, clearances and notices expire.

Run every minute by beat. It may run late or twice: each step depends on the moments in the row, and
a row that moved meanwhile is left alone.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.models import AccessWindow, Clearance, DeconflictionNotice
from core.models.access_states import GIVEN, RUNNING
from core.policy import SYSTEM
from core.transitions import advance_all


def tick(now: datetime | None = None) -> int:
    """Move what is due, as the system; return how many rows moved."""
    moment = now or timezone.now()
    return sum(len(advance_all(rows, step, actor=SYSTEM)) for rows, step in due(moment))


def due(moment: datetime) -> list[tuple[QuerySet[Any], str]]:
    """Return what the moment calls for, in this order: a window can begin and end in one go."""
    windows, over = AccessWindow.objects, {"ends_at__lte": moment}
    return [
        (windows.filter(state="confirmed", starts_at__lte=moment), "begin"),
        (windows.filter(state__in=(*RUNNING, "broken"), **over), "end"),
        (windows.filter(state="announced", **over), "cancel"),
        (
            Clearance.objects.filter(
                state__in=("granted", "granted_with_conditions"), valid_to__lte=moment
            ),
            "expire",
        ),
        (DeconflictionNotice.objects.filter(state__in=GIVEN, **over), "expire"),
    ]
