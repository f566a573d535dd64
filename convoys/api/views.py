"""REST tables of reported convoys and claims; claims are also taken."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from convoys import claim_entries
from convoys.datasets import CLAIMS, CONVOYS
from convoys.models import Claim
from core.api.base import Request, operation_of
from core.api.bodies import KEY, key_of, recorded, valid
from core.api.schema import row_serializer
from core.api.tables import TableView, documents, exact
from core.api.views import BY_OPERATION


class ConvoysView(TableView):
    """Convoys with their adopted figures; reported ones are no receipts."""

    verb = "convoy.read"
    table = CONVOYS
    filters = (BY_OPERATION, exact("origin", "origin", "reported or operated"))


class ClaimSerializer(serializers.Serializer[Any]):
    """What one source says of one convoy, or of several together; a cargo says `kg` or `t`."""

    convoys = serializers.ListField(
        child=serializers.CharField(max_length=200),
        min_length=1,
        max_length=100,
        help_text="names; one that is not known is added as reported",
    )
    attribute = serializers.ChoiceField(choices=Claim.Attribute.choices)
    value = serializers.CharField(
        max_length=300,
        required=False,
        help_text="a number, a day, or words; of a route not needed beside its segments",
    )
    upper = serializers.CharField(max_length=40, required=False, help_text="for a range")
    unit = serializers.ChoiceField(choices=tuple(claim_entries.KG), required=False)
    segments = serializers.ListField(
        child=serializers.CharField(max_length=200),
        max_length=100,
        required=False,
        help_text="names of the roads that a route leads over",
    )
    source_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    published_on = serializers.DateField(required=False, allow_null=True)
    reliability = serializers.ChoiceField(choices=Claim.Reliability.choices, required=False)
    credibility = serializers.ChoiceField(choices=Claim.Credibility.choices, required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add the field whose name serializers keep for themselves."""
        source = serializers.CharField(max_length=200, help_text="who says so")
        return {**super().get_fields(), "source": source}


class ClaimsView(TableView):
    """Every claim, side by side, withdrawn ones included."""

    verb = "claim.read"
    table = CLAIMS
    parameters = ("operation",)
    filters = (
        BY_OPERATION,
        exact("attribute", "attribute", "cargo, vehicles, staff, departed, arrived, …"),
    )

    @extend_schema(
        parameters=[KEY],
        request=ClaimSerializer,
        responses={201: row_serializer(CLAIMS, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Record a claim; it stands beside the others and is adopted by nobody yet."""
        operation, key = operation_of(request), key_of(request)
        given = valid(ClaimSerializer(data=request.data), self.table)
        again = key is not None and Claim.objects.filter(pk=key).exists()
        claim = claim_entries.enter(operation, given, actor=request.actor, client_id=key)
        rows = self.table.rows({}).filter(pk=claim.pk)
        dataset = self.table.for_actor(request.actor)
        return recorded(documents(dataset, request, rows)[0], again=again)
