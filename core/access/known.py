"""What is known of some roads and passages, read at once, so that many movements can be judged.

Every fact counts, whoever may read it; a finding therefore names no source.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.access.status import Seen
from core.models import (
    AccessConstraint,
    AccessWindow,
    Clearance,
    ClearanceRequirement,
    DeconflictionNotice,
    MovementRequest,
    Operation,
    RouteSegment,
    Site,
)
from core.policy import SYSTEM

Paper = AccessWindow | Clearance | DeconflictionNotice | MovementRequest


@dataclass(frozen=True)
class Known:
    """Facts and papers of an operation that bear on some segments and passages.

    ``covered`` has the keys of the segments that a paper names, by its own key: none means all.
    """

    statuses: Seen
    constraints: list[AccessConstraint]
    windows: list[AccessWindow]
    requirements: list[ClearanceRequirement]
    clearances: list[Clearance]
    notices: list[DeconflictionNotice]
    requests: list[MovementRequest]
    covered: dict[UUID, frozenset[int]]

    def covers(self, paper: Paper, segment: int | None) -> bool:
        """Return whether a paper speaks of a segment."""
        named = self.covered[paper.pk]
        return not named or segment in named

    def bears_on(self, paper: Paper, segments: Iterable[RouteSegment]) -> bool:
        """Return whether a paper speaks of one of the segments at least."""
        named = self.covered[paper.pk]
        return not named or any(one.pk in named for one in segments)


def read(
    operation: Operation, segments: Iterable[RouteSegment], passages: Iterable[Site] = ()
) -> Known:
    """Return what is known of the segments and passages, in a dozen queries however many."""
    roads, places = list(segments), list(passages)
    covered: dict[UUID, frozenset[int]] = {}

    def papers(model: Any, where: Q) -> list[Any]:
        found = model.objects.filter(where, operation=operation).distinct()
        rows = list(found.prefetch_related("segments"))
        covered.update({one.pk: frozenset(each.pk for each in one.segments.all()) for one in rows})
        return rows

    named = Q(segments__in=roads)
    there = Q(segment__in=roads) | Q(site__in=places)
    constraints = AccessConstraint.objects.filter(there, operation=operation, withdrawn_at=None)
    due = ClearanceRequirement.objects.filter(
        Q(segment=None) | Q(segment__in=roads), operation=operation
    )
    return Known(
        statuses=Seen([*roads, *places], actor=SYSTEM),
        constraints=list(constraints.select_related("segment", "site")),
        windows=papers(AccessWindow, named),
        requirements=list(due.select_related("segment")),
        clearances=papers(Clearance, named | Q(segments=None)),
        notices=papers(DeconflictionNotice, named | Q(segments=None)),
        requests=papers(MovementRequest, named | Q(segments=None)),
        covered=covered,
    )
