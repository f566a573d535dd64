"""Papers of a movement: clearances that are due, notices in time, movement requests answered.

The part of core.access.facts that asks authorities and parties rather than the road.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.inputs import Finding, Movement, declare
from core.models import (
    Clearance,
    ClearanceRequirement,
    DeconflictionNotice,
    MovementRequest,
    Operation,
)
from core.times import written

GRANTED = (Clearance.State.GRANTED, Clearance.State.GRANTED_WITH_CONDITIONS)
GIVEN = ("submitted", "acknowledged", "amended")
UNANSWERED = ("submitted", "pending", "unknown", "postponed")

declare("clearance", hard=("clearance_missing", "clearance_denied", "clearance_expires"))
declare("cargo", hard=("item_excluded",))
declare("notice", soft=("notice_missing", "notice_late", "notice_unacknowledged"))
declare("movement_request", hard=("movement_denied",), soft=("movement_unanswered",))


def findings(operation: Operation, movement: Movement) -> Iterator[Finding]:
    """Tell what is missing, refused, late or unanswered among the papers."""
    covering = list(_covering(Clearance, operation, movement))
    for requirement in due(operation, movement):
        yield from _cleared(requirement, covering, movement)
    yield from _excluded(covering, movement)
    yield from _notified(operation, movement)
    yield from _answered(operation, movement)


def due(operation: Operation, movement: Movement) -> list[ClearanceRequirement]:
    """Return the requirements that a movement falls under."""
    day = movement.leaves.date()
    return list(
        ClearanceRequirement.objects.filter(
            Q(segment=None) | Q(segment__in=movement.segments),
            Q(sector=None) | Q(sector__in=movement.sectors),
            Q(until=None) | Q(until__gte=day),
            operation=operation,
            since__lte=day,
        ).select_related("segment")
    )


def _covering(model: Any, operation: Operation, movement: Movement) -> Iterable[Any]:
    """Return papers about one of the segments or about all, with the segments as a set."""
    mine = Q(segments=None) | Q(segments__in=movement.segments)
    found = model.objects.filter(mine, operation=operation).distinct()
    for one in found.prefetch_related("segments"):
        one.covered = {segment.pk for segment in one.segments.all()}
        yield one


def _covers(paper: Any, segment: int | None) -> bool:
    return not paper.covered or segment in paper.covered


def _cleared(
    requirement: ClearanceRequirement, covering: list[Clearance], movement: Movement
) -> Iterator[Finding]:
    """Tell, segment by segment, where no clearance of the kind is granted for long enough."""
    mine = [one for one in covering if _is_of(one, requirement)]
    wanted = {requirement.segment_id} if requirement.segment_id else _keys(movement)
    for segment in wanted:
        here = [one for one in mine if _covers(one, segment)]
        if not any(_is_valid(one, movement) for one in here):
            yield _uncleared(requirement, here, movement)
            return


def _keys(movement: Movement) -> set[int]:
    return {segment.pk for segment in movement.segments}


def _is_of(clearance: Clearance, requirement: ClearanceRequirement) -> bool:
    return (
        clearance.authority.casefold() == requirement.authority.casefold()
        and clearance.kind.casefold() == requirement.kind.casefold()
    )


def _is_valid(clearance: Clearance, movement: Movement) -> bool:
    return (
        clearance.state in GRANTED
        and clearance.valid_from <= movement.leaves
        and movement.needed_until <= clearance.valid_to
    )


def _uncleared(
    requirement: ClearanceRequirement, here: list[Clearance], movement: Movement
) -> Finding:
    """Return what is wrong with the newest paper, or that there is none."""
    newest = max(here, key=lambda one: one.recorded_at, default=None)
    code, message, fix = _why(newest)
    return Finding(
        code=code,
        subject=str(requirement),
        message=message.format(
            requirement=requirement,
            needed=written(movement.needed_until),
            since=requirement.since.isoformat(),
            start=written(newest.valid_from) if newest else "",
            end=written(newest.valid_to) if newest else "",
            when=written(newest.decided_at) if newest and newest.decided_at else "",
        ),
        fix=fix,
        dated=(newest.decided_at or newest.occurred_at) if newest else timezone.now(),
        key=str(newest.pk if newest else requirement.pk),
    )


def _why(newest: Clearance | None) -> tuple[str, str, str]:
    if newest is None:
        return (
            "clearance_missing",
            _("{requirement}: needed since {since}, and none was requested for this route."),
            _("Request it and record the decision."),
        )
    if newest.state == Clearance.State.REQUESTED:
        return (
            "clearance_missing",
            _("{requirement}: requested, not decided yet."),
            _("Record the decision when the authority has taken it."),
        )
    if newest.state in (Clearance.State.DENIED, Clearance.State.REVOKED):
        return (
            "clearance_denied",
            _("{requirement}: refused or revoked on {when}."),
            _("Request it again, or choose another route or cargo."),
        )
    return (
        "clearance_expires",
        _("{requirement}: valid from {start} until {end}; it is needed until {needed}."),
        _("Have it prolonged and record the new one, or move at another time."),
    )


def _excluded(covering: list[Clearance], movement: Movement) -> Iterator[Finding]:
    """Tell cargo that a clearance in force does not allow."""
    loaded = {one.casefold(): one for one in movement.items | movement.sectors}
    for clearance in covering:
        if not _is_valid(clearance, movement):
            continue
        for item in clearance.excluded_items:
            if item.casefold() in loaded:
                yield Finding(
                    code="item_excluded",
                    subject=loaded[item.casefold()],
                    message=_("{clearance} does not allow {item}.").format(
                        clearance=clearance, item=item
                    ),
                    fix=_("Unload it, or obtain a clearance that allows it."),
                    dated=clearance.decided_at or clearance.occurred_at,
                    key=str(clearance.pk),
                )


def _notified(operation: Operation, movement: Movement) -> Iterator[Finding]:
    """Tell a notice that is missing, late or not acknowledged."""
    notices = [
        one
        for one in _covering(DeconflictionNotice, operation, movement)
        if one.state in GIVEN and one.starts_at <= movement.leaves <= one.ends_at
    ]
    whole = [one for one in notices if all(_covers(one, key) for key in _keys(movement))]
    if not whole:
        yield _notice(
            None,
            "notice_missing",
            _("No notice of this movement was submitted."),
            _("Submit a notice with the route and time, or say why none is needed."),
        )
        return
    best = max(whole, key=lambda one: (one.state == "acknowledged", one.lead_hours or 0))
    needed = settings.NOTICE_EMERGENCY_HOURS if best.is_emergency else settings.NOTICE_HOURS
    lead = (movement.leaves - best.submitted_at).total_seconds() / 3600 if best.submitted_at else 0
    if lead < needed:
        yield _notice(
            best,
            "notice_late",
            _("Notice was given {lead} h ahead; {needed} h are needed.").format(
                lead=int(lead), needed=needed
            ),
            _("Leave later, or go on with a coordinator's reason."),
        )
    if best.state != DeconflictionNotice.State.ACKNOWLEDGED:
        yield _notice(
            best,
            "notice_unacknowledged",
            _("The notice was not acknowledged."),
            _("Record the acknowledgement with its reference. It informs and permits nothing."),
        )


def _notice(notice: DeconflictionNotice | None, code: str, message: str, fix: str) -> Finding:
    return Finding(
        code=code,
        subject=str(notice or _("Notice")),
        message=message,
        fix=fix,
        dated=(notice.submitted_at or notice.occurred_at) if notice else timezone.now(),
        key=str(notice.pk) if notice else "",
    )


def _answered(operation: Operation, movement: Movement) -> Iterator[Finding]:
    """Tell where the newest request to somebody, for this way and time, is denied or unanswered."""
    newest: dict[str, MovementRequest] = {}
    for one in _covering(MovementRequest, operation, movement):
        known = newest.get(one.addressee.casefold())
        is_newer = known is None or one.recorded_at > known.recorded_at
        if is_newer and one.starts_at <= movement.leaves <= one.ends_at:
            newest[one.addressee.casefold()] = one
    for one in newest.values():
        if one.state == MovementRequest.State.DENIED or one.state in UNANSWERED:
            is_denied = one.state == MovementRequest.State.DENIED
            yield Finding(
                code="movement_denied" if is_denied else "movement_unanswered",
                subject=str(one),
                message=_("Movement request to {addressee}: {state}.").format(
                    addressee=one.addressee, state=one.get_state_display()
                ),
                fix=_("Submit a new request for another time or way.")
                if is_denied
                else _("Record the answer, or go on with a coordinator's reason."),
                dated=one.answered_at or one.submitted_at or one.occurred_at,
                key=str(one.pk),
            )
