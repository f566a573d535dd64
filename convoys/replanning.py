"""Changing a plan before dispatch: its times, its stops and their order, its vehicles."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext as _

from convoys import following, routes
from convoys.ledger import safely
from convoys.models import Driver, Leg, OperatedConvoy, Stop, TransitEvent, Vehicle, Waybill
from convoys.planning import BEFORE_DISPATCH, ON_THE_WAY, editable, times, wrong
from core.errors import Problem
from core.models import Site
from core.policy import Actor


@safely
def change(convoy: OperatedConvoy, *, actor: Actor, **facts: Any) -> OperatedConvoy:
    """Change times, leader, escort and the like; vehicles are then taken for the new times."""
    now = editable(convoy, actor)
    with_it = now.legs.filter(departed_at=None, period=(now.etd, now.eta))
    keys = list(with_it.values_list("pk", flat=True))  # others leave at times of their own
    for name, value in facts.items():
        setattr(now, name, value)
    now.save(update_fields=list(facts))
    now.legs.filter(pk__in=keys).update(period=(now.etd, now.eta))
    return now


@safely
def set_stops(
    convoy: OperatedConvoy, places: Sequence[Stop | Site], *, actor: Actor
) -> OperatedConvoy:
    """Let the convoy stop at ``places`` in this order: stops that it has, or sites to be added.

    Stops that are not named are removed. Raises Problem ``invalid`` where a vehicle or waybill
    needs one of those, or would drive backwards.
    """
    editable(convoy, actor)
    kept = [one.pk for one in places if isinstance(one, Stop)]
    if not set(kept) <= set(convoy.stops.values_list("pk", flat=True)) or any(
        one.operation_id != convoy.operation_id for one in places if isinstance(one, Site)
    ):
        raise Problem("not_found")
    sites = [one.site_id if isinstance(one, Stop) else one.pk for one in places]
    if len(places) < 2 or any(one == two for one, two in pairwise(sites)):
        raise _wrong(_("Choose two sites at least, each different from the one before."))
    _remove(convoy.stops.exclude(pk__in=kept))
    # Positions are unique at every moment: first out of the way, then to their new places.
    convoy.stops.update(position=F("position") + 1000)
    for position, place in enumerate(places, start=1):
        if isinstance(place, Stop):
            convoy.stops.filter(pk=place.pk).update(position=position)
        else:
            Stop.objects.create(convoy=convoy, position=position, site=place)
    _forwards(convoy)
    return routes.measure(convoy)


def _remove(stops: Any) -> None:
    for stop in stops.select_related("site"):
        needed = (
            Leg.objects.filter(Q(from_stop=stop) | Q(to_stop=stop)).exists()
            or Waybill.objects.filter(to_stop=stop).exists()
            or TransitEvent.objects.filter(stop=stop).exists()
        )
        if needed:
            told = _("A vehicle or a waybill goes from or to {stop}. Change that first.")
            raise _wrong(told.format(stop=stop.site))
    stops.delete()


def _forwards(convoy: OperatedConvoy) -> None:
    back = convoy.legs.filter(from_stop__position__gte=F("to_stop__position"))
    bills = Waybill.objects.filter(leg__convoy=convoy).exclude(state="void")
    past = bills.exclude(
        to_stop__position__gt=F("leg__from_stop__position"),
        to_stop__position__lte=F("leg__to_stop__position"),
    )
    wrong = [str(one) for one in (*back.select_related("vehicle"), *past)]
    if wrong:
        told = _("In this order these would go backwards: {legs}. Change them first.")
        raise _wrong(told.format(legs=", ".join(wrong)))


def _wrong(message: str) -> Problem:
    return wrong(_("Stops"), message)


@safely
def change_leg(
    leg: Leg,
    *,
    actor: Actor,
    vehicle: Vehicle,
    driver: Driver | None,
    from_stop: Stop,
    to_stop: Stop,
    leaves: datetime | None = None,
    arrives: datetime | None = None,
) -> Leg:
    """Give a leg another vehicle, driver, way or time before it departs; its loads stay on it.

    Raises Problem ``guard_failed`` where its waybills are issued, which name the vehicle, or where
    the loads do not fit; ``invalid`` where the way does not.
    """
    now = editable(leg.convoy, actor, states=(*BEFORE_DISPATCH, *ON_THE_WAY))
    leg = _not_fixed(leg)
    own = {one.operation_id for one in (vehicle, driver) if one} == {leg.convoy.operation_id}
    if not own or {from_stop.convoy_id, to_stop.convoy_id} != {leg.convoy_id}:
        raise Problem("not_found")
    leg.vehicle, leg.driver, leg.from_stop, leg.to_stop = vehicle, driver, from_stop, to_stop
    leg.period = times(now, leaves or leg.period.lower, arrives or leg.period.upper)
    if from_stop.position >= to_stop.position:
        raise _wrong(_("A leg leads from an earlier stop to a later one."))
    leg.save(update_fields=["vehicle", "driver", "from_stop", "to_stop", "period"])
    _forwards(leg.convoy)
    return leg


def _not_fixed(leg: Leg) -> Leg:
    """Return the leg as it is now; raise Problem where papers name its vehicle, or it has left."""
    now = Leg.objects.select_related("convoy__operation").filter(pk=leg.pk).first()
    if now is None:
        raise Problem("not_found")
    issued = now.waybills.exclude(state__in=("draft", "void"))
    if now.departed_at or now.dispatched_at:
        raise Problem(
            "guard_failed",
            reason=_("The gate has let the vehicle go, or it has left."),
            fix=_("Add another vehicle for what is still to be carried."),
        )
    if issued.exists():
        raise Problem(
            "guard_failed",
            reason=_("Waybills that name the vehicle are issued."),
            fix=_("Void them first: {waybills}.").format(waybills=", ".join(map(str, issued))),
        )
    return now


@safely
def remove_leg(leg: Leg, *, actor: Actor) -> None:
    """Take off a vehicle that has not left; raise Problem ``guard_failed`` where it has papers."""
    editable(leg.convoy, actor, states=(*BEFORE_DISPATCH, *ON_THE_WAY))
    leg = _not_fixed(leg)
    waybills = list(leg.waybills.all())
    if waybills or leg.transit_events.exists():
        raise Problem(
            "guard_failed",
            reason=_("Something was written for this vehicle: {waybills}.").format(
                waybills=", ".join(map(str, waybills)) or _("reports from the road")
            ),
            fix=_("Papers are kept, void ones too. Give the leg another vehicle instead."),
        )
    # The database removes the balance with it, which is not the application's to delete.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM convoys_leg WHERE id = %s", [leg.pk])
    following.arrived(leg.convoy)  # the others may have been all
