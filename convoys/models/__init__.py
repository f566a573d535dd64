"""Aid convoys' tables."""

from convoys.models.cargo import (
    Consignment,
    ConsignmentLine,
    LineBalance,
    LineWithdrawal,
    ServiceRequest,
)
from convoys.models.delegates import Delegate
from convoys.models.fleet import Driver, Vehicle
from convoys.models.ledger import Entry, ForwardBalance, Posting
from convoys.models.movements import Briefing, GateRecord, TransitEvent
from convoys.models.operated import CrewMember, Leg, LegBalance, OperatedConvoy, RouteStep, Stop
from convoys.models.receipts import Discrepancy, Distribution, Receipt, ReceiptPhoto
from convoys.models.reported import Adoption, Claim, Convoy
from convoys.models.stock import LotBalance, StockLot, StockMove
from convoys.models.waybills import LoadBalance, LoadLine, Unload, Waybill, WaybillBalance

__all__ = [
    "Adoption",
    "Briefing",
    "Claim",
    "Consignment",
    "ConsignmentLine",
    "Convoy",
    "CrewMember",
    "Delegate",
    "Discrepancy",
    "Distribution",
    "Driver",
    "Entry",
    "ForwardBalance",
    "GateRecord",
    "Leg",
    "LegBalance",
    "LineBalance",
    "LineWithdrawal",
    "LoadBalance",
    "LoadLine",
    "LotBalance",
    "OperatedConvoy",
    "Posting",
    "Receipt",
    "ReceiptPhoto",
    "RouteStep",
    "ServiceRequest",
    "StockLot",
    "StockMove",
    "Stop",
    "TransitEvent",
    "Unload",
    "Vehicle",
    "Waybill",
    "WaybillBalance",
]
