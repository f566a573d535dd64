"""What is known of access, and when it runs out: windows, clearances, notices, scores, statuses."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import policy
from core.access.status import Reading
from core.models import AccessScore, AccessWindow, Clearance, DeconflictionNotice, Operation
from core.models.access_states import GIVEN
from core.models.statuses import Status
from core.policy import Actor

MOST = 50
# model, verb, what ends, when, in which states
PAPERS: tuple[tuple[Any, str, str | Promise, str, tuple[str, ...]], ...] = (
    (
        AccessWindow,
        "window.read",
        _("Window ends"),
        "ends_at",
        ("announced", "confirmed", "active", "extended", "broken", "resumed"),
    ),
    (
        Clearance,
        "clearance.read",
        _("Clearance expires"),
        "valid_to",
        ("granted", "granted_with_conditions"),
    ),
    (DeconflictionNotice, "notice.read", _("Notice expires"), "ends_at", GIVEN),
)


@dataclass(frozen=True)
class Ending:
    """Something that ends at a moment: what kind of thing, which one, and what it is now."""

    at: datetime
    what: str
    name: str
    state: str
    url: str


@dataclass(frozen=True)
class StatusCount:
    """How many roads and passages read as open, restricted, closed or unknown."""

    status: str
    label: str
    number: int
    url: str


def within(
    operation: Operation,
    actor: Actor,
    *,
    start: datetime,
    end: datetime,
    readings: Iterable[Reading],
) -> list[Ending]:
    """Return what ends from ``start`` to ``end`` and ``actor`` may know, the soonest first."""
    found = [*_statuses(readings, start, end), *_scores(operation, actor, start, end)]
    for model, verb, what, field, states in PAPERS:
        rows: QuerySet[Any] = model.objects.filter(operation=operation, state__in=states)
        soon = policy.filter(actor, verb, rows.filter(**{f"{field}__range": (start, end)}))
        found += [
            Ending(getattr(one, field), str(what), str(one), one.get_state_display(), _address(one))
            for one in soon.select_related("operation").order_by(field)[:MOST]
        ]
    return sorted(found, key=lambda one: (one.at, one.name))


def _statuses(readings: Iterable[Reading], start: datetime, end: datetime) -> list[Ending]:
    return [
        Ending(
            one.observation.valid_until,
            str(_("Status expires")),
            str(one.subject),
            str(Status(one.status).label),
            _address(one.subject),
        )
        for one in readings
        if one.observation
        and one.status != Status.UNKNOWN
        and start <= one.observation.valid_until <= end
    ]


def _scores(operation: Operation, actor: Actor, start: datetime, end: datetime) -> list[Ending]:
    """Return the areas whose newest score ends; it holds until the end of its last day in UTC."""
    rows = AccessScore.objects.filter(operation=operation).order_by(
        "area_id", "-as_of", "-recorded_at"
    )
    newest = policy.filter(actor, "score.read", rows).distinct("area_id").select_related("area")
    ends = [(_end_of(one.valid_until), one) for one in newest]
    return [
        Ending(
            at,
            str(_("Access score expires")),
            str(one.area),
            one.get_score_display(),
            reverse("area", args=(operation.slug, one.area.pcode)),
        )
        for at, one in ends
        if start <= at <= end
    ]


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)


def _address(row: Any) -> str:
    address: str = row.get_absolute_url()
    return address


def counts(readings: Iterable[Reading], url: str) -> list[StatusCount]:
    """Return how many of them read as what, in a fixed order, none left out."""
    numbers = Counter(str(one.status) for one in readings)
    return [StatusCount(one.value, str(one.label), numbers[one.value], url) for one in Status]
