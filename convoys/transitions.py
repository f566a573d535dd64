"""Binds the life cycles to their models, with the conditions that the tables cannot say."""

from convoys.models import Discrepancy, OperatedConvoy, Receipt, ServiceRequest, Waybill
from convoys.models.states import CONVOY, DISCREPANCY, RECEIPT, REQUEST, WAYBILL
from core.transitions import register

register(ServiceRequest, REQUEST)
register(OperatedConvoy, CONVOY)
register(Waybill, WAYBILL)
register(Receipt, RECEIPT)
register(Discrepancy, DISCREPANCY)
