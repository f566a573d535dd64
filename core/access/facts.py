"""What stands against a movement: the inputs of the dispatch gate that are facts of access.

The contract for whoever plans a movement (a convoy, an assessment team):

    found = facts.findings(operation, movement)

``movement`` (core.access.inputs.Movement) names the segments and passages of the route, when it
leaves and arrives, and what it carries. Each finding names one input (``input``, ``subject``,
``key``), the date it rests on (``dated``), what it says (``message``) and what would change it
(``fix``). ``is_hard`` findings cannot be overridden; the others can, by a coordinator with a
reason. No finding means that nothing known stands against it, not that it is safe.

A notice informs and never permits: it can only be missing, late or unacknowledged. What is unknown,
expired or an information gap (X) blocks until somebody overrides it. Every fact counts, whoever
may read it; a finding therefore names no source.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import papers, status
from core.access.inputs import Finding, Movement, declare
from core.access.status import Reading, Subject
from core.models import AccessConstraint, AccessWindow, Operation, RouteSegment
from core.models.access_states import RUNNING
from core.models.statuses import Status
from core.policy import SYSTEM
from core.times import written

# A road that was open by windows only still is, for a while after the last one has ended.
RECENT = timedelta(days=30)

declare(
    "segment",
    hard=("segment_closed", "segment_gross_limit", "segment_axle_limit"),
    soft=("segment_unknown",),
)
declare("checkpoint", hard=("checkpoint_closed",), soft=("checkpoint_unknown",))
declare("constraint", soft=("constraint_high", "constraint_gap"))
declare("window", soft=("window_outside", "window_broken"))


def findings(operation: Operation, movement: Movement) -> list[Finding]:
    """Return what stands against a movement, hard ones first."""
    found = [
        *statuses(movement),
        *limits(movement),
        *constraints(operation, movement),
        *windows(operation, movement),
        *papers.findings(operation, movement),
    ]
    return sorted(found, key=lambda one: not one.is_hard)


def statuses(movement: Movement) -> Iterator[Finding]:
    """Tell closed and unknown roads and passages, as they will read when the movement leaves."""
    subjects: list[Subject] = [*movement.segments, *movement.passages]
    moment = max(timezone.now(), movement.leaves)
    for reading in status.readings(subjects, actor=SYSTEM, at=moment).values():
        if reading.status == Status.CLOSED:
            yield _status(
                reading,
                "closed",
                _("{name} is closed ({why}), as observed {when}."),
                _("Wait for an observation that it is open, or choose another route."),
            )
        elif reading.status == Status.UNKNOWN:
            yield _status(
                reading,
                "unknown",
                _("Whether {name} is open is not known: {why}. Last observed: {when}."),
                _("Record a new observation that is valid when the movement leaves, or adopt one."),
            )


def _status(reading: Reading, code: str, message: str, fix: str) -> Finding:
    kind = "segment" if isinstance(reading.subject, RouteSegment) else "checkpoint"
    seen = reading.observation.occurred_at if reading.observation else None
    told = message.format(
        name=reading.subject, why=reading.basis_label, when=written(seen) if seen else _("never")
    )
    return Finding(
        code=f"{kind}_{code}",
        subject=str(reading.subject),
        message=told,
        fix=fix,
        dated=seen or timezone.now(),
        key=str(reading.subject.pk),
    )


def limits(movement: Movement) -> Iterator[Finding]:
    """Tell vehicles that are too heavy for a segment."""
    for segment in movement.segments:
        for vehicle in movement.vehicles:
            for code, weight, most in (
                ("gross", vehicle.gross_t, segment.max_gross_t),
                ("axle", vehicle.axle_t, segment.max_axle_t),
            ):
                if weight is not None and most is not None and weight > most:
                    yield Finding(
                        code=f"segment_{code}_limit",
                        subject=str(segment),
                        message=_("{vehicle} weighs {weight} t, {segment} bears {most} t.").format(
                            vehicle=vehicle.name, weight=weight, segment=segment, most=most
                        ),
                        fix=_("Take load off, use another vehicle, or choose another route."),
                        dated=segment.created_at,
                        key=str(segment.pk),
                    )


def constraints(operation: Operation, movement: Movement) -> Iterator[Finding]:
    """Tell lasting constraints on the way whose impact is high or not known."""
    place = Q(segment__in=movement.segments) | Q(site__in=movement.passages)
    day = movement.leaves.date()
    lasting = Q(ended_on=None) | Q(ended_on__gte=day)
    found = AccessConstraint.objects.filter(
        place, lasting, operation=operation, withdrawn_at=None, impact__in=("3", "X")
    )
    for one in found.select_related("segment", "site"):
        is_gap = one.impact == AccessConstraint.Impact.GAP
        yield Finding(
            code="constraint_gap" if is_gap else "constraint_high",
            subject=str(one.place),
            message=(
                _("{title}: its impact on {place} is not known.")
                if is_gap
                else _("{title}: its impact on {place} is high.")
            ).format(title=one.title, place=one.place),
            fix=_("Record that the constraint has ended, or what is known of it now."),
            dated=one.occurred_at,
            key=str(one.pk),
        )


def windows(operation: Operation, movement: Movement) -> Iterator[Finding]:
    """Tell segments that have or lately had windows, none of which holds for all the movement."""
    known = AccessWindow.objects.filter(
        operation=operation,
        segments__in=movement.segments,
        ends_at__gt=movement.leaves - RECENT,
    ).exclude(state="cancelled")
    by_key = {one.pk: one for one in known}
    by_segment: dict[int, list[AccessWindow]] = {}
    for segment_key, key in known.values_list("segments", "pk").distinct():
        by_segment.setdefault(segment_key, []).append(by_key[key])
    for segment in movement.segments:
        mine = by_segment.get(segment.pk, [])
        if mine and not any(_holds(one, movement) for one in mine):
            yield _outside(segment, mine)


def _holds(window: AccessWindow, movement: Movement) -> bool:
    is_on = window.state in (*RUNNING, "confirmed")
    return is_on and window.starts_at <= movement.leaves and movement.arrives <= window.ends_at


def _outside(segment: RouteSegment, mine: Iterable[AccessWindow]) -> Finding:
    latest = max(mine, key=lambda one: one.ends_at)
    return Finding(
        code="window_broken" if latest.state == "broken" else "window_outside",
        subject=str(segment),
        message=_(
            "The movement does not lie within the window “{window}” ({state}, until {end})."
        ).format(window=latest, state=latest.get_state_display(), end=written(latest.ends_at)),
        fix=_("Move it into the window, or record that the window was extended or resumed."),
        dated=latest.occurred_at,
        key=str(latest.pk),
    )
