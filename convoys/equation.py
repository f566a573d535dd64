"""Does it close? What was loaded, and what became of it, in units and kilograms.

loaded + overage = good + damaged + lost (by kind) + returned + onward + outstanding, always. What
is forwarded or redirected goes on in the lines loaded from it, so that each kilogram counts once,
where it ended; on the way back, what arrives has returned and is no delivery.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from convoys.models import Entry, ForwardBalance, LoadBalance, LoadLine, OperatedConvoy
from core.models import ReliefItem

NOTHING = Decimal(0)
PARTS = ("loaded", "overage", "good", "damaged", "returned", "onward", "outstanding")
DAMAGED = Entry.Kind.RECEIVED_DAMAGED.value
# What the balances of loads keep
KEPT = ("loaded", "over", "good", "outstanding", DAMAGED, *Entry.LOSSES)


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
    """Return the equations of one convoy, an item each; what another one took on is ``onward``."""
    # Named one by one, so that the database reads these rows alone and no table as a whole.
    mine = LoadLine.objects.filter(waybill__leg__convoy=convoy).order_by()
    keys = list(mine.values_list("pk", flat=True))
    return equations({"in": keys}, within=keys)


def of_operation(operation: Any) -> list[Equation]:
    """Return the equations of all convoys of an operation."""
    return equations({"waybill__operation": operation})


def equations(chosen: Mapping[str, Any], within: Sequence[UUID] | None = None) -> list[Equation]:
    """Add up the loads that the lookups in ``chosen`` find, by item.

    ``within`` are the keys of these loads, if what goes on in others is ``onward``.
    """
    found: dict[Any, Equation] = {}

    def of(item_id: Any) -> Equation:
        return found.setdefault(item_id, Equation(item_id))

    _add_balances(of, _through("load", chosen))
    _add_again(of, _through("load", chosen), within)
    _add_forwards(of, _through("entry__load", chosen))
    if within is not None:
        _add_onward(of, within)
    items = ReliefItem.objects.in_bulk(list(found))
    for key, one in found.items():
        one.item = items[key]
    return sorted(found.values(), key=lambda one: str(one.item))


def _through(path: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{path}__{lookup}": value for lookup, value in chosen.items()}


def _add_balances(of: Any, inside: dict[str, Any]) -> None:
    """Add what was loaded, the overage, and what arrived, was lost or is outstanding."""
    sums = {f"{name}_{unit}_sum": Sum(f"{name}_{unit}") for name in KEPT for unit in ("qty", "kg")}
    balances: Any = LoadBalance.objects.filter(**inside).order_by()
    for row in balances.values("load__item", "load__is_return").annotate(**sums):
        one = of(row["load__item"])
        kept = {name: (row[f"{name}_qty_sum"], row[f"{name}_kg_sum"]) for name in KEPT}
        one.loaded.add(*kept["loaded"])
        one.overage.add(*kept["over"])
        one.outstanding.add(*kept["outstanding"])
        (one.returned if row["load__is_return"] else one.good).add(*kept["good"])
        (one.returned if row["load__is_return"] else one.damaged).add(*kept[DAMAGED])
        for kind in Entry.LOSSES:
            if any(kept[kind]):
                one.lost[kind].add(*kept[kind])


def _add_again(of: Any, inside: dict[str, Any], within: Sequence[UUID] | None) -> None:
    """Take off what was loaded again from what these loads brought."""
    inside |= {"load__source_entry__isnull": False}
    if within is not None:
        inside |= {"load__source_entry__load__in": within}
    for row in _loaded(inside):
        of(row["load__item"]).loaded.add(row["q"], row["k"], -1)


def _loaded(inside: dict[str, Any], without: Sequence[UUID] = ()) -> Iterable[dict[str, Any]]:
    balances: Any = LoadBalance.objects.filter(**inside).exclude(load__in=without).order_by()
    rows: Iterable[dict[str, Any]] = balances.values("load__item").annotate(
        q=Sum("loaded_qty"), k=Sum("loaded_kg")
    )
    return rows


def _add_forwards(of: Any, inside: dict[str, Any]) -> None:
    """Add what was forwarded and is on no waybill yet."""
    rows = (
        ForwardBalance.objects.filter(**inside, free_qty__gt=0)
        .order_by()
        .values("entry__load__item", "is_return")
        .annotate(q=Sum("free_qty"), k=Sum("free_kg"))
    )
    for free in rows:
        one = of(free["entry__load__item"])
        (one.returned if free["is_return"] else one.outstanding).add(free["q"], free["k"])


def _add_onward(of: Any, within: Sequence[UUID]) -> None:
    """Add what went on with another convoy."""
    for gone in _loaded({"load__source_entry__load__in": within}, without=within):
        of(gone["load__item"]).onward.add(gone["q"], gone["k"])


def total_kg(rows: Iterable[Equation]) -> Mapping[str, Decimal]:
    """Return the kilograms of several items together, ``lost`` among the parts."""
    sums = dict.fromkeys((*PARTS, "lost"), NOTHING)
    for one in rows:
        for part in PARTS:
            sums[part] += getattr(one, part).kg
        sums["lost"] += one.lost_in_all.kg
    return sums
