"""Redaction: what partners may read of a convoy is released a while after it is off the road.

The release is a fact of its own, written by a job, so that a feed or an ETag that watches the row
sees it.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from convoys.models import OperatedConvoy

DELAY = timedelta(hours=24)


def release_due() -> int:
    """Release convoys that arrived or were closed a day ago; return how many."""
    before = timezone.now() - DELAY
    off_the_road = Q(arrived_at__lt=before) | Q(closed_at__lt=before)
    due = OperatedConvoy.objects.filter(off_the_road, released_at=None).exclude(state="cancelled")
    return due.update(released_at=timezone.now())
