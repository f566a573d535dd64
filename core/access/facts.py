"""What stands against a movement: the inputs of the dispatch gate that are facts of access.

The contract for whoever plans a movement (a convoy, an assessment team):

    found = facts.findings(operation, movement)

``movement`` (core.access.inputs.Movement) names the segments and passages of the route, when it
leaves and arrives, and what it carries. Each finding names one input (``input``, ``subject``,
``key``), the date it rests on (``dated``), what it says (``message``) and what would change it
(``fix``). ``is_hard`` findings cannot be overridden; the others can, by a coordinator with a
reason. No finding means that nothing known stands against it, not that it is safe. Where several
movements are judged, ``known.read`` is asked once for all of them, and ``against`` for each.

A notice informs and never permits: it can only be missing, late or unacknowledged. What is unknown,
expired or an information gap (X) blocks until somebody overrides it.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import known, papers
from core.access.inputs import Finding, Movement, declare
from core.access.known import Known
from core.access.status import Reading, Subject
from core.models import AccessConstraint, AccessWindow, Operation, RouteSegment
from core.models.access_states import RUNNING
from core.models.statuses import Status
from core.times import written

# A road that was open by windows only still is, for a while after the last one has ended.
RECENT = timedelta(days=30)
WEIGHTY = (AccessConstraint.Impact.HIGH, AccessConstraint.Impact.GAP)

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
    return against(movement, known.read(operation, movement.segments, movement.passages))


def against(movement: Movement, facts: Known) -> list[Finding]:
    """Return what stands against a movement by facts that were read, hard ones first."""
    found = [
        *statuses(movement, facts),
        *limits(movement),
        *constraints(movement, facts),
        *windows(movement, facts),
        *papers.findings(movement, facts),
    ]
    return sorted(found, key=lambda one: not one.is_hard)


def statuses(movement: Movement, facts: Known) -> Iterator[Finding]:
    """Tell closed and unknown roads and passages, as they read when the movement leaves."""
    subjects: list[Subject] = [*movement.segments, *movement.passages]
    for subject in subjects:
        reading = _reading(subject, movement, facts)
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


def _reading(subject: Subject, movement: Movement, facts: Known) -> Reading:
    if movement.is_past:
        return facts.statuses.read_back(subject, movement.leaves)
    return facts.statuses.read(subject, at=max(timezone.now(), movement.leaves))


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


def constraints(movement: Movement, facts: Known) -> Iterator[Finding]:
    """Tell constraints that last on the way and whose impact is high or not known."""
    places = {("segment", one.pk) for one in movement.segments}
    places |= {("site", one.pk) for one in movement.passages}
    for one in facts.constraints:
        is_here = {("segment", one.segment_id), ("site", one.site_id)} & places
        if not is_here or not _lasts(one, movement) or one.impact not in WEIGHTY:
            continue
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


def _lasts(constraint: AccessConstraint, movement: Movement) -> bool:
    first, last = movement.leaves.date(), movement.arrives.date()
    is_over = constraint.ended_on is not None and constraint.ended_on < first
    return constraint.started_on <= last and not is_over


def windows(movement: Movement, facts: Known) -> Iterator[Finding]:
    """Tell segments that have or lately had windows, none of which holds for all the movement."""
    lately = [one for one in facts.windows if _is_of_that_time(one, movement)]
    for segment in movement.segments:
        mine = [one for one in lately if segment.pk in facts.covered[one.pk]]
        if mine and not any(_holds(one, movement) for one in mine):
            yield _outside(segment, mine)


def _is_of_that_time(window: AccessWindow, movement: Movement) -> bool:
    is_later = movement.is_past and window.starts_at > movement.arrives + RECENT
    is_earlier = window.ends_at <= movement.leaves - RECENT
    return window.state != AccessWindow.State.CANCELLED and not (is_earlier or is_later)


def _holds(window: AccessWindow, movement: Movement) -> bool:
    # Of a movement that is past, the window may be over as well, and held all the same.
    is_on = window.state in (*RUNNING, "confirmed") or (
        movement.is_past and window.state == "ended"
    )
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
