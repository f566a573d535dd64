"""Movement states that follow from facts: of waybills from the ledger, of convoys from both.

Each function looks at what is recorded now and moves along, as the system, as far as the tables
allow; called again it changes nothing.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from convoys.models import (
    Entry,
    Leg,
    LineBalance,
    LoadBalance,
    OperatedConvoy,
    ServiceRequest,
    Waybill,
)
from core.policy import SYSTEM
from core.transitions import advance

ON_THE_ROAD = ("in_transit", "held", "part_arrived")
AT_THE_END = ("arrived", "receiving", "received")
THERE = (OperatedConvoy.State.ARRIVED, OperatedConvoy.State.RECONSTRUCTED)
MOVING = (Waybill.State.IN_TRANSIT, Waybill.State.PART_RECEIVED)


def received(waybill: Waybill) -> None:
    """Follow what became of a waybill's loads, and then its convoy and its requests."""
    now = Waybill.objects.select_related("leg__convoy").get(pk=waybill.pk)
    if now.state == Waybill.State.LOST and _has_arrived(now):
        now = advance(now, "reopen", actor=SYSTEM)
    if now.state in MOVING:
        _follow_waybill(now)
    _note_arrival(now)
    arrived(now.leg.convoy)
    requests(ServiceRequest.objects.filter(consignments__lines__all_loads__waybill=now))


def _has_arrived(waybill: Waybill) -> bool:
    """Return whether something was received after all, for example by a receipt that came late."""
    found = Entry.objects.filter(load__waybill=waybill, kind__in=Entry.RECEIVED, reversed_by=None)
    return found.filter(sign=1).exists()


def _follow_waybill(waybill: Waybill) -> None:
    loads = LoadBalance.objects.filter(load__waybill=waybill, load__unload=None)
    kinds = set(
        Entry.objects.filter(load__waybill=waybill, sign=1, reversed_by=None)
        .order_by()
        .values_list("kind", flat=True)
        .distinct()
    )
    is_over = waybill.finalised_at or not loads.filter(outstanding_qty__gt=0).exists()
    if is_over:
        advance(waybill, _ending(kinds), actor=SYSTEM)
    elif kinds and waybill.state == Waybill.State.IN_TRANSIT:
        advance(waybill, "receive_in_part", actor=SYSTEM)


def _ending(kinds: set[str]) -> str:
    """Return the last move of a waybill by what became of its loads."""
    if kinds & {*Entry.RECEIVED, Entry.Kind.FORWARDED}:
        return "receive"
    if Entry.Kind.REDIRECTED in kinds:
        return "redirect"
    return "give_back" if Entry.Kind.RETURNED in kinds else "lose"


def _note_arrival(waybill: Waybill) -> None:
    """Take a receipt at the end of a leg for its arrival, where nobody has told of that."""
    here = waybill.receipts.order_by("occurred_at").first()
    if here and waybill.to_stop_id == waybill.leg.to_stop_id:
        # A device's clock may run ahead; nothing arrives later than it is told.
        told = min(here.occurred_at, here.recorded_at)
        Leg.objects.filter(pk=waybill.leg_id).arrive(told)


def arrived(convoy: OperatedConvoy) -> None:
    """Follow the legs: the convoy has arrived, or a part of it, or goes on again."""
    now = OperatedConvoy.objects.get(pk=convoy.pk)
    to_come = _to_come(now).exists()
    if now.state in AT_THE_END and to_come:
        # On the road again: neither is it there, nor is where it goes known to partners.
        advance(now, "carry_on", actor=SYSTEM, arrived_at=None, released_at=None)
    elif now.state in ON_THE_ROAD:
        _move_along(now, to_come=to_come)
    _receiving(OperatedConvoy.objects.get(pk=convoy.pk))


def _move_along(convoy: OperatedConvoy, *, to_come: bool) -> None:
    there = Leg.objects.filter(convoy=convoy, arrived_at__isnull=False)
    last = there.order_by("-arrived_at").values_list("arrived_at", flat=True).first()
    if last and not to_come:
        advance(convoy, "arrive", actor=SYSTEM, arrived_at=last)
    elif last and convoy.state != OperatedConvoy.State.PART_ARRIVED:
        advance(convoy, "part_arrive", actor=SYSTEM)


def _to_come(convoy: OperatedConvoy) -> QuerySet[Leg]:
    """Return the legs that are still to arrive.

    Of those that have not arrived some never will: where all papers of one that has not left are
    void, and where something became of all that was on board, for example on a lost lorry.
    """
    papers = Waybill.objects.filter(leg=OuterRef("pk"))
    valid = papers.exclude(state="void")
    given_up = Q(Exists(papers), ~Exists(valid), departed_at=None)
    unfinished = valid.filter(state__in=("draft", "issued", *MOVING))
    empty = Q(Exists(valid), ~Exists(unfinished), departed_at__isnull=False)
    return Leg.objects.filter(convoy=convoy, arrived_at=None).exclude(given_up).exclude(empty)


def _receiving(convoy: OperatedConvoy) -> None:
    waybills = Waybill.objects.filter(leg__convoy=convoy).exclude(state="void")
    if convoy.state in THERE and waybills.exclude(state="in_transit"):
        convoy = advance(convoy, "start_receiving", actor=SYSTEM)
    unfinished = waybills.filter(state__in=("draft", "issued", *MOVING))
    if convoy.state == OperatedConvoy.State.RECEIVING and not unfinished.exists():
        advance(convoy, "finish_receiving", actor=SYSTEM)


def requests(behind: QuerySet[ServiceRequest]) -> None:
    """Follow the requests behind what was received or taken out: fulfilled in part, or whole."""
    for request in behind.filter(state__in=("accepted", "part_fulfilled")).distinct():
        loads = LoadBalance.objects.filter(load__root__consignment__request=request)
        good = loads.filter(good_qty__gt=0, load__is_return=False).exists()
        unloaded = LineBalance.objects.filter(line__consignment__request=request, free_qty__gt=0)
        waiting = loads.filter(outstanding_qty__gt=0).exists() or unloaded.exists()
        if good and not waiting:
            advance(request, "fulfil", actor=SYSTEM)
        elif good and request.state == ServiceRequest.State.ACCEPTED:
            advance(request, "fulfil_in_part", actor=SYSTEM)


def reopened(waybill: Waybill) -> None:
    """Follow a reversal: a finished waybill of which something is outstanding again is open."""
    now = Waybill.objects.get(pk=waybill.pk)
    outstanding = LoadBalance.objects.filter(load__waybill=now, outstanding_qty__gt=0)
    if now.state not in (*MOVING, "draft", "issued", "void") and outstanding.exists():
        now = advance(now, "reopen", actor=SYSTEM)
        Waybill.objects.filter(pk=now.pk).update(finalised_at=None, finalised_by=None)
