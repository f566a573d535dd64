"""Waybills reconstructed from claims: when receipts turn up of a convoy that only others reported.

A reported convoy has no account. To post a receipt of it a logistics officer promotes the adopted
claim on its cargo to a waybill, with the goods that the papers name and no more than the claim
says. Nothing else is made up: the convoy never stood at the gate, its vehicle has no plate and no
limits but its load, seals and signatures stay empty, and every paper says what it is made from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys import cargo, loading, planning
from convoys.ledger import needs_reason, safely
from convoys.loading import Part
from convoys.models import (
    Adoption,
    Claim,
    ConsignmentLine,
    Convoy,
    Leg,
    OperatedConvoy,
    Stop,
    Vehicle,
    Waybill,
)
from convoys.numbers import next_number
from core import policy
from core.errors import Problem
from core.models import Organisation, ReliefItem, Site
from core.policy import Actor
from core.quantities import plain
from core.transitions import advance

CARGO, DEPARTED, ARRIVED = Claim.Attribute.CARGO, Claim.Attribute.DEPARTED, Claim.Attribute.ARRIVED
# States in which papers of other vehicles of the convoy may still turn up
OPEN = ("reconstructed", "receiving", "received")
NOTHING = Decimal(0)
LEAST = Decimal("0.001")


@dataclass(frozen=True)
class Goods:
    """So many units of an item, as the papers say."""

    item: ReliefItem
    qty: Decimal


def basis(convoy: Convoy) -> dict[str, Claim]:
    """Return the adopted claims that a waybill can be made from, by attribute.

    Raises Problem ``guard_failed`` where cargo or arrival is not settled, or the convoy is ours.
    """
    live = Adoption.objects.filter(convoy=convoy, superseded_at=None).select_related("claim")
    settled = {one.attribute: one.claim for one in live}
    wanting = [str(one.label) for one in (CARGO, ARRIVED) if one not in settled]
    if convoy.origin != Convoy.Origin.REPORTED:
        raise Problem(
            "guard_failed",
            reason=_("This convoy is our own."),
            fix=_("Load it and issue its waybills."),
        )
    if wanting:
        raise Problem(
            "guard_failed",
            reason=_("No claim is adopted on: {what}.").format(what=", ".join(wanting)),
            fix=_("A coordinator adopts one with a reason; then the waybill can be made from it."),
        )
    return settled


def left_kg(convoy: Convoy, claim: Claim) -> Decimal:
    """Return what of a claimed cargo stands on no reconstructed waybill yet, in kilograms."""
    made = Waybill.objects.filter(leg__convoy=convoy.pk).exclude(state=Waybill.State.VOID)
    stands = made.aggregate(kg=Sum("balance__kg"))["kg"] or NOTHING
    return (claim.high or NOTHING) - stands


@safely
def reconstruct(
    convoy: Convoy,
    *,
    actor: Actor,
    origin: Site,
    destination: Site,
    lead_org: Organisation,
    consignor: Organisation,
    consignee: Organisation,
    goods: Sequence[Goods],
    number: str = "",
) -> Waybill:
    """Make a waybill of one vehicle from the adopted claim on the cargo.

    It is issued; until somebody confirms it, it can be taken back. Raises Problem ``guard_failed``
    where claims are wanting or say less than the goods weigh, ``invalid`` for goods or places that
    cannot be, ``wrong_state`` once the account is settled.
    """
    policy.check(actor, "cargo.plan", convoy.operation)
    held = Convoy.objects.select_for_update(of=("self",), no_key=True).get(pk=convoy.pk)
    settled = basis(held)
    if len({one.operation_id for one in (held, origin, destination)}) > 1:
        raise Problem("not_found")
    run = _account(held, settled, actor=actor, lead_org=lead_org)
    consignment = cargo.consign(
        held.operation,
        actor=actor,
        consignor=consignor,
        consignee=consignee,
        origin=origin,
        destination=destination,
        note=_("Reconstructed from a claim by {source}.").format(source=settled[CARGO].source),
    )
    lines = [cargo.add_line(consignment, actor=actor, item=one.item, qty=one.qty) for one in goods]
    _within(settled[CARGO], held, lines)
    leg = _leg(run, lines, origin=origin, destination=destination, actor=actor)
    if Claim.Attribute.ROUTE in settled:
        roads = settled[Claim.Attribute.ROUTE].segments.all()
        planning.lay_route(run, [], list(roads), leg.from_stop)
    waybill = Waybill.objects.create(
        operation=held.operation,
        number=number or next_number(Waybill, held.operation, "WB"),
        leg=leg,
        to_stop=leg.to_stop,
        consignee=consignee,
        claim=settled[CARGO],
    )
    loading.load(waybill, [Part(one, one.qty) for one in lines], actor=actor)
    loading.issue(waybill, actor=actor)
    return Waybill.objects.get(pk=waybill.pk)


def confirm(waybill: Waybill, *, actor: Actor) -> Waybill:
    """Say that a reconstructed waybill is right: from now on it can be received, and stays."""
    _of_a_claim(waybill)
    return advance(waybill, "depart", actor=actor)


@safely
def take_back(waybill: Waybill, *, actor: Actor, reason: str) -> Waybill:
    """Void a reconstructed waybill that is not confirmed yet, with the goods that it named."""
    _of_a_claim(waybill)
    needs_reason(reason)
    lines = [one.root for one in loading.live_loads(waybill)]
    void = advance(waybill, "void", actor=actor, state_reason=reason.strip(), pdf="")
    for line in lines:
        cargo.withdraw_line(line, actor=actor, reason=reason)
    return void


def _of_a_claim(waybill: Waybill) -> None:
    if waybill.claim_id is None:
        raise Problem(
            "guard_failed",
            reason=_("This waybill is not made from a claim."),
            fix=_("Report its departure with the convoy."),
        )


def _within(claim: Claim, convoy: Convoy, lines: Sequence[ConsignmentLine]) -> None:
    asked, left = sum((one.gross_kg for one in lines), NOTHING), left_kg(convoy, claim)
    if not lines:
        message = _("Name what the papers say it carried.")
        raise Problem("invalid", errors=[{"where": "item_1", "message": message}])
    if asked > left:
        raise Problem(
            "guard_failed",
            reason=_("These goods weigh {asked} kg; of the claim {left} kg are left.").format(
                asked=plain(asked), left=plain(left)
            ),
            fix=_("Correct the goods, or record what the papers say as a claim and adopt that."),
        )


def _account(
    convoy: Convoy, settled: dict[str, Claim], *, actor: Actor, lead_org: Organisation
) -> OperatedConvoy:
    """Return the convoy's account, which the first waybill opens."""
    known = OperatedConvoy.objects.filter(pk=convoy.pk).first()
    if known:
        return planning.held(known, OPEN)
    arrived, left = settled[ARRIVED], settled.get(DEPARTED) or settled[ARRIVED]
    begins, ends = _edge(left.first_day, time.min), _edge(arrived.last_day, time.max)
    run = OperatedConvoy.objects.create(
        convoy=convoy,
        operation=convoy.operation,
        number=next_number(OperatedConvoy, convoy.operation, "CY"),
        lead_org=lead_org,
        etd=min(begins, _edge(arrived.last_day, time.min)),
        eta=ends,
        planned_by=actor.user,
    )
    return advance(
        run,
        "reconstruct",
        actor=actor,
        departed_at=run.etd,
        arrived_at=min(ends, timezone.now()),
        state_reason=settled[CARGO].source,
    )


def _edge(day: Any, edge: time) -> datetime:
    return datetime.combine(day, edge, tzinfo=UTC)


def _leg(
    run: OperatedConvoy,
    lines: Sequence[ConsignmentLine],
    *,
    origin: Site,
    destination: Site,
    actor: Actor,
) -> Leg:
    """Return the run of a vehicle of which nothing is known but what it carried."""
    number = run.legs.count() + 1
    vehicle = Vehicle.objects.create(
        operation=run.operation,
        plate=f"? {run.number}/{number}"[:20],
        label=_("{convoy}, vehicle {number}").format(convoy=run.number, number=number)[:40],
        tare_kg=LEAST,
        payload_kg=max(sum((one.gross_kg for one in lines), NOTHING), LEAST),
        volume_m3=max(sum((one.volume_m3 for one in lines), NOTHING), LEAST),
        created_by=actor.user,
        retired_at=timezone.now(),
    )
    start = _stop(run, origin)
    return Leg.objects.create(
        convoy=run,
        vehicle=vehicle,
        from_stop=start,
        to_stop=_stop(run, destination, after=start.position),
        period=(run.etd, run.eta),
        departed_at=run.departed_at,
        arrived_at=run.arrived_at,
    )


def _stop(run: OperatedConvoy, site: Site, *, after: int = 0) -> Stop:
    """Return the convoy's stop at a site, behind another; a new one where there is none."""
    known = run.stops.filter(site=site, position__gt=after).order_by("position").first()
    return known or Stop.objects.create(convoy=run, position=run.stops.count() + 1, site=site)
