"""REST: what is known of access, and reports of it from accounts and tokens that may write."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from core import policy
from core.access import datasets, entries
from core.api.base import ApiView, Request, operation_of
from core.api.bodies import KEY, key_of, recorded, valid
from core.api.schema import DescribedSchema, row_serializer
from core.api.tables import Filter, TableView, documents, exact
from core.api.views import BY_OPERATION, changed_since, within
from core.datasets import Dataset
from core.geo import MOST_CORNERS
from core.models import AccessConstraint, AccessScore, AccessWindow
from core.models.facts import Credibility, FactSensitivity, Reliability
from core.models.movements import AccessOutcome, DeliveryOutcome
from core.models.statuses import Status

SINCE = Filter("updated_since", changed_since, "a day or moment of ISO 8601")


def flag(name: str, true: Q) -> Filter:
    """Return a filter that keeps the rows for which ``true`` holds, or the others."""

    def narrow(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        if text not in ("true", "false"):
            raise ValueError(text)
        return rows.filter(true) if text == "true" else rows.exclude(true)

    return Filter(name, narrow, "true or false")


def place() -> tuple[Filter, ...]:
    """Return the filters by segment and site."""
    return (
        exact("segment", "segment__name", "names of segments"),
        exact("site", "site__name", "names of sites"),
    )


class FactSerializer(serializers.Serializer[Any]):
    """What every report can say beside its content."""

    observed_at = serializers.DateTimeField(required=False, help_text="now unless said")
    source_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    reliability = serializers.ChoiceField(choices=Reliability.choices, required=False)
    credibility = serializers.ChoiceField(choices=Credibility.choices, required=False)
    sensitivity = serializers.ChoiceField(choices=FactSensitivity.choices, required=False)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """Add the field whose name serializers keep for themselves."""
        source = serializers.CharField(max_length=200, help_text="who says so")
        return {**super().get_fields(), "source": source}


class ConstraintSerializer(FactSerializer):
    """An access constraint in one area (`pcode`), on one segment or at one site, by name."""

    type = serializers.ChoiceField(choices=AccessConstraint.Type.choices)
    title = serializers.CharField(max_length=200)
    pcode = serializers.CharField(max_length=30, required=False)
    segment = serializers.CharField(max_length=200, required=False)
    site = serializers.CharField(max_length=200, required=False)
    who_restricts = serializers.ChoiceField(
        choices=AccessConstraint.ActorKind.choices, required=False
    )
    impact = serializers.ChoiceField(choices=AccessConstraint.Impact.choices)
    people_affected = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, allow_null=True
    )
    sectors = serializers.ListField(child=serializers.CharField(max_length=3), required=False)
    started_on = serializers.DateField()


class ObservationSerializer(FactSerializer):
    """What was seen of one segment, checkpoint or crossing, and until when that counts."""

    segment = serializers.CharField(max_length=200, required=False)
    site = serializers.CharField(max_length=200, required=False)
    status = serializers.ChoiceField(choices=Status.choices)
    valid_until = serializers.DateTimeField()


class ScoreSerializer(FactSerializer):
    """How hard people in an area can be reached."""

    pcode = serializers.CharField(max_length=30)
    score = serializers.ChoiceField(choices=AccessScore.Score.choices)
    as_of = serializers.DateField()
    valid_until = serializers.DateField()


class AgreedSerializer(serializers.Serializer[Any]):
    """What can be corrected of a window: along segments by name, or inside corners."""

    title = serializers.CharField(max_length=200)
    parties = serializers.CharField(max_length=300, required=False, allow_blank=True)
    segments = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, help_text="none means all"
    )
    terms = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    corners = serializers.ListField(
        child=serializers.CharField(max_length=50),
        max_length=MOST_CORNERS,
        required=False,
        help_text="“latitude, longitude” each, in their order around the area",
    )


class WindowSerializer(AgreedSerializer, FactSerializer):
    """A ceasefire, pause or corridor, as announced."""

    kind = serializers.ChoiceField(choices=AccessWindow.Kind.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class OutcomeSerializer(FactSerializer):
    """How the movement of a request went, on both axes."""

    movement = serializers.CharField(
        max_length=200, help_text="what moves, as the request says it, or the request's `id`"
    )
    addressee = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="who was asked, where several requests move the same",
    )
    access = serializers.ChoiceField(choices=AccessOutcome.choices)
    delivery = serializers.ChoiceField(choices=DeliveryOutcome.choices)


class EventsView(TableView):
    """A table that also takes new rows; ``event`` is a key of core.access.entries.EVENTS."""

    verb = "access.report"
    parameters = ("operation",)
    event: str

    def take(self, request: Request, given: dict[str, Any]) -> HttpResponse:
        """Record what was sent, once for each idempotency key."""
        operation, key = operation_of(request), key_of(request)
        model = entries.EVENTS[self.event].model
        again = key is not None and model._default_manager.filter(pk=key).exists()
        row = entries.enter(operation, self.event, given, actor=request.actor, client_id=key)
        dataset = self.table.for_actor(request.actor)
        rows = dataset.rows({}).filter(pk=row.pk)
        return recorded(documents(dataset, request, rows)[0], again=again)


class ConstraintsView(EventsView):
    """Access constraints: the nine types of OCHA, with ACAPS's impact; X is an information gap."""

    verb = "constraint.read"
    table = datasets.CONSTRAINTS
    event = "constraint"
    filters = (
        BY_OPERATION,
        exact("type", "type", "1 to 9"),
        exact("impact", "impact", "0, 1, 2, 3 or X"),
        Filter("within", within("area"), "P-codes: these areas and all below them"),
        *place(),
        flag("ended", Q(ended_on__isnull=False)),
        flag("withdrawn", Q(withdrawn_at__isnull=False)),
        SINCE,
    )

    @extend_schema(
        parameters=[KEY],
        request=ConstraintSerializer,
        responses={201: row_serializer(datasets.CONSTRAINTS, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Report a constraint; field officers, team leads, logistics, access, partners by token."""
        return self.take(request, valid(ConstraintSerializer(data=request.data), self.table))


class ObservationsView(EventsView):
    """What was seen of roads and checkpoints, everything side by side."""

    verb = "observation.read"
    table = datasets.OBSERVATIONS
    event = "status"
    filters = (
        BY_OPERATION,
        *place(),
        exact("status", "status", "open, restricted, closed or unknown"),
        Filter(
            "valid",
            lambda rows, text: flag("valid", Q(valid_until__gt=timezone.now())).narrow(rows, text),
            "true or false",
        ),
        SINCE,
    )

    @extend_schema(
        parameters=[KEY],
        request=ObservationSerializer,
        responses={201: row_serializer(datasets.OBSERVATIONS, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Report what was seen; it stands beside what others saw."""
        return self.take(request, valid(ObservationSerializer(data=request.data), self.table))


class ScoresView(EventsView):
    """How hard people in areas can be reached, 0 to 5; X is an information gap, not nought."""

    verb = "score.read"
    table = datasets.SCORES
    event = "score"
    filters = (
        BY_OPERATION,
        exact("score", "score", "0 to 5 or X"),
        Filter("within", within("area"), "P-codes: these areas and all below them"),
        SINCE,
    )

    @extend_schema(
        parameters=[KEY],
        request=ScoreSerializer,
        responses={201: row_serializer(datasets.SCORES, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Score an area; access officers and coordinators."""
        return self.take(request, valid(ScoreSerializer(data=request.data), self.table))


class SegmentsView(TableView):
    """Stretches of road with what each reads as now; `format=geojson` gives the lines."""

    verb = "segment.read"
    table = datasets.SEGMENTS
    filters = (BY_OPERATION, flag("retired", Q(retired_at__isnull=False)), SINCE)

    def dataset(self, request: Request) -> Dataset:
        return datasets.with_status(self.table, request.actor)

    def documented(self) -> Dataset:
        return datasets.with_status(self.table, policy.SYSTEM)


class SitesView(TableView):
    """Warehouses, hubs, trans-shipment points, crossings, checkpoints and distribution points."""

    verb = "site.read"
    table = datasets.SITES
    filters = (
        BY_OPERATION,
        exact("kind", "kind", "warehouse, hub, transshipment, crossing, checkpoint, distribution"),
        flag("retired", Q(retired_at__isnull=False)),
        SINCE,
    )


class WindowsView(EventsView):
    """Ceasefires, pauses and corridors; `format=geojson` gives where."""

    verb = "window.read"
    table = datasets.WINDOWS
    event = "window"
    filters = (
        BY_OPERATION,
        exact("kind", "kind", "ceasefire, pause or corridor"),
        exact("state", "state", "announced, confirmed, active, extended, broken, resumed, …"),
        SINCE,
    )

    @extend_schema(
        parameters=[KEY],
        request=WindowSerializer,
        responses={201: row_serializer(datasets.WINDOWS, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Record a window that was announced; access officers and coordinators."""
        return self.take(request, valid(WindowSerializer(data=request.data), self.table))


class WindowView(ApiView):
    """One window."""

    verb = "window.manage"
    schema = DescribedSchema()

    @extend_schema(
        request=AgreedSerializer(partial=True), responses=row_serializer(datasets.WINDOWS, "One")
    )
    def patch(self, request: Request, pk: UUID) -> HttpResponse:
        """Correct what is given of a window that is not over; its history keeps what was there.

        Its state and times move on its page alone.
        """
        windows = AccessWindow.objects.select_related("operation")
        window = policy.get(request.actor, self.verb, windows, pk=pk)
        given = valid(AgreedSerializer(data=request.data, partial=True), datasets.WINDOWS)
        entries.correct(window, given, actor=request.actor)
        dataset = datasets.WINDOWS.for_actor(request.actor)
        rows = dataset.rows({}).filter(pk=pk)
        return recorded(documents(dataset, request, rows)[0], again=True)


class OutcomesView(EventsView):
    """How movements went, on two axes: whether they were let through, and whether they arrived."""

    verb = "outcome.read"
    table = datasets.OUTCOMES
    event = "outcome"
    filters = (
        BY_OPERATION,
        exact("access", "access_outcome", "facilitated, partial, impeded, denied, withdrawn"),
        exact("delivery", "delivery_outcome", "full, partial or none"),
        SINCE,
    )

    @extend_schema(
        parameters=[KEY],
        request=OutcomeSerializer,
        responses={201: row_serializer(datasets.OUTCOMES, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Record how a movement went; whoever may report, of requests that they may read."""
        return self.take(request, valid(OutcomeSerializer(data=request.data), self.table))
