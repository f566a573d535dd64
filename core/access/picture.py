"""What the access pages show: roads and sites on the map, and what begins, ends or expires."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import policy
from core.access import scores, status
from core.access.status import Reading
from core.models import (
    AccessConstraint,
    AccessScore,
    AccessWindow,
    Clearance,
    DeconflictionNotice,
    MovementRequest,
    Operation,
    RouteSegment,
    Site,
)
from core.models.access_states import GIVEN
from core.models.statuses import Status
from core.policy import Actor
from core.times import written

SOON = timedelta(hours=72)
MOST = 200
GRANTED = ("granted", "granted_with_conditions")
SHADES = {"0": "plain", "1": "seq-1", "2": "seq-2", "3": "seq-3", "4": "seq-4", "5": "seq-5"}
LIVE_WINDOWS = ("announced", "confirmed", "active", "extended", "broken", "resumed")


@dataclass(frozen=True)
class Moment:
    """Something that happens at a time: ``what`` says which kind of thing, ``url`` where it is."""

    at: datetime
    what: str | Promise
    text: str
    url: str
    note: str = ""

    @property
    def day(self) -> date:
        """Return the day in the reader's zone."""
        return timezone.localtime(self.at).date()


def roads(operation: Operation, actor: Actor) -> list[Reading]:
    """Return the segments in use with what each reads as."""
    rows = RouteSegment.objects.current().filter(operation=operation)
    mine = policy.filter(actor, "segment.read", rows).select_related("start", "end", "operation")
    return list(status.readings(mine, actor=actor).values())


def passages(operation: Operation, actor: Actor) -> list[Reading]:
    """Return the checkpoints and crossings in use with what each reads as."""
    rows = Site.objects.current().filter(operation=operation, kind__in=("checkpoint", "crossing"))
    mine = policy.filter(actor, "site.read", rows).select_related("area", "operation")
    return list(status.readings(mine, actor=actor).values())


def drawing(
    readings: Iterable[Reading], sites: Iterable[Site], windows: Iterable[AccessWindow] = ()
) -> dict[str, Any]:
    """Return windows' areas, segments and sites as GeoJSON, each with its status in a word."""
    lines = list(readings)
    passing = {one.subject.pk: one for one in lines if isinstance(one.subject, Site)}
    features = areas(windows)
    features += [
        _feature(one.subject.line, one.subject, one)
        for one in lines
        if isinstance(one.subject, RouteSegment)
    ]
    features += [_feature(site.point, site, passing.get(site.pk)) for site in sites]
    return {"type": "FeatureCollection", "features": features}


def shaded(operation: Operation, actor: Actor) -> tuple[int, dict[str, Any]] | None:
    """Return the level of areas that has most scores, and its scores for the shared map; or None.

    An information gap and sources that disagree look like what is not known, never like nought.
    """
    rows = AccessScore.objects.filter(operation=operation, as_of__lte=timezone.localdate())
    mine = policy.filter(actor, "score.read", rows).select_related("area__operation")
    heavy = ("area__geometry", "area__geometry_mid", "area__geometry_low")
    counting = scores.counting(mine.defer(*heavy))
    if not counting:
        return None
    (level, _count), *_rest = Counter(area.level for area in counting).most_common()
    return level, {
        area.pcode: {
            "value": score.score if score else "?",
            "label": str(score.get_score_display() if score else _("Sources disagree")),
            "class": SHADES.get(score.score if score else "", "not-assessed"),
            "url": area.get_absolute_url(),
        }
        for area, score in counting.items()
        if area.level == level
    }


def score_legend() -> list[dict[str, str]]:
    """Return what the shades of scores mean."""
    named = [
        {"class": SHADES[key], "label": str(label)}
        for key, label in AccessScore.Score.choices
        if key in SHADES
    ]
    unknown = str(_("X: information gap; sources disagree; or no score"))
    return [*named, {"class": "not-assessed", "label": unknown}]


def covered(operation: Operation, actor: Actor) -> list[AccessWindow]:
    """Return the windows that are not over and have an area, what ends first first."""
    rows = AccessWindow.objects.filter(
        operation=operation,
        state__in=LIVE_WINDOWS,
        ends_at__gt=timezone.now(),
        geometry__isnull=False,
    ).select_related("operation")
    return list(policy.filter(actor, "window.read", rows).order_by("ends_at")[:MOST])


def areas(windows: Iterable[AccessWindow]) -> list[dict[str, Any]]:
    """Return windows' areas as features for the map; roads and sites are drawn above them."""
    return [
        {
            "type": "Feature",
            "geometry": json.loads(one.geometry.geojson),
            "properties": {
                "name": str(one),
                "url": one.get_absolute_url(),
                "kind": one.get_kind_display(),
                "word": one.get_state_display(),
                "basis": _("until {moment}").format(moment=written(one.ends_at)),
            },
        }
        for one in windows
        if one.geometry
    ]


def _feature(shape: Any, row: Any, reading: Reading | None) -> dict[str, Any]:
    properties = {"name": str(row), "url": row.get_absolute_url()}
    if isinstance(row, Site):
        properties["kind"] = row.get_kind_display()
    if reading:
        properties |= {
            "status": reading.status.value,
            "word": str(Status(reading.status).label),
            "basis": reading.basis_label,
        }
    return {"type": "Feature", "geometry": json.loads(shape.geojson), "properties": properties}


def lasting(operation: Operation, actor: Actor) -> QuerySet[AccessConstraint]:
    """Return the constraints that go on."""
    rows = AccessConstraint.objects.filter(
        operation=operation, ended_on=None, withdrawn_at=None
    ).select_related("area", "segment", "site", "operation")
    return policy.filter(actor, "constraint.read", rows)


def coming(operation: Operation, actor: Actor, *, start: datetime, end: datetime) -> list[Moment]:
    """Return what begins, ends or expires in a time, in its order."""

    def of(model: Any, verb: str, **states: Any) -> QuerySet[Any]:
        rows = model.objects.filter(operation=operation, **states).select_related("operation")
        return policy.filter(actor, verb, rows)

    inside, now = (start, end), timezone.now()
    windows = of(AccessWindow, "window.read").filter(_in_force(now))
    papers = of(Clearance, "clearance.read", state__in=(*GRANTED, "expired"))
    notices = of(DeconflictionNotice, "notice.read", state__in=(*GIVEN, "expired"))
    asked = of(MovementRequest, "movement.read").exclude(state__in=("draft", "denied"))
    found = [
        *_moments(windows.filter(starts_at__range=inside), "starts_at", _("Window begins")),
        *_moments(windows.filter(ends_at__range=inside), "ends_at", _("Window ends")),
        *_moments(papers.filter(valid_from__range=inside), "valid_from", _("Clearance begins")),
        *_moments(papers.filter(valid_to__range=inside), "valid_to", _("Clearance expires")),
        *_moments(notices.filter(ends_at__range=inside), "ends_at", _("Notice expires")),
        *_moments(asked.filter(starts_at__range=inside), "starts_at", _("Movement planned")),
        *_expiries(operation, actor, inside),
        *_scores(of(AccessScore, "score.read"), inside),
    ]
    return sorted(found, key=lambda one: one.at)


def _in_force(now: datetime) -> Q:
    """Give windows that were in force or may come to be; one that was ended early ends no more."""
    return Q(state__in=LIVE_WINDOWS) | Q(state="ended", ends_at__lte=now)


def running(
    operation: Operation, actor: Actor, *, start: datetime, end: datetime
) -> list[AccessWindow]:
    """Return the windows of which some part lies in a time, in the order of their beginning."""
    rows = AccessWindow.objects.filter(
        _in_force(timezone.now()), operation=operation, starts_at__lte=end, ends_at__gte=start
    ).select_related("operation")
    return list(policy.filter(actor, "window.read", rows).order_by("starts_at", "pk")[:MOST])


def _scores(rows: QuerySet[Any], inside: tuple[datetime, datetime]) -> list[Moment]:
    """Return the last days of scores after which their sources gave no other."""
    later = AccessScore.objects.filter(
        area=OuterRef("area"), source__iexact=OuterRef("source"), as_of__gt=OuterRef("as_of")
    )
    first, last = (timezone.localdate(moment) for moment in inside)
    ending = rows.filter(valid_until__range=(first, last)).exclude(Exists(later))
    return [
        Moment(
            timezone.make_aware(datetime.combine(one.valid_until, time.max)),
            _("Score expires"),
            str(one.area),
            one.area.get_absolute_url(),
            one.get_score_display(),
        )
        for one in ending.select_related("area__operation").order_by("valid_until")[:MOST]
    ]


def _moments(rows: QuerySet[Any], field: str, what: str | Promise) -> list[Moment]:
    return [
        Moment(getattr(one, field), what, str(one), one.get_absolute_url(), one.get_state_display())
        for one in rows.order_by(field)[:MOST]
    ]


def _expiries(
    operation: Operation, actor: Actor, inside: tuple[datetime, datetime]
) -> list[Moment]:
    """Return when what roads and passages read as runs out."""
    found = []
    for one in [*roads(operation, actor), *passages(operation, actor)]:
        until = one.observation.valid_until if one.observation else None
        if until and one.status != Status.UNKNOWN and inside[0] <= until <= inside[1]:
            word = str(Status(one.status).label)
            url = one.subject.get_absolute_url()
            found.append(Moment(until, _("Status expires"), str(one.subject), url, word))
    return found
