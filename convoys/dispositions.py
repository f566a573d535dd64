"""What became of loads besides receipts: losses on the way, and goods that go on with others."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from convoys import following, receipt
from convoys.ledger import Wanted, facts_of, lock, needs_reason, post, reverse, safely
from convoys.models import Distribution, Entry, LoadBalance, LoadLine, Posting, Waybill
from core import policy
from core.errors import Problem
from core.models import Area, Site
from core.policy import Actor
from core.quantities import plain


@safely
def record_loss(
    wanted: Sequence[Wanted],
    *,
    actor: Actor,
    reason: str,
    evidence: str = "",
    occurred_at: datetime | None = None,
    client_id: UUID | None = None,
) -> Posting:
    """Record what was lost of loads, by kind, with the reason; one posting for all of them."""
    return _dispose(
        wanted,
        Entry.LOSSES,
        "run.receive",
        Posting.Kind.LOSS,
        actor=actor,
        reason=reason,
        evidence=evidence,
        occurred_at=occurred_at,
        client_id=client_id,
    )


@safely
def hand_on(
    wanted: Sequence[Wanted], *, actor: Actor, reason: str, client_id: UUID | None = None
) -> Posting:
    """Record what goes on: forwarded by another vehicle, redirected, or returned.

    It can then be loaded under another waybill, whose lines draw on it.
    """
    return _dispose(
        wanted,
        Entry.ONWARD,
        "run.plan",
        Posting.Kind.HANDOVER,
        actor=actor,
        reason=reason,
        client_id=client_id,
    )


def _dispose(
    wanted: Sequence[Wanted],
    kinds: Sequence[str],
    verb: str,
    posting_kind: str,
    *,
    actor: Actor,
    reason: str,
    evidence: str = "",
    occurred_at: datetime | None = None,
    client_id: UUID | None = None,
) -> Posting:
    needs_reason(reason)
    if not wanted or any(one.kind not in kinds or one.qty <= 0 for one in wanted):
        message = _("Give a quantity above nothing and what became of it.")
        raise Problem("invalid", errors=[{"where": _("Quantity"), "message": message}])
    waybills = {one.load.waybill_id: one.load.waybill for one in wanted}
    convoy = wanted[0].load.waybill.leg.convoy
    policy.check(actor, verb, convoy)
    if any(one.leg.convoy_id != convoy.pk for one in waybills.values()):
        raise Problem("not_found")
    posting = post(
        convoy,
        actor=actor,
        kind=posting_kind,
        wanted=wanted,
        reason=reason,
        evidence=evidence,
        occurred_at=occurred_at,
        client_id=client_id,
    )
    for waybill in waybills.values():
        following.received(waybill)
        receipt.open_discrepancies(waybill)
    return posting


@safely
def take_back(posting: Posting, *, actor: Actor, reason: str) -> Posting:
    """Reverse all entries of a posting; waybills of which something is outstanding are open again.

    A right one is recorded anew. Raises Problem as ``ledger.reverse``.
    """
    entries = posting.entries.filter(sign=1).select_related("posting__convoy__operation")
    back = reverse(entries, actor=actor, reason=reason)
    for waybill in Waybill.objects.filter(loads__entries__posting=back).distinct():
        following.reopened(waybill)
    return back


@safely
def distribute(
    load: LoadLine,
    *,
    actor: Actor,
    qty: Decimal,
    people: int,
    group: str = "all",
    site: Site | None = None,
    area: Area | None = None,
    occurred_at: datetime | None = None,
    note: str = "",
) -> Distribution:
    """Record what was given out of a received line and how many people it reached.

    Raises Problem ``guard_failed`` for more than was received in good condition.
    """
    policy.check(actor, "run.receive", load.waybill.leg.convoy)
    lock(loads=[load.pk])
    given = sum(load.distributions.values_list("qty", flat=True), Decimal(0))
    left = LoadBalance.objects.get(pk=load.pk).good_qty - given
    if not 0 < qty <= left:
        raise Problem(
            "guard_failed",
            reason=_("{left} {unit} of what was received are not given out yet.").format(
                left=plain(left), unit=load.item.unit
            ),
            fix=_("Give a quantity above nothing and no more than that."),
        )
    return Distribution.objects.create(
        load=load,
        qty=qty,
        people=people,
        group=group,
        site=site,
        area=area,
        note=note,
        **facts_of(actor, load.waybill.operation, occurred_at=occurred_at),
    )
