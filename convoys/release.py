"""Redaction: what partners may read of a convoy is released a while after it is off the road.

The release is a fact of its own, written by a job, so that a feed or an ETag that watches the row
sees it.
"""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from convoys.models import Convoy, OperatedConvoy
from core import policy
from core.models import Operation
from core.policy import Actor

DELAY = timedelta(hours=24)


def release_due() -> int:
    """Release convoys that arrived or were closed a day ago; return how many."""
    before = timezone.now() - DELAY
    off_the_road = Q(arrived_at__lt=before) | Q(closed_at__lt=before)
    due = OperatedConvoy.objects.filter(off_the_road, released_at=None).exclude(state="cancelled")
    return due.update(released_at=timezone.now())


def known_to(operation: Operation, actor: Actor) -> QuerySet[OperatedConvoy]:
    """Return the convoys whose states, days and figures a member may know: all, or the released.

    Partners and observers learn nothing of a convoy before its release, from totals neither.
    """
    runs = OperatedConvoy.objects.filter(operation=operation).order_by()
    mine = policy.filter(actor, "run.read", runs)
    return runs.filter(Q(pk__in=mine.values("pk")) | Q(released_at__isnull=False))


def spoken_of(convoys: QuerySet[Convoy], operation: Operation, actor: Actor) -> QuerySet[Convoy]:
    """Keep the convoys of which ``actor`` may know what sources say.

    What is said of a convoy of our own would tell partners where it is before its release.
    """
    known = known_to(operation, actor).values("pk")
    of_others = Q(operated=None) | Q(origin=Convoy.Origin.REPORTED)
    return convoys.filter(of_others | Q(pk__in=known))
