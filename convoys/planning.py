"""Planning convoys of our own: stops, route, vehicles with drivers, people, the briefing."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys import following, routes
from convoys.ledger import safely
from convoys.models import (
    Briefing,
    Convoy,
    CrewMember,
    Driver,
    Leg,
    OperatedConvoy,
    RouteStep,
    Stop,
    Vehicle,
)
from convoys.numbers import next_number
from core import policy
from core.errors import Problem
from core.models import Operation, RouteSegment, Site
from core.policy import Actor

BEFORE_DISPATCH = ("draft", "planned", "access_pending", "cleared", "loading", "loaded")
# States in which another vehicle may still be found for what is carried
ON_THE_WAY = (
    "dispatched",
    "in_transit",
    "held",
    "diverted",
    "part_arrived",
    *following.AT_THE_END,
)


@safely
def plan(
    operation: Operation,
    *,
    actor: Actor,
    name: str,
    sites: Sequence[Site],
    etd: datetime,
    eta: datetime,
    lead_org: Any,
    number: str = "",
    is_demo: bool = False,
    **facts: Any,
) -> OperatedConvoy:
    """Begin a convoy from the first of ``sites`` to the last.

    Raises Problem ``invalid`` where a convoy has that name, or the sites are too few.
    """
    policy.check(actor, "cargo.plan", operation)
    _check_sites(operation, sites)
    if Convoy.objects.filter(operation=operation, name=name.strip()).exists():
        raise wrong(_("Name"), _("Another convoy here has this name."))
    convoy = Convoy.objects.create(
        operation=operation,
        origin=Convoy.Origin.OPERATED,
        name=name.strip(),
        is_demo=is_demo,
        created_by=actor.user,
    )
    run = OperatedConvoy.objects.create(
        convoy=convoy,
        operation=operation,
        number=number or next_number(OperatedConvoy, operation, "CY"),
        lead_org=lead_org,
        etd=etd,
        eta=eta,
        planned_by=actor.user,
        **facts,
    )
    for position, site in enumerate(sites, start=1):
        Stop.objects.create(convoy=run, position=position, site=site)
    return routes.measure(run)


def _check_sites(operation: Operation, sites: Sequence[Site]) -> None:
    foreign = any(site.operation_id != operation.pk for site in sites)
    same = any(one.pk == two.pk for one, two in pairwise(sites))
    if len(sites) < 2 or foreign or same:
        raise wrong(_("Stops"), _("Choose two sites at least, each different from the one before."))


def editable(
    convoy: OperatedConvoy, actor: Actor, *, states: Sequence[str] = BEFORE_DISPATCH
) -> OperatedConvoy:
    """Return the convoy as it is now, held until the end of the transaction.

    What the gate has seen stays as it was seen. Raises Problem unless the actor may plan and the
    convoy is in one of ``states``, which are those before dispatch.
    """
    policy.check(actor, "run.plan", convoy)
    return held(convoy, states)


def held(convoy: OperatedConvoy, states: Sequence[str]) -> OperatedConvoy:
    """Return the convoy as it is now, held until the end of the transaction.

    A page may be older than what others did since: raises Problem ``wrong_state`` unless the
    convoy is in one of ``states`` now.
    """
    now = OperatedConvoy.objects.select_for_update(of=("self",), no_key=True).get(pk=convoy.pk)
    if now.state not in states:
        raise Problem(
            "wrong_state",
            object=now,
            state=now.get_state_display(),
            sources=", ".join(str(OperatedConvoy.State(one).label) for one in states),
        )
    return now


@transaction.atomic
def set_route(
    convoy: OperatedConvoy, segments: Sequence[RouteSegment], *, actor: Actor
) -> OperatedConvoy:
    """Say over which segments it goes; they are put in the order in which they are driven."""
    now = editable(convoy, actor)
    start = now.stops.select_related("site").order_by("position").first()
    return lay_route(now, [], segments, start)


@transaction.atomic
def set_way_on(leg: Leg, segments: Sequence[RouteSegment], *, actor: Actor) -> OperatedConvoy:
    """Say over which segments a vehicle goes on; those that are behind it stay in the route.

    Raises Problem ``guard_failed`` while another vehicle drives what would be replaced.
    """
    now = editable(leg.convoy, actor, states=ON_THE_WAY)
    others = now.legs.filter(dispatched_at__isnull=False, arrived_at=None)
    if others.exists():
        raise Problem(
            "guard_failed",
            reason=_("Another vehicle of the convoy is on the route: {vehicles}.").format(
                vehicles=", ".join(str(one.vehicle) for one in others.select_related("vehicle"))
            ),
            fix=_("Wait until it has arrived."),
        )
    left = {one.pk for one in routes.ahead(now, leg)}
    steps = now.route_steps.select_related("segment")
    behind = [step.segment for step in steps if step.segment_id not in left]
    return lay_route(now, behind, segments, leg.from_stop)


def lay_route(
    convoy: OperatedConvoy,
    behind: Sequence[RouteSegment],
    segments: Sequence[RouteSegment],
    start: Stop | None,
) -> OperatedConvoy:
    """Put segments behind those that are ``behind``, as they are driven from ``start``."""
    if any(one.operation_id != convoy.operation_id for one in segments):
        raise Problem("not_found")
    driven = [*behind, *routes.in_order(segments, start.site.point if start else None)]
    convoy.route_steps.all().delete()
    RouteStep.objects.bulk_create(
        RouteStep(convoy=convoy, segment=one, position=number)
        for number, one in enumerate(driven, start=1)
    )
    return routes.measure(convoy)


@safely
def add_leg(
    convoy: OperatedConvoy,
    *,
    actor: Actor,
    vehicle: Vehicle,
    driver: Driver | None = None,
    from_stop: Stop | None = None,
    to_stop: Stop | None = None,
    to_site: Site | None = None,
    leaves: datetime | None = None,
    arrives: datetime | None = None,
) -> Leg:
    """Let a vehicle run from one stop to another; by default from the first to the last.

    Once the convoy has left, it may lead on ``to_site``, which becomes the last stop. It leaves and
    arrives with the convoy where nothing else is said. A vehicle may be planned twice for the same
    time; the gate tells, and departure refuses.
    """
    now = editable(convoy, actor, states=(*BEFORE_DISPATCH, *ON_THE_WAY))
    if to_site:
        to_stop = _next_stop(now, to_site)
    stops = list(now.stops.order_by("position"))
    start, end = from_stop or stops[0], to_stop or stops[-1]
    own = {one.operation_id for one in (vehicle, driver) if one} == {now.operation_id}
    if not own or {start.convoy_id, end.convoy_id} != {now.pk}:
        raise Problem("not_found")
    if start.position >= end.position:
        raise wrong(_("Stops"), _("A leg leads from an earlier stop to a later one."))
    made = Leg.objects.create(
        convoy=now,
        vehicle=vehicle,
        driver=driver,
        from_stop=start,
        to_stop=end,
        period=times(now, leaves, arrives),
    )
    following.arrived(now)  # or rather not any more
    return made


def _next_stop(convoy: OperatedConvoy, site: Site) -> Stop:
    """Return a stop at another site after all others, for what goes on from a hub."""
    last = convoy.stops.order_by("position").last()
    if site.operation_id != convoy.operation_id:
        raise Problem("not_found")
    if last and last.site_id == site.pk:
        return last
    return Stop.objects.create(convoy=convoy, position=last.position + 1 if last else 1, site=site)


def times(
    convoy: OperatedConvoy, leaves: datetime | None, arrives: datetime | None
) -> DateTimeTZRange:
    """Return when a leg leaves and arrives: as is said, or else with the convoy.

    Raises Problem ``invalid`` where it would arrive before it leaves, which is so where the convoy
    was to be there long ago.
    """
    has_left = convoy.state not in BEFORE_DISPATCH
    start = leaves or (max(convoy.etd, timezone.now()) if has_left else convoy.etd)
    end = arrives or convoy.eta
    if end <= start:
        raise wrong(_("Arrives"), _("Say when it is to arrive: after it leaves."))
    return DateTimeTZRange(start, end)


def wrong(where: str, message: str) -> Problem:
    """Return the refusal of one thing in a plan."""
    return Problem("invalid", errors=[{"where": where, "message": message}])


@transaction.atomic
def add_person(
    convoy: OperatedConvoy, *, actor: Actor, name: str, task: str, organisation: Any, **facts: Any
) -> CrewMember:
    """Put somebody on the personnel manifest, which is fixed once the convoy is dispatched."""
    editable(convoy, actor)
    return CrewMember.objects.create(
        convoy=convoy, name=name, task=task, organisation=organisation, **facts
    )


@transaction.atomic
def brief(
    convoy: OperatedConvoy, *, actor: Actor, decision: str, adviser: str, note: str = ""
) -> Briefing:
    """Record the security adviser's go or no-go; the latest counts at the gate."""
    policy.check(actor, "run.move", convoy)
    held(convoy, (*BEFORE_DISPATCH, *ON_THE_WAY))
    return Briefing.objects.create(
        convoy=convoy, decision=decision, adviser=adviser, note=note, recorded_by=actor.user
    )
