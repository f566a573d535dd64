"""The picture of reported convoys: claims side by side, what is disputed, and adopted totals.

Only adopted claims about a single convoy are added up. A claim about several together is a check
beside the sum, never a further addend. Nothing here is a receipt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from convoys.models import Adoption, Claim, Convoy, LoadBalance, OperatedConvoy

# Above this mean load a claim is worth a second look: a three-axle rigid lorry may weigh 25 to 26 t
# in all (Directive 96/53/EC, annex I, 2.3.2), of which the vehicle itself takes at least 6 t.
MOST_KG_PER_VEHICLE = Decimal(20_000)


@dataclass(frozen=True)
class Attribute:
    """An attribute of a convoy: every live claim, the adopted one, and whether they differ."""

    key: str
    label: str
    claims: list[Claim]
    adopted: Adoption | None
    is_disputed: bool


@dataclass(frozen=True)
class Totals:
    """Sums over an operation's reported convoys, in kilograms and counts, of adopted claims only.

    ``arrived_kg`` is the adopted cargo of convoys that some live claim says arrived (sources that
    differ on the day agree on that); nothing of it is confirmed by a receipt. Where an adopted
    claim is a range, ``least_`` adds its lower end. ``without_cargo`` counts convoys whose cargo is
    not settled yet.
    """

    convoys: int
    kg: Decimal
    least_kg: Decimal
    vehicles: int
    arrived_kg: Decimal
    least_arrived_kg: Decimal
    unallocated_kg: Decimal
    without_cargo: int


def joint_claims(convoy: Convoy) -> QuerySet[Claim]:
    """Return the live claims about this convoy together with others."""
    return (
        Claim.objects.annotate(subjects=Count("convoys"))
        .filter(pk__in=convoy.claims.values("pk"), subjects__gt=1, withdrawn_at=None)
        .prefetch_related("convoys")
        .order_by("recorded_at", "pk")
    )


def picture(convoy: Convoy) -> list[Attribute]:
    """Return the attributes that anything is said of, in a fixed order."""
    return pictures([convoy])[convoy.pk]


def pictures(convoys: Iterable[Convoy]) -> dict[int, list[Attribute]]:
    """Return the pictures of several convoys by their keys."""
    keys = [one.pk for one in convoys]
    adopted: dict[tuple[int, str], Adoption] = {
        (one.convoy_id, one.attribute): one
        for one in Adoption.objects.filter(convoy__in=keys, superseded_at=None).select_related(
            "claim", "adopted_by"
        )
    }
    said: dict[tuple[int, str], list[Claim]] = {}
    for claim in _alone().filter(convoys__in=keys).annotate(about=F("convoys")):
        said.setdefault((claim.about, claim.attribute), []).append(claim)
    return {
        key: [
            Attribute(
                attribute, str(label), mine, adopted.get((key, attribute)), _is_disputed(mine)
            )
            for attribute, label in Claim.Attribute.choices
            if (mine := said.get((key, attribute)))
        ]
        for key in keys
    }


def _alone() -> QuerySet[Claim]:
    """Return the live claims that are about one convoy each."""
    links: QuerySet[Any] = Claim.convoys.through.objects.all()
    several = links.values("claim").annotate(count=Count("pk")).filter(count__gt=1)
    return (
        Claim.objects.exclude(pk__in=several.values("claim"))
        .filter(withdrawn_at=None)
        .select_related("recorded_by")
        .prefetch_related("segments")
        .order_by("recorded_at", "pk")
    )


def _is_disputed(claims: Iterable[Claim]) -> bool:
    return not all(one.agrees_with(other) for one, other in combinations(claims, 2))


def flags(attributes: Iterable[Attribute]) -> list[tuple[Claim, Decimal]]:
    """Return adopted cargo claims with an implausible mean load per vehicle, and that mean in kg.

    A flag asks for a second look and never refuses anything.
    """
    settled = {one.key: one.adopted.claim for one in attributes if one.adopted}
    cargo, vehicles = settled.get("cargo"), settled.get("vehicles")
    if not (cargo and vehicles and cargo.low and vehicles.high):
        return []
    mean = cargo.low / vehicles.high
    return [(cargo, mean)] if mean > MOST_KG_PER_VEHICLE else []


def miscounts(attributes: Iterable[Attribute]) -> list[tuple[Claim, Claim]]:
    """Return pairs of live claims that count fewer convoys so far than this one's own number."""
    said = {one.key: one.claims for one in attributes}
    return [
        (one, other)
        for one in said.get(Claim.Attribute.SEQUENCE, ())
        for other in said.get(Claim.Attribute.SO_FAR, ())
        if other.high is not None and one.low is not None and other.high < one.low
    ]


def looks(attributes: list[Attribute]) -> list[str | Promise]:
    """Return what of the claims is worth a second look, in a few words."""
    found: list[str | Promise] = [gettext_lazy("Look again: load")] if flags(attributes) else []
    return [*found, gettext_lazy("Look again: number")] if miscounts(attributes) else found


def earlier_adoptions(convoy: Convoy) -> QuerySet[Adoption]:
    """Return the decisions on a convoy that later ones took the place of, the newest first."""
    former = convoy.adoptions.filter(superseded_at__isnull=False)
    return former.select_related("claim", "adopted_by").order_by("-superseded_at", "-pk")


def totals(convoys: QuerySet[Convoy]) -> Totals:
    """Add up the adopted claims of reported convoys."""
    chosen = convoys.filter(origin=Convoy.Origin.REPORTED)
    live = Adoption.objects.filter(convoy__in=chosen, superseded_at=None).select_related("claim")
    by_attribute: dict[str, dict[int, Claim]] = {}
    for adoption in live:
        by_attribute.setdefault(adoption.attribute, {})[adoption.convoy_id] = adoption.claim
    cargo = by_attribute.get("cargo", {})
    said = Claim.objects.filter(convoys__in=chosen, attribute="arrived", withdrawn_at=None)
    # What is announced has not arrived; where it is tomorrow already, today's news are of that day
    latest = timezone.now().date() + timedelta(days=1)
    arrived = set(said.filter(first_day__lte=latest).values_list("convoys", flat=True))
    there = [claim for key, claim in cargo.items() if key in arrived]
    count = chosen.count()
    return Totals(
        convoys=count,
        kg=_sum(cargo.values()),
        least_kg=_least(cargo.values()),
        vehicles=int(_sum(by_attribute.get("vehicles", {}).values())),
        arrived_kg=_sum(there),
        least_arrived_kg=_least(there),
        unallocated_kg=_sum(by_attribute.get("unallocated", {}).values()),
        without_cargo=count - len(cargo),
    )


def confirmed_kg(runs: QuerySet[OperatedConvoy]) -> Decimal:
    """Return what receipts confirm of those convoys that others reported first."""
    convoys = runs.filter(convoy__origin=Convoy.Origin.REPORTED)
    arrived = LoadBalance.objects.filter(
        load__waybill__leg__convoy__in=convoys, load__is_return=False
    )
    sums = arrived.aggregate(good=Sum("good_kg"), damaged=Sum("received_damaged_kg"))
    return sum((kg for kg in sums.values() if kg), Decimal(0))


def _sum(claims: Iterable[Claim]) -> Decimal:
    return sum((claim.high or Decimal(0) for claim in claims), Decimal(0))


def _least(claims: Iterable[Claim]) -> Decimal:
    return sum((claim.low or Decimal(0) for claim in claims), Decimal(0))
