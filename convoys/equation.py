"""Does it close? What was loaded, and what became of it, in units and kilograms.

loaded + overage = good + damaged + lost (by kind) + returned + onward + outstanding, always. What
is forwarded or redirected goes on in the lines loaded from it, so that each kilogram counts once,
where it ended; on the way back, what arrives has returned and is no delivery.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from convoys.models import Entry, ForwardBalance, LoadBalance, LoadLine, OperatedConvoy
from core.models import ReliefItem

NOTHING = Decimal(0)
PARTS = ("loaded", "overage", "good", "damaged", "returned", "onward", "outstanding")


@dataclass
class Amount:
    """Inventory units and nominal kilograms; units are added up only within one item."""

    qty: Decimal = NOTHING
    kg: Decimal = NOTHING

    def add(self, qty: Decimal | None, kg: Decimal | None, sign: int = 1) -> None:
        """Add to both."""
        self.qty += sign * (qty or NOTHING)
        self.kg += sign * (kg or NOTHING)


@dataclass
class Equation:
    """One item's equation; ``lost`` maps a kind of loss to its amount."""

    item: Any
    loaded: Amount = field(default_factory=Amount)
    overage: Amount = field(default_factory=Amount)
    good: Amount = field(default_factory=Amount)
    damaged: Amount = field(default_factory=Amount)
    returned: Amount = field(default_factory=Amount)
    onward: Amount = field(default_factory=Amount)
    outstanding: Amount = field(default_factory=Amount)
    lost: dict[str, Amount] = field(default_factory=lambda: defaultdict(Amount))

    @property
    def lost_in_all(self) -> Amount:
        """Return all losses together."""
        return Amount(
            sum((one.qty for one in self.lost.values()), NOTHING),
            sum((one.kg for one in self.lost.values()), NOTHING),
        )

    @property
    def losses(self) -> list[tuple[str, Amount]]:
        """Return the kinds of loss with their amounts, those of nothing left out."""
        return [(kind, one) for kind, one in sorted(self.lost.items()) if one.kg]

    @property
    def is_balanced(self) -> bool:
        """Return whether both sides are equal, which the database's rules make so."""
        gone = (self.good, self.damaged, self.returned, self.onward, self.outstanding)
        lost = self.lost_in_all
        return self.loaded.qty + self.overage.qty == sum(
            (one.qty for one in gone), lost.qty
        ) and self.loaded.kg + self.overage.kg == sum((one.kg for one in gone), lost.kg)

    @property
    def closes(self) -> bool:
        """Return whether nothing is outstanding."""
        return self.is_balanced and not self.outstanding.qty


def of_convoy(convoy: OperatedConvoy) -> list[Equation]:
    """Return the equations of one convoy, an item each."""
    return equations(LoadLine.objects.filter(waybill__leg__convoy=convoy), within=convoy)


def of_operation(operation: Any) -> list[Equation]:
    """Return the equations of all convoys of an operation."""
    return equations(LoadLine.objects.filter(waybill__operation=operation))


def equations(loads: QuerySet[LoadLine], *, within: OperatedConvoy | None = None) -> list[Equation]:
    """Add up loads by item; ``within`` a convoy, what goes on in another one is ``onward``."""
    found: dict[Any, Equation] = {}

    def of(item_id: Any) -> Equation:
        return found.setdefault(item_id, Equation(item_id))

    chosen = loads.order_by()
    _add_balances(of, chosen, within)
    _add_entries(of, chosen)
    _add_forwards(of, chosen, within)
    items = ReliefItem.objects.in_bulk(list(found))
    for key, one in found.items():
        one.item = items[key]
    return sorted(found.values(), key=lambda one: str(one.item))


def _add_balances(of: Any, chosen: QuerySet[LoadLine], within: OperatedConvoy | None) -> None:
    """Add what was loaded first here, the overage, what arrived well and what is outstanding."""
    inside = Q(load__source_entry__isnull=False)
    if within:
        inside &= Q(load__source_entry__load__waybill__leg__convoy=within)
    rows = (
        LoadBalance.objects.filter(load__in=chosen)
        .order_by()
        .annotate(again=Case(When(inside, then=Value(True)), default=Value(False)))
        .values("load__item", "again", "load__is_return")
        .annotate(
            lq=Sum("loaded_qty"),
            lk=Sum("loaded_kg"),
            oq=Sum("over_qty"),
            ok=Sum("over_kg"),
            gq=Sum("good_qty"),
            gk=Sum("good_kg"),
            rq=Sum("outstanding_qty"),
            rk=Sum("outstanding_kg"),
        )
    )
    for row in rows:
        one = of(row["load__item"])
        if not row["again"]:
            one.loaded.add(row["lq"], row["lk"])
        one.overage.add(row["oq"], row["ok"])
        (one.returned if row["load__is_return"] else one.good).add(row["gq"], row["gk"])
        one.outstanding.add(row["rq"], row["rk"])


def _add_entries(of: Any, chosen: QuerySet[LoadLine]) -> None:
    """Add what arrived damaged and what was lost, reversals taken off.

    Most entries say that something arrived well; their sums stand in the balances already.
    """
    told = (Entry.Kind.RECEIVED_DAMAGED, *Entry.LOSSES)
    rows = (
        Entry.objects.filter(load__in=chosen, kind__in=told)
        .order_by()
        .values("load__item", "kind", "load__is_return")
        .annotate(q=Sum(F("qty") * F("sign")), k=Sum(F("kg") * F("sign")))
    )
    for row in rows:
        one, kind = of(row["load__item"]), row["kind"]
        if kind in Entry.LOSSES:
            one.lost[kind].add(row["q"], row["k"])
        else:
            (one.returned if row["load__is_return"] else one.damaged).add(row["q"], row["k"])


def _add_forwards(of: Any, chosen: QuerySet[LoadLine], within: OperatedConvoy | None) -> None:
    """Add what was forwarded and is on no waybill yet, and what went on with another convoy."""
    rows = (
        ForwardBalance.objects.filter(entry__load__in=chosen)
        .order_by()
        .values("entry__load__item", "is_return")
        .annotate(q=Sum("free_qty"), k=Sum("free_kg"))
    )
    for free in rows:
        one = of(free["entry__load__item"])
        (one.returned if free["is_return"] else one.outstanding).add(free["q"], free["k"])
    if within:
        away = (
            LoadBalance.objects.filter(load__source_entry__load__waybill__leg__convoy=within)
            .exclude(load__waybill__leg__convoy=within)
            .order_by()
            .values("load__item")
            .annotate(q=Sum("loaded_qty"), k=Sum("loaded_kg"))
        )
        for gone in away:
            of(gone["load__item"]).onward.add(gone["q"], gone["k"])


def total_kg(rows: Iterable[Equation]) -> Mapping[str, Decimal]:
    """Return the kilograms of several items together, ``lost`` among the parts."""
    sums = dict.fromkeys((*PARTS, "lost"), NOTHING)
    for one in rows:
        for part in PARTS:
            sums[part] += getattr(one, part).kg
        sums["lost"] += one.lost_in_all.kg
    return sums
