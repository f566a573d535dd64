"""What a road or checkpoint reads as at a moment, from all that was seen of it; and adopting.

Of each source the newest observation counts, while it is valid. Where those that count agree, that
is the status; where they do not, it is unknown until one is adopted with a reason. An adoption
settles what was known when it was made: a later observation that says otherwise opens it again.
Once nothing is valid any more, the status is unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import policy
from core.errors import Problem
from core.models import RouteSegment, Site, StatusAdoption, StatusObservation
from core.models.statuses import Status
from core.policy import Actor

Subject = RouteSegment | Site
BASES: dict[str, str | Promise] = {
    "agreed": gettext_lazy("what was seen agrees"),
    "adopted": gettext_lazy("adopted"),
    "disputed": gettext_lazy("sources disagree"),
    "expired": gettext_lazy("what was seen is out of date"),
    "never": gettext_lazy("nothing was reported"),
}


@dataclass(frozen=True)
class Reading:
    """What a subject reads as: ``basis`` is a key of BASES, ``live`` the observations that count.

    ``observation`` is the one that the status rests on; where it expired, the newest.
    """

    subject: Subject
    status: Status
    basis: str
    live: list[StatusObservation]
    observation: StatusObservation | None = None
    adoption: StatusAdoption | None = None

    @property
    def basis_label(self) -> str:
        """Return why it reads so."""
        return str(BASES[self.basis])

    @property
    def is_disputed(self) -> bool:
        """Return whether somebody must choose."""
        return self.basis == "disputed"


def readings(
    subjects: Iterable[Subject], *, actor: Actor, at: datetime | None = None
) -> dict[tuple[type[Subject], int], Reading]:
    """Return the readings of segments and sites by (model, key), from what ``actor`` may know.

    ``at`` is now, or a later moment: what will have expired by then counts no more.
    """
    chosen = list(subjects)
    seen = Seen(chosen, actor=actor)
    return {(type(one), one.pk): seen.read(one, at=at) for one in chosen}


class Seen:
    """All that ``actor`` may know was seen of some segments and sites, read at once."""

    def __init__(self, subjects: Iterable[Subject], *, actor: Actor):
        chosen = list(subjects)
        mine = Q(segment__in=[one.pk for one in chosen if isinstance(one, RouteSegment)])
        mine |= Q(site__in=[one.pk for one in chosen if isinstance(one, Site)])
        seen = policy.filter(actor, "observation.read", StatusObservation.objects.filter(mine))
        adopted = StatusAdoption.objects.filter(mine, observation__in=seen)
        self.observations: dict[Any, list[StatusObservation]] = {}
        self.adoptions: dict[Any, list[StatusAdoption]] = {}
        for one in seen.select_related("source_org").order_by("-occurred_at", "-recorded_at"):
            self.observations.setdefault(_key_of(one), []).append(one)
        for each in adopted.select_related("adopted_by").order_by("adopted_at"):
            self.adoptions.setdefault(_key_of(each), []).append(each)

    def read(self, subject: Subject, *, at: datetime | None = None) -> Reading:
        """Return what a subject reads as now, or at a later moment."""
        key = (type(subject), subject.pk)
        live = [one for one in self.adoptions.get(key, []) if one.superseded_at is None]
        seen = self.observations.get(key, [])
        return _read(subject, seen, live[-1] if live else None, at or timezone.now())

    def read_back(self, subject: Subject, moment: datetime) -> Reading:
        """Return what a subject read as at a moment that is past, by all that is known today.

        What was seen until then counts, however late it was recorded or adopted.
        """
        key = (type(subject), subject.pk)
        seen = [one for one in self.observations.get(key, []) if one.occurred_at <= moment]
        known = {one.pk for one in seen}
        chosen = [one for one in self.adoptions.get(key, []) if one.observation_id in known]
        return _read(subject, seen, chosen[-1] if chosen else None, moment)


def reading(subject: Subject, *, actor: Actor, at: datetime | None = None) -> Reading:
    """Return what one segment or site reads as."""
    return readings([subject], actor=actor, at=at)[(type(subject), subject.pk)]


def _key_of(row: StatusObservation | StatusAdoption) -> tuple[type[Subject], int | None]:
    return (RouteSegment, row.segment_id) if row.segment_id else (Site, row.site_id)


def _read(
    subject: Subject,
    seen: list[StatusObservation],
    adoption: StatusAdoption | None,
    moment: datetime,
) -> Reading:
    """Read observations, newest first."""
    live = [one for one in newest_of_each(seen) if one.valid_until > moment]
    if not live:
        basis = "expired" if seen else "never"
        return Reading(subject, Status.UNKNOWN, basis, [], seen[0] if seen else None)
    chosen = next((one for one in live if adoption and one.pk == adoption.observation_id), None)
    if adoption and chosen:
        later = [one for one in live if one.recorded_at > adoption.adopted_at]
        if all(one.status == chosen.status for one in later):
            return Reading(subject, Status(chosen.status), "adopted", live, chosen, adoption)
    elif len({one.status for one in live}) == 1:
        return Reading(subject, Status(live[0].status), "agreed", live, live[0])
    if len({one.status for one in live}) == 1:
        return Reading(subject, Status(live[0].status), "agreed", live, live[0])
    return Reading(subject, Status.UNKNOWN, "disputed", live, live[0], adoption)


def newest_of_each(seen: Iterable[StatusObservation]) -> list[StatusObservation]:
    """Return the newest observation of each source; ``seen`` is newest first."""
    found: dict[str, StatusObservation] = {}
    for one in seen:
        found.setdefault(one.source.casefold().strip(), one)
    return list(found.values())


def history(subject: Subject, *, actor: Actor) -> QuerySet[StatusObservation]:
    """Return all that ``actor`` may know was seen of a segment or site, newest first."""
    seen = policy.filter(actor, "observation.read", subject.observations.all())
    return seen.select_related("source_org", "reporter")


@transaction.atomic
def adopt(observation: StatusObservation, *, actor: Actor, reason: str) -> StatusAdoption:
    """Go by an observation, with the reason; the former adoption stays on record."""
    policy.check(actor, "observation.adopt", observation)
    if not reason.strip():
        wanted = _("Say why the operation goes by this observation.")
        raise Problem("invalid", errors=[{"where": "reason", "message": wanted}])
    if observation.valid_until <= timezone.now():
        raise Problem(
            "guard_failed",
            reason=_("This observation is out of date since {when}.").format(
                when=observation.valid_until.isoformat(timespec="minutes")
            ),
            fix=_("Record a new observation; adopt that."),
        )
    subject: Any = observation.subject
    type(subject).objects.select_for_update().get(pk=subject.pk)
    live = StatusAdoption.objects.filter(
        segment=observation.segment_id, site=observation.site_id, superseded_at=None
    )
    live.update(superseded_at=timezone.now())
    return StatusAdoption.objects.create(
        observation=observation,
        segment=observation.segment,
        site=observation.site,
        reason=reason.strip(),
        adopted_by=actor.user,
    )
