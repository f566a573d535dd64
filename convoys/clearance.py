"""The dispatch gate: what stands against a convoy now, from access, papers, vehicles and loads.

Hard findings cannot be overridden; soft ones can, by a coordinator with a reason. Each names its
input, the date that it rests on and what would change it. No finding means that nothing known
stands against the convoy, not that the way is safe.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys.models import Leg, LoadLine, OperatedConvoy, Waybill
from core.access import facts
from core.access.inputs import Finding, Movement, declare
from core.access.inputs import Vehicle as Loaded
from core.quantities import plain

KG_PER_TONNE = Decimal(1000)
# Convoys whose vehicles are free again, or were never taken.
ENDED = ("arrived", "receiving", "received", "returned", "lost", "reconciled", "closed")

declare("waybill", hard=("waybill_missing", "waybill_unissued"))
declare("vehicle", hard=("vehicle_none", "vehicle_over_axle", "vehicle_booked"))
declare("driver", hard=("driver_booked",))
declare("briefing", soft=("adviser_no_go",))


def gate(convoy: OperatedConvoy) -> list[Finding]:
    """Return what stands against the convoy now, hard findings first."""
    legs = list(
        Leg.objects.filter(convoy=convoy, departed_at=None, from_stop__position=first_stop(convoy))
        .select_related("vehicle", "driver", "balance")
        .order_by("vehicle__label")
    )
    found = [
        *_papers(convoy, legs),
        *_weights(legs),
        *_bookings(convoy, legs),
        *_adviser(convoy),
        *facts.findings(convoy.operation, movement(convoy, legs)),
    ]
    return sorted(found, key=lambda one: not one.is_hard)


def first_stop(convoy: OperatedConvoy) -> int:
    """Return the position of the stop where the convoy starts."""
    found = convoy.stops.order_by("position").values_list("position", flat=True).first()
    return found or 0


def movement(convoy: OperatedConvoy, legs: list[Leg]) -> Movement:
    """Return the convoy as access sees it: where, when, and with what."""
    loads = LoadLine.objects.filter(waybill__leg__in=legs, unload=None, qty__gt=0)
    goods = set(loads.order_by().values_list("item__code", "item__sector_id").distinct())
    steps = convoy.route_steps.select_related("segment__start", "segment__end")
    segments = [step.segment for step in steps]
    sites = [stop.site for stop in convoy.stops.select_related("site")]
    sites += [end for one in segments for end in (one.start, one.end) if end]
    return Movement(
        segments=segments,
        leaves=max(convoy.etd, timezone.now()),
        arrives=max(convoy.eta, timezone.now()),
        passages=list({one.pk: one for one in sites if one.is_passage}.values()),
        sectors=frozenset(sector for _code, sector in goods),
        items=frozenset(code for code, _sector in goods),
        vehicles=[
            Loaded(leg.vehicle.label, gross_kg(leg) / KG_PER_TONNE, axle_kg(leg) / KG_PER_TONNE)
            for leg in legs
        ],
    )


def gross_kg(leg: Leg) -> Decimal:
    """Return what a loaded vehicle weighs in all, nominally."""
    return Decimal(leg.vehicle.tare_kg + leg.balance.kg)


def axle_kg(leg: Leg) -> Decimal:
    """Return the load of one axle, all bearing the same."""
    return (gross_kg(leg) / leg.vehicle.axles).quantize(Decimal("0.001"))


def _papers(convoy: OperatedConvoy, legs: list[Leg]) -> Iterator[Finding]:
    """Tell vehicles without a waybill, and waybills that are not issued."""
    waybills = Waybill.objects.filter(leg__in=legs).exclude(state="void")
    bare = [leg for leg in legs if leg.pk not in set(waybills.values_list("leg", flat=True))]
    if not legs:
        yield Finding(
            "vehicle_none",
            str(convoy),
            _("No vehicle leaves with this convoy."),
            _("Plan a vehicle from the first stop, and load it."),
        )
    for leg in bare:
        yield Finding(
            "waybill_missing",
            str(leg.vehicle),
            _("{vehicle} has no waybill.").format(vehicle=leg.vehicle),
            _("Load it and issue its waybill, or take it off the convoy."),
        )
    for waybill in waybills.filter(state=Waybill.State.DRAFT):
        yield Finding(
            "waybill_unissued",
            str(waybill),
            _("Waybill {number} is not issued.").format(number=waybill),
            _("Issue it, or void it."),
        )


def _weights(legs: list[Leg]) -> Iterator[Finding]:
    """Tell axles above their limit; payload and space the database keeps, whatever is loaded."""
    for leg in legs:
        vehicle, has, most = leg.vehicle, axle_kg(leg), leg.vehicle.axle_limit_kg
        if most is not None and has > most:
            yield Finding(
                "vehicle_over_axle",
                str(vehicle),
                _("{vehicle} is loaded with {has} {unit} of at most {most} {unit}.").format(
                    vehicle=vehicle, has=plain(has), most=plain(most), unit="kg"
                ),
                _("Take load off, or use another vehicle."),
            )


def _bookings(convoy: OperatedConvoy, legs: list[Leg]) -> Iterator[Finding]:
    """Tell vehicles and drivers that another convoy has at the same time."""
    others = (
        Leg.objects.exclude(convoy=convoy)
        .exclude(convoy__state__in=(*ENDED, "cancelled"))
        .filter(arrived_at=None)
        .select_related("convoy")
    )
    for leg in legs:
        same = Q(vehicle=leg.vehicle_id)
        if leg.driver_id:
            same |= Q(driver=leg.driver_id)
        for other in others.filter(same, period__overlap=leg.period):
            is_vehicle = other.vehicle_id == leg.vehicle_id
            yield Finding(
                code="vehicle_booked" if is_vehicle else "driver_booked",
                subject=str(leg.vehicle),
                message=(
                    _("{vehicle} is planned for convoy {convoy} at the same time.")
                    if is_vehicle
                    else _("The driver of {vehicle} is planned for {convoy} at the same time.")
                ).format(vehicle=leg.vehicle, convoy=other.convoy),
                fix=_("Change the vehicle, the driver or the time of one of the two."),
                dated=other.period.lower,
                key=str(other.pk),
            )


def _adviser(convoy: OperatedConvoy) -> Iterator[Finding]:
    """Tell a no-go of the security adviser, if that was the last word."""
    latest = convoy.briefings.order_by("recorded_at").last()
    if latest and latest.decision == latest.Decision.NO_GO:
        yield Finding(
            code="adviser_no_go",
            subject=str(convoy),
            message=_("The security adviser has said no: {note}").format(note=latest.note or "—"),
            fix=_("Brief again when the situation has changed."),
            dated=latest.recorded_at,
            key=str(latest.pk),
        )
