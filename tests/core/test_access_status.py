"""What a road reads as: agreement, dispute, adoption, expiry; and that observations stay."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core import grants
from core.access import status
from core.errors import Problem
from core.models import RouteSegment, StatusObservation
from core.policy import SYSTEM
from tests.cast import Cast
from tests.factories.access import ObservationFactory, SegmentFactory, SiteFactory


@pytest.fixture
def segment(cast: Cast) -> RouteSegment:
    """Give a stretch of road."""
    road: RouteSegment = SegmentFactory(operation=cast.operation)
    return road


def seen(segment: RouteSegment, status: str, source: str, **facts: object) -> StatusObservation:
    """Record that a source saw the segment so."""
    made: StatusObservation = ObservationFactory(
        operation=segment.operation, segment=segment, status=status, source=source, **facts
    )
    return made


def read(segment: RouteSegment, at: datetime | None = None) -> tuple[str, str]:
    """Return what a segment reads as, and why."""
    found = status.reading(segment, actor=SYSTEM, at=at)
    return found.status, found.basis


def test_what_nobody_saw_is_unknown(segment: RouteSegment) -> None:
    assert read(segment) == ("unknown", "never")


def test_sources_that_agree_make_the_status(segment: RouteSegment) -> None:
    seen(segment, "closed", "A")
    seen(segment, "closed", "B")
    assert read(segment) == ("closed", "agreed")


def test_the_newest_of_a_source_replaces_its_older_ones(segment: RouteSegment) -> None:
    seen(segment, "closed", "A", occurred_at=timezone.now() - timedelta(hours=5))
    seen(segment, "open", " a ")
    assert read(segment) == ("open", "agreed")


def test_what_has_expired_reads_as_unknown(segment: RouteSegment) -> None:
    seen(segment, "open", "A")
    assert read(segment) == ("open", "agreed")
    assert read(segment, at=timezone.now() + timedelta(hours=25)) == ("unknown", "expired")


def test_an_open_road_that_expires_does_not_fall_back_on_an_older_word_of_its_source(
    segment: RouteSegment,
) -> None:
    now = timezone.now()
    seen(segment, "open", "A", occurred_at=now - timedelta(hours=5))
    seen(segment, "closed", "A", valid_until=now + timedelta(hours=1))
    assert read(segment, at=now + timedelta(hours=2)) == ("unknown", "expired")


def test_conflicting_observations_stand_side_by_side_until_one_is_adopted(
    cast: Cast, segment: RouteSegment
) -> None:
    seen(segment, "closed", "A")
    preferred = seen(segment, "open", "B")
    assert read(segment) == ("unknown", "disputed")
    status.adopt(preferred, actor=cast.actor("aida"), reason="B stands at the road")
    assert read(segment) == ("open", "adopted")
    assert segment.observations.count() == 2


def test_a_later_word_against_the_adopted_one_opens_the_dispute_again(
    cast: Cast, segment: RouteSegment
) -> None:
    preferred = seen(segment, "open", "A")
    status.adopt(preferred, actor=cast.actor("aida"), reason="The only one")
    seen(segment, "closed", "B")
    assert read(segment) == ("unknown", "disputed")


def test_adopting_needs_a_reason_a_valid_observation_and_the_role(
    cast: Cast, segment: RouteSegment
) -> None:
    one = seen(segment, "open", "A")
    with pytest.raises(Problem, match="invalid"):
        status.adopt(one, actor=cast.actor("aida"), reason=" ")
    with pytest.raises(Problem, match="forbidden"):
        status.adopt(one, actor=cast.actor("olga"), reason="Seen")
    old = seen(
        segment,
        "open",
        "B",
        occurred_at=timezone.now() - timedelta(days=3),
        valid_until=timezone.now() - timedelta(days=1),
    )
    with pytest.raises(Problem, match="guard_failed"):
        status.adopt(old, actor=cast.actor("aida"), reason="Seen")


def test_adopting_another_keeps_the_former_on_record(cast: Cast, segment: RouteSegment) -> None:
    first, second = seen(segment, "closed", "A"), seen(segment, "open", "B")
    status.adopt(first, actor=cast.actor("aida"), reason="First")
    status.adopt(second, actor=cast.actor("carmen"), reason="Second")
    kept = segment.adoptions.order_by("adopted_at").values_list("reason", "superseded_at")
    assert [reason for reason, _ in kept] == ["First", "Second"]
    assert [at is None for _, at in kept] == [False, True]


def test_what_one_may_not_read_does_not_show_in_the_status(
    cast: Cast, segment: RouteSegment
) -> None:
    seen(segment, "closed", "A", sensitivity="restricted")
    for who, expected in (("aida", "closed"), ("olga", "unknown"), ("paula", "unknown")):
        found = status.reading(segment, actor=cast.actor(who))
        assert found.status == expected, who


def test_the_database_keeps_observations_as_they_were(segment: RouteSegment) -> None:
    one = seen(segment, "open", "A")
    rows = StatusObservation.objects.filter(pk=one.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(status="closed")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    assert StatusObservation._meta.db_table in set(grants.append_only_tables())


def test_an_observation_is_of_a_road_or_of_a_site(cast: Cast, segment: RouteSegment) -> None:
    site = SiteFactory(operation=cast.operation, kind="checkpoint")
    with pytest.raises(DatabaseError), transaction.atomic():
        ObservationFactory(operation=cast.operation, segment=segment, site=site)
    ObservationFactory(operation=cast.operation, segment=None, site=site, status="restricted")
    assert status.reading(site, actor=SYSTEM).status == "restricted"
