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

from convoys import routes
from convoys.models import Leg, LoadLine, OperatedConvoy, Waybill
from core.access import facts
from core.access.inputs import Finding, Movement, declare
from core.access.inputs import Vehicle as Loaded
from core.quantities import plain

KG_PER_TONNE = Decimal(1000)
# Convoys whose vehicles are free again, or were never taken.
ENDED = (
    "arrived",
    "reconstructed",
    "receiving",
    "received",
    "returned",
    "lost",
    "reconciled",
    "closed",
)

declare("waybill", hard=("waybill_missing", "waybill_unissued"))
declare("vehicle", hard=("vehicle_none", "vehicle_over_axle", "vehicle_booked"))
declare("driver", hard=("driver_booked",))
declare("route", soft=("route_missing",))
declare("briefing", soft=("adviser_no_go",))


def gate(convoy: OperatedConvoy, leg: Leg | None = None) -> list[Finding]:
    """Return what stands against the convoy now, or a ``leg`` that goes on; hard findings first."""
    legs = waiting(convoy, leg)
    if leg and legs:
        (leg,) = legs  # as it is now
    moves = movement(convoy, legs, leg)
    found = [
        *_papers(convoy, legs),
        *_weights(legs),
        *_bookings(legs),
        *_adviser(convoy),
        *_way(convoy, moves),
        *facts.findings(convoy.operation, moves),
    ]
    return sorted(found, key=lambda one: not one.is_hard)


def waiting(convoy: OperatedConvoy, leg: Leg | None = None) -> list[Leg]:
    """Return the runs that would leave: those from the first stop, or one that goes on."""
    going = Q(pk=leg.pk) if leg else Q(from_stop__position=first_stop(convoy))
    found = Leg.objects.filter(going, convoy=convoy, departed_at=None).select_related(
        "vehicle", "driver", "balance", "from_stop__site", "to_stop__site"
    )
    return list(found.order_by("vehicle__label"))


def first_stop(convoy: OperatedConvoy) -> int:
    """Return the position of the stop where the convoy starts."""
    found = convoy.stops.order_by("position").values_list("position", flat=True).first()
    return found or 0


def movement(convoy: OperatedConvoy, legs: list[Leg], leg: Leg | None = None) -> Movement:
    """Return what would leave as access sees it: where, when, and with what."""
    loads = LoadLine.objects.filter(waybill__leg__in=legs, unload=None, qty__gt=0)
    goods = set(loads.order_by().values_list("item__code", "item__sector_id").distinct())
    segments = routes.ahead(convoy, leg)
    stops = convoy.stops.select_related("site")
    if leg:
        ends = leg.from_stop.position, leg.to_stop.position
        stops = stops.filter(position__range=ends)
    sites = [stop.site for stop in stops]
    sites += [end for one in segments for end in (one.start, one.end) if end]
    leaves, arrives = (leg.period.lower, leg.period.upper) if leg else (convoy.etd, convoy.eta)
    return Movement(
        segments=segments,
        leaves=max(leaves, timezone.now()),
        arrives=max(arrives, timezone.now()),
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


def _bookings(legs: list[Leg]) -> Iterator[Finding]:
    """Tell vehicles and drivers that are on the road, or that another run has at the same time."""
    others = (
        Leg.objects.exclude(convoy__state__in=(*ENDED, "cancelled"))
        .filter(arrived_at=None)
        .select_related("convoy", "vehicle")
    )
    for leg in legs:
        same = Q(vehicle=leg.vehicle_id)
        if leg.driver_id:
            same |= Q(driver=leg.driver_id)
        # One convoy's runs from later stops come after this one.
        at_once = Q(period__overlap=leg.period) & (
            ~Q(convoy=leg.convoy_id) | Q(from_stop=leg.from_stop_id)
        )
        for other in others.filter(same, at_once | Q(departed_at__isnull=False)).exclude(pk=leg.pk):
            yield _booked(leg, other)


def _booked(leg: Leg, other: Leg) -> Finding:
    is_vehicle = other.vehicle_id == leg.vehicle_id
    if other.departed_at:
        message = (
            _("{vehicle} is on the road with convoy {convoy} and has not arrived.")
            if is_vehicle
            else _("The driver of {vehicle} is on the road with {convoy} and has not arrived.")
        )
        fix = _("Record that arrival, or change the vehicle or the driver.")
    else:
        message = (
            _("{vehicle} is planned for convoy {convoy} at the same time.")
            if is_vehicle
            else _("The driver of {vehicle} is planned for {convoy} at the same time.")
        )
        fix = _("Change the vehicle, the driver or the time of one of the two.")
    return Finding(
        code="vehicle_booked" if is_vehicle else "driver_booked",
        subject=str(leg.vehicle),
        message=message.format(vehicle=leg.vehicle, convoy=other.convoy),
        fix=fix,
        dated=other.departed_at or other.period.lower,
        key=str(other.pk),
    )


def _way(convoy: OperatedConvoy, moves: Movement) -> Iterator[Finding]:
    """Tell that no road is chosen, so that nothing is known of the way."""
    if not moves.segments:
        yield Finding(
            "route_missing",
            str(convoy),
            _("No road is chosen for this way, so that none of its state is known."),
            _("Choose the route, or go on with a coordinator's reason."),
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
