"""REST tables of what our own convoys carry; receipts are taken from the consignee."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from convoys import receipt
from convoys.carriage_datasets import DELIVERIES, EVENTS, LEDGER, RECEIPTS, WAYBILLS
from convoys.models import Receipt, ReceiptPhoto, Waybill
from core import policy
from core.api.base import Request
from core.api.bodies import KEY, key_of, recorded, valid
from core.api.schema import row_serializer
from core.api.tables import TableView, documents, exact
from core.api.views import BY_OPERATION

OPERATION = "short names of operations"


class WaybillsView(TableView):
    """Issued waybills: for staff all, for partners those consigned to them."""

    verb = "waybill.read"
    table = WAYBILLS
    filters = (BY_OPERATION, exact("number", "number", "numbers of waybills"))


class DeliveriesView(TableView):
    """What arrived in good condition, line by line, with the people whom it reached."""

    verb = "convoy.read"
    table = DELIVERIES
    filters = (
        exact("operation", "waybill__operation__slug", OPERATION),
        exact("sector", "item__sector__code", "codes of sectors"),
    )


class LedgerView(TableView):
    """The quantity ledger, entry by entry, for the operation's own staff."""

    verb = "run.read"
    table = LEDGER
    filters = (
        exact("operation", "posting__operation__slug", OPERATION),
        exact("kind", "kind", "received_good, short_missing, returned, …"),
    )


class TransitEventsView(TableView):
    """What was reported from the road, for the operation's own staff: no plates, no positions."""

    verb = "run.read"
    table = EVENTS
    filters = (
        BY_OPERATION,
        exact("convoy", "convoy__number", "numbers of convoys"),
        exact("kind", "kind", "departed, arrived, check, held, …"),
    )


class LineSerializer(serializers.Serializer[Any]):
    """What arrived of one line, in inventory units."""

    load = serializers.UUIDField(required=False, help_text="the line of the waybill")
    item = serializers.CharField(
        max_length=30, required=False, help_text="the code of an item that stands on no line"
    )
    good = serializers.DecimalField(14, 3, min_value=0, required=False)
    damaged = serializers.DecimalField(14, 3, min_value=0, required=False)
    missing = serializers.DecimalField(14, 3, min_value=0, required=False)
    weighed_kg = serializers.DecimalField(14, 3, min_value=0, required=False)
    reason = serializers.CharField(max_length=300, required=False)


class NamedPictureSerializer(serializers.Serializer[Any]):
    """A photo, or the signature, that is sent after the receipt."""

    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(ReceiptPhoto.Kind.choices, required=False)
    sha256 = serializers.RegexField("^[0-9a-fA-F]{64}$", help_text="of the bytes that are sent")


class ReceiptSerializer(serializers.Serializer[Any]):
    """A goods received note for one waybill."""

    waybill = serializers.UUIDField(help_text="the id of the waybill")
    receiver = serializers.CharField(max_length=150)
    occurred_at = serializers.DateTimeField(help_text="when it was received")
    final = serializers.BooleanField(required=False, help_text="nothing more is to come")
    seals = serializers.CharField(max_length=200, required=False, allow_blank=True)
    signed_by = serializers.CharField(max_length=150, required=False, allow_blank=True)
    remarks = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    lines = LineSerializer(many=True)
    files = NamedPictureSerializer(
        many=True, required=False, help_text="pictures that follow at `pictures/`"
    )


class ReceiptsView(TableView):
    """Receipts: for staff all, for partners those of what is consigned to them."""

    verb = "receipt.read"
    table = RECEIPTS
    filters = (BY_OPERATION, exact("state", "state", "recorded, posted, needs_resolution, …"))

    @extend_schema(
        parameters=[KEY],
        request=ReceiptSerializer,
        responses={201: row_serializer(RECEIPTS, "Receipt")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Record a receipt, as the consignee; it is kept even where it cannot be posted."""
        key = key_of(request)
        given = valid(ReceiptSerializer(data=request.data), self.table)
        waybill = policy.get(
            request.actor, "receipt.send", Waybill.objects.all(), pk=given.pop("waybill")
        )
        again = key is not None and Receipt.objects.filter(pk=key).exists()
        at = given.pop("occurred_at")
        lines = [{name: str(value) for name, value in one.items()} for one in given.pop("lines")]
        found = receipt.record(
            waybill,
            actor=request.actor,
            body=given | {"lines": lines},
            occurred_at=at,
            client_id=key,
        )
        rows = self.table.rows({}).filter(pk=found.pk)
        dataset = self.table.for_actor(request.actor)
        return recorded(documents(dataset, request, rows)[0], again=again)
