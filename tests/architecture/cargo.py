"""Cargo, convoys of our own and receipts, for the generated tests: the matrix and the objects."""

from typing import Any

from django.utils import timezone

from convoys.models import Delegate, Discrepancy, Receipt
from tests.cast import PARTS, Cast
from tests.factories.convoys import (
    LineFactory,
    LotFactory,
    RunFactory,
    ServiceRequestFactory,
    WaybillFactory,
    loaded,
)

EVERYONE = frozenset(PARTS) | {"adam"}
STAFF = frozenset(PARTS) - {"paula", "oscar"}
LOGISTICS = frozenset({"lars", "carmen"})
RECEIVERS = frozenset({"rauf", "carmen"})

# verb -> (the object it is tried on, who may)
MATRIX: dict[str, tuple[str, frozenset[str]]] = {
    "item.read": ("item", EVERYONE),
    "item.manage": ("operation", LOGISTICS),
    "cargo.read": ("operation", STAFF),
    "cargo.plan": ("operation", LOGISTICS),
    "stock.read": ("lot", STAFF),
    "stock.move": ("lot", LOGISTICS),
    "request.read": ("request", STAFF),
    "request.plan": ("request", LOGISTICS),
    "request.decide": ("request", frozenset({"carmen"})),
    "consignment.read": ("consignment", STAFF),
    "consignment.plan": ("consignment", LOGISTICS),
    "vehicle.read": ("vehicle", LOGISTICS | {"aida"}),
    "vehicle.manage": ("vehicle", LOGISTICS),
    "run.read": ("run", STAFF),
    "run.plan": ("run", LOGISTICS),
    # Nils is a delegate for both
    "run.clear": ("run", frozenset({"aida", "carmen", "nils"})),
    "run.write_off": ("run", frozenset({"carmen", "nils"})),
    "run.dispatch": ("run", frozenset({"carmen"})),
    "run.move": ("run", LOGISTICS | {"aida"}),
    "run.receive": ("run", RECEIVERS),
    # Paula's organisation is the consignee
    "waybill.read": ("waybill", STAFF | {"paula"}),
    "waybill.print": ("waybill", LOGISTICS | {"aida", "rauf"}),
    "waybill.load": ("waybill", LOGISTICS),
    "waybill.move": ("waybill", LOGISTICS | {"aida"}),
    "waybill.receive": ("waybill", RECEIVERS | {"paula"}),
    "waybill.raw": ("waybill", STAFF),
    "receipt.read": ("receipt", STAFF | {"paula"}),
    "receipt.send": ("waybill", frozenset({"paula"})),
    "receipt.post": ("receipt", RECEIVERS),
    "discrepancy.read": ("discrepancy", STAFF),
    "discrepancy.investigate": ("discrepancy", LOGISTICS),
    "discrepancy.write_off": ("discrepancy", frozenset({"carmen", "nils"})),
    "delegate.read": ("delegate", STAFF),
    "delegate.name": ("operation", frozenset({"carmen"})),
    "delegate.end": ("delegate", frozenset({"carmen"})),
}

ADDRESSES = {
    "runs/<int:pk>": ("run", "pk"),
    "convoys/<int:key>": ("run", "pk"),
    "waybills/<uuid:pk>": ("waybill", "pk"),
    "receipts/<uuid:pk>": ("receipt", "pk"),
    "vehicles/<uuid:pk>": ("vehicle", "pk"),
    "delegates/<int:pk>": ("delegate", "pk"),
    "lots/<uuid:pk>": ("lot", "pk"),
    "cargo/items/<int:pk>": ("item", "pk"),
    "requests/<uuid:pk>": ("request", "pk"),
    "consignments/<uuid:pk>": ("consignment", "pk"),
}
CHOICES = {
    "do/<slug:action>": "do/cancel",
    "do/<slug:step>": "do/submit",
    "pictures/<str:name>": "pictures/none.jpg",
    "runs/<int:pk>/<slug:tab>": "runs/<int:pk>/closes",
}
DECIDED_BY = {"runs/<int:pk>/do/<slug:action>/": "run.plan"}


def hauled(cast: Cast) -> dict[str, Any]:
    """Make an empty convoy of our own, and beside it a loaded waybill with a receipt of it."""
    run = RunFactory(operation=cast.operation)
    line = LineFactory(consignment__operation=cast.operation)
    waybill = WaybillFactory(
        leg__convoy__operation=cast.operation, consignee=cast.organisations["UNHCR"]
    )
    load = loaded(waybill, line, 10)
    delegates = [
        Delegate.objects.create(
            operation=cast.operation, duty=duty, user=cast.nils, named_by=cast.carmen
        )
        for duty in Delegate.Duty.values
    ]
    return {
        "run": run,
        "delegate": delegates[0],
        "item": line.item,
        "lot": LotFactory(operation=cast.operation),
        "request": ServiceRequestFactory(operation=cast.operation),
        "consignment": line.consignment,
        "vehicle": waybill.leg.vehicle,
        "waybill": waybill,
        "receipt": Receipt.objects.create(
            operation=cast.operation,
            waybill=waybill,
            number="GRN-1",
            receiver="Rauf",
            body={},
            occurred_at=timezone.now(),
            source="invented for tests",
            body_sha256="0" * 64,
        ),
        "discrepancy": Discrepancy.objects.create(
            operation=cast.operation, load=load, qty=1, kg=50
        ),
    }
