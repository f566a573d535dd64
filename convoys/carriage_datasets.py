"""Datasets of what our own convoys carry: waybills, receipts, deliveries and the ledger.

Partners read what has arrived; plans, places on the way and times are for the operation's staff.
A delivery is counted at the line where it ended, so that nothing forwarded is counted twice.
"""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from convoys.models import Distribution, Entry, LoadLine, Receipt, TransitEvent, Waybill
from core.datasets import Column, Dataset, Kind, Sensitivity, declare

PARTNER = Sensitivity.PARTNER
INTERNAL = Sensitivity.INTERNAL


def shared(key: str, label: Any, kind: Kind = Kind.TEXT, source: str = "", **facts: Any) -> Column:
    """Return a column that partners may read."""
    return Column(key, label, kind, source=source, sensitivity=PARTNER, **facts)


def waybills(parameters: dict[str, Any]) -> QuerySet[Waybill]:
    """Return issued waybills."""
    return Waybill.objects.exclude(state__in=("draft", "void"))


def receipts(parameters: dict[str, Any]) -> QuerySet[Receipt]:
    """Return receipts, whatever became of them."""
    return Receipt.objects.annotate(pictures=Count("photos"))


def deliveries(parameters: dict[str, Any]) -> QuerySet[LoadLine]:
    """Return the lines of which something arrived where it was sent, once that is released."""
    found = LoadLine.objects.filter(
        balance__good_qty__gt=0, is_return=False, waybill__leg__convoy__released_at__isnull=False
    )
    people = (
        Distribution.objects.filter(load=OuterRef("pk"))
        .order_by()
        .values("load")
        .annotate(sum=Sum("people"))
        .values("sum")
    )
    last = Receipt.objects.filter(waybill=OuterRef("waybill")).order_by("-occurred_at")
    return found.annotate(
        received_at=Subquery(last.values("occurred_at")[:1]), people_reached=Subquery(people)
    )


def entries(parameters: dict[str, Any]) -> QuerySet[Entry]:
    """Return the ledger's entries, reversals included."""
    return Entry.objects.all()


def events(parameters: dict[str, Any]) -> QuerySet[TransitEvent]:
    """Return what was reported from the road to all of the staff."""
    return TransitEvent.objects.exclude(sensitivity="restricted")


WAYBILLS = declare(
    Dataset(
        name="waybills",
        label=_("Waybills"),
        verb="waybill.read",
        rows=waybills,
        columns=(
            shared("id", _("Number"), hxl="#meta+id"),
            shared("operation", _("Operation"), source="operation__slug"),
            shared("number", _("Waybill")),
            shared("version", _("Version"), Kind.INTEGER),
            shared("consignee", _("Consignee"), source="consignee__acronym", hxl="#org+consignee"),
            shared("kg", _("Weight"), Kind.DECIMAL, "balance__kg", unit="kg", hxl="#item+weight"),
            shared("sha256", _("SHA-256")),
            Column("state", _("State"), sensitivity=INTERNAL),
            Column("convoy", _("Convoy"), source="leg__convoy__number", sensitivity=INTERNAL),
            Column("from", _("From"), source="leg__from_stop__site__name", sensitivity=INTERNAL),
            Column("to", _("To"), source="to_stop__site__name", sensitivity=INTERNAL),
            Column("issued_at", _("Issued"), Kind.DATETIME, sensitivity=INTERNAL),
            Column("claim", _("Reconstructed from"), source="claim_id", sensitivity=INTERNAL),
        ),
    )
)

RECEIPTS = declare(
    Dataset(
        name="receipts",
        label=_("Receipts"),
        verb="receipt.read",
        rows=receipts,
        columns=(
            shared("id", _("Number"), hxl="#meta+id"),
            shared("operation", _("Operation"), source="operation__slug"),
            shared("number", _("Receipt (GRN)")),
            shared("waybill", _("Waybill"), source="waybill__number"),
            shared("state", _("State")),
            shared("state_reason", _("Reason")),
            shared("is_final", _("Nothing more is to come"), Kind.BOOLEAN),
            shared("pictures", _("Photos and signature"), Kind.INTEGER),
            shared("occurred_at", _("Received at"), Kind.DATETIME, hxl="#date+received"),
            shared("recorded_at", _("Recorded at"), Kind.DATETIME),
            shared("sha256", _("SHA-256"), source="body_sha256"),
            Column("receiver", _("Received by"), sensitivity=INTERNAL),
            Column("signed_by", _("Signed by"), sensitivity=INTERNAL),
            Column("seals_seen", _("Seals seen"), sensitivity=INTERNAL),
        ),
    )
)

DELIVERIES = declare(
    Dataset(
        name="deliveries",
        label=_("Deliveries"),
        verb="convoy.read",
        within="waybill__leg__convoy__convoy",
        rows=deliveries,
        columns=(
            shared("id", _("Number"), hxl="#meta+id"),
            shared("operation", _("Operation"), source="waybill__operation__slug"),
            shared("convoy", _("Convoy"), source="waybill__leg__convoy__convoy__name"),
            shared("waybill", _("Waybill"), source="waybill__number"),
            shared("consignee", _("Consignee"), source="waybill__consignee__acronym", hxl="#org"),
            shared(
                "area", _("Area"), source="waybill__to_stop__site__area__pcode", hxl="#adm+code"
            ),
            shared("item", _("Item"), source="item__code", hxl="#item+code"),
            shared("sector", _("Sector"), source="item__sector__code", hxl="#sector+code"),
            shared("unit", _("Unit"), source="item__unit"),
            shared("good_qty", _("Received good"), Kind.DECIMAL, "balance__good_qty"),
            shared(
                "good_kg",
                _("Received good"),
                Kind.DECIMAL,
                "balance__good_kg",
                unit="kg",
                hxl="#item+weight+received",
            ),
            shared("received_at", _("Last receipt"), Kind.DATETIME, hxl="#date+received"),
            shared(
                "people_reached",
                _("People reached"),
                Kind.INTEGER,
                hxl="#reached",
                smallest=5,
            ),
            shared("is_demo", _("Invented"), Kind.BOOLEAN, "waybill__leg__convoy__convoy__is_demo"),
        ),
    )
)

LEDGER = declare(
    Dataset(
        name="ledger",
        label=_("Ledger entries"),
        verb="run.read",
        within="load__waybill__leg__convoy",
        rows=entries,
        columns=(
            Column("id", _("Number")),
            Column("operation", _("Operation"), source="posting__operation__slug"),
            Column("convoy", _("Convoy"), source="posting__convoy__number"),
            Column("waybill", _("Waybill"), source="load__waybill__number"),
            Column("item", _("Item"), source="load__item__code"),
            Column("kind", _("What became of it")),
            Column("qty", _("Quantity"), Kind.DECIMAL),
            Column("kg", _("Nominal weight"), Kind.DECIMAL, unit="kg"),
            Column("weighed_kg", _("Weighed"), Kind.DECIMAL, unit="kg"),
            Column("sign", _("Sign (-1: reversal)"), Kind.INTEGER),
            Column("reverses", _("Reverses"), source="reverses_id"),
            Column("posting", _("Posting"), source="posting__kind"),
            Column("reason", _("Reason"), source="posting__reason"),
            Column("recorded_at", _("Recorded at"), Kind.DATETIME),
        ),
    )
)

EVENTS = declare(
    Dataset(
        name="transit-events",
        label=_("Reports from the road"),
        verb="run.read",
        within="convoy",
        rows=events,
        columns=(
            Column("id", _("Number")),
            Column("operation", _("Operation"), source="operation__slug"),
            Column("convoy", _("Convoy"), source="convoy__number"),
            Column("kind", _("What happened")),
            # Its label, never its plate; nothing where the event is of the whole convoy.
            Column("vehicle", _("Vehicle"), source="leg__vehicle__label"),
            Column("stop", _("At"), source="stop__site__name"),
            Column("occurred_at", _("Observed at"), Kind.DATETIME),
            Column("recorded_at", _("Recorded at"), Kind.DATETIME),
            Column("custody", _("In the custody of")),
            Column("seals_seen", _("Seals seen")),
            Column("note", _("Note")),
            Column("source", _("Source")),
            Column("is_demo", _("Invented, for demonstration"), Kind.BOOLEAN),
        ),
    )
)
