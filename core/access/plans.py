"""Windows, clearances, notices and movement requests: making them and moving them along.

Access officers and coordinators do; the steps themselves are tables in core.models.access_states,
with their conditions in core.access.transitions.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import geo, policy
from core.access import codes, reports
from core.errors import Problem
from core.models import (
    AccessWindow,
    Clearance,
    ClearanceRequirement,
    ClearanceStep,
    DeconflictionNotice,
    MovementRequest,
    Operation,
    RouteSegment,
)
from core.policy import Actor
from core.transitions import advance

MANAGE = "access.manage"
GRANTS = ("grant", "grant_with_conditions")
VALID = ("valid_from", "valid_to")
WITH_TIMES = ("facilitate", "postpone")
ANSWERS = ("facilitate", "deny", "postpone", "acknowledge")


def announce(
    operation: Operation,
    *,
    actor: Actor,
    segments: Iterable[RouteSegment] = (),
    points: Sequence[Any] = (),
    **facts: Any,
) -> AccessWindow:
    """Record a window that was announced; ``points`` are the corners of the area where it holds."""
    many = {"segments": segments}
    if points:
        facts["geometry"] = geo.area(points, where="points")
    return reports.keep(AccessWindow, operation, actor=actor, verb=MANAGE, many=many, **facts)


def not_over(window: AccessWindow) -> None:
    """Raise Problem ``guard_failed`` where a window is over, and so is no longer corrected."""
    if window.is_over:
        raise Problem(
            "guard_failed",
            reason=_("The window is over: it stays as it was recorded."),
            fix=_("Record a new window if there is another."),
        )


@transaction.atomic
def correct(
    window: AccessWindow,
    *,
    actor: Actor,
    segments: Iterable[RouteSegment] | None = None,
    points: Sequence[Any] | None = None,
    **facts: Any,
) -> AccessWindow:
    """Put right what a window is called, who agreed on what, and where it holds.

    What is not given stays. State and times move by its steps alone. Roads out of use stay with
    it, so that it never comes to hold everywhere because its road was redrawn. Raises Problem
    ``guard_failed`` where it is over, ``invalid``, ``forbidden`` or ``not_found``.
    """
    policy.check(actor, "window.manage", window)
    row = AccessWindow.objects.select_for_update(of=("self",)).get(pk=window.pk)
    not_over(row)
    before = list(row.segments.all())
    after = before if segments is None else _with_retired(row, before, segments)
    if points is not None and points != [geo.degrees(one) for one in geo.corners(row.geometry)]:
        row.geometry = geo.area(points, where="points") if points else None
    for name, value in facts.items():
        setattr(row, name, value)
    row.corrected_at = timezone.now()
    reports.check_row(row)
    names = [sorted(map(str, roads)) for roads in (before, after)]
    with pghistory.context(related={"segments": names}):
        row.save(update_fields=["geometry", "corrected_at", *facts])
    row.segments.set(after)
    return row


def _with_retired(
    window: AccessWindow, before: list[RouteSegment], given: Iterable[RouteSegment]
) -> list[RouteSegment]:
    chosen = list(given)
    if any(one.operation_id != window.operation_id for one in chosen):
        raise Problem("not_found")
    return chosen + [one for one in before if one.retired_at and one not in chosen]


@transaction.atomic
def request(
    operation: Operation,
    *,
    actor: Actor,
    segments: Iterable[RouteSegment] = (),
    offices: Iterable[str] = (),
    **facts: Any,
) -> Clearance:
    """Record that a clearance was requested; ``offices`` are the steps to it, in order."""
    many = {"segments": segments}
    if "excluded_items" in facts:
        given = facts["excluded_items"]
        facts["excluded_items"] = codes.known(operation, given, where="excluded_items")
    made = reports.keep(Clearance, operation, actor=actor, verb=MANAGE, many=many, **facts)
    names = [office.strip() for office in offices if office.strip()]
    for number, office in enumerate(names, start=1):
        ClearanceStep.objects.get_or_create(
            clearance=made, number=number, defaults={"office": office[:200]}
        )
    return made


def notify(
    operation: Operation, *, actor: Actor, segments: Iterable[RouteSegment] = (), **facts: Any
) -> DeconflictionNotice:
    """Draft a notice."""
    many = {"segments": segments}
    return reports.keep(
        DeconflictionNotice, operation, actor=actor, verb=MANAGE, many=many, **facts
    )


def ask(
    operation: Operation, *, actor: Actor, segments: Iterable[RouteSegment] = (), **facts: Any
) -> MovementRequest:
    """Draft a movement request."""
    many = {"segments": segments}
    return reports.keep(MovementRequest, operation, actor=actor, verb=MANAGE, many=many, **facts)


@transaction.atomic
def change(
    paper: Any, *, actor: Actor, segments: Iterable[RouteSegment], reason: str = "", **facts: Any
) -> Any:
    """Change what a draft says; or amend a notice that was acknowledged, with the reason.

    Parties know what was amended from now on only, so that the notice's lead begins anew.
    Raises Problem ``guard_failed`` where the paper has been sent, ``invalid`` or ``forbidden``.
    """
    verb = "notice.manage" if isinstance(paper, DeconflictionNotice) else "movement.manage"
    policy.check(actor, verb, paper)
    row = type(paper).objects.select_for_update(of=("self",)).get(pk=paper.pk)
    may_change(row)
    chosen = list(segments)
    if any(one.operation_id != row.operation_id for one in chosen):
        raise Problem("not_found")
    for name, value in facts.items():
        setattr(row, name, value)
    reports.check_row(row)
    row.save(update_fields=[*facts])
    row.segments.set(chosen)
    if row.state == "draft":
        return row
    why, now = reason.strip()[:300], timezone.now()
    return advance(row, "amend", actor=actor, submitted_at=now, state_reason=why)


def may_change(paper: Any) -> None:
    """Raise Problem ``guard_failed`` where what a paper says has been sent and cannot change."""
    is_amendable = isinstance(paper, DeconflictionNotice) and paper.state == "acknowledged"
    if paper.state != "draft" and not is_amendable:
        raise Problem(
            "guard_failed",
            reason=_("It was sent as it is: {state}.").format(state=paper.get_state_display()),
            fix=_("Amend a notice once it is acknowledged, or draft a new one."),
        )


def require(operation: Operation, *, actor: Actor, **facts: Any) -> ClearanceRequirement:
    """Record that an authority wants a clearance; raise Problem ``invalid``."""
    policy.check(actor, MANAGE, operation)
    row = ClearanceRequirement(operation=operation, created_by=actor.user, **facts)
    reports.check_row(row)
    row.save()
    return row


def no_longer(requirement: ClearanceRequirement, *, actor: Actor, on: date) -> ClearanceRequirement:
    """Record until when a clearance was required."""
    policy.check(actor, "requirement.manage", requirement)
    requirement.until = on
    reports.check_row(requirement)
    requirement.save(update_fields=["until"])
    return requirement


@transaction.atomic
def step_done(step: ClearanceStep, *, actor: Actor, on: date, note: str = "") -> ClearanceStep:
    """Record that an office on the way to a clearance has done its part."""
    policy.check(actor, "clearance.manage", step.clearance)
    # Held: it may be decided since the page was opened, or at this moment.
    now = Clearance.objects.select_for_update(of=("self",), no_key=True).get(pk=step.clearance_id)
    if now.state != Clearance.State.REQUESTED:
        raise Problem(
            "guard_failed",
            reason=_("The clearance is decided already."),
            fix=_("Request a new one if it has to be prolonged."),
        )
    if on > timezone.localdate():
        message = _("This day has not come yet.")
        raise Problem("invalid", errors=[{"where": "on", "message": message}])
    step.done_on, step.note = on, note.strip()
    step.save(update_fields=["done_on", "note"])
    return step


def add_step(clearance: Clearance, *, actor: Actor, office: str) -> ClearanceStep:
    """Add an office that turned out to be on the way, after those that are known."""
    policy.check(actor, "clearance.manage", clearance)
    with transaction.atomic():
        locked = Clearance.objects.select_for_update(of=("self",)).get(pk=clearance.pk)
        _not_decided(locked)
        last = locked.steps.aggregate(last=Max("number"))["last"] or 0
        step = ClearanceStep(clearance=locked, number=last + 1, office=office.strip())
        reports.check_row(step)
        step.save()
    return step


def _not_decided(clearance: Clearance) -> None:
    if clearance.state != Clearance.State.REQUESTED:
        raise Problem(
            "guard_failed",
            reason=_("The clearance is decided already."),
            fix=_("Request a new one if it has to be prolonged."),
        )


def decide(
    clearance: Clearance,
    step: str,
    *,
    actor: Actor,
    reason: str = "",
    conditions: str = "",
    excluded_items: Sequence[str] = (),
    **granted: Any,
) -> Clearance:
    """Record what the authority decided: grant, grant_with_conditions, deny or revoke.

    ``granted`` is what it gave where that is not what was asked: valid_from, valid_to, reference.
    What it does not allow is added to what is known not to be allowed.
    """
    changes: dict[str, Any] = {
        "state_reason": reason.strip()[:300],
        "decided_by": actor.user,
        "decided_at": timezone.now(),
    }
    if conditions.strip():
        changes["conditions"] = conditions.strip()
    if step in GRANTS:
        changes |= {name: value for name, value in granted.items() if value}
        start, end = (changes.get(name) or getattr(clearance, name) for name in VALID)
        _in_order(start, end, where="valid_to")
        more = codes.known(clearance.operation, excluded_items, where="excluded_items")
        changes["excluded_items"] = list(dict.fromkeys([*clearance.excluded_items, *more]))
    facts = {"decider": actor.user.pk if actor.user else None, "conditions": conditions}
    return advance(clearance, step, actor=actor, facts=facts, **changes)


def _in_order(start: datetime, end: datetime, *, where: str) -> None:
    if end <= start:
        message = _("The end cannot be before the start.")
        raise Problem("invalid", errors=[{"where": where, "message": message}])


def move_window(
    window: AccessWindow,
    step: str,
    *,
    actor: Actor,
    reason: str = "",
    ends_at: datetime | None = None,
) -> AccessWindow:
    """Take a window a step further; extending and resuming can give a new end.

    One that is ended by hand before its time ends now, so that nothing later lay within it.
    """
    changes: dict[str, Any] = {"state_reason": reason.strip()[:300]}
    if ends_at and step in ("extend", "resume"):
        changes["ends_at"] = ends_at
    if step == "end" and window.starts_at < timezone.now() < window.ends_at:
        changes["ends_at"] = timezone.now()
    return advance(window, step, actor=actor, facts={"ends_at": ends_at}, **changes)


def move_journey(
    journey: Any,
    step: str,
    *,
    actor: Actor,
    reason: str = "",
    reference: str = "",
    agreed_from: datetime | None = None,
    agreed_until: datetime | None = None,
) -> Any:
    """Take a notice or a movement request a step further; answers carry their reference.

    An answer can agree on other times than were asked for.
    """
    changes: dict[str, Any] = {"state_reason": reason.strip()[:300]}
    if step == "submit":
        changes["submitted_at"] = timezone.now()
    if step in ANSWERS:
        changes["answered_at"] = timezone.now()
        if reference.strip():
            changes["reference"] = reference.strip()[:100]
    if step in WITH_TIMES:
        changes["starts_at"] = agreed_from or journey.starts_at
        changes["ends_at"] = agreed_until or journey.ends_at
        _in_order(changes["starts_at"], changes["ends_at"], where="agreed_until")
    return advance(journey, step, actor=actor, **changes)
