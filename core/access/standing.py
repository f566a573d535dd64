"""How each required clearance stands now: granted, asked for, refused, or missing.

The gate asks the same for one movement at its time (core.access.papers); here it is asked of the
present, for whoever plans the next one. Every clearance counts, whoever may read it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.models import Clearance, ClearanceRequirement, Operation, RouteSegment

GRANTED = (Clearance.State.GRANTED, Clearance.State.GRANTED_WITH_CONDITIONS)
REFUSED = (Clearance.State.DENIED, Clearance.State.REVOKED)
WORDS: dict[str, tuple[str | Promise, str]] = {
    "granted": (_("Granted"), "good"),
    "in_part": (_("Granted for a part of the segments"), "warn"),
    "requested": (_("Requested, not decided"), "warn"),
    "refused": (_("Refused or revoked"), "bad"),
    "expired": (_("Expired"), "bad"),
    "missing": (_("Missing"), "bad"),
}


@dataclass(frozen=True)
class Standing:
    """How a requirement stands: ``state`` is a key of WORDS, ``until`` when a granted one ends."""

    requirement: ClearanceRequirement
    state: str
    until: datetime | None = None

    @property
    def word(self) -> str | Promise:
        """Return it in words."""
        return WORDS[self.state][0]

    @property
    def look(self) -> str:
        """Return good, warn or bad."""
        return WORDS[self.state][1]


def standings(operation: Operation, requirements: Iterable[ClearanceRequirement]) -> list[Standing]:
    """Return how requirements of an operation stand now."""
    papers = list(Clearance.objects.filter(operation=operation).prefetch_related("segments"))
    covered = {one.pk: {road.pk for road in one.segments.all()} for one in papers}
    roads = RouteSegment.objects.current().filter(operation=operation)
    every: set[int | None] = set(roads.values_list("pk", flat=True)) or {None}
    found = []
    for one in requirements:
        mine = [paper for paper in papers if _is_of(paper, one)]
        wanted: set[int | None] = {one.segment_id} if one.segment_id else every
        here = [paper for paper in mine if not covered[paper.pk] or covered[paper.pk] & wanted]
        found.append(_stand(one, here, wanted, covered))
    return found


def _is_of(paper: Clearance, requirement: ClearanceRequirement) -> bool:
    return (paper.authority.casefold(), paper.kind.casefold()) == (
        requirement.authority.casefold(),
        requirement.kind.casefold(),
    )


def _stand(
    requirement: ClearanceRequirement,
    here: list[Clearance],
    wanted: set[int | None],
    covered: dict[Any, set[int]],
) -> Standing:
    now = timezone.now()
    valid = [p for p in here if p.state in GRANTED and p.valid_from <= now < p.valid_to]
    ends = [
        max((p.valid_to for p in valid if not covered[p.pk] or road in covered[p.pk]), default=None)
        for road in wanted
    ]
    known = [end for end in ends if end]
    if known and len(known) == len(ends):
        return Standing(requirement, "granted", min(known))
    if any(p.state == Clearance.State.REQUESTED for p in here):
        return Standing(requirement, "requested")
    if known:
        return Standing(requirement, "in_part")
    newest = max(here, key=lambda p: p.recorded_at, default=None)
    if newest is None:
        return Standing(requirement, "missing")
    return Standing(requirement, "refused" if newest.state in REFUSED else "expired")
