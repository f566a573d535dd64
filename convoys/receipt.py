"""Receipts: stored always, posted apart; what cannot be posted waits for a decision.

A receipt says of each line what arrived good, damaged and missing. It is posted at once where the
ledger takes it; where it does not, for example because more arrived than was loaded, it stays as
it was written, with the reason, until somebody posts it with the overage or sets it aside.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys import following
from convoys.ledger import (
    GRAM,
    Wanted,
    body_hash,
    facts_of,
    needs_reason,
    post,
    replayed,
    safely,
)
from convoys.models import Discrepancy, Entry, LoadBalance, LoadLine, Posting, Receipt, Waybill
from convoys.numbers import next_number
from core import policy
from core.errors import Problem
from core.models import ReliefItem
from core.policy import SYSTEM, Actor
from core.transitions import advance

Kind = Entry.Kind
NOTHING = Decimal(0)
TOO_MANY = 10**11
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
QUANTITIES = {
    "good": Kind.RECEIVED_GOOD,
    "damaged": Kind.RECEIVED_DAMAGED,
    "missing": Kind.SHORT_MISSING,
}


@dataclass(frozen=True)
class Line:
    """What a receiver says of one line: units good, damaged and missing; a weighed mass in kg.

    ``load`` is the line of the waybill; without one, the item ``code`` came that stands on none.
    """

    load: LoadLine | None
    code: str
    good: Decimal
    damaged: Decimal
    missing: Decimal
    weighed_kg: Decimal | None
    reason: str

    @property
    def arrived(self) -> Decimal:
        """Return what arrived, in whatever condition."""
        return self.good + self.damaged


@safely
def record(
    waybill: Waybill,
    *,
    actor: Actor,
    body: Mapping[str, Any],
    occurred_at: datetime | None = None,
    client_id: UUID | None = None,
) -> Receipt:
    """Store a receipt whatever it says, and post it if the ledger takes it.

    ``body`` has ``receiver``, ``lines`` (each ``load`` or ``item``, with ``good``, ``damaged``,
    ``missing``), ``final``, ``seals`` and ``signed_by``; what else it has is kept. The same id
    and body again returns the first receipt; another body raises Problem ``replay_conflict``.
    """
    policy.check(actor, "waybill.receive", waybill)
    body = storable(dict(body))
    digest = body_hash([str(waybill.pk), body])
    if known := replayed(Receipt, client_id, digest):
        return known
    waybill = Waybill.objects.select_related("operation").get(pk=waybill.pk)
    if waybill.state == Waybill.State.DRAFT:
        raise Problem(
            "wrong_state",
            object=waybill,
            state=waybill.get_state_display(),
            sources=Waybill.State.IN_TRANSIT.label,
        )
    receipt = Receipt.objects.create(
        pk=client_id or uuid4(),
        waybill=waybill,
        number=next_number(Receipt, waybill.operation, "GRN"),
        receiver=str(body.get("receiver") or actor.user or "")[:150],
        is_final=bool(body.get("final")),
        seals_seen=str(body.get("seals", ""))[:200],
        signed_by=str(body.get("signed_by", ""))[:150],
        body=body,
        body_sha256=digest,
        **facts_of(actor, waybill.operation, occurred_at=occurred_at),
    )
    return _try_to_post(receipt)


def storable(said: Any) -> Any:
    """Return JSON without the signs that a database cannot keep, such as half of an emoji."""
    if isinstance(said, str):
        return UNWRITABLE.sub("\ufffd", said)
    if isinstance(said, dict):
        return {storable(str(key)): storable(value) for key, value in said.items()}
    return [storable(one) for one in said] if isinstance(said, list) else said


def _try_to_post(receipt: Receipt) -> Receipt:
    """Post a receipt as the system, or say on it why that needs a decision."""
    try:
        with transaction.atomic():
            return _post(receipt, actor=SYSTEM, overage=False)
    except Problem as problem:
        return advance(receipt, "question", actor=SYSTEM, state_reason=_why_not(problem)[:300])


def _why_not(problem: Problem) -> str:
    """Return in words why a receipt was not posted; it stays as it is, whatever is wrong."""
    if not problem.errors:
        return f"{problem.detail} {problem.how}".strip()
    wrong = "; ".join(f"{one['where']}: {one['message']}" for one in problem.errors)
    return f"{wrong} {_('Set it aside and record what is right on a new one.')}"


@safely
def resolve(receipt: Receipt, *, actor: Actor, overage: bool = False) -> Receipt:
    """Post a receipt that needed a decision, with an overage entry for what is above if asked.

    Raises Problem ``guard_failed`` where the ledger still does not take it.
    """
    policy.check(actor, "receipt.post", receipt)
    return _post(receipt, actor=actor, overage=overage)


@safely
def set_aside(receipt: Receipt, *, actor: Actor, reason: str) -> Receipt:
    """Keep a receipt out of the ledger for good, for example a second one of the same load."""
    needs_reason(reason)
    return advance(receipt, "set_aside", actor=actor, state_reason=reason.strip(), pdf="")


def _post(receipt: Receipt, *, actor: Actor, overage: bool) -> Receipt:
    # Two people may decide on one receipt at the same time: the second finds it posted.
    receipt = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    waybill = Waybill.objects.select_related("leg__convoy__operation").get(pk=receipt.waybill_id)
    if receipt.state == Receipt.State.POSTED:
        return receipt
    if waybill.state == Waybill.State.VOID:
        raise Problem(
            "guard_failed",
            reason=_("The waybill was voided; another version may have gone out in its place."),
            fix=_("Record the receipt on the version that left, and set this one aside."),
        )
    if waybill.state == Waybill.State.ISSUED:
        raise Problem(
            "guard_failed",
            reason=_("The waybill has not left yet, as far as is recorded."),
            fix=_("Record the departure, then post the receipt."),
        )
    said = read(waybill, receipt.body)
    if not overage and any(one.load is None for one in said):
        raise Problem(
            "guard_failed",
            reason=_("Something arrived that stands on no line of the waybill."),
            fix=_("Post it with an overage, or set the receipt aside."),
        )
    wanted = _wanted(waybill, said, overage=overage)
    if wanted:
        post(
            waybill.leg.convoy,
            actor=actor,
            kind=Posting.Kind.RECEIPT,
            wanted=wanted,
            receipt=receipt,
            occurred_at=receipt.occurred_at,
        )
    posted = advance(receipt, "post", actor=actor, state_reason="", pdf="")
    following.received(waybill)
    if receipt.is_final:
        finalise(waybill, by=receipt.reporter)
    else:
        open_discrepancies(waybill)
    return posted


def _wanted(waybill: Waybill, said: Sequence[Line], *, overage: bool) -> list[Wanted]:
    wanted = []
    balances: dict[UUID, Decimal] = {}  # a receipt may name a line twice
    for one in said:
        load = one.load or _unmanifested(waybill, one.code)
        if overage:
            left = balances.setdefault(load.pk, _outstanding(load))
            above = one.arrived + one.missing - left
            if above > 0:
                wanted.append(Wanted(load, Kind.OVERAGE, above))
            balances[load.pk] = max(-above, NOTHING)
        for name, kind in QUANTITIES.items():
            qty = getattr(one, name)
            if qty:
                weighed = one.weighed_kg if name == "good" else None
                wanted.append(Wanted(load, kind, qty, weighed, one.reason))
    return wanted


def _outstanding(load: LoadLine) -> Decimal:
    left: Decimal = LoadBalance.objects.get(pk=load.pk).outstanding_qty
    return left


def _unmanifested(waybill: Waybill, code: str) -> LoadLine:
    """Return the line of nothing to which an item without a waybill line is overage."""
    item = ReliefItem.objects.get(operation=waybill.operation_id, code=code)
    known = LoadLine.objects.filter(waybill=waybill, item=item, qty=0).first()
    return known or LoadLine.objects.create(waybill=waybill, item=item, qty=0, kg=0, m3=0)


def read(waybill: Waybill, body: Mapping[str, Any]) -> list[Line]:
    """Return what a receipt's body says; raise Problem ``invalid`` naming each line that cannot be.

    A line that the body leaves out says nothing of it: it stays outstanding.
    """
    loads = {str(one.pk): one for one in waybill.loads.filter(unload=None).select_related("item")}
    codes = ReliefItem.objects.filter(operation=waybill.operation_id)
    items = set(codes.values_list("code", flat=True))
    lines, errors = [], []
    given = body.get("lines", [])
    for number, row in enumerate(given if isinstance(given, list) else [], start=1):
        try:
            lines.append(_line(row, loads, items))
        except (ValueError, AttributeError) as error:
            where = _("Line {number}").format(number=number)
            told = str(error) if isinstance(error, ValueError) else _("It is no line of a receipt.")
            errors.append({"where": where, "message": told})
    if not isinstance(given, list):
        errors.append({"where": _("Lines"), "message": _("Give a list of lines.")})
    if errors:
        raise Problem("invalid", errors=errors)
    return lines


def _line(row: Any, loads: Mapping[str, LoadLine], items: set[str]) -> Line:
    load = loads.get(str(row.get("load", "")))
    code = str(row.get("item", ""))
    if load is None and code not in items:
        raise ValueError(_("It names neither a line of this waybill nor an item."))
    amounts = {name: _amount(row.get(name, 0)) for name in QUANTITIES}
    weighed = row.get("weighed_kg")
    return Line(
        load=load,
        code=code,
        weighed_kg=_amount(weighed) if weighed not in (None, "") else None,
        reason=str(row.get("reason", ""))[:300],
        **amounts,
    )


def _amount(given: Any) -> Decimal:
    try:
        number = Decimal(str(given or 0))
        is_quantity = 0 <= number < TOO_MANY and number == number.quantize(GRAM)
    except InvalidOperation:  # no number, or none that compares
        is_quantity = False
    if not is_quantity:
        told = _("“{given}” is no quantity: write a number from 0, with three decimals at most.")
        raise ValueError(told.format(given=str(given)[:40]))
    return number


@safely
def declare_final(waybill: Waybill, *, actor: Actor) -> list[Discrepancy]:
    """Say that nothing more is to come of a waybill; return the discrepancies that this opens."""
    policy.check(actor, "waybill.receive", waybill)
    return finalise(waybill, by=actor.user)


def finalise(waybill: Waybill, *, by: Any) -> list[Discrepancy]:
    """Make a waybill final and open a discrepancy for each line with a shortfall."""
    held = Waybill.objects.select_for_update(of=("self",)).get(pk=waybill.pk)
    if held.finalised_at is None:
        held.finalised_at, held.finalised_by = timezone.now(), by
        held.save(update_fields=["finalised_at", "finalised_by"])
    opened = open_discrepancies(held)
    following.received(held)
    return opened


def open_discrepancies(waybill: Waybill) -> list[Discrepancy]:
    """Open a discrepancy for each line with a shortfall, those with nothing received included.

    Nothing is opened while more may come: before the waybill is final or all of it is accounted
    for. A shortfall is what is outstanding or was declared missing; what is known to have been
    lost, damaged, returned or forwarded is none.
    """
    now = Waybill.objects.get(pk=waybill.pk)
    loads = now.loads.filter(unload=None).select_related("balance")
    may_come = loads.filter(balance__outstanding_qty__gt=0).exists()
    if now.finalised_at is None and may_come:
        return []
    opened = []
    for load in loads:
        qty, kg = _shortfall(load)
        is_sought = load.discrepancies.filter(state__in=("open", "investigating")).exists()
        if qty > 0 and not is_sought:
            opened.append(
                Discrepancy.objects.create(operation_id=now.operation_id, load=load, qty=qty, kg=kg)
            )
    return opened


def _shortfall(load: LoadLine) -> tuple[Decimal, Decimal]:
    """Return what is outstanding, or was declared missing since it was last looked for."""
    missing = Entry.objects.filter(load=load, kind=Kind.SHORT_MISSING, sign=1, reversed_by=None)
    last = load.discrepancies.order_by("opened_at").last()
    if last:
        missing = missing.filter(recorded_at__gt=last.opened_at)
    told = missing.exclude(posting__kind=Posting.Kind.WRITE_OFF).aggregate(
        qty=Sum("qty"), kg=Sum("kg")
    )
    qty, kg = told["qty"] or NOTHING, told["kg"] or NOTHING
    return load.balance.outstanding_qty + qty, load.balance.outstanding_kg + kg


def final_at(waybill: Waybill) -> datetime | None:
    """Return when a waybill becomes final by itself, or None where it does not.

    One that was made from a claim, long after its goods came, gets the same time from then on.
    """
    arrived = waybill.leg.arrived_at
    if waybill.finalised_at or waybill.state not in following.MOVING or not arrived:
        return None
    begins = max(arrived, waybill.issued_at or arrived)
    return begins + timedelta(days=settings.FINAL_DAYS) if settings.FINAL_DAYS else None


def finalise_due() -> int:
    """Make final, by the clock, what has arrived so long ago; return how many waybills.

    It may run late or twice: a waybill that somebody declared final meanwhile is left alone.
    """
    if not settings.FINAL_DAYS:
        return 0
    before = timezone.now() - timedelta(days=settings.FINAL_DAYS)
    found = Waybill.objects.filter(
        state__in=following.MOVING,
        finalised_at=None,
        leg__arrived_at__lte=before,
        issued_at__lte=before,
    )
    due = list(found.order_by("pk"))
    for waybill in due:
        by_clock(waybill)
    return len(due)


@safely
def by_clock(waybill: Waybill) -> None:
    """Make one waybill final, unless it is already."""
    held = Waybill.objects.select_for_update(of=("self",)).get(pk=waybill.pk)
    if held.finalised_at is None and held.state in following.MOVING:
        finalise(held, by=None)
