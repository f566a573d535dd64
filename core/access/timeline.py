"""What happened to access, newest first: what was observed and reported, and how it went on.

A window that was broken, a clearance that was revoked, a constraint that ended: each is told when
it came about, as the audit recorded it, beside what was reported at first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Lag
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import policy
from core.access.picture import MOST, Moment
from core.models import (
    AccessConstraint,
    AccessScore,
    AccessWindow,
    Clearance,
    DeconflictionNotice,
    MovementOutcome,
    MovementRequest,
    Operation,
    StatusAdoption,
    StatusObservation,
)
from core.policy import Actor


@dataclass(frozen=True)
class Source:
    """A kind of what happens: ``named`` are the fields that a search looks in, beside the source.

    ``moves`` says that it has states, whose changes are told, too.
    """

    model: Any
    verb: str
    what: str | Promise
    named: tuple[str, ...]
    moves: bool = False


# What is read with a row, to name it and its address.
LINKS = ("area", "segment", "site", "movement", "operation")
SOURCES: Mapping[str, Source] = {
    "constraint": Source(
        AccessConstraint,
        "constraint.read",
        _("Constraint"),
        ("title", "area__name", "segment__name", "site__name"),
    ),
    "status": Source(
        StatusObservation, "observation.read", _("Observed"), ("segment__name", "site__name")
    ),
    "score": Source(AccessScore, "score.read", _("Score"), ("area__name", "area__pcode")),
    "window": Source(AccessWindow, "window.read", _("Window"), ("title", "parties"), True),
    "clearance": Source(
        Clearance, "clearance.read", _("Clearance"), ("purpose", "authority", "kind"), True
    ),
    "movement": Source(
        MovementRequest, "movement.read", _("Movement request"), ("purpose", "addressee"), True
    ),
    "notice": Source(
        DeconflictionNotice, "notice.read", _("Notice"), ("purpose", "addressee"), True
    ),
    "outcome": Source(MovementOutcome, "outcome.read", _("How it went"), ("movement__purpose",)),
}


def timeline(
    operation: Operation,
    actor: Actor,
    *,
    text: str = "",
    kind: str = "",
    before: datetime | None = None,
) -> list[Moment]:
    """Return the newest of what happened before a moment, of one kind or all."""
    chosen = [SOURCES[kind]] if kind in SOURCES else list(SOURCES.values())
    until = before or datetime.max.replace(tzinfo=timezone.get_default_timezone())
    found: list[Moment] = []
    for source in chosen:
        rows = policy.filter(actor, source.verb, source.model.objects.filter(operation=operation))
        if text:
            rows = rows.filter(_matching(source, text))
        found += _reported(source, rows.filter(occurred_at__lt=until))
        if source.moves:
            found += _moved(source, rows, until)
        if source.model is AccessConstraint:
            found += _over(source, rows, until)
        if source.model is StatusObservation:
            found += _adopted(rows, until)
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST]


def _matching(source: Source, text: str) -> Q:
    words = Q(source__icontains=text) | Q(note__icontains=text)
    for name in source.named:
        words |= Q(**{f"{name}__icontains": text})
    return words


def _address(row: Any) -> tuple[Any, str]:
    """Return what a row is about, with its address."""
    if hasattr(row, "get_absolute_url"):
        return row, row.get_absolute_url()
    about = getattr(row, "subject", None) or getattr(row, "movement", None) or row.area
    return about, about.get_absolute_url()


def _reported(source: Source, rows: QuerySet[Any]) -> Iterator[Moment]:
    mine = [one.name for one in source.model._meta.fields if one.name in LINKS]
    for row in rows.select_related(*mine).order_by("-occurred_at")[:MOST]:
        about, url = _address(row)
        text = (
            str(row) if about is row or source.model is not MovementOutcome else f"{about}: {row}"
        )
        yield Moment(row.occurred_at, source.what, text, url, row.source)


def _moved(source: Source, rows: QuerySet[Any], until: datetime) -> Iterator[Moment]:
    """Tell each change of a state, with its reason; the first state is the report itself."""
    events = source.model.pgh_event_models["insert"].objects
    earlier = Window(Lag("state"), partition_by=F("pgh_obj_id"), order_by=F("pgh_id").asc())
    changed = events.filter(pgh_obj_id__in=rows.values("pk")).annotate(earlier=earlier)
    changed = changed.exclude(earlier=None).exclude(earlier=F("state"))
    changed = changed.filter(pgh_created_at__lt=until).order_by("-pgh_created_at")[:MOST]
    known = rows.select_related("operation").in_bulk({one.pgh_obj_id for one in changed})
    words = dict(source.model.State.choices)
    for one in changed:
        row = known[one.pgh_obj_id]
        note = " — ".join(filter(None, (str(words[one.state]), one.state_reason)))
        yield Moment(one.pgh_created_at, source.what, str(row), row.get_absolute_url(), note)


def _over(source: Source, rows: QuerySet[Any], until: datetime) -> Iterator[Moment]:
    """Tell constraints that ended, on their day, and those that were withdrawn."""
    over = rows.exclude(ended_on=None, withdrawn_at=None).select_related("operation")
    for row in over.order_by(F("ended_on").desc(nulls_last=True), "-withdrawn_at")[:MOST]:
        url = row.get_absolute_url()
        if row.ended_on:
            at = timezone.make_aware(datetime.combine(row.ended_on, time.max))
            ended = Moment(at, _("Constraint ended"), str(row), url, row.ended_reason)
        else:
            why = row.withdrawn_reason
            ended = Moment(row.withdrawn_at, _("Constraint withdrawn"), str(row), url, why)
        if ended.at < until:
            yield ended


def _adopted(rows: QuerySet[Any], until: datetime) -> Iterator[Moment]:
    """Tell which observations the operation went by, and why."""
    mine = StatusAdoption.objects.filter(observation__in=rows, adopted_at__lt=until)
    mine = mine.select_related("observation", "segment__operation", "site__operation")
    for one in mine.order_by("-adopted_at")[:MOST]:
        subject: Any = one.segment or one.site
        text = f"{subject}: {one.observation.get_status_display()}"
        yield Moment(one.adopted_at, _("Adopted"), text, subject.get_absolute_url(), one.reason)
