"""Second looks: loads, speeds and sources that are unlikely. A flag asks and never blocks."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from convoys.models import Entry, Leg, OperatedConvoy
from convoys.numbers import plain
from convoys.reported import MOST_KG_PER_VEHICLE

# A loaded lorry on mountain roads does not keep up more than this over a whole leg (km/h).
FASTEST = Decimal(80)
# Weighed against nominal: beyond this share of the nominal weight a difference is worth a look.
TOLERANCE = Decimal("0.05")


def flags(convoy: OperatedConvoy) -> list[str]:
    """Return what of a convoy is worth a second look, in words."""
    legs = list(Leg.objects.filter(convoy=convoy).select_related("vehicle", "balance"))
    return [*_loads(legs), *_speeds(convoy, legs), *_weighed(convoy)]


def _loads(legs: list[Leg]) -> Iterator[str]:
    for leg in legs:
        if leg.balance.kg > MOST_KG_PER_VEHICLE:
            yield _("{vehicle} carries {kg} kg, more than a lorry may usually carry.").format(
                vehicle=leg.vehicle, kg=plain(leg.balance.kg)
            )


def _speeds(convoy: OperatedConvoy, legs: list[Leg]) -> Iterator[str]:
    for leg in legs:
        if not (convoy.distance_km and leg.departed_at and leg.arrived_at):
            continue
        hours = Decimal((leg.arrived_at - leg.departed_at).total_seconds()) / 3600
        last = convoy.stops.order_by("position").last()
        is_whole = last is not None and leg.to_stop_id == last.pk
        if hours <= 0 or (is_whole and convoy.distance_km / hours > FASTEST):
            yield _("{vehicle} would have driven {km} km in {hours} h.").format(
                vehicle=leg.vehicle, km=convoy.distance_km, hours=round(hours, 1)
            )


def _weighed(convoy: OperatedConvoy) -> Iterator[str]:
    found = Entry.objects.filter(
        load__waybill__leg__convoy=convoy, weighed_kg__isnull=False, sign=1, reversed_by=None
    )
    for entry in found.select_related("load__item"):
        weighed = Decimal(entry.weighed_kg or 0)
        if abs(weighed - entry.kg) > TOLERANCE * entry.kg:
            yield _("{item} weighed {weighed} kg, {kg} kg by its units.").format(
                item=entry.load.item, weighed=plain(weighed), kg=plain(entry.kg)
            )
