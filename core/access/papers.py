"""Papers of a movement: clearances that are due, notices in time, movement requests answered.

The part of core.access.facts that asks authorities and parties rather than the road.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.inputs import Finding, Movement, declare
from core.access.known import Known
from core.models import (
    Clearance,
    ClearanceRequirement,
    DeconflictionNotice,
    MovementRequest,
)
from core.times import written

GRANTED = (Clearance.State.GRANTED, Clearance.State.GRANTED_WITH_CONDITIONS)
# What has expired since was given until then; its times tell.
GIVEN = ("submitted", "acknowledged", "amended", "expired")
UNANSWERED = ("submitted", "pending", "unknown", "postponed")

declare("clearance", hard=("clearance_missing", "clearance_denied", "clearance_expires"))
declare("cargo", hard=("item_excluded",))
declare("notice", soft=("notice_missing", "notice_late", "notice_unacknowledged"))
declare("movement_request", hard=("movement_denied",), soft=("movement_unanswered",))


def findings(movement: Movement, facts: Known) -> Iterator[Finding]:
    """Tell what is missing, refused, late or unanswered among the papers."""
    covering = [one for one in facts.clearances if facts.bears_on(one, movement.segments)]
    for requirement in due(movement, facts):
        yield from _cleared(requirement, covering, movement, facts)
    yield from _excluded(covering, movement)
    yield from _notified(movement, facts)
    yield from _answered(movement, facts)


def due(movement: Movement, facts: Known) -> list[ClearanceRequirement]:
    """Return the requirements that a movement falls under."""
    day, roads = movement.leaves.date(), _keys(movement)
    return [
        one
        for one in facts.requirements
        if (one.segment_id is None or one.segment_id in roads)
        and (one.sector_id is None or one.sector_id in movement.sectors)
        and one.since <= day
        and (one.until is None or one.until >= day)
    ]


def _cleared(
    requirement: ClearanceRequirement,
    covering: list[Clearance],
    movement: Movement,
    facts: Known,
) -> Iterator[Finding]:
    """Tell, segment by segment, where no clearance of the kind is granted for long enough."""
    mine = [one for one in covering if _is_of(one, requirement)]
    wanted = {requirement.segment_id} if requirement.segment_id else _keys(movement)
    for segment in wanted:
        here = [one for one in mine if facts.covers(one, segment)]
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
    """Return whether it was granted for the time of the movement, and is not taken back.

    One that has expired since was valid until then; its times tell.
    """
    return (
        clearance.state in (*GRANTED, Clearance.State.EXPIRED)
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


def _notified(movement: Movement, facts: Known) -> Iterator[Finding]:
    """Tell a notice that is missing, late or not acknowledged."""
    whole = [
        one
        for one in facts.notices
        if one.state in GIVEN
        and facts.bears_on(one, movement.segments)
        and one.starts_at <= movement.leaves <= one.ends_at
        and all(facts.covers(one, key) for key in _keys(movement))
    ]
    if not whole:
        yield _notice(
            None,
            "notice_missing",
            _("No notice of this movement was submitted."),
            _("Submit a notice with the route and time, or say why none is needed."),
        )
        return
    best = max(whole, key=lambda one: (_is_acknowledged(one), one.lead_hours or 0))
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
    if not _is_acknowledged(best):
        yield _notice(
            best,
            "notice_unacknowledged",
            _("The notice was not acknowledged."),
            _("Record the acknowledgement with its reference. It informs and permits nothing."),
        )


def _is_acknowledged(notice: DeconflictionNotice) -> bool:
    """Return whether it is, or was until its time was over."""
    is_over = notice.state == DeconflictionNotice.State.EXPIRED
    is_answered = is_over and notice.answered_at is not None
    return notice.state == DeconflictionNotice.State.ACKNOWLEDGED or is_answered


def _notice(notice: DeconflictionNotice | None, code: str, message: str, fix: str) -> Finding:
    return Finding(
        code=code,
        subject=str(notice or _("Notice")),
        message=message,
        fix=fix,
        dated=(notice.submitted_at or notice.occurred_at) if notice else timezone.now(),
        key=str(notice.pk) if notice else "",
    )


def _answered(movement: Movement, facts: Known) -> Iterator[Finding]:
    """Tell where the newest request to somebody, for this way and time, is denied or unanswered."""
    newest: dict[str, MovementRequest] = {}
    for one in facts.requests:
        if not facts.bears_on(one, movement.segments):
            continue
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
