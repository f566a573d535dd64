"""Datasets of reported convoys and of the claims about them."""

from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from convoys import plausibility, reported_access
from convoys.models import Adoption, Claim, Convoy, Entry, ForwardBalance, LoadBalance, Stop
from convoys.reported import MOST_KG_PER_VEHICLE
from core.datasets import Column, Dataset, Kind, Sensitivity, declare, names_of

PARTNER = Sensitivity.PARTNER
NOTHING = Decimal(0)


def adopted(attribute: str, field: str) -> Subquery:
    """Return the adopted claim's value of an attribute, or null where none is adopted."""
    live = Adoption.objects.filter(
        convoy=OuterRef("pk"), attribute=attribute, superseded_at=None, claim__withdrawn_at=None
    )
    return Subquery(live.values(f"claim__{field}")[:1])


def once_released(model: Any, path: str, amount: Any, *conditions: Q) -> Case:
    """Return kilograms added up over a convoy's rows of ``model``; null before its release.

    ``path`` leads from the row to the load line.
    """
    convoy = f"{path}waybill__leg__convoy"
    rows = model.objects.filter(*conditions, **{convoy: OuterRef("pk")}).order_by()
    sums = Subquery(rows.values(convoy).annotate(kg=Sum(amount)).values("kg"))
    known = When(operated__released_at__isnull=False, then=Coalesce(sums, NOTHING))
    return Case(known, output_field=DecimalField())


def place() -> Subquery:
    """Return where a convoy's last stop is, once it is released; never where it is or goes."""
    stops = Stop.objects.filter(convoy=OuterRef("pk"), convoy__released_at__isnull=False)
    return Subquery(stops.order_by("-position").values("site__point")[:1])


def convoys(parameters: dict[str, Any]) -> QuerySet[Convoy]:
    """Return convoys with their adopted figures, and beside them what the ledger counted."""
    within = Q(load__source_entry__load__waybill__leg__convoy=F("load__waybill__leg__convoy"))
    signed = F("kg") * F("sign")
    return Convoy.objects.annotate(
        loaded_kg=once_released(LoadBalance, "load__", "loaded_kg", ~within),
        received_kg=once_released(
            Entry, "load__", signed, Q(kind__in=Entry.RECEIVED, load__is_return=False)
        ),
        lost_kg=once_released(Entry, "load__", signed, Q(kind__in=Entry.LOSSES)),
        outstanding_kg=once_released(LoadBalance, "load__", "outstanding_kg")
        + once_released(ForwardBalance, "entry__load__", "free_kg", Q(is_return=False)),
        place=place(),
        reported_least_kg=adopted("cargo", "low"),
        reported_kg=adopted("cargo", "high"),
        reported_vehicles=adopted("vehicles", "high"),
        reported_sequence=adopted("sequence", "low"),
        reported_so_far=adopted("so_far", "high"),
        reported_departed=adopted("departed", "first_day"),
        reported_arrived=adopted("arrived", "first_day"),
        reported_destination=adopted("destination", "text"),
        **{f"is_{code}": found for code, found in plausibility.annotations().items()},
    )


def flags(row: dict[str, Any]) -> list[str]:
    """Return what is worth a second look, as codes: of the adopted claims, and of our own convoy.

    Of a reported convoy that is what the dispatch gate would say, too. Nothing of it was refused.
    """
    own = [code for code in plausibility.LOOKS if row[f"is_{code}"]]
    return [*_reported_flags(row), *own, *row["access_flags"]]


def released_flags(row: dict[str, Any]) -> list[str]:
    """Return the codes without those that would tell of our own convoy before its release.

    What stands against a reported convoy rests on facts that are for members.
    """
    is_own = row["operated__released_at"]
    own = [code for code in plausibility.LOOKS if is_own and row[f"is_{code}"]]
    return [*_reported_flags(row), *own] if is_heard(row) else []


def checked(rows: list[dict[str, Any]]) -> None:
    """Add to each row the codes of what stands against the convoy, where others report it."""
    found = reported_access.findings_by_key(row["id"] for row in rows)
    for row in rows:
        codes = (one.code for one in found.get(row["id"], ()))
        row["access_flags"] = list(dict.fromkeys(codes))


def _reported_flags(row: dict[str, Any]) -> list[str]:
    kg, vehicles = row["reported_kg"], row["reported_vehicles"]
    number, so_far = row["reported_sequence"], row["reported_so_far"]
    found = {
        "tonnes_per_vehicle": kg and vehicles and kg / vehicles > MOST_KG_PER_VEHICLE,
        "sequence": number and so_far and number > so_far,
    }
    return [code for code, is_unlikely in found.items() if is_unlikely]


def is_heard(row: dict[str, Any]) -> bool:
    """Return whether partners may know what sources say of a convoy: of our own, once released."""
    return bool(row["operated__released_at"]) or row["origin"] == Convoy.Origin.REPORTED


def said(key: str, label: Any, kind: Kind = Kind.TEXT, **facts: Any) -> Column:
    """Return a column of what sources say, which partners see where they may know it."""
    return Column(
        key,
        label,
        kind,
        value=itemgetter(key),
        shared=lambda row: row[key] if is_heard(row) else None,
        sensitivity=PARTNER,
        **facts,
    )


def claims(parameters: dict[str, Any]) -> QuerySet[Claim]:
    """Return claims with the convoys and the roads that each is about."""
    about = ArrayAgg(
        "convoys__name",
        filter=Q(convoys__name__isnull=False),
        order_by="convoys__name",
        default=[],
    )
    links: QuerySet[Any] = Claim.segments.through.objects.filter(claim=OuterRef("pk"))
    roads = ArraySubquery(links.order_by("routesegment__name").values("routesegment__name"))
    return Claim.objects.annotate(about=about, road_names=roads)


CONVOYS = declare(
    Dataset(
        name="convoys",
        label=_("Convoys"),
        verb="convoy.read",
        rows=convoys,
        columns=(
            Column("id", _("Number"), Kind.INTEGER, sensitivity=PARTNER, hxl="#meta+id"),
            Column("operation", _("Operation"), source="operation__slug", sensitivity=PARTNER),
            Column("name", _("Name"), sensitivity=PARTNER, hxl="#activity+name"),
            Column("origin", _("Origin"), sensitivity=PARTNER, hxl="#activity+type"),
            Column("organiser", _("Run by, as reported"), sensitivity=PARTNER, hxl="#org"),
            said(
                "reported_kg",
                _("Reported cargo"),
                Kind.DECIMAL,
                unit="kg",
                hxl="#item+weight+reported",
            ),
            said(
                "reported_least_kg",
                _("Reported cargo, lower end"),
                Kind.DECIMAL,
                unit="kg",
                hxl="#item+weight+reported+min",
            ),
            said(
                "reported_vehicles",
                _("Reported vehicles"),
                Kind.INTEGER,
                hxl="#capacity+vehicles+reported",
            ),
            said(
                "reported_departed",
                _("Reported departure"),
                Kind.DATE,
                hxl="#date+departed+reported",
            ),
            said(
                "reported_arrived",
                _("Reported arrival"),
                Kind.DATE,
                hxl="#date+arrived+reported",
            ),
            said(
                "reported_destination",
                _("Reported destination"),
                hxl="#loc+name+reported",
            ),
            *(
                Column(key, label, Kind.DECIMAL, unit="kg", sensitivity=PARTNER, hxl=hxl)
                for key, label, hxl in (
                    ("loaded_kg", _("Loaded (ledger)"), "#item+weight+loaded"),
                    ("received_kg", _("Receipt-confirmed (ledger)"), "#item+weight+received"),
                    ("lost_kg", _("Lost (ledger)"), "#item+weight+lost"),
                    ("outstanding_kg", _("Outstanding (ledger)"), "#item+weight+outstanding"),
                )
            ),
            Column(
                "flags",
                _("Worth a second look"),
                Kind.LIST,
                value=flags,
                shared=released_flags,
                sensitivity=PARTNER,
            ),
            Column("number", _("Number of our own"), source="operated__number"),
            Column("state", _("State"), source="operated__state"),
            Column("access_outcome", _("Access outcome"), source="operated__access_outcome"),
            Column("planned_departure", _("Planned departure"), Kind.DATETIME, "operated__etd"),
            Column("planned_arrival", _("Planned arrival"), Kind.DATETIME, "operated__eta"),
            Column("is_demo", _("Invented, for demonstration"), Kind.BOOLEAN, sensitivity=PARTNER),
        ),
        geometry="place",
        complete=checked,
        needs=(
            "reported_kg",
            "reported_least_kg",
            "reported_vehicles",
            "reported_sequence",
            "reported_so_far",
            "reported_departed",
            "reported_arrived",
            "reported_destination",
            "operated__released_at",
            *(f"is_{code}" for code in plausibility.LOOKS),
        ),
    )
)

CLAIMS = declare(
    Dataset(
        name="claims",
        label=_("Claims about convoys"),
        verb="claim.read",
        rows=claims,
        needs=("about", "road_names"),
        columns=(
            Column("id", _("Number"), sensitivity=PARTNER, hxl="#meta+id"),
            Column("operation", _("Operation"), source="operation__slug", sensitivity=PARTNER),
            Column(
                "convoys", _("Convoys"), Kind.LIST, value=names_of("about"), sensitivity=PARTNER
            ),
            Column("attribute", _("About"), sensitivity=PARTNER, hxl="#indicator+name"),
            Column("low", _("From (kg or count)"), Kind.DECIMAL, sensitivity=PARTNER),
            Column("high", _("To (kg or count)"), Kind.DECIMAL, sensitivity=PARTNER),
            Column("first_day", _("First day"), Kind.DATE, sensitivity=PARTNER, hxl="#date+start"),
            Column("last_day", _("Last day"), Kind.DATE, sensitivity=PARTNER, hxl="#date+end"),
            Column("text", _("Words"), sensitivity=PARTNER, hxl="#description"),
            Column(
                "segments", _("Roads"), Kind.LIST, value=names_of("road_names"), sensitivity=PARTNER
            ),
            Column("source", _("Source"), sensitivity=PARTNER, hxl="#meta+source"),
            Column("source_url", _("Address of the source"), sensitivity=PARTNER, hxl="#meta+url"),
            Column("published_on", _("Published on"), Kind.DATE, sensitivity=PARTNER),
            Column("reliability", _("Reliability of the source"), sensitivity=PARTNER),
            Column("credibility", _("Credibility of the claim"), Kind.INTEGER, sensitivity=PARTNER),
            Column("withdrawn_at", _("Withdrawn"), Kind.DATETIME, sensitivity=PARTNER),
        ),
    )
)
