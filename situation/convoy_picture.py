"""The picture of convoys and access at one moment: what a page and a report say about them.

Ledger tonnes (counted from waybills and receipts) and reported tonnes (claimed by others) stand
beside each other and are never added together. Amounts are kilograms.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from convoys import release, reported
from convoys.finding import STAGES
from convoys.models import Claim, Convoy, Discrepancy, OperatedConvoy
from convoys.reported import Attribute, Totals
from core import policy
from core.access import picture
from core.access.status import Reading
from core.isolation import one_moment
from core.models import Operation
from core.policy import Actor
from situation import deliveries, ending
from situation.deliveries import NOTHING, AreaDelivery, Loss, Stage
from situation.ending import Ending, StatusCount

SOON = timedelta(hours=72)
MOST_REPORTED = 12
CHARTS = ("funnel", "losses")
# Where the records of a figure are, for those who may read them; the others have the list.
PAGES = {"requested": "service_requests", "losses": "closes"}
QUERIES = {key: f"?stage={key}" for key, _label in STAGES} | {"reported": "?origin=reported"}
UNSOLVED = (Discrepancy.State.OPEN, Discrepancy.State.INVESTIGATING)


@dataclass(frozen=True)
class ReportedConvoy:
    """A convoy that others report, with every attribute's claims side by side."""

    pk: int
    name: str
    organiser: str
    is_demo: bool
    attributes: list[Attribute]
    url: str

    @property
    def disputed(self) -> list[Attribute]:
        """Return what sources differ on and nobody has settled."""
        return [one for one in self.attributes if one.is_disputed and not one.adopted]


@dataclass(frozen=True)
class Reported:
    """Reported convoys alone: claimed tonnes, and how little of them receipts confirm.

    ``joint`` are claims about several convoys together: a check, never an addend.
    """

    totals: Totals
    confirmed_kg: Decimal
    convoys: list[ReportedConvoy]
    joint: list[Claim]
    url: str

    @property
    def without_receipt_kg(self) -> Decimal:
        """Return what is reported as arrived and confirmed by no receipt."""
        return max(NOTHING, self.totals.arrived_kg - self.confirmed_kg)

    @property
    def least_without_receipt_kg(self) -> Decimal:
        """Return the same by the lower ends of ranges."""
        return max(NOTHING, self.totals.least_arrived_kg - self.confirmed_kg)

    @property
    def more(self) -> int:
        """Return how many convoys are counted and not among ``convoys``."""
        return self.totals.convoys - len(self.convoys)


@dataclass(frozen=True)
class Discrepancies:
    """Shortfalls that nobody has explained or written off yet."""

    number: int
    kg: Decimal
    url: str


@dataclass(frozen=True)
class ConvoyPicture:
    """All that is said of convoys and access; ``operated`` counts the convoys in the ledger."""

    as_of: datetime
    is_invented: bool
    is_partial: bool
    operated: int
    stages: list[Stage]
    losses: list[Loss]
    areas: list[AreaDelivery]
    discrepancies: Discrepancies
    reported: Reported
    readings: list[Reading]
    roads: list[StatusCount]
    ending: list[Ending]

    def stage(self, key: str) -> Stage:
        """Return the stage called ``key``; raise KeyError when there is none."""
        return {one.key: one for one in self.stages}[key]

    @property
    def has_ledger(self) -> bool:
        """Return whether anything was asked for or loaded."""
        return any(one.kg for one in self.stages)

    @property
    def confirmed_stage(self) -> Stage:
        """Return what receipts confirm."""
        return self.stage("confirmed")

    @property
    def dispatched_stage(self) -> Stage:
        """Return what left."""
        return self.stage("dispatched")

    @property
    def lost_kg(self) -> Decimal:
        """Return all losses together."""
        return sum((one.kg for one in self.losses), NOTHING)

    @property
    def chart_rows(self) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of the charts, as JSON values in tonnes."""
        return {
            "funnel": [_bar(one.key, one.label, one.kg) for one in self.stages],
            "losses": [_bar(one.kind, one.label, one.kg) for one in self.losses],
        }


def take(
    operation: Operation,
    actor: Actor,
    *,
    at: datetime | None = None,
    most_reported: int = MOST_REPORTED,
) -> ConvoyPicture:
    """Return the picture for a member who may read figures, in the active language."""
    with one_moment():
        readings = [*picture.roads(operation, actor), *picture.passages(operation, actor)]
        runs = release.known_to(operation, actor)
        carried = deliveries.carried(runs)
        link = links(operation, actor)
        every = OperatedConvoy.objects.filter(operation=operation)
        operated = runs.count()
        moment = at or timezone.now()
        return ConvoyPicture(
            as_of=moment,
            is_invented=operation.is_demo,
            is_partial=operated < every.count(),
            operated=operated,
            stages=deliveries.stages(operation, carried, link),
            losses=deliveries.losses(carried, link("losses")),
            areas=deliveries.by_area(carried),
            discrepancies=_discrepancies(runs, link("losses")),
            reported=_reported(operation, actor, runs, link("reported"), most_reported),
            readings=readings,
            roads=ending.counts(readings, reverse("access", args=(operation.slug,))),
            ending=ending.within(
                operation, actor, start=moment, end=moment + SOON, readings=readings
            ),
        )


def links(operation: Operation, actor: Actor) -> Callable[[str], str]:
    """Return what gives the page with the records of a stage, or of ``losses``, to this reader."""
    is_staff = policy.may_find(actor, "run.read", operation)

    def link(key: str) -> str:
        page = PAGES.get(key, "convoys") if is_staff else "convoys"
        return f"{reverse(page, args=(operation.slug,))}{QUERIES.get(key, '')}"

    return link


def _bar(key: str, label: str, kg: Decimal) -> dict[str, Any]:
    return {"key": key, "label": label, "tonnes": float(kg / 1000)}


def _discrepancies(runs: QuerySet[OperatedConvoy], url: str) -> Discrepancies:
    found = Discrepancy.objects.filter(state__in=UNSOLVED, load__waybill__leg__convoy__in=runs)
    sums = found.aggregate(number=Count("pk"), kg=Sum("kg"))
    return Discrepancies(sums["number"], sums["kg"] or NOTHING, url)


def _reported(
    operation: Operation, actor: Actor, runs: QuerySet[OperatedConvoy], url: str, most: int
) -> Reported:
    convoys = Convoy.objects.filter(operation=operation, origin=Convoy.Origin.REPORTED)
    shown = list(convoys[:most])
    pictures = reported.pictures(shown)
    return Reported(
        totals=reported.totals(convoys),
        confirmed_kg=reported.confirmed_kg(runs),
        convoys=[_one(operation, one, pictures[one.pk]) for one in shown],
        joint=list(policy.filter(actor, "claim.read", _joint(shown))),
        url=url,
    )


def _one(operation: Operation, convoy: Convoy, attributes: list[Attribute]) -> ReportedConvoy:
    return ReportedConvoy(
        pk=convoy.pk,
        name=convoy.name,
        organiser=convoy.organiser,
        is_demo=convoy.is_demo,
        attributes=attributes,
        url=reverse("convoy", args=(operation.slug, convoy.pk)),
    )


def _joint(convoys: Iterable[Convoy]) -> QuerySet[Claim]:
    about = Claim.objects.filter(convoys__in=[one.pk for one in convoys], withdrawn_at=None)
    several = Claim.objects.filter(pk__in=about.values("pk")).annotate(subjects=Count("convoys"))
    return several.filter(subjects__gt=1).order_by("recorded_at", "pk")
