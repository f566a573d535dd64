"""Second looks: loads, speeds and sources that are unlikely. A flag asks and never blocks."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from convoys.models import Entry, Leg, LoadLine, LotBalance, OperatedConvoy, StockLot
from convoys.reported import MOST_KG_PER_VEHICLE
from core.quantities import amount

# A loaded lorry on mountain roads does not keep up more than this over a whole leg (km/h).
FASTEST = Decimal(80)
# Weighed against nominal: beyond this share of the nominal weight a difference is worth a look.
TOLERANCE = Decimal("0.05")


def flags(convoy: OperatedConvoy) -> list[str]:
    """Return what of a convoy is worth a second look, in words."""
    legs = list(Leg.objects.filter(convoy=convoy).select_related("vehicle", "balance"))
    return [*_loads(legs), *_origins(convoy), *_speeds(convoy, legs), *_weighed(convoy)]


def _origins(convoy: OperatedConvoy) -> Iterator[str]:
    """Tell goods that are loaded without a lot of more than their origin's stock has.

    Only of items that the origin keeps in stock: what is loaded from a lot the database checks.
    """
    carried = LoadLine.objects.filter(
        waybill__leg__convoy=convoy, waybill__leg__departed_at=None, unload=None, line__lot=None
    )
    sums = (
        carried.filter(line__isnull=False)
        .exclude(waybill__state="void")
        .order_by()
        .values("item", "line__consignment__origin")
        .annotate(qty=Sum("qty"))
    )
    for row in sums:
        mine = {"warehouse": row["line__consignment__origin"], "item": row["item"]}
        lots = LotBalance.objects.filter(**{f"lot__{key}": value for key, value in mine.items()})
        has = lots.aggregate(qty=Sum("on_hand"))["qty"]
        if has is not None and row["qty"] > has:
            lot = StockLot.objects.filter(**mine).select_related("item", "warehouse")[0]
            yield _(
                "{qty} {unit} of {item} are loaded; the stock of {warehouse} says {has}."
            ).format(
                qty=amount(row["qty"]),
                unit=lot.item.unit,
                item=lot.item,
                warehouse=lot.warehouse,
                has=amount(has),
            )


def _loads(legs: list[Leg]) -> Iterator[str]:
    for leg in legs:
        if leg.balance.kg > MOST_KG_PER_VEHICLE:
            yield _("{vehicle} carries {kg} kg, more than a lorry may usually carry.").format(
                vehicle=leg.vehicle, kg=amount(leg.balance.kg)
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
                item=entry.load.item, weighed=amount(weighed), kg=amount(entry.kg)
            )
