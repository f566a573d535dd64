"""On the road: what is reported of a convoy, and the moves that follow from it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Max
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys import following, planning
from convoys.ledger import Wanted, body_hash, facts_of, needs_reason, post, replayed, safely
from convoys.models import (
    Entry,
    Leg,
    LoadLine,
    OperatedConvoy,
    Posting,
    Stop,
    TransitEvent,
    Waybill,
)
from convoys.models.operated import ON_THE_ROAD
from core import policy
from core.errors import Problem
from core.policy import SYSTEM, Actor
from core.transitions import advance

Kind = TransitEvent.Kind


@safely
def report(
    convoy: OperatedConvoy,
    *,
    actor: Actor,
    kind: str,
    occurred_at: datetime | None = None,
    leg: Leg | None = None,
    stop: Stop | None = None,
    client_id: UUID | None = None,
    **told: Any,
) -> TransitEvent:
    """Record what happened on the road and move what follows from it.

    Times out of order are kept as they are. ``told`` may have ``point``, ``note``, ``custody`` and
    ``seals_seen``. The same ``client_id`` and content again changes nothing.
    """
    policy.check(actor, "run.move", convoy)
    digest = body_hash([convoy.pk, kind, leg and leg.pk, stop and stop.pk, occurred_at, told])
    if known := replayed(TransitEvent, client_id, digest):
        return known
    event = TransitEvent.objects.create(
        pk=client_id or uuid4(),
        convoy=convoy,
        kind=kind,
        leg=leg,
        stop=stop,
        body_sha256=digest,
        **facts_of(actor, convoy.operation, occurred_at=occurred_at),
        **told,
    )
    _follow(event, actor)
    return event


def _follow(event: TransitEvent, actor: Actor) -> None:
    # Held: what follows depends on the state that the convoy has now.
    held = OperatedConvoy.objects.select_for_update(of=("self",), no_key=True)
    convoy = held.get(pk=event.convoy_id)
    if event.kind == Kind.DEPARTED:
        _departed(convoy, event, actor)
    elif event.kind == Kind.ARRIVED:
        _arrived(convoy, event)
    elif event.kind == Kind.HELD and convoy.state == OperatedConvoy.State.IN_TRANSIT:
        advance(convoy, "hold", actor=actor, state_reason=event.note[:300])
    elif event.kind == Kind.RESUMED and convoy.state == OperatedConvoy.State.HELD:
        advance(convoy, "resume", actor=actor, state_reason="")


def _departed(convoy: OperatedConvoy, event: TransitEvent, actor: Actor) -> None:
    """Let the dispatched legs depart together, or a later leg on its own.

    Raises Problem ``guard_failed`` where nothing could depart: a report that nothing follows from
    would read as if it had.
    """
    legs = convoy.legs.filter(departed_at=None, dispatched_at__isnull=False)
    if convoy.state == OperatedConvoy.State.DISPATCHED:
        _leave(legs, event.occurred_at)
        advance(convoy, "depart", actor=actor, departed_at=event.occurred_at, state_reason="")
        return
    has_left = convoy.legs.filter(transit_events=event, departed_at__isnull=False).exists()
    going = legs.filter(pk=event.leg_id) if event.leg_id else legs
    if convoy.state in (*following.ON_THE_ROAD, "diverted") and going.exists():
        _leave(going, event.occurred_at)
    elif not has_left:
        what = event.leg.vehicle if event.leg else _("any vehicle that waits")
        raise Problem(
            "guard_failed",
            reason=_("The dispatch gate has not let {vehicle} go.").format(vehicle=what),
            fix=_("A coordinator lets it go on the tab “Plan”; then record the departure."),
        )


def _leave(legs: Any, at: datetime) -> None:
    for waybill in Waybill.objects.filter(leg__in=legs, state="issued"):
        advance(waybill, "depart", actor=SYSTEM)
    # Until it arrives, whenever that is: nobody else has the vehicle and its driver.
    legs.update(departed_at=at, period=(at, None))


def _arrived(convoy: OperatedConvoy, event: TransitEvent) -> None:
    if convoy.state in (*planning.BEFORE_DISPATCH, OperatedConvoy.State.DISPATCHED):
        raise Problem(
            "guard_failed",
            reason=_("Nothing of the convoy is on the road, as far as is recorded."),
            fix=_("Record the departure first, then the arrival; both with their own times."),
        )
    legs = convoy.legs.all()
    if event.leg_id:
        legs = legs.filter(pk=event.leg_id)
    elif event.stop_id:
        legs = legs.filter(to_stop=event.stop_id)
    legs.arrive(event.occurred_at)
    following.arrived(convoy)


@safely
def divert(convoy: OperatedConvoy, *, actor: Actor, site: Any, reason: str) -> OperatedConvoy:
    """Send what is on the road to another site; it goes on there once that is confirmed."""
    needs_reason(reason)
    if site.operation_id != convoy.operation_id:
        raise Problem("not_found")
    diverted = advance(convoy, "divert", actor=actor, state_reason=reason.strip())
    last = convoy.stops.order_by("position").last()
    stop = Stop.objects.create(
        convoy=convoy, position=(last.position if last else 0) + 1, site=site
    )
    convoy.legs.filter(ON_THE_ROAD).update(to_stop=stop)
    return diverted


def go_on(convoy: OperatedConvoy, *, actor: Actor) -> OperatedConvoy:
    """Go on after a halt or towards the new stop."""
    return advance(convoy, "resume", actor=actor, state_reason="")


def abort(convoy: OperatedConvoy, *, actor: Actor, reason: str) -> OperatedConvoy:
    """Give the journey up; what is on board comes back."""
    needs_reason(reason)
    return advance(convoy, "abort", actor=actor, state_reason=reason.strip())


def turn_back(convoy: OperatedConvoy, *, actor: Actor) -> OperatedConvoy:
    """Begin the way back."""
    return advance(convoy, "turn_back", actor=actor)


@safely
def come_back(convoy: OperatedConvoy, *, actor: Actor, reason: str) -> OperatedConvoy:
    """End the way back: all that is outstanding has returned. Record losses before."""
    needs_reason(reason)
    back = advance(convoy, "come_back", actor=actor, state_reason=reason.strip())
    _dispose_of_all(convoy, Entry.Kind.RETURNED, actor, reason)
    convoy.legs.arrive(timezone.now())
    return back


@safely
def lose(
    convoy: OperatedConvoy, *, actor: Actor, kind: str, reason: str, evidence: str = ""
) -> OperatedConvoy:
    """Give a convoy up for lost, by the kind of loss; nothing of it has arrived.

    Raises Problem ``guard_failed`` where something has arrived: then each waybill's loss counts.
    """
    needs_reason(reason)
    facts = {"arrived": has_arrived(convoy)}
    lost = advance(convoy, "lose", actor=actor, facts=facts, state_reason=reason.strip())
    _dispose_of_all(convoy, kind, actor, reason, evidence)
    convoy.legs.give_up(timezone.now())
    return lost


def has_arrived(convoy: OperatedConvoy) -> bool:
    """Return whether a vehicle has arrived, or something was received."""
    received = Entry.objects.filter(
        load__waybill__leg__convoy=convoy, kind__in=Entry.RECEIVED, sign=1, reversed_by=None
    )
    return convoy.legs.filter(arrived_at__isnull=False).exists() or received.exists()


def _dispose_of_all(
    convoy: OperatedConvoy, kind: str, actor: Actor, reason: str, evidence: str = ""
) -> None:
    _void_what_never_left(convoy, reason)
    loads = on_board(convoy)
    if not loads:
        return
    post(
        convoy,
        actor=actor,
        kind=Posting.Kind.LOSS if kind in Entry.LOSSES else Posting.Kind.HANDOVER,
        wanted=[Wanted(one, kind, one.balance.outstanding_qty) for one in loads],
        reason=reason,
        evidence=evidence,
    )
    for waybill in {one.waybill_id: one.waybill for one in loads}.values():
        following.received(waybill)


def _void_what_never_left(convoy: OperatedConvoy, reason: str) -> None:
    """Free what is loaded for later legs, to which the convoy will not come."""
    for waybill in Waybill.objects.filter(leg__convoy=convoy, state__in=("draft", "issued")):
        advance(waybill, "void", actor=SYSTEM, state_reason=reason.strip(), pdf="")


def on_board(convoy: OperatedConvoy) -> Sequence[LoadLine]:
    """Return the loads of which something is outstanding."""
    found = LoadLine.objects.filter(
        waybill__leg__convoy=convoy, balance__outstanding_qty__gt=0, unload=None
    )
    return list(found.select_related("item", "balance", "waybill").order_by("pk"))


def out_of_order(convoy: OperatedConvoy) -> set[UUID]:
    """Return the events that say they happened before what was recorded earlier."""
    latest, odd = None, set()
    for event in convoy.transit_events.order_by("recorded_at", "pk"):
        if latest and event.occurred_at < latest:
            odd.add(event.pk)
        latest = max(latest or event.occurred_at, event.occurred_at)
    return odd


def overdue_check(convoy: OperatedConvoy) -> datetime | None:
    """Return since when a communication check is overdue, or None; who is held is not late.

    Nor is who waits at a hub, with no vehicle on the road.
    """
    is_moving = convoy.state in ("in_transit", "part_arrived")
    if not is_moving or not convoy.legs.filter(ON_THE_ROAD).exists():
        return None
    # A clock may run ahead; nobody has heard of what is yet to come.
    heard_at = Least("occurred_at", "recorded_at")
    heard = convoy.transit_events.aggregate(at=Max(heard_at))["at"] or convoy.departed_at
    due = heard and heard + timedelta(minutes=convoy.check_minutes)
    return due if due and due < timezone.now() else None


def halt(convoy: OperatedConvoy) -> TransitEvent | None:
    """Return the event that told of the halt, while the convoy is held."""
    if convoy.state != OperatedConvoy.State.HELD:
        return None
    held = convoy.transit_events.filter(kind=Kind.HELD).select_related("stop__site")
    return held.order_by("occurred_at", "recorded_at").last()
