"""Second looks: loads, speeds and sources that are unlikely. A flag asks and never blocks.

Each look is one queryset of what is unlikely, so that a convoy's page, the list of all and the
dataset cannot differ: a page takes the rows' words, the others only whether there are any.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys.models import Entry, Leg, LoadLine, LotBalance, OperatedConvoy, StockLot, Stop
from convoys.reported import MOST_KG_PER_VEHICLE
from core.quantities import amount

# A loaded lorry on mountain roads does not keep up more than 80 km/h over a whole leg.
LEAST_PER_KM = timedelta(seconds=45)
# Weighed against nominal: beyond this share of the nominal weight a difference is worth a look.
TOLERANCE = Decimal("0.05")
ORIGIN = "line__consignment__origin"


def _overloaded() -> QuerySet[Any]:
    return Leg.objects.filter(balance__kg__gt=MOST_KG_PER_VEHICLE)


def _overdrawn() -> QuerySet[Any]:
    """Return goods that are loaded without a lot of more than their origin's stock has.

    Only of items that the origin keeps in stock: what is loaded from a lot the database checks.
    """
    kept = LotBalance.objects.filter(lot__warehouse=OuterRef(ORIGIN), lot__item=OuterRef("item"))
    has = kept.order_by().values("lot__item").annotate(sum=Sum("on_hand")).values("sum")
    loads: QuerySet[Any] = LoadLine.objects.filter(
        waybill__leg__departed_at=None, unload=None, line__lot=None, line__isnull=False
    ).exclude(waybill__state="void")
    sums = loads.order_by().values("waybill__leg__convoy", "item", ORIGIN)
    sums = sums.annotate(loaded=Sum("qty"), has=Subquery(has))
    found: QuerySet[Any] = sums.filter(loaded__gt=F("has"))
    return found


def _too_fast() -> QuerySet[Any]:
    """Return legs that took no time, and whole ways that one vehicle drove too fast."""
    elsewhere = Stop.objects.filter(
        Q(position__lt=OuterRef("from_stop__position"))
        | Q(position__gt=OuterRef("to_stop__position")),
        convoy=OuterRef("convoy"),
    )
    least = ExpressionWrapper(
        F("convoy__distance_km") * Value(LEAST_PER_KM), output_field=DurationField()
    )
    driven = Leg.objects.filter(
        convoy__distance_km__gt=0, departed_at__isnull=False, arrived_at__isnull=False
    ).annotate(least=least, took=F("arrived_at") - F("departed_at"))
    no_time = Q(arrived_at__lte=F("departed_at"))
    return driven.filter(
        no_time | Q(~Exists(elsewhere), arrived_at__lt=F("departed_at") + F("least"))
    )


def _weighed_otherwise() -> QuerySet[Any]:
    off = Q(weighed_kg__gt=F("kg") * (1 + TOLERANCE)) | Q(weighed_kg__lt=F("kg") * (1 - TOLERANCE))
    return Entry.objects.filter(off, sign=1, reversed_by=None)


def _load_words(leg: Leg) -> str:
    return _("{vehicle} carries {kg} kg, more than a lorry may usually carry.").format(
        vehicle=leg.vehicle, kg=amount(leg.balance.kg)
    )


def _stock_words(row: dict[str, Any]) -> str:
    lots = StockLot.objects.filter(warehouse=row[ORIGIN], item=row["item"])
    lot = lots.select_related("item", "warehouse")[0]
    return _("{qty} {unit} of {item} are loaded; the stock of {warehouse} says {has}.").format(
        qty=amount(row["loaded"]),
        unit=lot.item.unit,
        item=lot.item,
        warehouse=lot.warehouse,
        has=amount(row["has"]),
    )


def _speed_words(leg: Any) -> str:
    hours = Decimal(leg.took.total_seconds()) / 3600
    return _("{vehicle} would have driven {km} km in {hours} h.").format(
        vehicle=leg.vehicle, km=amount(leg.convoy.distance_km), hours=amount(round(hours, 1))
    )


def _weight_words(entry: Entry) -> str:
    return _("{item} weighed {weighed} kg, {kg} kg by its units.").format(
        item=entry.load.item, weighed=amount(entry.weighed_kg), kg=amount(entry.kg)
    )


@dataclass(frozen=True)
class Look:
    """What is unlikely: its rows, the path from them to the convoy, and the words for one."""

    label: str | Promise
    rows: Callable[[], QuerySet[Any]]
    path: str
    words: Callable[[Any], str]
    related: tuple[str, ...] = ()


LOOKS = {
    "vehicle_load": Look(
        gettext_lazy("Look again: load"),
        _overloaded,
        "convoy",
        _load_words,
        ("vehicle", "balance"),
    ),
    "origin_stock": Look(
        gettext_lazy("Look again: stock"),
        _overdrawn,
        "waybill__leg__convoy",
        _stock_words,
    ),
    "speed": Look(
        gettext_lazy("Look again: speed"), _too_fast, "convoy", _speed_words, ("vehicle", "convoy")
    ),
    "weight": Look(
        gettext_lazy("Look again: weight"),
        _weighed_otherwise,
        "load__waybill__leg__convoy",
        _weight_words,
        ("load__item",),
    ),
}


def flags(convoy: OperatedConvoy) -> list[str]:
    """Return what of a convoy is worth a second look, in words."""
    return list(_told(convoy))


def _told(convoy: OperatedConvoy) -> Iterator[str]:
    for look in LOOKS.values():
        rows = look.rows().filter(**{look.path: convoy})
        yield from map(look.words, rows.select_related(*look.related) if look.related else rows)


def labels(convoys: Iterable[int]) -> dict[int, list[str | Promise]]:
    """Return what of several convoys is worth a second look, by their keys, a query a look."""
    keys = list(convoys)
    found: dict[int, list[str | Promise]] = {}
    for look in LOOKS.values():
        rows = look.rows().filter(**{f"{look.path}__in": keys}).order_by()
        for key in set(rows.values_list(look.path, flat=True)):
            found.setdefault(key, []).append(look.label)
    return found


def annotations() -> dict[str, Exists]:
    """Return by code whether there is something unlikely of the convoy that a row is."""
    return {
        code: Exists(look.rows().filter(**{look.path: OuterRef("pk")}))
        for code, look in LOOKS.items()
    }
