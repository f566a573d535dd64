"""Stock: taking in, counting, and for a line reserve, pick, release; first expired goes first."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys.ledger import facts_of, needs_reason, safely
from convoys.models import ConsignmentLine, LineBalance, LoadLine, StockLot, StockMove
from core import policy
from core.errors import Problem
from core.models import Operation, ReliefItem, Site
from core.policy import Actor
from core.quantities import amount, plain

Kind = StockMove.Kind
COUNTED = (Kind.FOUND, Kind.MISSING)
KEPT_AT = (Site.Kind.WAREHOUSE, Site.Kind.HUB, Site.Kind.TRANSSHIPMENT, Site.Kind.DISTRIBUTION)
# More than any warehouse holds, and less than a balance can.
MOST = Decimal(10**9)


def warehouses(operation: Operation) -> "models.QuerySet[Site]":
    """Return the sites in use where goods are kept."""
    return Site.objects.current().filter(operation=operation, kind__in=KEPT_AT)


@safely
def take_in(
    operation: Operation,
    *,
    actor: Actor,
    warehouse: Site,
    item: ReliefItem,
    owner: Any,
    qty: Decimal,
    lot_number: str = "",
    expires_on: date | None = None,
    is_demo: bool = False,
    client_id: UUID | None = None,
) -> StockLot:
    """Put goods into a warehouse: a new lot, or more of one that is known.

    What ``client_id`` stands for already is not taken in twice.
    """
    policy.check(actor, "cargo.plan", operation)
    known = StockMove.objects.filter(pk=client_id).first() if client_id else None
    if known:
        return known.lot
    lot, _made = StockLot.objects.get_or_create(
        warehouse=warehouse,
        item=item,
        owner=owner,
        lot_number=lot_number.strip(),
        expires_on=expires_on,
        defaults={"operation": operation, "created_by": actor.user, "is_demo": is_demo},
    )
    _add(lot, Kind.RECEIVED, qty, actor, **({"pk": client_id} if client_id else {}))
    return lot


@safely
def count(lot: StockLot, *, actor: Actor, qty: Decimal, reason: str) -> StockMove | None:
    """Set a lot to what was counted, with the reason for the difference; None where there is none.

    Raises Problem ``guard_failed`` for less than what is set aside.
    """
    policy.check(actor, "stock.move", lot)
    needs_reason(reason)
    # Two who count at the same time take turns, so that a difference is found once.
    held = StockLot.objects.select_for_update(of=("self",), no_key=True).get(pk=lot.pk)
    difference = qty - held.balance.on_hand
    if not difference:
        return None
    kind = Kind.FOUND if difference > 0 else Kind.MISSING
    return _add(lot, kind, abs(difference), actor, reason=reason.strip())


@safely
def come_back(lot: StockLot, *, actor: Actor, qty: Decimal, reason: str) -> StockMove:
    """Take back into stock what a convoy brought back."""
    policy.check(actor, "stock.move", lot)
    return _add(lot, Kind.RETURNED, qty, actor, reason=reason.strip())


def _add(lot: StockLot, kind: str, qty: Decimal, actor: Actor, **facts: Any) -> StockMove:
    if not 0 < qty < MOST:
        message = _("Give a quantity above nothing, and below {most}.").format(most=amount(MOST))
        raise Problem("invalid", errors=[{"where": "qty", "message": message}])
    return StockMove.objects.create(
        lot=lot, kind=kind, qty=qty, **facts_of(actor, lot.operation), **facts
    )


def first_expired_first(
    warehouse: Site, item: ReliefItem, qty: Decimal
) -> Iterator[tuple[StockLot, Decimal]]:
    """Yield lots with what to take of each; expired ones stay.

    Raises Problem ``guard_failed`` where there is less than ``qty``.
    """
    lots = StockLot.objects.filter(warehouse=warehouse, item=item).exclude(
        expires_on__lt=timezone.localdate()
    )
    wanted, chosen = qty, []
    for lot in lots.select_related("balance").first_expired_first():
        have = lot.balance
        free = have.on_hand - have.reserved - have.picked
        if free > 0 and wanted > 0:
            chosen.append((lot, min(free, wanted)))
            wanted -= chosen[-1][1]
    if wanted > 0:
        raise Problem(
            "guard_failed",
            reason=_("{warehouse} has {have} {unit} of {item} free, {qty} are asked for.").format(
                warehouse=warehouse,
                have=plain(qty - wanted),
                unit=item.unit,
                item=item,
                qty=plain(qty),
            ),
            fix=_("Take less, or take goods in first."),
        )
    yield from chosen


@safely
def move_for_line(line: ConsignmentLine, kind: str, qty: Decimal, *, actor: Actor) -> StockMove:
    """Reserve, pick or put back a quantity of a line's lot."""
    policy.check(actor, "consignment.plan", line.consignment)
    if line.lot is None:
        raise Problem(
            "guard_failed",
            reason=_("The line is not from stock."),
            fix=_("It can be loaded as it is."),
        )
    return StockMove.objects.create(
        lot=line.lot,
        line=line,
        kind=kind,
        qty=qty,
        **facts_of(actor, line.consignment.operation),
    )


@safely
def pick(line: ConsignmentLine, *, actor: Actor) -> StockMove:
    """Take all that is reserved of a line from the shelf."""
    reserved = LineBalance.objects.get(pk=line.pk).reserved
    return move_for_line(line, Kind.PICKED, reserved, actor=actor)


@safely
def put_back(line: ConsignmentLine, *, actor: Actor) -> None:
    """Put what was picked and is on no vehicle back on the shelf, and end the reservation."""
    has = LineBalance.objects.get(pk=line.pk)
    waiting = has.picked + has.released - (has.qty - has.free_qty)
    if waiting:
        move_for_line(line, Kind.UNPICKED, waiting, actor=actor)
    if has.reserved + waiting:
        move_for_line(line, Kind.UNRESERVED, has.reserved + waiting, actor=actor)


def release(loads: Iterable[LoadLine], *, actor: Actor) -> None:
    """Let what is loaded from stock leave the warehouse."""
    StockMove.objects.bulk_create(
        [
            StockMove(
                lot=load.line.lot,
                line=load.line,
                kind=Kind.RELEASED,
                qty=load.qty,
                **facts_of(actor, load.waybill.operation),
            )
            for load in loads
            if load.line and load.line.lot
        ]
    )
