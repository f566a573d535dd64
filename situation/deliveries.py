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

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoys.finding import NOT_SENT, SETTLED, STAGES, UNCLEARED, UNISSUED
from convoys.models import (
    ConsignmentLine,
    Convoy,
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
GOOD, DAMAGED = Entry.RECEIVED


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


def equations(runs: QuerySet[OperatedConvoy], by: str = "pk") -> dict[Any, Sums]:
    """Return the equations of convoys, grouped by one of their columns."""
    found: dict[Any, Sums] = defaultdict(Sums)
    inside: dict[str, Any] = {f"{CONVOY}__in": runs}
    group = f"{CONVOY}__{by}"
    _balances(found, LoadBalance.objects.filter(**inside).order_by(), group)
    for row in _entries(inside, group, (*Entry.RECEIVED, *Entry.LOSSES)):
        sums, kind = found[row["group"]], row["kind"]
        if kind in Entry.LOSSES:
            sums.lost[kind] += row["kg"]
        elif row["load__is_return"]:
            sums.returned += row["kg"]
        elif kind == GOOD:
            sums.good += row["kg"]
        else:
            sums.damaged += row["kg"]
    free = ForwardBalance.objects.filter(**{f"entry__{CONVOY}__in": runs}, free_kg__gt=0)
    for one in _by(free, f"entry__{group}", "is_return", kg="free_kg"):
        sums = found[one["group"]]
        if one["is_return"]:
            sums.returned += one["kg"]
        else:
            sums.outstanding += one["kg"]
    source = f"load__source_entry__{CONVOY}"
    onward = LoadBalance.objects.filter(**{f"{source}__in": runs}).exclude(**{CONVOY: F(source)})
    for one in _by(onward, f"{source}__{by}", kg="loaded_kg"):
        found[one["group"]].onward += one["kg"]
    return found


def _balances(found: dict[Any, Sums], balances: QuerySet[LoadBalance], group: str) -> None:
    """Add what was loaded first in each convoy, the overage and what is outstanding."""
    source = f"load__source_entry__{CONVOY}"
    again = Case(When(**{source: F(CONVOY)}, then=Value(True)), default=Value(False))
    rows = _by(
        balances.annotate(again=again),
        group,
        "again",
        loaded="loaded_kg",
        overage="over_kg",
        outstanding="outstanding_kg",
    )
    for row in rows:
        sums = found[row["group"]]
        sums.loaded += NOTHING if row["again"] else row["loaded"]
        sums.overage += row["overage"]
        sums.outstanding += row["outstanding"]


def _entries(inside: dict[str, Any], group: str, kinds: Iterable[str]) -> Iterable[dict[str, Any]]:
    """Yield kilograms by group, kind and way, reversals taken off."""
    rows: QuerySet[Any] = Entry.objects.filter(**inside, kind__in=tuple(kinds)).order_by()
    grouped: Any = rows.annotate(group=F(group)).values("group", "kind", "load__is_return")
    found: Iterable[dict[str, Any]] = grouped.annotate(kg=Sum(F("kg") * F("sign")))
    return found


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


def stages(
    operation: Operation,
    runs: QuerySet[OperatedConvoy],
    by_state: dict[Any, Sums],
    link: Callable[[str], str],
) -> list[Stage]:
    """Return the funnel; ``by_state`` are the equations by the convoys' states."""
    first = LoadBalance.objects.filter(**{f"{CONVOY}__in": runs}, load__line__isnull=False)
    waybill = "load__waybill__state"
    cleared = loaded = dispatched = NOTHING
    for row in _by(first, f"{CONVOY}__state", waybill, kg="loaded_kg"):
        is_cleared, kg = row["group"] not in UNCLEARED, row["kg"]
        cleared += kg if is_cleared else NOTHING
        loaded += kg if is_cleared and row[waybill] not in UNISSUED else NOTHING
        dispatched += kg if row[waybill] not in NOT_SENT else NOTHING
    there = LoadBalance.objects.filter(
        **{f"{CONVOY}__in": runs},
        load__is_return=False,
        load__waybill__leg__arrived_at__isnull=False,
    )
    unreceived = there.aggregate(kg=Sum("outstanding_kg"))["kg"] or NOTHING
    confirmed = sum((one.received for one in by_state.values()), NOTHING)
    settled = sum((one.received for key, one in by_state.items() if key in SETTLED), NOTHING)
    labels = (("requested", _("Requested")), *STAGES)
    amounts = (
        requested_kg(operation),
        *(cleared, loaded, dispatched, confirmed + unreceived, confirmed, settled),
    )
    return [
        Stage(key, str(label), kg, link(key))
        for (key, label), kg in zip(labels, amounts, strict=True)
    ]


def losses(sums: Iterable[Sums], url: str) -> list[Loss]:
    """Return what was lost by cause, the greatest first; causes without a loss are left out."""
    by_kind: dict[str, Decimal] = defaultdict(Decimal)
    for one in sums:
        for kind, kg in one.lost.items():
            by_kind[kind] += kg
    found = [Loss(kind, str(Entry.Kind(kind).label), kg, url) for kind, kg in by_kind.items() if kg]
    return sorted(found, key=lambda one: -one.kg)


def confirmed_of_reported(operation: Operation) -> Decimal:
    """Return what receipts confirm of convoys known from reports: of reconstructed waybills."""
    inside = {
        f"{CONVOY}__convoy__in": Convoy.objects.filter(operation=operation, origin="reported")
    }
    rows = _entries(inside, "kind", Entry.RECEIVED)
    return sum((row["kg"] for row in rows if not row["load__is_return"]), NOTHING)


def by_area(runs: QuerySet[OperatedConvoy]) -> list[AreaDelivery]:
    """Return deliveries by the area where their waybills end; a blank P-code stands for none."""
    area = "load__waybill__to_stop__site__area"
    inside: dict[str, Any] = {f"{CONVOY}__in": runs, "load__is_return": False}
    confirmed: dict[Any, Decimal] = defaultdict(Decimal)
    for row in _entries(inside, area, Entry.RECEIVED):
        confirmed[row["group"]] += row["kg"]
    sent = LoadBalance.objects.filter(**inside, outstanding_kg__gt=0).exclude(
        load__waybill__state__in=NOT_SENT
    )
    outstanding = {row["group"]: row["kg"] for row in _by(sent, area, kg="outstanding_kg")}
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
