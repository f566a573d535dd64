"""What the overview's map shows on top of the areas: roads, sites, and convoys under way.

A convoy's place is its staff's alone until the release: others get no point of it, not even coarse.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from convoys.models import OperatedConvoy, TransitEvent
from core import policy
from core.access import picture
from core.access.status import Reading
from core.models import Operation, Site
from core.policy import Actor

RUN = OperatedConvoy.State
UNDER_WAY = (
    RUN.DISPATCHED,
    RUN.IN_TRANSIT,
    RUN.HELD,
    RUN.DIVERTED,
    RUN.PART_ARRIVED,
    RUN.ABORTED,
    RUN.RETURNING,
)


def drawing(operation: Operation, actor: Actor, readings: Sequence[Reading]) -> dict[str, Any]:
    """Return roads, sites and convoys under way as GeoJSON, each with what it is in words."""
    sites = Site.objects.current().filter(operation=operation).select_related("operation")
    drawn = picture.drawing(readings, policy.filter(actor, "site.read", sites))
    drawn["features"] += [_convoy(one) for one in last_seen(operation, actor)]
    return drawn


def last_seen(operation: Operation, actor: Actor) -> list[TransitEvent]:
    """Return of each convoy under way the newest event with a place that ``actor`` may know."""
    under_way = OperatedConvoy.objects.filter(operation=operation, state__in=UNDER_WAY)
    runs = policy.filter(actor, "run.read", under_way).order_by()
    events = TransitEvent.objects.filter(
        Q(point__isnull=False) | Q(stop__isnull=False), convoy__in=runs
    ).exclude(sensitivity="restricted")
    newest = events.order_by("convoy_id", "-occurred_at", "-recorded_at").distinct("convoy_id")
    return list(
        newest.annotate(place=Coalesce("point", "stop__site__point")).select_related(
            "convoy__operation", "convoy__convoy"
        )
    )


def _convoy(event: Any) -> dict[str, Any]:
    run = event.convoy
    return {
        "type": "Feature",
        "geometry": json.loads(event.place.geojson),
        "properties": {
            "name": run.convoy.name,
            "kind": _("Convoy: {state}").format(state=run.get_state_display()),
            "icon": "convoys",
            "url": run.get_absolute_url(),
        },
    }
