"""Tonnes on their way, from the ledger of operated convoys: by stage, cause, convoy and area.

All amounts are kilograms. What is forwarded or redirected goes on in the lines loaded from it and
counts there, so that each kilogram counts once; on the way back, what arrives has returned and is
no delivery. Reported (claimed) cargo is in none of these figures.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoys.finding import NOT_SENT, SETTLED, STAGES, UNCLEARED, UNISSUED
from convoys.models import (
    ConsignmentLine,
    Entry,
    ForwardBalance,
    LoadBalance,
    OperatedConvoy,
    ServiceRequest,
)
from core.models import Area, Operation

NOTHING = Decimal(0)
CONVOY = "load__waybill__leg__convoy"
NOT_ASKED = ("draft", "rejected", "cancelled")
DAMAGED = Entry.Kind.RECEIVED_DAMAGED.value


@dataclass
class Sums:
    """loaded + overage = good + damaged + lost + returned + onward + outstanding, in kilograms.

    ``lost`` is by kind of Entry; ``onward`` went on with another convoy and counts there.
    """

    loaded: Decimal = NOTHING
    overage: Decimal = NOTHING
    good: Decimal = NOTHING
    damaged: Decimal = NOTHING
    returned: Decimal = NOTHING
    onward: Decimal = NOTHING
    outstanding: Decimal = NOTHING
    lost: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def received(self) -> Decimal:
        """Return what receipts confirm, good or damaged."""
        return self.good + self.damaged

    @property
    def lost_in_all(self) -> Decimal:
        """Return all losses together."""
        return sum(self.lost.values(), NOTHING)

    @property
    def balance(self) -> Decimal:
        """Return what the two sides of the equation differ by; the database keeps it nought."""
        gone = self.received + self.lost_in_all + self.returned + self.onward + self.outstanding
        return self.loaded + self.overage - gone


@dataclass(frozen=True)
class Stage:
    """A stage of the funnel: how many kilograms came at least so far."""

    key: str
    label: str
    kg: Decimal
    url: str


@dataclass(frozen=True)
class Loss:
    """What was lost by one cause (a kind of Entry)."""

    kind: str
    label: str
    kg: Decimal
    url: str


@dataclass(frozen=True)
class AreaDelivery:
    """What receipts confirm in an area, and what is still outstanding on the way there."""

    pcode: str
    name: str
    confirmed: Decimal
    outstanding: Decimal


@dataclass(frozen=True)
class Carried:
    """What became of the loads of convoys, in kilograms, read from the ledger once.

    ``loads`` tell what was loaded ``first``, what has arrived, was lost or is outstanding, and
    what of that is ``there``, by state of convoy and waybill, area and way.
    """

    loads: list[dict[str, Any]]

    @property
    def received(self) -> list[tuple[str, Any, Decimal]]:
        """Return what receipts confirm, with the convoy's state and the area."""
        return [
            (row["state"], row["area"], row["good"] + row[DAMAGED])
            for row in self.loads
            if not row["is_return"]
        ]

    @property
    def lost(self) -> dict[str, Decimal]:
        """Return what was lost by kind of Entry."""
        return {kind: sum((row[kind] for row in self.loads), NOTHING) for kind in Entry.LOSSES}


def carried(runs: QuerySet[OperatedConvoy]) -> Carried:
    """Read what became of the loads of convoys."""
    balances: Any = LoadBalance.objects.filter(**{f"{CONVOY}__in": runs}).order_by()
    ways = {
        "state": F(f"{CONVOY}__state"),
        "area": F("load__waybill__to_stop__site__area"),
        "waybill": F("load__waybill__state"),
        "is_return": F("load__is_return"),
    }
    is_there = Q(load__waybill__leg__arrived_at__isnull=False)
    grouped = balances.annotate(**ways).values(*ways)
    loads = grouped.annotate(
        first=Sum("loaded_kg", filter=Q(load__line__isnull=False), default=NOTHING),
        there=Sum("outstanding_kg", filter=is_there, default=NOTHING),
        **{name: Sum(f"{name}_kg") for name in ("good", "outstanding", DAMAGED, *Entry.LOSSES)},
    )
    return Carried(list(loads))


def equations(runs: QuerySet[OperatedConvoy]) -> dict[Any, Sums]:
    """Return the equations of convoys by their keys."""
    found: dict[Any, Sums] = defaultdict(Sums)
    _balances(found, LoadBalance.objects.filter(**{f"{CONVOY}__in": runs}))
    free = ForwardBalance.objects.filter(**{f"entry__{CONVOY}__in": runs}, free_kg__gt=0)
    for one in _by(free, f"entry__{CONVOY}", "is_return", kg="free_kg"):
        sums = found[one["group"]]
        if one["is_return"]:
            sums.returned += one["kg"]
        else:
            sums.outstanding += one["kg"]
    _continued(found, runs)
    return found


def _continued(found: dict[Any, Sums], runs: QuerySet[OperatedConvoy]) -> None:
    """Take off what was loaded again in the same convoy; add what went on with another one."""
    source = f"load__source_entry__{CONVOY}"
    drawn = LoadBalance.objects.filter(load__source_entry__isnull=False)
    again = drawn.filter(**{f"{CONVOY}__in": runs, CONVOY: F(source)})
    for one in _by(again, CONVOY, kg="loaded_kg"):
        found[one["group"]].loaded -= one["kg"]
    onward = drawn.filter(**{f"{source}__in": runs}).exclude(**{CONVOY: F(source)})
    for one in _by(onward, source, kg="loaded_kg"):
        found[one["group"]].onward += one["kg"]


def _balances(found: dict[Any, Sums], balances: QuerySet[LoadBalance]) -> None:
    """Add what was loaded, the overage, and what arrived, was lost or is outstanding."""
    kept = ("loaded", "over", "good", "outstanding", DAMAGED, *Entry.LOSSES)
    for row in _by(balances, CONVOY, "load__is_return", **{name: f"{name}_kg" for name in kept}):
        sums = found[row["group"]]
        sums.loaded += row["loaded"]
        sums.overage += row["over"]
        sums.outstanding += row["outstanding"]
        if row["load__is_return"]:
            sums.returned += row["good"] + row[DAMAGED]
        else:
            sums.good += row["good"]
            sums.damaged += row[DAMAGED]
        for kind in Entry.LOSSES:
            sums.lost[kind] += row[kind]


def _by(rows: QuerySet[Any], group: str, *further: str, **sums: str) -> Iterable[dict[str, Any]]:
    grouped: Any = rows.order_by().annotate(group=F(group)).values("group", *further)
    found: Iterable[dict[str, Any]] = grouped.annotate(
        **{name: Sum(column) for name, column in sums.items()}
    )
    return found


def requested_kg(operation: Operation) -> Decimal:
    """Return the weight asked for; where a request names none, that of what was consigned."""
    asked = ServiceRequest.objects.filter(operation=operation).exclude(state__in=NOT_ASKED)
    weighed = asked.aggregate(kg=Sum("requested_kg"))["kg"] or NOTHING
    without = Q(consignment__request=None) | Q(
        consignment__request__in=asked, consignment__request__requested_kg=None
    )
    lines = ConsignmentLine.objects.filter(
        without, consignment__operation=operation, balance__qty__gt=0
    )
    return weighed + (lines.aggregate(kg=Sum("gross_kg"))["kg"] or NOTHING)


def stages(operation: Operation, of: Carried, link: Callable[[str], str]) -> list[Stage]:
    """Return the funnel of what convoys carried."""
    cleared = loaded = dispatched = unreceived = NOTHING
    for row in of.loads:
        is_cleared, kg = row["state"] not in UNCLEARED, row["first"]
        cleared += kg if is_cleared else NOTHING
        loaded += kg if is_cleared and row["waybill"] not in UNISSUED else NOTHING
        dispatched += kg if row["waybill"] not in NOT_SENT else NOTHING
        unreceived += NOTHING if row["is_return"] else row["there"]
    confirmed = sum((kg for _state, _area, kg in of.received), NOTHING)
    settled = sum((kg for state, _area, kg in of.received if state in SETTLED), NOTHING)
    labels = (("requested", _("Requested")), *STAGES)
    amounts = (
        requested_kg(operation),
        *(cleared, loaded, dispatched, confirmed + unreceived, confirmed, settled),
    )
    return [
        Stage(key, str(label), kg, link(key))
        for (key, label), kg in zip(labels, amounts, strict=True)
    ]


def losses(of: Carried, url: str) -> list[Loss]:
    """Return what was lost by cause, the greatest first; causes without a loss are left out."""
    found = [Loss(kind, str(Entry.Kind(kind).label), kg, url) for kind, kg in of.lost.items() if kg]
    return sorted(found, key=lambda one: -one.kg)


def by_area(of: Carried) -> list[AreaDelivery]:
    """Return deliveries by the area where their waybills end; a blank P-code stands for none."""
    confirmed: dict[Any, Decimal] = defaultdict(Decimal)
    for _state, area, kg in of.received:
        if kg:
            confirmed[area] += kg
    outstanding: dict[Any, Decimal] = defaultdict(Decimal)
    for row in of.loads:
        if row["outstanding"] and row["waybill"] not in NOT_SENT and not row["is_return"]:
            outstanding[row["area"]] += row["outstanding"]
    areas = Area.objects.defer("geometry", "geometry_mid", "geometry_low").in_bulk(
        [key for key in (*confirmed, *outstanding) if key]
    )
    found = [
        _delivery(areas.get(key), confirmed.get(key, NOTHING), outstanding.get(key, NOTHING))
        for key in dict.fromkeys((*confirmed, *outstanding))
    ]
    return sorted(found, key=lambda one: (not one.pcode, -one.confirmed, one.name))


def _delivery(area: Area | None, confirmed: Decimal, outstanding: Decimal) -> AreaDelivery:
    if area is None:
        return AreaDelivery("", "", confirmed, outstanding)
    return AreaDelivery(area.pcode, area.name_in(get_language() or ""), confirmed, outstanding)
