"""What new segments inherit from those they were made of: a change of the map opens no road.

Observations, constraints and requirements are copied, as they are facts about a road that is now
drawn otherwise. Papers that name the old segment name the new one too; of a join only those that
named both parts.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.access import status
from core.models import RouteSegment, StatusAdoption
from core.policy import SYSTEM

PAPERS = ("windows", "clearances", "notices", "movements")


def of_one(old: RouteSegment, new: Sequence[RouteSegment]) -> None:
    """Hand on all that is known of a segment that was redrawn or split."""
    for one in new:
        one.made_from.add(old)
        _copy(old, one)
        for name in PAPERS:
            getattr(one, name).add(*getattr(old, name).all())


def of_both(old: Sequence[RouteSegment], new: RouteSegment) -> None:
    """Hand on all that is known of two segments that were joined."""
    new.made_from.add(*old)
    for one in old:
        _copy(one, new)
    for name in PAPERS:
        shared = set(getattr(old[0], name).all()) & set(getattr(old[1], name).all())
        getattr(new, name).add(*shared)


def _copy(old: RouteSegment, new: RouteSegment) -> None:
    before = status.reading(old, actor=SYSTEM)
    keys = _copies(old.observations.filter(valid_until__gt=timezone.now()), new)
    _copies(old.constraints.filter(ended_on=None, withdrawn_at=None), new)
    if before.adoption and before.basis == "adopted" and not new.adoptions.exists():
        StatusAdoption.objects.create(
            observation_id=keys[before.adoption.observation_id],
            segment=new,
            reason=before.adoption.reason,
            adopted_by=before.adoption.adopted_by,
        )
    for requirement in old.requirements.all():
        requirement.pk = None
        requirement.segment = new
        requirement.save(force_insert=True)


def _copies(rows: QuerySet[Any], new: RouteSegment) -> dict[Any, Any]:
    """Copy facts to the new segment; return the copies' keys by those of the originals."""
    keys = {}
    for row in rows:
        related = {one.name: list(getattr(row, one.name).all()) for one in row._meta.many_to_many}
        before, row.pk, row.segment = row.pk, uuid.uuid4(), new
        row._state.adding = True
        row.save(force_insert=True)
        for name, chosen in related.items():
            getattr(row, name).set(chosen)
        keys[before] = row.pk
    return keys
