"""The gate's checks on convoys that others report: flags for members, by what is known today."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convoys import claims, reported, reported_access
from convoys.models import Claim, Convoy
from core.errors import Problem
from core.models import RouteSegment
from tests.cast import Cast
from tests.convoys.road import begin
from tests.factories.access import (
    ClearanceFactory,
    NoticeFactory,
    ObservationFactory,
    RequirementFactory,
    SegmentFactory,
    SiteFactory,
    WindowFactory,
)

DAY = date(2020, 11, 20)
AT = "/o/caucasus"


def moment(day: int, hour: int = 0) -> datetime:
    """Return an hour of a day in November 2020."""
    return datetime(2020, 11, day, hour, tzinfo=UTC)


@pytest.fixture
def road(cast: Cast) -> RouteSegment:
    """Give a road with a checkpoint that both were open that day, and an acknowledged notice."""
    post = SiteFactory(operation=cast.operation, kind="checkpoint", name="Post")
    made: RouteSegment = SegmentFactory(operation=cast.operation, name="Corridor", start=post)
    for place in ({"segment": made}, {"segment": None, "site": post}):
        ObservationFactory(
            operation=cast.operation,
            status="open",
            occurred_at=moment(18),
            valid_until=moment(23),
            **place,
        )
    NoticeFactory(
        operation=cast.operation,
        state="expired",
        submitted_at=moment(16),
        answered_at=moment(17),
        starts_at=moment(19),
        ends_at=moment(22),
    )
    return made


@pytest.fixture
def convoy(cast: Cast) -> Convoy:
    """Give a convoy that others report."""
    return claims.report(cast.operation, actor=cast.actor("lars"), name="Their convoy")


def settle(cast: Cast, convoy: Convoy, **said: Any) -> None:
    """Record claims and adopt them."""
    for attribute, value in said.items():
        facts = {"segments": value, "value": ""} if attribute == "route" else {"value": value}
        claim = claims.record(
            [convoy], actor=cast.actor("lars"), attribute=attribute, source="Agency", **facts
        )
        claims.adopt(claim, actor=cast.actor("carmen"), reason="The only source.")


def codes(convoy: Convoy) -> list[str]:
    """Return the codes of what stands against a convoy."""
    return [one.code for one in reported_access.findings(convoy)]


def close(cast: Cast, road: RouteSegment, at: datetime) -> None:
    """Record that a road was closed from a moment on."""
    ObservationFactory(
        operation=cast.operation,
        segment=road,
        status="closed",
        occurred_at=at,
        valid_until=at + timedelta(days=3),
    )


def test_a_convoy_is_checked_once_a_road_and_a_day_are_adopted(
    cast: Cast, convoy: Convoy, road: RouteSegment
) -> None:
    close(cast, road, moment(19))
    assert reported_access.missing(convoy) == ["Road it took", "Departed"]
    settle(cast, convoy, departed=DAY)
    assert (reported_access.missing(convoy), codes(convoy)) == (["Road it took"], [])
    settle(cast, convoy, route=[road])
    assert (reported_access.missing(convoy), codes(convoy)) == ([], ["segment_closed"])


def test_a_day_without_a_finding_is_told_as_such(
    cast: Cast, convoy: Convoy, road: RouteSegment
) -> None:
    settle(cast, convoy, route=[road], arrived=DAY)
    assert codes(convoy) == []
    page = read(cast, "lars", f"{AT}/convoys/{convoy.pk}/")
    assert "Nothing that is known of roads, windows and papers stood against it." in page


def test_what_stood_against_it_for_a_part_of_the_day_alone_is_no_flag(
    cast: Cast, convoy: Convoy, road: RouteSegment
) -> None:
    settle(cast, convoy, route=[road], departed=DAY)
    close(cast, road, moment(20, 15))
    assert codes(convoy) == []
    window = WindowFactory(
        operation=cast.operation, state="ended", starts_at=moment(20, 8), ends_at=moment(20, 9)
    )
    window.segments.add(road)
    assert codes(convoy) == []


def test_every_check_of_access_is_made(cast: Cast, convoy: Convoy, road: RouteSegment) -> None:
    """Roads, checkpoints, limits, constraints, windows, clearances, cargo, notices, requests."""
    other = SegmentFactory(
        operation=cast.operation,
        name="Pass",
        max_gross_t=20,
        end=SiteFactory(operation=cast.operation, kind="crossing", name="Crossing"),
    )
    ended = WindowFactory(
        operation=cast.operation, state="ended", starts_at=moment(1), ends_at=moment(10)
    )
    ended.segments.add(other)
    RequirementFactory(operation=cast.operation, authority="Mines office", since=date(2020, 1, 1))
    ClearanceFactory(
        operation=cast.operation,
        state="expired",
        authority="Police",
        excluded_items=["Diesel fuel"],
        valid_from=moment(1),
        valid_to=moment(30),
    )
    settle(
        cast,
        convoy,
        route=[road, other],
        departed=date(2020, 11, 25),
        cargo=Decimal(420_000),
        vehicles=20,
        content="Tents and diesel fuel",
    )
    assert sorted(codes(convoy)) == [
        "checkpoint_unknown",
        "checkpoint_unknown",
        "clearance_missing",
        "item_excluded",
        "notice_missing",
        "segment_gross_limit",
        "segment_unknown",
        "segment_unknown",
        "window_outside",
    ]
    told = {one.code: one for one in reported_access.findings(convoy)}
    assert "21.0 t" in told["segment_gross_limit"].message
    assert told["item_excluded"].subject == "diesel fuel"


def read(cast: Cast, who: str, path: str) -> str:
    """Return a page as somebody sees it."""
    client = Client()
    client.force_login(cast.people[who])
    return client.get(path).content.decode()


def flags(cast: Cast, who: str, path: str = "/api/v1/convoys/") -> list[str]:
    """Return the flags of the first row of the table of convoys."""
    rows = json.loads(read(cast, who, path))["results"]
    found: list[str] = rows[0]["flags"]
    return found


def test_members_see_the_flags_on_page_list_and_table_and_partners_do_not(
    cast: Cast, convoy: Convoy, road: RouteSegment
) -> None:
    settle(cast, convoy, route=[road], departed=DAY, cargo=Decimal(90_000), vehicles=3)
    close(cast, road, moment(19))
    own = "tonnes_per_vehicle"
    for who, is_told in (("lars", True), ("olga", True), ("paula", False), ("oscar", False)):
        page = read(cast, who, f"{AT}/convoys/{convoy.pk}/")
        assert ("Corridor is closed" in page) == is_told, who
        assert ("Checked against access" in page) == is_told, who
        listed = read(cast, who, f"{AT}/convoys/")
        assert ("Look again: access" in listed) == is_told, who
        assert "Look again: load" in listed, who
        assert flags(cast, who) == ([own, "segment_closed"] if is_told else [own]), who


def test_the_table_asks_no_more_for_more_convoys(cast: Cast, road: RouteSegment) -> None:
    def add(number: int) -> None:
        name = f"Convoy {number}"
        one = claims.report(cast.operation, actor=cast.actor("lars"), name=name)
        settle(cast, one, route=[road], departed=DAY)

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            read(cast, "lars", path)
        return len(found)

    close(cast, road, moment(19))
    add(1)
    paths = ("/api/v1/convoys/", f"{AT}/convoys/")
    few = [asked(path) for path in paths]
    for number in (2, 3, 4):
        add(number)
    assert [asked(path) for path in paths] == few


def test_lars_chooses_the_road_on_a_form_of_its_own(
    cast: Cast, convoy: Convoy, road: RouteSegment
) -> None:
    client = Client()
    client.force_login(cast.people["lars"])
    path = f"{AT}/claims/new/?convoy={convoy.pk}&about=route"
    shown = client.get(path).content.decode()
    assert "access-drawing" in shown
    assert "Corridor" in shown
    typed = {
        "convoys": [convoy.pk],
        "attribute": "route",
        "source": "Radio",
        "reliability": "C",
        "credibility": "3",
    }
    refused = client.post(path, typed).content.decode()
    assert "Choose the roads, or write what the source says." in refused
    assert client.post(path, typed | {"segments": [road.pk]}).status_code == 302
    claim = Claim.objects.get()
    assert (claim.text, list(claim.segments.all())) == ("Corridor", [road])
    assert "Corridor" in read(cast, "paula", f"{AT}/convoys/{convoy.pk}/")


def test_the_road_of_our_own_convoy_is_no_claim(cast: Cast, road: RouteSegment) -> None:
    own = begin(cast).run.convoy
    with pytest.raises(Problem) as refusal:
        settle(cast, own, route=[road])
    assert "is in its plan" in refusal.value.errors[0]["message"]


def test_two_roads_are_a_dispute_and_the_same_in_other_words_is_none(
    cast: Cast, convoy: Convoy, road: RouteSegment
) -> None:
    facts: dict[str, Any] = {"actor": cast.actor("lars"), "attribute": "route", "source": "S"}

    def is_disputed() -> bool:
        return reported.picture(convoy)[0].is_disputed

    claims.record([convoy], value="By the corridor", segments=[road], **facts)
    claims.record([convoy], value="The usual way", segments=[road], **facts)
    assert not is_disputed()
    other = SegmentFactory(operation=cast.operation, name="Pass")
    claims.record([convoy], value="", segments=[other], **facts)
    assert is_disputed()


def send(cast: Cast, **facts: Any) -> Any:
    """POST a claim on a road."""
    body = {"convoys": ["Their convoy"], "attribute": "route", "source": "Radio"} | facts
    client = Client()
    client.force_login(cast.people["lars"])
    return client.post("/api/v1/claims/", json.dumps(body), content_type="application/json")


def test_programs_name_roads(cast: Cast, road: RouteSegment) -> None:
    made = send(cast, segments=["corridor"])
    assert (made.status_code, made.json()["segments"]) == (201, ["Corridor"])
    assert send(cast, value="By some road").json()["segments"] == []
    for facts, where in (
        ({"segments": ["Nowhere"]}, "segments"),
        ({}, "value"),
        ({"attribute": "cargo", "value": "4", "unit": "t", "segments": ["Corridor"]}, "segments"),
    ):
        answer = send(cast, **facts)
        assert answer.status_code == 400
        assert [one["where"] for one in answer.json()["errors"]] == [where]


def test_a_convoy_to_come_is_asked_like_one_of_our_own(
    cast: Cast, convoy: Convoy, road: RouteSegment
) -> None:
    settle(cast, convoy, route=[road], departed=timezone.now().date() + timedelta(days=2))
    assert sorted(codes(convoy)) == ["checkpoint_unknown", "notice_missing", "segment_unknown"]
