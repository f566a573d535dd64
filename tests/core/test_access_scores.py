"""Scores of an area side by side, and which of them the operation goes by."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from core.access import picture, scores
from core.errors import Problem
from core.models import AccessScore, Area, ScoreAdoption
from tests.cast import Cast
from tests.factories.access import ScoreFactory
from tests.factories.core import AreaFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def area(cast: Cast) -> Area:
    """Give an area."""
    made: Area = AreaFactory(operation=cast.operation)
    return made


def score(cast: Cast, area: Area, value: str, source: str, **facts: Any) -> AccessScore:
    """Score an area from yesterday until in a month."""
    today = timezone.localdate()
    said = {"as_of": today - timedelta(days=1), "valid_until": today + timedelta(days=30)} | facts
    made: AccessScore = ScoreFactory(
        operation=cast.operation, area=area, score=value, source=source, **said
    )
    return made


def test_scores_that_disagree_stand_side_by_side_until_one_is_adopted(
    cast: Cast, area: Area
) -> None:
    high, low = score(cast, area, "4", "Team"), score(cast, area, "1", "Authority")
    assert [side.is_disputed for side in scores.sides([high, low])] == [True, True]
    scores.adopt(high, actor=cast.actor("aida"), reason="The team was there")
    told = {side.score.pk: side for side in scores.sides([high, low])}
    assert not any(side.is_disputed for side in told.values())
    assert told[high.pk].adoption is not None
    assert told[low.pk].adoption is None
    scores.adopt(low, actor=cast.actor("carmen"), reason="Seen again")
    assert ScoreAdoption.objects.filter(superseded_at=None).get().score == low
    assert ScoreAdoption.objects.count() == 2


def test_a_newer_score_of_a_source_takes_the_place_of_its_older_one(cast: Cast, area: Area) -> None:
    older = score(cast, area, "4", "Team", as_of=timezone.localdate() - timedelta(days=9))
    newer = score(cast, area, "1", "Team")
    told = {side.score.pk: side for side in scores.sides([older, newer])}
    assert (told[older.pk].is_live, told[newer.pk].is_live) == (False, True)
    assert not told[newer.pk].is_disputed


def test_no_reason_and_an_old_score_are_refused(cast: Cast, area: Area) -> None:
    today = timezone.localdate()
    old = score(cast, area, "4", "Team", as_of=today, valid_until=today)
    with pytest.raises(Problem):
        scores.adopt(old, actor=cast.actor("aida"), reason="  ")
    with pytest.raises(Problem):
        scores.adopt(old, actor=cast.actor("olga"), reason="I say so")
    gone = score(
        cast, area, "4", "Team", as_of=today - timedelta(9), valid_until=today - timedelta(3)
    )
    with pytest.raises(Problem, match="guard_failed"):
        scores.adopt(gone, actor=cast.actor("aida"), reason="Late")


def test_the_database_refuses_two_adopted_scores_for_one_day(cast: Cast, area: Area) -> None:
    first, second = score(cast, area, "4", "Team"), score(cast, area, "1", "Authority")
    scores.adopt(first, actor=cast.actor("aida"), reason="The team was there")
    days = DateRange(second.as_of, second.valid_until, "[]")
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreAdoption.objects.create(score=second, area=area, days=days, reason="Twice")


def test_the_page_offers_and_tells_the_adoption(cast: Cast, area: Area, client: Client) -> None:
    high, _low = score(cast, area, "4", "Team"), score(cast, area, "1", "Authority")
    client.force_login(cast.aida)
    page = client.get("/o/caucasus/access/constraints/").content.decode()
    assert page.count("Sources disagree") == 2
    address = f"/o/caucasus/access/scores/{high.pk}/adopt/"
    assert client.post(address, {"reason": "The team was there"}).status_code == 302
    page = client.get("/o/caucasus/access/constraints/").content.decode()
    assert ("The team was there" in page, "Sources disagree" in page) == (True, False)
    told = client.get("/api/v1/access-scores/").json()["results"]
    assert sorted(one["adopted"] for one in told) == [False, True]


def test_a_site_has_names_by_language(cast: Cast, client: Client) -> None:
    client.force_login(cast.lars)
    sent = {"name": "Hub", "kind": "hub", "latitude": "40", "longitude": "44", "source": "Team"}
    answer = client.post(
        "/o/caucasus/access/sites/new/", sent | {"name_hy": "Հանգույց"}, follow=True
    )
    assert "Հանգույց" in answer.content.decode()


def test_the_map_shades_areas_by_the_score_that_counts_and_a_gap_is_not_nought(
    cast: Cast,
) -> None:
    today = timezone.localdate()
    days = {"as_of": today, "valid_until": today + timedelta(days=9)}
    high, gap, disputed, old = (
        AreaFactory(operation=cast.operation, pcode=code, level=1) for code in "ABCD"
    )
    ScoreFactory(operation=cast.operation, area=high, score="4", **days)
    ScoreFactory(operation=cast.operation, area=gap, score="X", **days)
    ScoreFactory(operation=cast.operation, area=disputed, score="0", source="One", **days)
    ScoreFactory(operation=cast.operation, area=disputed, score="5", source="Two", **days)
    gone = {"as_of": today - timedelta(days=9), "valid_until": today - timedelta(days=1)}
    ScoreFactory(operation=cast.operation, area=old, score="5", **gone)
    found = picture.shaded(cast.operation, cast.actor("aida"))
    assert found
    level, shades = found
    assert level == 1
    assert {code: one["class"] for code, one in shades.items()} == {
        "A": "seq-4",
        "B": "not-assessed",
        "C": "not-assessed",
    }
    chosen = AccessScore.objects.get(score="0")
    scores.adopt(chosen, actor=cast.actor("aida"), reason="Own visit")
    found = picture.shaded(cast.operation, cast.actor("aida"))
    assert found
    assert found[1]["C"]["class"] == "plain"
