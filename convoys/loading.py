"""Loading vehicles: waybills, what stands on them, issuing, voiding and reissuing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys import following, planning
from convoys.ledger import body_hash, lock, needs_reason, safely, share
from convoys.models import (
    ConsignmentLine,
    Entry,
    ForwardBalance,
    Leg,
    LineBalance,
    LoadLine,
    OperatedConvoy,
    Stop,
    Unload,
    Waybill,
)
from convoys.numbers import next_number
from core import policy
from core.errors import Problem
from core.policy import Actor
from core.quantities import plain
from core.transitions import advance

# States of a convoy in which its vehicles are loaded; a leg of a trans-shipment is loaded later.
LOADABLE = (*planning.BEFORE_DISPATCH, *planning.ON_THE_WAY)
NOTHING_LEFT = (Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Part:
    """A quantity to load, of a consignment line or of what a forwarded entry left."""

    source: ConsignmentLine | Entry
    qty: Decimal


@safely
def open_waybill(
    leg: Leg, *, actor: Actor, to_stop: Stop, consignee: Any, number: str = "", version: int = 1
) -> Waybill:
    """Begin a waybill for a vehicle, a leg and a consignee.

    Raises Problem ``guard_failed`` where the leg does not reach the stop or has left,
    ``wrong_state`` where the convoy has ended.
    """
    planning.editable(leg.convoy, actor, states=LOADABLE)
    now = Leg.objects.select_related("convoy__operation", "vehicle").filter(pk=leg.pk).first()
    if now is None:
        raise Problem("not_found")
    leg = now
    reached = leg.from_stop.position < to_stop.position <= leg.to_stop.position
    if to_stop.convoy_id != leg.convoy_id or not reached:
        raise Problem(
            "guard_failed",
            reason=_("The leg of {vehicle} does not lead to {stop}.").format(
                vehicle=leg.vehicle, stop=to_stop.site
            ),
            fix=_("Choose a stop between the leg's ends."),
        )
    if leg.departed_at or leg.dispatched_at:
        raise Problem(
            "guard_failed",
            reason=_("The gate has let the vehicle go, or it has left."),
            fix=_("Add another leg for what is still to be carried."),
        )
    operation = leg.convoy.operation
    made = Waybill.objects.create(
        operation=operation,
        number=number or next_number(Waybill, operation, "WB"),
        version=version,
        leg=leg,
        to_stop=to_stop,
        consignee=consignee,
    )
    following.arrived(leg.convoy)  # a leg that was given up is to come again
    return made


@safely
def load(waybill: Waybill, parts: Sequence[Part], *, actor: Actor) -> list[LoadLine]:
    """Load quantities in one statement; the server computes kg and m³ from the units.

    Raises Problem ``wrong_state`` once the waybill is issued, ``guard_failed`` where less is left
    or the vehicle has no room.
    """
    policy.check(actor, "waybill.load", waybill)
    _still_draft(waybill)
    _of_this_operation(waybill, parts)
    lines = [one.source.pk for one in parts if isinstance(one.source, ConsignmentLine)]
    entries = [one.source.pk for one in parts if isinstance(one.source, Entry)]
    lock(lines=lines, entries=entries)
    left = _left(lines, entries)
    added = []
    for part in parts:
        # What takes an entry back has nothing to be loaded.
        qty, kg, m3 = left.get(part.source.pk, NOTHING_LEFT)
        if not 0 < part.qty <= qty:
            raise _not_that_much(part, qty)
        of_it = share(part.qty, qty, kg), share(part.qty, qty, m3)
        left[part.source.pk] = (qty - part.qty, kg - of_it[0], m3 - of_it[1])
        added.append(_load_line(waybill, part, *of_it, actor))
    return LoadLine.objects.bulk_create(added)


def _left(lines: list[Any], entries: list[Any]) -> dict[Any, tuple[Decimal, Decimal, Decimal]]:
    columns = ("free_qty", "free_kg", "free_m3")
    rows = [
        *LineBalance.objects.filter(pk__in=lines).values_list("pk", *columns),
        *ForwardBalance.objects.filter(pk__in=entries).values_list("pk", *columns),
    ]
    return {key: (qty, kg, m3) for key, qty, kg, m3 in rows}


def _load_line(waybill: Waybill, part: Part, kg: Decimal, m3: Decimal, actor: Actor) -> LoadLine:
    source = part.source
    if isinstance(source, ConsignmentLine):
        origin = {"line": source, "root": source, "item_id": source.item_id}
    else:
        origin = {
            "source_entry": source,
            "root_id": source.load.root_id,
            "item_id": source.load.item_id,
            "is_return": source.load.is_return or source.kind == Entry.Kind.RETURNED,
        }
    return LoadLine(waybill=waybill, qty=part.qty, kg=kg, m3=m3, recorded_by=actor.user, **origin)


def _of_this_operation(waybill: Waybill, parts: Iterable[Part]) -> None:
    for part in parts:
        source = part.source
        holder = source.consignment if isinstance(source, ConsignmentLine) else source.posting
        if holder.operation_id != waybill.operation_id:
            raise Problem("not_found")


def _still_draft(waybill: Waybill) -> None:
    if waybill.state != Waybill.State.DRAFT:
        raise Problem(
            "wrong_state",
            object=waybill,
            state=waybill.get_state_display(),
            sources=Waybill.State.DRAFT.label,
        )


def _not_that_much(part: Part, left: Decimal) -> Problem:
    return Problem(
        "guard_failed",
        reason=_("{source}: {left} are left, {qty} are asked for.").format(
            source=part.source, left=plain(left), qty=plain(part.qty)
        ),
        fix=_("Load a quantity above nothing and no more than what is left."),
    )


@safely
def take_off(load_line: LoadLine, *, actor: Actor) -> Unload:
    """Take a load off a waybill that is not issued; what it drew on is free again."""
    policy.check(actor, "waybill.load", load_line.waybill)
    _still_draft(load_line.waybill)
    known = Unload.objects.filter(load=load_line).first()
    return known or Unload.objects.create(load=load_line, recorded_by=actor.user)


@safely
def issue(
    waybill: Waybill, *, actor: Actor, seals: str = "", loader: str = "", driver: str = ""
) -> Waybill:
    """Fix a waybill with its seals and signatures; from now on neither it nor its loads change.

    Raises Problem ``guard_failed`` for an empty one, ``wrong_state`` for another than a draft.
    """
    policy.check(actor, "waybill.load", waybill)
    held = Waybill.objects.select_for_update(of=("self",)).get(pk=waybill.pk)
    _still_draft(held)
    held.seals, held.signed_by_loader, held.signed_by_driver = seals, loader, driver
    held.save(update_fields=["seals", "signed_by_loader", "signed_by_driver"])
    return advance(
        held,
        "issue",
        actor=actor,
        issued_at=timezone.now(),
        issued_by=actor.user,
        sha256=body_hash(content(held)),
    )


def content(waybill: Waybill) -> dict[str, Any]:
    """Return what a waybill says, as it is fixed by its hash and printed."""
    leg = waybill.leg
    return {
        "number": waybill.number,
        "version": waybill.version,
        "from": str(leg.from_stop.site),
        "to": str(waybill.to_stop.site),
        "consignee": str(waybill.consignee),
        "vehicle": str(leg.vehicle_id),
        "driver": str(leg.driver_id),
        "seals": waybill.seals,
        "signatures": [waybill.signed_by_loader, waybill.signed_by_driver],
        "loads": [
            {"id": str(one.pk), "item": one.item.code, "qty": str(one.qty), "kg": str(one.kg)}
            for one in live_loads(waybill)
        ],
    }


def live_loads(waybill: Waybill) -> Any:
    """Return what stands on a waybill, without what was taken off or came without it."""
    found = waybill.loads.filter(unload=None, qty__gt=0)
    return found.select_related("item", "root", "balance").order_by("recorded_at", "pk")


def on_issued(legs: Iterable[Leg]) -> QuerySet[LoadLine]:
    """Return what leaves with legs: the loads under their issued waybills."""
    found = LoadLine.objects.filter(waybill__leg__in=legs, waybill__state="issued", unload=None)
    return found.select_related("line__lot", "waybill__operation")


@safely
def void(waybill: Waybill, *, actor: Actor, reason: str) -> Waybill:
    """Take a waybill out of use before its vehicle is let go; its loads are free again.

    Raises Problem ``guard_failed`` afterwards: what the gate has looked at leaves as it is.
    """
    needs_reason(reason)
    policy.check(actor, "waybill.load", waybill)
    convoy = OperatedConvoy.objects.select_for_update(of=("self",), no_key=True).get(
        pk=waybill.leg.convoy_id
    )
    leg = Leg.objects.get(pk=waybill.leg_id)
    if leg.dispatched_at or leg.departed_at:
        raise Problem(
            "guard_failed",
            reason=_("The gate has let the vehicle go with this waybill."),
            fix=_("Record what becomes of its loads as a receipt, a loss or a hand-over."),
        )
    voided = advance(waybill, "void", actor=actor, state_reason=reason.strip(), pdf="")
    following.arrived(convoy)
    return voided


@safely
def reissue(waybill: Waybill, *, actor: Actor, reason: str) -> Waybill:
    """Void a waybill and begin its next version with the same loads, to be changed and issued."""
    former = list(live_loads(waybill))
    void(waybill, actor=actor, reason=reason)
    next_version = open_waybill(
        waybill.leg,
        actor=actor,
        to_stop=waybill.to_stop,
        consignee=waybill.consignee,
        number=waybill.number,
        version=waybill.version + 1,
    )
    parts = [Part(one.line or one.source_entry, one.qty) for one in former]
    if parts:
        load(next_version, parts, actor=actor)
    return next_version
