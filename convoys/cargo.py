"""From a request to lines that can be loaded: service requests, consignments, their lines."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from convoys import following, stock
from convoys.ledger import lock, needs_reason, safely
from convoys.models import (
    Consignment,
    ConsignmentLine,
    LineBalance,
    LineWithdrawal,
    ServiceRequest,
)
from convoys.numbers import next_number
from core import policy
from core.errors import Problem
from core.models import Operation, ReliefItem, Site
from core.policy import Actor
from core.relief_items import save_checked
from core.transitions import advance

CURRENCY = re.compile(r"[A-Z]{3}")
WITH_A_REASON = ("hold", "reject", "cancel")


@safely
def ask(operation: Operation, *, actor: Actor, number: str = "", **facts: Any) -> ServiceRequest:
    """Write down what an organisation asks to have carried; raise Problem ``invalid``."""
    policy.check(actor, "cargo.plan", operation)
    _leads_elsewhere(facts["origin"], facts["destination"])
    needed, ready = facts.get("needed_by"), facts["ready_date"]
    if needed and needed < ready:
        message = _("It is needed before it is ready for collection.")
        raise Problem("invalid", errors=[{"where": "needed_by", "message": message}])
    return ServiceRequest.objects.create(
        operation=operation,
        number=number or next_number(ServiceRequest, operation, "SR"),
        created_by=actor.user,
        **facts,
    )


def _leads_elsewhere(origin: Site, destination: Site) -> None:
    if origin.pk == destination.pk:
        message = _("Origin and destination are the same place.")
        raise Problem("invalid", errors=[{"where": "destination", "message": message}])


def move(request: ServiceRequest, name: str, *, actor: Actor, reason: str = "") -> ServiceRequest:
    """Take a request one step further; holding, rejecting and cancelling need a reason."""
    if name in WITH_A_REASON:
        needs_reason(reason)
    return advance(request, name, actor=actor, state_reason=reason.strip())


@safely
def consign(
    operation: Operation,
    *,
    actor: Actor,
    number: str = "",
    request: ServiceRequest | None = None,
    **facts: Any,
) -> Consignment:
    """Begin a consignment, perhaps for an accepted request."""
    policy.check(actor, "cargo.plan", operation)
    if request:
        request = ServiceRequest.objects.select_for_update(of=("self",), no_key=True).get(
            pk=request.pk
        )
    if request and request.state not in ("accepted", "part_fulfilled"):
        raise Problem(
            "guard_failed",
            reason=_("Request {number} is not accepted: {state}.").format(
                number=request, state=request.get_state_display()
            ),
            fix=_("A coordinator accepts it first."),
        )
    _leads_elsewhere(facts["origin"], facts["destination"])
    if request:
        _as_requested(request, facts)
    return Consignment.objects.create(
        operation=operation,
        number=number or next_number(Consignment, operation, "CN"),
        request=request,
        created_by=actor.user,
        **facts,
    )


def _as_requested(request: ServiceRequest, facts: Mapping[str, Any]) -> None:
    """Hold that a request is about one way: what is consigned for it goes that way."""
    message = _("Request {number} is about {place}.")
    found = [
        {"where": end, "message": message.format(number=request, place=getattr(request, end))}
        for end in ("origin", "destination")
        if facts[end].pk != getattr(request, f"{end}_id")
    ]
    if found:
        raise Problem("invalid", errors=found)


def line_of(
    consignment: Consignment, item: ReliefItem, qty: Decimal, position: int, **facts: Any
) -> ConsignmentLine:
    """Return an unsaved line; weight, volume and rules of transport are the item's by default."""
    own = {
        "unit": item.unit,
        "gross_kg": (qty * item.unit_kg).quantize(Decimal("0.001")),
        "volume_m3": (qty * item.unit_m3).quantize(Decimal("0.001")),
        "temp_min": item.temp_min,
        "temp_max": item.temp_max,
        "un_number": item.un_number,
        "un_class": item.un_class,
    }
    given = {key: value for key, value in facts.items() if value not in (None, "")}
    return ConsignmentLine(
        consignment=consignment, item=item, qty=qty, position=position, **(own | given)
    )


@safely
def add_line(
    consignment: Consignment, *, actor: Actor, item: ReliefItem, qty: Decimal, **facts: Any
) -> ConsignmentLine:
    """Add goods that are not from a lot of our stock."""
    policy.check(actor, "consignment.plan", consignment)
    _usable(consignment, item, qty)
    if found := against(facts):
        raise Problem("invalid", errors=found)
    return save_checked(line_of(consignment, item, qty, next_position(consignment), **facts))


def against(facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what stands against the facts of a line that is not from a lot of our stock."""
    found = []
    if facts.get("gross_kg") == 0:
        message = _("A line weighs more than nothing. Leave it empty for the catalogue's weight.")
        found.append({"where": "gross_kg", "message": message})
    if facts.get("value") is not None and not CURRENCY.fullmatch(facts.get("currency") or ""):
        message = _("A value needs its currency in three letters, for example USD.")
        found.append({"where": "currency", "message": message})
    return found


@safely
def add_from_stock(
    consignment: Consignment, *, actor: Actor, item: ReliefItem, qty: Decimal
) -> Sequence[ConsignmentLine]:
    """Add goods from the stock at the origin, a line each lot, first expired first, and reserve.

    Raises Problem ``guard_failed`` where the warehouse has less.
    """
    policy.check(actor, "consignment.plan", consignment)
    _usable(consignment, item, qty)
    added = []
    for lot, part in stock.first_expired_first(consignment.origin, item, qty):
        one = line_of(
            consignment,
            item,
            part,
            next_position(consignment),
            lot=lot,
            lot_number=lot.lot_number,
            expires_on=lot.expires_on,
        )
        save_checked(one)
        stock.move_for_line(one, "reserved", part, actor=actor)
        added.append(one)
    return added


def next_position(consignment: Consignment) -> int:
    """Return the position of the next line; writers of one consignment take turns."""
    Consignment.objects.select_for_update(of=("self",)).get(pk=consignment.pk)
    return (consignment.lines.aggregate(last=Max("position"))["last"] or 0) + 1


def _usable(consignment: Consignment, item: ReliefItem, qty: Decimal) -> None:
    if item.operation_id != consignment.operation_id:
        raise Problem("not_found")
    if qty <= 0:
        message = _("Give a quantity above nothing.")
        raise Problem("invalid", errors=[{"where": _("Quantity"), "message": message}])


@safely
def withdraw_line(line: ConsignmentLine, *, actor: Actor, reason: str) -> LineWithdrawal:
    """Take out what is left of a line, all of it or the rest; what was set aside is free again.

    Raises Problem ``guard_failed`` where nothing is left.
    """
    policy.check(actor, "consignment.plan", line.consignment)
    needs_reason(reason)
    lock(lines=[line.pk])
    left = LineBalance.objects.get(pk=line.pk).free_qty
    if not left:
        raise Problem(
            "guard_failed",
            reason=_("All of {line} is loaded, or taken out already.").format(line=line),
            fix=_("Take a load off its waybill first, to keep it here."),
        )
    if line.lot_id:
        stock.put_back(line, actor=actor)
    out = LineWithdrawal.objects.create(
        line=line, qty=left, reason=reason.strip(), recorded_by=actor.user
    )
    following.requests(ServiceRequest.objects.filter(consignments=line.consignment_id))
    return out
