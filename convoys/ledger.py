"""Posting to the quantity ledger: kilograms from units, one INSERT a posting, replays, reversals.

The database decides: triggers keep the balances and CHECKs refuse. What it refuses is told here in
words; two writers who stood in each other's way are tried again.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys.models import Entry, LoadBalance, LoadLine, OperatedConvoy, Posting, Receipt
from convoys.refusals import REFUSALS, TOO_LARGE
from core import policy
from core.errors import Problem, declare
from core.policy import Actor
from core.quantities import plain

Given = ParamSpec("Given")
Result = TypeVar("Result")
Row = TypeVar("Row", bound=Model)
TRIES = 6
# Serialisation failure and deadlock: nothing is wrong with the request.
COLLISIONS = frozenset({"40001", "40P01"})
OVERFLOW = "22003"
GRAM = Decimal("0.001")

declare(
    "replay_conflict",
    409,
    gettext_lazy("This was recorded already, with other content"),
    gettext_lazy("A record with the id {id} is kept and says something else."),
    gettext_lazy("Nothing was changed. Send what is new under a new id."),
)


@dataclass(frozen=True)
class Wanted:
    """What is said of a load line: a kind of Entry, units, and perhaps a weighed mass in kg."""

    load: LoadLine
    kind: str
    qty: Decimal
    weighed_kg: Decimal | None = None
    reason: str = ""


def safely(rule: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run a rule in a transaction; tell what the database refuses, try collisions again.

    Inside another transaction it is tried once: a collision there ends the whole of it.
    """

    @wraps(rule)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        inside = connection.in_atomic_block
        for attempt in range(1, TRIES + 1):
            try:
                with transaction.atomic():
                    return rule(*args, **kwargs)
            except IntegrityError as error:
                # Two senders of one id: the second finds what the first has written.
                if attempt == 1 and _constraint(error).endswith("_pkey"):
                    continue
                raise _refusal(error) from error
            except DataError as error:
                raise _too_large(error) from error
            except OperationalError as error:
                if inside or attempt == TRIES or _state(error) not in COLLISIONS:
                    raise
                time.sleep(0.02 * attempt)
        raise AssertionError("the last attempt returns or raises")

    return run


def _state(error: Exception) -> str:
    return str(getattr(error.__cause__, "sqlstate", "") or "")


def _constraint(error: Exception) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", None) or "")


def _refusal(error: IntegrityError) -> Exception:
    """Return the Problem for a constraint that spoke, or the error itself."""
    known = REFUSALS.get(_constraint(error))
    return Problem("guard_failed", reason=known[0], fix=known[1]) if known else error


def _too_large(error: DataError) -> Exception:
    """Return the Problem for a number beyond what a column holds, or the error itself."""
    if _state(error) != OVERFLOW:
        return error
    return Problem("guard_failed", reason=TOO_LARGE[0], fix=TOO_LARGE[1])


def body_hash(body: Any) -> str:
    """Return the SHA-256 of a client's body, the same for the same content."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def replayed(model: type[Row], client_id: UUID | None, digest: str) -> Row | None:
    """Return the row of a former sending, or None; raise ``replay_conflict`` for another body."""
    known = model._default_manager.filter(pk=client_id).first() if client_id else None
    if known and vars(known)["body_sha256"] != digest:
        raise Problem("replay_conflict", id=known.pk)
    return known


def lock(
    *, loads: Iterable[UUID] = (), lines: Iterable[UUID] = (), entries: Iterable[UUID] = ()
) -> None:
    """Hold the balances of loads, consignment lines and forwarded entries until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT convoys_lock(%s::uuid[], %s::uuid[], %s::uuid[])",
            [list(loads), list(lines), list(entries)],
        )


def share(qty: Decimal, of_qty: Decimal, amount: Decimal) -> Decimal:
    """Return the part of ``amount`` (kg or m³) that goes with ``qty`` of ``of_qty`` units.

    To the thousandth; all of it with the last unit. While units are left, at least a gram stays
    and at least a gram goes, so that both come to nothing together.
    """
    if qty >= of_qty or not amount:
        return amount
    part = (amount * qty / of_qty).quantize(GRAM)
    return min(max(part, GRAM), amount - GRAM) if amount > GRAM else amount


def facts_of(actor: Actor, operation: Any, **given: Any) -> dict[str, Any]:
    """Return the columns of a fact that an actor states: who, for whom, when."""
    held = [one for one in actor.memberships if one.operation_id == operation.pk]
    told = {
        "operation": operation,
        "occurred_at": timezone.now(),
        "source": str(actor.user) if actor.user else _("Tessera"),
        "reporter": actor.user,
        "source_org": held[0].organisation if held else None,
    }
    return told | {key: value for key, value in given.items() if value is not None}


@safely
def post(
    convoy: OperatedConvoy,
    *,
    actor: Actor,
    kind: str,
    wanted: Sequence[Wanted],
    receipt: Receipt | None = None,
    reason: str = "",
    evidence: str = "",
    occurred_at: datetime | None = None,
    client_id: UUID | None = None,
) -> Posting:
    """Write entries in one statement; the same ``client_id`` and content again changes nothing.

    The order of ``wanted`` matters for kilograms only: overage counts before what disposes of it.
    The caller checks the policy. Raises Problem ``guard_failed`` or ``replay_conflict``.
    """
    body = [kind, reason, [(str(w.load.pk), w.kind, str(w.qty.normalize())) for w in wanted]]
    digest = body_hash(body)
    if known := replayed(Posting, client_id, digest):
        return known
    posting = Posting(
        pk=client_id or uuid4(),
        convoy=convoy,
        kind=kind,
        receipt=receipt,
        reason=reason.strip(),
        evidence=evidence.strip(),
        body_sha256=digest,
        **facts_of(actor, convoy.operation, occurred_at=occurred_at),
    )
    posting.save(force_insert=True)
    lock(loads={one.load.pk for one in wanted})
    Entry.objects.bulk_create(_entries(posting, wanted))
    return posting


def _entries(posting: Posting, wanted: Sequence[Wanted]) -> list[Entry]:
    """Return the entries with their kilograms; raise Problem for what is above what is left."""
    keys = {one.load.pk for one in wanted}
    balances = LoadBalance.objects.select_related("load__item").in_bulk(list(keys))
    left = {key: [one.outstanding_qty, one.outstanding_kg] for key, one in balances.items()}
    entries = []
    for one in sorted(wanted, key=lambda each: each.kind != Entry.Kind.OVERAGE):
        qty, kg = left[one.load.pk]
        if one.kind == Entry.Kind.OVERAGE:
            part = over_kg(balances[one.load.pk], one.qty)
            left[one.load.pk] = [qty + one.qty, kg + part]
        else:
            if one.qty > qty:
                raise too_much(one.load, one.qty, qty)
            part = share(one.qty, qty, kg)
            left[one.load.pk] = [qty - one.qty, kg - part]
        entries.append(
            Entry(
                posting=posting,
                load=one.load,
                kind=one.kind,
                qty=one.qty,
                kg=part,
                weighed_kg=one.weighed_kg,
                reason=one.reason.strip(),
            )
        )
    return entries


def too_much(load: LoadLine, qty: Decimal, left: Decimal) -> Problem:
    """Return the refusal of more than is outstanding, with both quantities."""
    return Problem(
        "guard_failed",
        reason=_("{item}: {qty} {unit} are reported, {left} are outstanding.").format(
            item=load.item, qty=plain(qty), unit=load.item.unit, left=plain(left)
        ),
        fix=_("Lower the quantity, or record the overage with it."),
    )


def over_kg(balance: LoadBalance, qty: Decimal) -> Decimal:
    """Return the nominal weight of an overage, by the weight of the line's units or its item's."""
    per_unit = (
        balance.loaded_kg / balance.loaded_qty if balance.loaded_qty else balance.load.item.unit_kg
    )
    return max((qty * per_unit).quantize(GRAM), GRAM)


@safely
def reverse(
    entries: Iterable[Entry], *, actor: Actor, reason: str, client_id: UUID | None = None
) -> Posting:
    """Take entries back, each by its mirror; what they had disposed of is outstanding again.

    Raises Problem ``invalid`` without a reason, ``guard_failed`` where there is nothing to take
    back, one is taken back already or what it forwarded is loaded again.
    """
    chosen = list(entries)
    if not chosen:
        raise _nothing_to_take_back()
    convoy = chosen[0].posting.convoy
    policy.check(actor, "run.receive", convoy)
    needs_reason(reason)
    digest = body_hash(["reversal", reason, sorted(str(one.pk) for one in chosen)])
    if known := replayed(Posting, client_id, digest):
        return known
    if any(one.sign < 0 for one in chosen) or Entry.objects.filter(reverses__in=chosen).exists():
        raise _nothing_to_take_back()
    posting = Posting.objects.create(
        pk=client_id or uuid4(),
        convoy=convoy,
        kind=Posting.Kind.REVERSAL,
        reason=reason.strip(),
        body_sha256=digest,
        **facts_of(actor, convoy.operation),
    )
    Entry.objects.bulk_create(
        [
            Entry(
                posting=posting,
                load=one.load,
                kind=one.kind,
                qty=one.qty,
                kg=one.kg,
                sign=-1,
                reverses=one,
                reason=reason.strip(),
            )
            for one in chosen
        ]
    )
    return posting


def _nothing_to_take_back() -> Problem:
    return Problem(
        "guard_failed",
        reason=_("An entry can be taken back once, and a reversal never."),
        fix=_("Reload the page; post again what was right."),
    )


def needs_reason(reason: str) -> None:
    """Raise Problem ``invalid`` for a reason that says nothing."""
    if not reason.strip():
        message = _("Say why, so that others can follow it.")
        raise Problem("invalid", errors=[{"where": _("Reason"), "message": message}])
