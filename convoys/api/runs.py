"""REST doors to a convoy of our own: its gate, steps before dispatch, dispatch, and the road.

Every answer but the gate's and an event's is the convoy's row as the table of convoys shows it.
"""

from typing import Any

from django.contrib.gis.geos import Point
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers

from convoys import clearance, dispatch, movement, plausibility
from convoys.datasets import CONVOYS
from convoys.models import OperatedConvoy, TransitEvent
from core import policy
from core.api.base import ApiView, Request, conditional
from core.api.bodies import KEY, key_of, recorded, valid
from core.api.schema import DescribedSchema, row_serializer
from core.api.tables import documents
from core.errors import Problem

STEPS = (
    "plan",
    "ask_access",
    "clear",
    "unclear",
    "start_loading",
    "finish_loading",
    "resume_loading",
    "cancel",
)
FINDING: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "input": serializers.CharField(help_text="what it is about: segment, clearance, waybill, …"),
    "code": serializers.CharField(help_text="stable"),
    "subject": serializers.CharField(help_text="which one"),
    "key": serializers.CharField(help_text="its id, where it has one"),
    "hard": serializers.BooleanField(help_text="nobody can override it"),
    "dated": serializers.DateTimeField(help_text="when what it rests on was seen or decided"),
    "message": serializers.CharField(),
    "fix": serializers.CharField(help_text="what would change it"),
}
CONVOY = row_serializer(CONVOYS, "One")


class RunView(ApiView):
    """What all doors to one convoy of our own share."""

    schema = DescribedSchema()

    def run(self, request: Request, key: int) -> OperatedConvoy:
        """Return the convoy; raise Problem ``not_found`` or ``forbidden``."""
        mine = OperatedConvoy.objects.select_related("operation", "convoy")
        return policy.get(request.actor, self.verb, mine, pk=key)

    def answer(self, request: Request, key: int) -> HttpResponse:
        """Answer with the convoy as it is now."""
        dataset = CONVOYS.for_actor(request.actor)
        return recorded(documents(dataset, request, dataset.rows({}).filter(pk=key))[0], again=True)


class LegSerializer(serializers.Serializer[Any]):
    """One vehicle's run."""

    leg = serializers.UUIDField(
        required=False, help_text="a vehicle that goes on by itself; else the whole convoy"
    )


class GateView(RunView):
    """What stands against a departure now; `open` where nothing does. It is no promise."""

    verb = "run.read"
    parameters = ("leg",)

    @extend_schema(
        parameters=[LegSerializer],
        responses=inline_serializer(
            "Gate",
            {
                "open": serializers.BooleanField(help_text="nothing known stands against it"),
                "can_be_overridden": serializers.BooleanField(help_text="nothing hard does"),
                "inputs": serializers.ListField(child=inline_serializer("Finding", FINDING)),
                "flags": serializers.ListField(
                    child=serializers.CharField(), help_text="worth a second look; none blocks"
                ),
            },
        ),
    )
    def get(self, request: Request, key: int) -> HttpResponse:
        """Ask the dispatch gate without dispatching; nothing is kept."""
        run = self.run(request, key)
        asked = valid(LegSerializer(data=request.query_params))
        found = clearance.gate(run, part(run.legs, pk=asked.get("leg")))
        gate = {
            "open": not found,
            "can_be_overridden": not any(one.is_hard for one in found),
            "inputs": [one.as_json() for one in found],
            "flags": plausibility.flags(run),
        }
        return conditional(request, gate)


class StepSerializer(serializers.Serializer[Any]):
    """A step before dispatch."""

    step = serializers.ChoiceField(choices=STEPS)
    reason = serializers.CharField(
        max_length=300, required=False, help_text="needed to cancel, kept with every step"
    )


class StepsView(RunView):
    """Steps on the way to dispatch. Repeating the last one changes nothing."""

    verb = "run.read"

    @extend_schema(request=StepSerializer, responses=CONVOY)
    def post(self, request: Request, key: int) -> HttpResponse:
        """Take a convoy one step further; who may is the same as on its page."""
        run = self.run(request, key)
        given = valid(StepSerializer(data=request.data))
        step, reason = given["step"], given.get("reason", "")
        if step == "cancel":
            dispatch.cancel(run, actor=request.actor, reason=reason)
        else:
            dispatch.move(run, step, actor=request.actor, reason=reason)
        return self.answer(request, key)


class DispatchSerializer(LegSerializer):
    """What goes, and a reason where something stands against it that may be overridden."""

    override = serializers.CharField(max_length=300, required=False, allow_blank=True)


class DispatchView(RunView):
    """Dispatch, by a coordinator's token."""

    verb = "run.dispatch"

    @extend_schema(parameters=[KEY], request=DispatchSerializer, responses=CONVOY)
    def post(self, request: Request, key: int) -> HttpResponse:
        """Let a loaded convoy go, if the gate is open or its soft findings are overridden.

        So goes a `leg` that waits at a hub for what the first vehicles bring. Else 409
        `gate_closed`: each of `errors` names one input that stands against it, its date and what
        would change it. What the gate saw is kept either way.
        """
        run, sent = self.run(request, key), key_of(request)
        given = valid(DispatchSerializer(data=request.data))
        dispatch.dispatch(
            run,
            actor=request.actor,
            leg=part(run.legs, pk=given.get("leg")),
            override=given.get("override", ""),
            client_id=sent,
        )
        return self.answer(request, key)


class EventSerializer(serializers.Serializer[Any]):
    """What happened on the road."""

    kind = serializers.ChoiceField(choices=TransitEvent.Kind.choices)
    occurred_at = serializers.DateTimeField()
    leg = serializers.UUIDField(required=False, help_text="one vehicle's run; else all")
    stop = serializers.IntegerField(required=False, help_text="position of a stop, from 1")
    longitude = serializers.FloatField(min_value=-180, max_value=180, required=False)
    latitude = serializers.FloatField(min_value=-90, max_value=90, required=False)
    custody = serializers.CharField(max_length=150, required=False)
    seals_seen = serializers.CharField(max_length=200, required=False)
    note = serializers.CharField(max_length=1000, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take longitude and latitude as one point."""
        where = given.pop("longitude", None), given.pop("latitude", None)
        if (where[0] is None) != (where[1] is None):
            raise serializers.ValidationError("Give both longitude and latitude, or neither.")
        return given if where[0] is None else given | {"point": Point(*where, srid=4326)}


class EventsView(RunView):
    """Reports from the road: departures, halts, checks, arrivals."""

    verb = "run.move"

    @extend_schema(
        parameters=[KEY],
        request=EventSerializer,
        responses={
            201: inline_serializer(
                "EventRecorded",
                {
                    "id": serializers.UUIDField(),
                    "kind": serializers.CharField(),
                    "occurred_at": serializers.DateTimeField(),
                    "vehicle": serializers.CharField(
                        allow_null=True, help_text="its label, never its plate; null for all"
                    ),
                    "state": serializers.CharField(help_text="of the convoy, after it"),
                },
            )
        },
    )
    def post(self, request: Request, key: int) -> HttpResponse:
        """Record what happened; the convoy's state follows from it, times are kept as they come."""
        run, sent = self.run(request, key), key_of(request)
        given = valid(EventSerializer(data=request.data))
        again = sent is not None and TransitEvent.objects.filter(pk=sent).exists()
        event = movement.report(
            run,
            actor=request.actor,
            client_id=sent,
            leg=part(run.legs, pk=given.pop("leg", None)),
            stop=part(run.stops, position=given.pop("stop", None)),
            **given,
        )
        told = {
            "id": str(event.pk),
            "kind": event.kind,
            "occurred_at": event.occurred_at.isoformat(),
            "vehicle": event.leg.vehicle.label if event.leg else None,
            "state": OperatedConvoy.objects.get(pk=key).state,
        }
        return recorded(told, again=again)


def part(rows: Any, **lookup: Any) -> Any:
    """Return the part of the convoy that a body names, if it names one, or raise Problem."""
    if set(lookup.values()) == {None}:
        return None
    found = rows.filter(**lookup).first()
    if found is None:
        raise Problem("not_found")
    return found
