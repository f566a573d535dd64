"""Datasets of reported convoys and of the claims about them."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from convoys.models import Adoption, Claim, Convoy
from core.datasets import Column, Dataset, Kind, Sensitivity, declare

PARTNER = Sensitivity.PARTNER


def adopted(attribute: str, field: str) -> Subquery:
    """Return the adopted claim's value of an attribute, or null where none is adopted."""
    live = Adoption.objects.filter(
        convoy=OuterRef("pk"), attribute=attribute, superseded_at=None, claim__withdrawn_at=None
    )
    return Subquery(live.values(f"claim__{field}")[:1])


def convoys(parameters: dict[str, Any]) -> QuerySet[Convoy]:
    """Return convoys with their adopted figures."""
    return Convoy.objects.annotate(
        reported_kg=adopted("cargo", "high"),
        reported_vehicles=adopted("vehicles", "high"),
        reported_departed=adopted("departed", "first_day"),
        reported_arrived=adopted("arrived", "first_day"),
        reported_destination=adopted("destination", "text"),
    )


def claims(parameters: dict[str, Any]) -> QuerySet[Claim]:
    """Return claims with the convoys that each is about."""
    return Claim.objects.annotate(about=ArrayAgg("convoys__name", order_by="convoys__name"))


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
            Column(
                "reported_kg",
                _("Reported cargo"),
                Kind.DECIMAL,
                unit="kg",
                sensitivity=PARTNER,
                hxl="#item+weight+reported",
            ),
            Column(
                "reported_vehicles",
                _("Reported vehicles"),
                Kind.INTEGER,
                sensitivity=PARTNER,
                hxl="#capacity+vehicles+reported",
            ),
            Column(
                "reported_departed",
                _("Reported departure"),
                Kind.DATE,
                sensitivity=PARTNER,
                hxl="#date+departed+reported",
            ),
            Column(
                "reported_arrived",
                _("Reported arrival"),
                Kind.DATE,
                sensitivity=PARTNER,
                hxl="#date+arrived+reported",
            ),
            Column(
                "reported_destination",
                _("Reported destination"),
                sensitivity=PARTNER,
                hxl="#loc+name+reported",
            ),
            Column("is_demo", _("Invented, for demonstration"), Kind.BOOLEAN, sensitivity=PARTNER),
        ),
    )
)

CLAIMS = declare(
    Dataset(
        name="claims",
        label=_("Claims about convoys"),
        verb="claim.read",
        rows=claims,
        columns=(
            Column("id", _("Number"), sensitivity=PARTNER, hxl="#meta+id"),
            Column("operation", _("Operation"), source="operation__slug", sensitivity=PARTNER),
            Column("convoys", _("Convoys"), Kind.LIST, source="about", sensitivity=PARTNER),
            Column("attribute", _("About"), sensitivity=PARTNER, hxl="#indicator+name"),
            Column("low", _("From (kg or count)"), Kind.DECIMAL, sensitivity=PARTNER),
            Column("high", _("To (kg or count)"), Kind.DECIMAL, sensitivity=PARTNER),
            Column("first_day", _("First day"), Kind.DATE, sensitivity=PARTNER, hxl="#date+start"),
            Column("last_day", _("Last day"), Kind.DATE, sensitivity=PARTNER, hxl="#date+end"),
            Column("text", _("Words"), sensitivity=PARTNER, hxl="#description"),
            Column("source", _("Source"), sensitivity=PARTNER, hxl="#meta+source"),
            Column("source_url", _("Address of the source"), sensitivity=PARTNER, hxl="#meta+url"),
            Column("published_on", _("Published on"), Kind.DATE, sensitivity=PARTNER),
            Column("reliability", _("Reliability of the source"), sensitivity=PARTNER),
            Column("credibility", _("Credibility of the claim"), Kind.INTEGER, sensitivity=PARTNER),
            Column("withdrawn_at", _("Withdrawn"), Kind.DATETIME, sensitivity=PARTNER),
        ),
    )
)
