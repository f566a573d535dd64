"""Datasets of cargo: the catalogue, the stock, what is asked for and what is consigned.

Columns bear the names of the lists that can be sent in, so that what was taken out can be changed
and comes back as it is.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from convoys.models import ConsignmentLine, ServiceRequest, StockLot
from core.datasets import Column, Dataset, Kind, declare
from core.models import ReliefItem

FREE = F("balance__on_hand") - F("balance__reserved") - F("balance__picked")
# Rules of transport, of an item and of a line
RULES = (
    Column("temp_min", _("lowest temperature (°C)"), Kind.DECIMAL),
    Column("temp_max", _("highest temperature (°C)"), Kind.DECIMAL),
    Column("un_number", _("UN number")),
    Column("un_class", _("UN class")),
)


def of(
    model: type[Model], path: str = "operation", **computed: Any
) -> Callable[..., QuerySet[Any]]:
    """Return what gives a model's rows, of the parameters' operation if they name one."""

    def rows(parameters: dict[str, Any]) -> QuerySet[Any]:
        found: QuerySet[Any] = model._default_manager.annotate(**computed)
        operation = parameters.get("operation")
        return found.filter(**{path: operation}) if operation else found

    return rows


ITEMS = declare(
    Dataset(
        name="relief-items",
        label=_("Items of the catalogue"),
        verb="item.read",
        rows=of(ReliefItem),
        columns=(
            Column("operation", _("Operation"), source="operation__slug"),
            Column("code", _("code"), hxl="#item+code"),
            Column("name", _("name"), hxl="#item+name"),
            Column("sector", _("Sector"), source="sector_id", hxl="#sector+code"),
            Column("unit", _("unit"), hxl="#item+unit"),
            Column("unit_kg", _("gross weight of a unit (kg)"), Kind.DECIMAL, hxl="#item+weight"),
            Column("unit_m3", _("volume of a unit (m³)"), Kind.DECIMAL, hxl="#item+volume"),
            Column("people_per_unit", _("people that a unit is enough for"), Kind.DECIMAL),
            Column("days_per_unit", _("for how many days"), Kind.INTEGER),
            Column("coverage_source", _("according to")),
            *RULES,
            Column("retired_at", _("out of use since"), Kind.DATETIME),
        ),
    )
)

STOCK = declare(
    Dataset(
        name="stock",
        label=_("Stock"),
        verb="stock.read",
        rows=of(StockLot, free=FREE),
        columns=(
            Column("operation", _("Operation"), source="operation__slug"),
            Column("warehouse", _("Warehouse"), source="warehouse__name", hxl="#loc+warehouse"),
            Column("item", _("Item"), source="item__code", hxl="#item+code"),
            Column("item_name", _("name"), source="item__name", hxl="#item+name"),
            Column("owner", _("Owner"), source="owner__acronym", hxl="#org+owner"),
            Column("lot_number", _("Lot"), hxl="#item+lot"),
            Column("expires_on", _("Expires on"), Kind.DATE, hxl="#date+expiry"),
            Column("unit", _("Unit"), source="item__unit", hxl="#item+unit"),
            Column("on_hand", _("On hand"), Kind.DECIMAL, "balance__on_hand", hxl="#indicator+num"),
            Column("reserved", _("Reserved"), Kind.DECIMAL, "balance__reserved"),
            Column("picked", _("Picked"), Kind.DECIMAL, "balance__picked"),
            Column("free", _("Free"), Kind.DECIMAL),
        ),
    )
)

REQUESTS = declare(
    Dataset(
        name="service-requests",
        label=_("Requests"),
        verb="request.read",
        rows=of(ServiceRequest),
        columns=(
            Column("operation", _("Operation"), source="operation__slug"),
            Column("number", _("number"), hxl="#meta+id"),
            Column("requester", _("asked by"), source="requester__acronym", hxl="#org+requester"),
            Column("origin", _("origin"), source="origin__name", hxl="#loc+origin"),
            Column("destination", _("destination"), source="destination__name", hxl="#loc+dest"),
            Column("ready_date", _("ready for collection on"), Kind.DATE, hxl="#date+ready"),
            Column("needed_by", _("needed by"), Kind.DATE, hxl="#date+needed"),
            Column("priority", _("priority"), Kind.INTEGER, hxl="#priority"),
            Column("requested_kg", _("weight asked for (kg)"), Kind.DECIMAL, hxl="#item+weight"),
            Column("state", _("state"), hxl="#status"),
            Column("state_reason", _("reason")),
            Column("note", _("what it is about"), hxl="#description"),
        ),
    )
)

LINES = declare(
    Dataset(
        name="consignment-lines",
        label=_("Lines of consignments"),
        verb="consignment.read",
        rows=of(ConsignmentLine, "consignment__operation"),
        within="consignment",
        columns=(
            Column("operation", _("Operation"), source="consignment__operation__slug"),
            Column("consignment", _("Consignment"), source="consignment__number", hxl="#meta+id"),
            Column("request", _("service request"), source="consignment__request__number"),
            Column("consignor", _("consignor"), source="consignment__consignor__acronym"),
            Column("consignee", _("consignee"), source="consignment__consignee__acronym"),
            Column("donor", _("donor"), source="consignment__donor__acronym", hxl="#org+funder"),
            Column("origin", _("origin"), source="consignment__origin__name"),
            Column("destination", _("destination"), source="consignment__destination__name"),
            Column("position", _("position"), Kind.INTEGER),
            Column("item", _("Item"), source="item__code", hxl="#item+code"),
            Column("item_name", _("name"), source="item__name", hxl="#item+name"),
            Column("qty", _("Quantity"), Kind.DECIMAL, hxl="#indicator+num"),
            Column("unit", _("Unit"), hxl="#item+unit"),
            Column("gross_kg", _("gross weight (kg)"), Kind.DECIMAL, hxl="#item+weight"),
            Column("volume_m3", _("volume (m³)"), Kind.DECIMAL, hxl="#item+volume"),
            Column("hu_count", _("handling units"), Kind.INTEGER),
            Column("hu_kind", _("kind of handling unit")),
            *RULES,
            Column("lot_number", _("Lot"), hxl="#item+lot"),
            Column("expires_on", _("Expires on"), Kind.DATE, hxl="#date+expiry"),
            Column("value", _("value"), Kind.DECIMAL, hxl="#value"),
            Column("currency", _("currency"), hxl="#currency"),
            Column("left", _("Not loaded yet"), Kind.DECIMAL, "balance__free_qty"),
        ),
    )
)
