"""Scores of areas side by side: of those that contradict each other one is adopted, with a reason.

Of each source the newest score counts while it is valid. Of one area no two scores are adopted for
the same days: the database holds that, and a later adoption supersedes those that it overlaps.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from core import policy
from core.errors import Problem
from core.models import AccessScore, Area, ScoreAdoption
from core.policy import Actor


@dataclass(frozen=True)
class Side:
    """A score beside the others of its area; ``adoption`` is the one that goes by it now."""

    score: AccessScore
    is_live: bool
    is_disputed: bool
    adoption: ScoreAdoption | None


def sides(scores: Iterable[AccessScore], *, on: date | None = None) -> list[Side]:
    """Return scores with how each stands on a day, today by default; those of an area together."""
    day = on or timezone.localdate()
    by_area: dict[int, list[AccessScore]] = defaultdict(list)
    for one in scores:
        by_area[one.area_id].append(one)
    adopted = {
        one.area_id: one
        for one in ScoreAdoption.objects.filter(
            area__in=by_area, superseded_at=None, days__contains=day
        ).select_related("adopted_by")
    }
    return [side for area, rows in by_area.items() for side in _stand(rows, adopted.get(area), day)]


def counting(scores: Iterable[AccessScore]) -> dict[Area, AccessScore | None]:
    """Return by area the score that counts today; None where sources disagree and none is adopted.

    Areas whose scores are all out of date are left out: nothing is known of them any more.
    """
    found: dict[Area, AccessScore | None] = {}
    adopted: set[Area] = set()
    for side in sides(scores):
        area = side.score.area
        if side.adoption:
            found[area] = side.score
            adopted.add(area)
        elif side.is_live and area not in adopted:
            found[area] = None if side.is_disputed else side.score
    return found


def _stand(rows: list[AccessScore], adoption: ScoreAdoption | None, day: date) -> list[Side]:
    newest: dict[Any, AccessScore] = {}
    for one in sorted(rows, key=lambda row: (row.as_of, row.recorded_at)):
        newest[one.source, one.source_org_id] = one
    live = {one.pk for one in newest.values() if one.as_of <= day <= one.valid_until}
    said = {one.score for one in rows if one.pk in live}
    is_open = len(said) > 1 and adoption is None
    return [
        Side(
            score=one,
            is_live=one.pk in live,
            is_disputed=is_open and one.pk in live,
            adoption=adoption if adoption and adoption.score_id == one.pk else None,
        )
        for one in rows
    ]


@transaction.atomic
def adopt(score: AccessScore, *, actor: Actor, reason: str) -> ScoreAdoption:
    """Go by a score for its days, with the reason; former adoptions of those days stay on record.

    Raises Problem ``invalid`` without a reason, ``guard_failed`` for a score that is out of date.
    """
    policy.check(actor, "score.adopt", score)
    if not reason.strip():
        wanted = _("Say why the operation goes by this score.")
        raise Problem("invalid", errors=[{"where": "reason", "message": wanted}])
    if score.valid_until < timezone.localdate():
        raise Problem(
            "guard_failed",
            reason=_("This score is out of date since {day}.").format(day=score.valid_until),
            fix=_("Record a new score; adopt that."),
        )
    Area.objects.select_for_update().get(pk=score.area_id)
    days = DateRange(score.as_of, score.valid_until, "[]")
    ScoreAdoption.objects.filter(area=score.area_id, superseded_at=None, days__overlap=days).update(
        superseded_at=timezone.now()
    )
    return ScoreAdoption.objects.create(
        score=score, area=score.area, days=days, reason=reason.strip(), adopted_by=actor.user
    )
