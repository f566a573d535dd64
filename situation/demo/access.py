"""Access in the demonstration: an invented corridor with its sites, and what is said of it.

Everything here is invented and says so; the names are of no real place. Statuses are valid for a
time from when the demonstration is loaded: with dates of 2020 all would read as unknown.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core import relief_items
from core.access import clock, constraints, plans, reports, roads
from core.models import (
    AccessConstraint,
    Area,
    Operation,
    ReliefItem,
    RouteSegment,
    Sector,
    Site,
)
from core.policy import Actor

INVENTED = "Invented for demonstration"
TEAM = "Field team (invented)"
# name, kind, latitude, longitude
SITES = (
    ("Western warehouse (invented)", Site.Kind.WAREHOUSE, 39.512, 46.338),
    ("Corridor crossing (invented)", Site.Kind.CROSSING, 39.640, 46.531),
    ("Hill checkpoint (invented)", Site.Kind.CHECKPOINT, 39.715, 46.640),
    ("Eastern hub (invented)", Site.Kind.HUB, 39.817, 46.752),
    ("Southern distribution point (invented)", Site.Kind.DISTRIBUTION, 39.560, 46.900),
)
APPROACH = "Approach road (invented)"
CORRIDOR = "Corridor (invented)"
SOUTH = "Southern road (invented)"
# name, from site, to site, bends between, gross and axle limit in tonnes
SEGMENTS: tuple[tuple[str, int, int, list[list[float]], int | None, int | None], ...] = (
    (APPROACH, 0, 1, [[46.395, 39.545], [46.452, 39.602]], 40, 10),
    (CORRIDOR, 1, 3, [[46.590, 39.668], [46.640, 39.715], [46.705, 39.770]], 25, 8),
    (SOUTH, 3, 4, [[46.812, 39.734], [46.851, 39.640]], None, None),
)


def known(
    operation: Operation, actors: Mapping[str, Actor], areas: Mapping[str, Area]
) -> AccessConstraint:
    """Record what is known of access; return the constraint that the initial assessment awaits."""
    segments = _roads(operation, actors["logistics"])
    _observed(operation, actors, segments)
    _papers(operation, actors, segments)
    return _constraints(operation, actors, segments, areas)


def _roads(operation: Operation, logistics: Actor) -> dict[str, RouteSegment]:
    sites = [
        roads.add_site(
            operation,
            actor=logistics,
            longitude=longitude,
            latitude=latitude,
            name=name,
            kind=kind,
            source=INVENTED,
            is_demo=True,
        )
        for name, kind, latitude, longitude in SITES
    ]
    made = {}
    for name, start, end, bends, gross, axle in SEGMENTS:
        ends = [list(sites[one].point.coords) for one in (start, end)]
        made[name] = roads.draw(
            operation,
            actor=logistics,
            name=name,
            points=[ends[0], *bends, ends[1]],
            start=sites[start],
            end=sites[end],
            max_gross_t=gross,
            max_axle_t=axle,
            source=INVENTED,
            is_demo=True,
        )
    return made


def _fact(hours_ago: float, source: str = TEAM, **facts: Any) -> dict[str, Any]:
    at = timezone.now() - timedelta(hours=hours_ago)
    shared = {"occurred_at": at, "source": source, "reliability": "B", "credibility": 2}
    return shared | {"is_demo": True} | facts


def _observed(
    operation: Operation, actors: Mapping[str, Actor], segments: dict[str, RouteSegment]
) -> None:
    """Record statuses: one road is open, of the corridor two sources say different things."""
    passage = {one.name: one for one in Site.objects.filter(operation=operation)}
    crossing, post = (passage[SITES[one][0]] for one in (1, 2))
    until = timezone.now() + timedelta(hours=60)
    authority = "Statement of an authority (invented)"
    seen: tuple[tuple[str, dict[str, Any], str, dict[str, Any]], ...] = (
        ("logistics", {"segment": segments[APPROACH]}, "open", _fact(5)),
        ("officer", {"segment": segments[CORRIDOR]}, "closed", _fact(9)),
        ("access", {"segment": segments[CORRIDOR]}, "open", _fact(4, authority, reliability="C")),
        ("officer", {"site": crossing}, "open", _fact(6)),
        ("officer", {"site": post}, "restricted", _fact(7, note="Trucks wait about four hours.")),
    )
    for who, subject, status, fact in seen:
        reports.observation(
            operation, actor=actors[who], status=status, valid_until=until, **subject, **fact
        )


def _fuel(operation: Operation, logistics: Actor) -> ReliefItem:
    """Put what the invented clearance does not allow into the catalogue; UN 1202 is diesel fuel."""
    return relief_items.add(
        operation,
        actor=logistics,
        code="FUEL",
        name="Diesel fuel",
        sector=Sector.objects.get_or_create(code="LOG")[0],
        unit="litre",
        unit_kg=Decimal("0.84"),
        unit_m3=Decimal("0.001"),
        un_number="1202",
        un_class="3",
        is_demo=True,
    )


def _papers(
    operation: Operation, actors: Mapping[str, Actor], segments: dict[str, RouteSegment]
) -> None:
    """Record a window that runs, a clearance half way, a notice and a request without an answer."""
    access, now = actors["access"], timezone.now()
    corridor = [segments[CORRIDOR]]
    window = plans.announce(
        operation,
        actor=access,
        segments=corridor,
        kind="corridor",
        title="Daily corridor window (invented)",
        parties="Parties of the demonstration",
        terms="Humanitarian vehicles pass by daylight.",
        starts_at=now - timedelta(hours=20),
        ends_at=now + timedelta(hours=50),
        **_fact(30),
    )
    plans.move_window(window, "confirm", actor=access, reason="Confirmed by both (invented)")
    clock.tick()
    plans.require(
        operation,
        actor=access,
        authority="Road authority (invented)",
        kind="Facilitation letter",
        segment=segments[CORRIDOR],
        since=date(2020, 11, 10),
        source=INVENTED,
    )
    period: dict[str, Any] = {
        "starts_at": now + timedelta(hours=54),
        "ends_at": now + timedelta(hours=70),
    }
    plans.request(
        operation,
        actor=access,
        segments=corridor,
        authority="Road authority (invented)",
        kind="Facilitation letter",
        purpose="Winter kits through the corridor (invented)",
        offices=("District office (invented)", "Security committee (invented)"),
        valid_from=now,
        valid_to=now + timedelta(days=6),
        excluded_items=[_fuel(operation, actors["logistics"]).code],
        **_fact(28),
    )
    told: dict[str, Any] = {
        "purpose": "Six trucks with winter kits (invented)",
        "segments": corridor,
    }
    notice = plans.notify(
        operation, actor=access, addressee="All parties (invented)", **told, **period, **_fact(3)
    )
    plans.move_journey(notice, "submit", actor=access)
    asked = plans.ask(
        operation, actor=access, addressee="Road authority (invented)", **told, **period, **_fact(3)
    )
    for step in ("submit", "take_up"):
        asked = plans.move_journey(asked, step, actor=access)


def _constraints(
    operation: Operation,
    actors: Mapping[str, Actor],
    segments: dict[str, RouteSegment],
    areas: Mapping[str, Area],
) -> AccessConstraint:
    """Record constraints and scores; an information gap is no absence of constraints."""
    area = areas["AZ60400001"]
    obstacle = reports.constraint(
        operation,
        actor=actors["access"],
        type=AccessConstraint.Type.WITHIN,
        title="Access to all people in need is not confirmed (invented)",
        segment=segments[CORRIDOR],
        impact="X",
        started_on=date(2020, 11, 10),
        **_fact(48),
    )
    reports.constraint(
        operation,
        actor=actors["lead"],
        type=AccessConstraint.Type.MINES,
        title="Unexploded ordnance beside roads (invented)",
        area=area,
        impact="3",
        started_on=date(2020, 11, 12),
        many={"sectors": Sector.objects.filter(code__in=("PRO", "LOG"))},
        **_fact(60),
    )
    snow = reports.constraint(
        operation,
        actor=actors["officer"],
        type=AccessConstraint.Type.ENVIRONMENT,
        title="Snow on the approach road (invented)",
        segment=segments[APPROACH],
        actor_kind="nature",
        impact="1",
        started_on=date(2020, 11, 18),
        **_fact(90),
    )
    constraints.end(
        snow, actor=actors["access"], on=date(2020, 11, 22), reason="Cleared, seen by a team"
    )
    reports.score(
        operation,
        actor=actors["access"],
        area=area,
        score="X",
        as_of=date(2020, 11, 20),
        valid_until=timezone.localdate() + timedelta(days=30),
        **_fact(48, "Access analysis (invented)"),
    )
    return obstacle
