"""REST doors to clearances, notices and movement requests, and to the steps that access takes.

A step is what happens next to something on record: a constraint ends, a window is extended, an
authority decides, parties acknowledge or answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from core import policy
from core.access import constraints, datasets, plans
from core.api.access import SINCE, EventsView, FactSerializer
from core.api.base import ApiView, Request
from core.api.bodies import KEY, recorded, valid
from core.api.schema import DescribedSchema, row_serializer
from core.api.tables import documents, exact
from core.api.views import BY_OPERATION
from core.datasets import Dataset
from core.errors import Problem
from core.models import (
    AccessConstraint,
    AccessWindow,
    Clearance,
    DeconflictionNotice,
    MovementRequest,
)

ROADS = serializers.ListField(
    child=serializers.CharField(max_length=200),
    required=False,
    help_text="segments by name; none means all",
)
CODES = serializers.ListField(
    child=serializers.CharField(max_length=100),
    required=False,
    help_text="codes of sectors or items",
)


class ClearanceSerializer(FactSerializer):
    """A clearance that is requested of an authority."""

    authority = serializers.CharField(max_length=200)
    kind = serializers.CharField(max_length=100, help_text="as the authority calls it")
    purpose = serializers.CharField(max_length=200)
    segments = ROADS
    valid_from = serializers.DateTimeField()
    valid_to = serializers.DateTimeField()
    conditions = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    not_allowed = CODES
    offices = serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        help_text="the steps to it, in their order",
    )


class JourneySerializer(FactSerializer):
    """A movement that parties are told of or asked for."""

    addressee = serializers.CharField(max_length=200)
    purpose = serializers.CharField(max_length=200, help_text="what moves")
    segments = ROADS
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class NoticeSerializer(JourneySerializer):
    """A deconfliction notice."""

    is_emergency = serializers.BooleanField(required=False)


class ClearancesView(EventsView):
    """Clearances that were requested, and what was decided; a notice is none."""

    verb = "clearance.read"
    table = datasets.CLEARANCES
    event = "clearance"
    filters = (
        BY_OPERATION,
        exact("state", "state", "requested, granted, granted_with_conditions, denied, …"),
        SINCE,
    )

    @extend_schema(
        parameters=[KEY],
        request=ClearanceSerializer,
        responses={201: row_serializer(datasets.CLEARANCES, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Record that a clearance was requested; access officers and coordinators."""
        return self.take(request, valid(ClearanceSerializer(data=request.data), self.table))


class NoticesView(EventsView):
    """What parties were told of movements and places: it informs, and permits nothing."""

    verb = "notice.read"
    table = datasets.NOTICES
    event = "notice"
    filters = (
        BY_OPERATION,
        exact("state", "state", "draft, submitted, acknowledged, amended, expired, withdrawn"),
        SINCE,
    )

    @extend_schema(
        parameters=[KEY],
        request=NoticeSerializer,
        responses={201: row_serializer(datasets.NOTICES, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Draft a notice; access officers and coordinators."""
        return self.take(request, valid(NoticeSerializer(data=request.data), self.table))


class MovementsView(EventsView):
    """Requests to let movements pass, and how they were answered."""

    verb = "movement.read"
    table = datasets.MOVEMENTS
    event = "request"
    filters = (
        BY_OPERATION,
        exact("state", "state", "draft, submitted, pending, facilitated, denied, postponed, …"),
        SINCE,
    )

    @extend_schema(
        parameters=[KEY],
        request=JourneySerializer,
        responses={201: row_serializer(datasets.MOVEMENTS, "Recorded")},
    )
    def post(self, request: Request) -> HttpResponse:
        """Draft a movement request; access officers and coordinators."""
        return self.take(request, valid(JourneySerializer(data=request.data), self.table))


class StepSerializer(serializers.Serializer[Any]):
    """What happens next to something on record: each kind says which steps there are."""

    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ConstraintStepSerializer(StepSerializer):
    """A constraint ends, or its report is withdrawn; both with what shows it."""

    step = serializers.ChoiceField(choices=("end", "withdraw"))
    on = serializers.DateField(required=False, help_text="the day on which it ended; for `end`")


class WindowStepSerializer(StepSerializer):
    """A window is confirmed, extended, broken, resumed, ended or cancelled."""

    step = serializers.ChoiceField(
        choices=("confirm", "extend", "break_off", "resume", "end", "cancel")
    )
    ends_at = serializers.DateTimeField(required=False, help_text="to `extend` or `resume`")


class ClearanceStepSerializer(StepSerializer):
    """What the authority decided, by somebody else than who requested it."""

    step = serializers.ChoiceField(choices=("grant", "grant_with_conditions", "deny", "revoke"))
    conditions = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    excluded_items = CODES
    valid_from = serializers.DateTimeField(required=False, help_text="if not as it was asked")
    valid_to = serializers.DateTimeField(required=False, help_text="if not as it was asked")
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True)


class NoticeStepSerializer(StepSerializer):
    """A notice is submitted, acknowledged or withdrawn; it is never answered by permission."""

    step = serializers.ChoiceField(choices=("submit", "acknowledge", "withdraw"))
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True)


class MovementStepSerializer(StepSerializer):
    """A movement request is submitted and answered, or not."""

    step = serializers.ChoiceField(
        choices=("submit", "take_up", "facilitate", "deny", "postpone", "lose_sight")
    )
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True)
    agreed_from = serializers.DateTimeField(required=False, help_text="if not as it was asked")
    agreed_until = serializers.DateTimeField(required=False, help_text="if not as it was asked")


@dataclass(frozen=True)
class Steps:
    """The steps of a kind of record: who may take them, by which rule, and how it then reads."""

    model: Any
    verb: str
    serializer: type[StepSerializer]
    move: Callable[..., Any]
    table: Dataset


def move_constraint(
    constraint: AccessConstraint, step: str, *, reason: str = "", on: Any = None, **who: Any
) -> AccessConstraint:
    """End or withdraw a constraint; raise Problem ``invalid`` for an end without a day."""
    if step == "withdraw":
        return constraints.withdraw(constraint, reason=reason, **who)
    if on is None:
        message = _("Say on which day it ended.")
        raise Problem("invalid", errors=[{"where": "on", "message": message}])
    return constraints.end(constraint, on=on, reason=reason, **who)


STEPS: Mapping[str, Steps] = {
    "access-constraints": Steps(
        AccessConstraint,
        "constraint.manage",
        ConstraintStepSerializer,
        move_constraint,
        datasets.CONSTRAINTS,
    ),
    "access-windows": Steps(
        AccessWindow, "window.manage", WindowStepSerializer, plans.move_window, datasets.WINDOWS
    ),
    "clearances": Steps(
        Clearance, "clearance.decide", ClearanceStepSerializer, plans.decide, datasets.CLEARANCES
    ),
    "deconfliction-notices": Steps(
        DeconflictionNotice,
        "notice.manage",
        NoticeStepSerializer,
        plans.move_journey,
        datasets.NOTICES,
    ),
    "movement-requests": Steps(
        MovementRequest,
        "movement.manage",
        MovementStepSerializer,
        plans.move_journey,
        datasets.MOVEMENTS,
    ),
}


def steps_of(kind: Steps) -> type[ApiView]:
    """Return the view that takes the steps of a kind of record."""

    class StepsView(ApiView):
        verb = kind.verb
        schema = DescribedSchema()

        @extend_schema(request=kind.serializer, responses=row_serializer(kind.table, "Moved"))
        def post(self, request: Request, pk: UUID) -> HttpResponse:
            """Take it one step further; repeating the last step changes nothing."""
            rows = kind.model.objects.select_related("operation")
            row = policy.get(request.actor, self.verb, rows, pk=pk)
            given = valid(kind.serializer(data=request.data))
            kind.move(row, given.pop("step"), actor=request.actor, **given)
            dataset = kind.table.for_actor(request.actor)
            found = documents(dataset, request, dataset.rows({}).filter(pk=pk))
            return recorded(found[0], again=True)

    StepsView.__doc__ = kind.serializer.__doc__
    StepsView.__name__ = kind.serializer.__name__.replace("Serializer", "sView")
    return StepsView
