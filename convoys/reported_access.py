"""The dispatch gate's checks on convoys that others report: flags, as nobody here holds one back.

What the operation goes by is checked: the adopted road, days, cargo, vehicles and content. Others'
waybills, drivers and briefings are not known, and so not asked about; clearances that are due for
some sectors only are not either, as no source tells cargo by sector.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from convoys.clearance import KG_PER_TONNE
from convoys.models import Adoption, Claim, Convoy
from core.access import facts, known
from core.access.inputs import Finding, Movement, Vehicle
from core.access.known import Known
from core.models import Operation, RouteSegment, Site

ROUTE, DEPARTED, ARRIVED = Claim.Attribute.ROUTE, Claim.Attribute.DEPARTED, Claim.Attribute.ARRIVED
HOUR = timedelta(hours=1)
MOST_HOURS = 24 * 31
LONGEST_NAME = 3
Settled = dict[str, Claim]


def missing(convoy: Convoy) -> list[str]:
    """Return what must be adopted before a convoy can be checked, in words; nothing if it can."""
    settled = _settled([convoy.pk]).get(convoy.pk, {})
    found = [] if _roads(settled) else [str(ROUTE.label)]
    return found if _day(settled) else [*found, str(DEPARTED.label)]


def findings(convoy: Convoy) -> list[Finding]:
    """Return what stood, or stands, against a reported convoy's movement, hard ones first."""
    return findings_by_key([convoy.pk]).get(convoy.pk, [])


def findings_by_key(keys: Iterable[int]) -> dict[int, list[Finding]]:
    """Return the findings of several convoys by their keys, in few queries however many they are.

    Those that cannot be checked, and those against which nothing stands, are left out.
    """
    settled = {
        key: claims for key, claims in _settled(keys).items() if _roads(claims) and _day(claims)
    }
    by_operation: dict[int, dict[int, Settled]] = {}
    for key, claims in settled.items():
        by_operation.setdefault(claims[ROUTE].operation_id, {})[key] = claims
    operations = Operation.objects.in_bulk(by_operation)
    found = {}
    for operation, mine in by_operation.items():
        read = _known(operations[operation], mine.values())
        for key, claims in mine.items():
            if against := list(_at_every_hour(claims, read)):
                found[key] = against
    return found


def _settled(keys: Iterable[int]) -> dict[int, Settled]:
    """Return the adopted claims by attribute of each reported convoy."""
    segments = RouteSegment.objects.select_related("start", "end")
    live = Adoption.objects.filter(
        convoy__in=list(keys), convoy__origin=Convoy.Origin.REPORTED, superseded_at=None
    ).prefetch_related(Prefetch("claim__segments", queryset=segments))
    found: dict[int, Settled] = {}
    for one in live.select_related("claim"):
        found.setdefault(one.convoy_id, {})[one.attribute] = one.claim
    return found


def _known(operation: Operation, convoys: Iterable[Settled]) -> Known:
    roads = {one.pk: one for claims in convoys for one in _roads(claims)}
    places = {one.pk: one for one in _passages(roads.values())}
    return known.read(operation, roads.values(), places.values())


def _roads(settled: Settled) -> list[RouteSegment]:
    return list(settled[ROUTE].segments.all()) if ROUTE in settled else []


def _passages(roads: Iterable[RouteSegment]) -> list[Site]:
    ends = {end for one in roads for end in (one.start, one.end) if end and end.is_passage}
    return sorted(ends, key=str)


def _day(settled: Settled) -> Claim | None:
    return settled.get(DEPARTED) or settled.get(ARRIVED)


def _at_every_hour(settled: Settled, read: Known) -> Iterator[Finding]:
    """Yield what stands against the movement at whatever hour of its days it left.

    Sources give days; what stood against it for a part of the day alone it may have avoided.
    """
    by_hour = [facts.against(one, read) for one in _movements(settled)]
    about = [{(one.input, one.subject) for one in found} for found in by_hour]
    lasting = set.intersection(*about)
    middle = by_hour[len(by_hour) // 2]
    yield from (one for one in middle if (one.input, one.subject) in lasting)


def _movements(settled: Settled) -> Iterator[Movement]:
    """Yield the movement for each hour at which it may have left; days are UTC's."""
    roads, vehicles = _roads(settled), _mean_load(settled)
    passages, items = _passages(roads), _named(settled)
    arrived = settled.get(ARRIVED)
    there = _start(arrived.first_day) if arrived else None
    for leaves in _hours(settled):
        yield Movement(
            segments=roads,
            passages=passages,
            leaves=leaves,
            arrives=max(leaves, there or leaves),
            items=items,
            vehicles=vehicles,
            buffer=timedelta(0),
            is_past=leaves < timezone.now(),
        )


def _hours(settled: Settled) -> Iterator[datetime]:
    day = settled.get(DEPARTED) or settled[ARRIVED]
    first, end = _start(day.first_day), _start(day.last_day) + timedelta(days=1)
    count = min(int((end - first) / HOUR), MOST_HOURS)
    yield from (first + number * HOUR for number in range(count))


def _start(day: Any) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _mean_load(settled: Settled) -> list[Vehicle]:
    """Return a vehicle with the mean load, which weighs that at least."""
    cargo, vehicles = settled.get("cargo"), settled.get("vehicles")
    if not (cargo and cargo.low and vehicles and vehicles.high):
        return []
    mean = round(cargo.low / vehicles.high / KG_PER_TONNE, 1)
    return [Vehicle(_("A vehicle with the mean load"), gross_t=mean)]


def _named(settled: Settled) -> frozenset[str]:
    """Return the words of the adopted content, alone and up to three together."""
    content = settled.get("content")
    words = re.findall(r"\w[\w-]*", content.text) if content else []
    return frozenset(
        " ".join(words[start : start + length])
        for length in range(1, LONGEST_NAME + 1)
        for start in range(len(words) - length + 1)
    )
