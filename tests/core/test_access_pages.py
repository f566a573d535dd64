"""The pages of access as their readers use them: report, adopt, draw, decide, look."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AccessConstraint, AccessWindow, Clearance, RouteSegment, StatusObservation
from tests.cast import Cast
from tests.factories.access import (
    ClearanceFactory,
    ConstraintFactory,
    ObservationFactory,
    SegmentFactory,
    SiteFactory,
    WindowFactory,
)
from tests.factories.core import AreaFactory

HOME = "/o/caucasus/access/"
FACT = {"source": "Field team", "reliability": "B", "credibility": "2", "sensitivity": "internal"}


def moment(hours: float) -> str:
    """Return a moment so many hours from now as a browser sends it."""
    return (timezone.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def browser(cast: Cast, who: str) -> Client:
    """Return somebody's browser, signed in."""
    client = Client()
    client.force_login(cast.people[who])
    return client


def text(client: Client, address: str) -> str:
    """Return a page that must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.parametrize("who", ["aida", "olga", "paula"])
def test_every_page_is_there_before_anything_is_known(cast: Cast, who: str) -> None:
    client = browser(cast, who)
    for page in ("", "constraints/", "roads/", "papers/", "calendar/", "timeline/"):
        text(client, HOME + page)
    assert "Nothing is known of access yet" in text(client, HOME)


def test_a_field_officer_reports_and_an_access_officer_adopts(cast: Cast) -> None:
    road = SegmentFactory(operation=cast.operation, name="Corridor")
    olga, aida = browser(cast, "olga"), browser(cast, "aida")
    for status, source in (("closed", "Team 1"), ("open", "Team 2")):
        answer = olga.post(
            f"{HOME}observations/new/",
            FACT
            | {"segment": road.pk, "status": status, "source": source}
            | {"occurred_at": moment(-1), "valid_until": moment(24)},
        )
        assert answer["Location"] == road.get_absolute_url()
    assert "sources disagree" in text(aida, HOME)
    assert "Adopt" not in text(olga, road.get_absolute_url())
    chosen = StatusObservation.objects.get(source="Team 2")
    answer = aida.post(f"{HOME}observations/{chosen.pk}/adopt/", {"reason": "Seen by two cars"})
    assert answer.status_code == 302
    page = text(olga, road.get_absolute_url())
    assert "Seen by two cars" in page
    assert "access-open" in page


def test_a_constraint_names_one_place(cast: Cast) -> None:
    area = AreaFactory(operation=cast.operation, pcode="AA01", name="Northern district")
    road = SegmentFactory(operation=cast.operation)
    olga = browser(cast, "olga")
    body = FACT | {
        "type": 3,
        "title": "Snow",
        "actor_kind": "nature",
        "impact": "X",
        "occurred_at": moment(-1),
        "started_on": "2020-11-20",
    }
    for places in ({}, {"area": "AA01", "segment": road.pk}, {"area": "Nowhere"}):
        assert olga.post(f"{HOME}constraints/new/", body | places).status_code == 400
    answer = olga.post(f"{HOME}constraints/new/", body | {"area": "northern district"})
    made = AccessConstraint.objects.get()
    assert (answer["Location"], made.area) == (made.get_absolute_url(), area)
    assert "information gap" in text(olga, made.get_absolute_url())
    assert "Snow" in text(olga, f"{HOME}constraints/?q=northern")
    assert "No constraint matches" in text(olga, f"{HOME}constraints/?q=southern")
    assert olga.get(f"{HOME}constraints/{made.pk}/end/").status_code == 403


def test_restricted_facts_are_for_access_officers(cast: Cast) -> None:
    hidden = ConstraintFactory(operation=cast.operation, title="Secret", sensitivity="restricted")
    assert "Secret" in text(browser(cast, "aida"), HOME)
    for page in ("", "constraints/", "timeline/"):
        assert "Secret" not in text(browser(cast, "olga"), HOME + page)
    assert browser(cast, "olga").get(hidden.get_absolute_url()).status_code == 404


def test_roads_are_drawn_split_and_joined(cast: Cast) -> None:
    lars = browser(cast, "lars")
    depot = SiteFactory(operation=cast.operation, name="Depot")
    depot.point.x, depot.point.y = 45.0, 39.5
    depot.save()
    body = {"name": "Road", "points": "39.5, 45.0\n39.5, 45.2", "start": depot.pk, "source": "GPS"}
    bad = lars.post(f"{HOME}roads/new/", body | {"points": "39.5; 45.0\nsomewhere"})
    assert (bad.status_code, "Line 2" in bad.content.decode()) == (400, True)
    lars.post(f"{HOME}roads/new/", body)
    road = RouteSegment.objects.get()
    assert (road.start, road.source) == (depot, "GPS")
    for page in ("edit/", "split/", "join/"):
        text(lars, road.get_absolute_url() + page)
    cut = {"latitude": "39.5", "longitude": "45.1", "first": "West", "second": "East"}
    lars.post(f"{road.get_absolute_url()}split/", cut)
    west, east = (RouteSegment.objects.get(name=name) for name in ("West", "East"))
    lars.post(f"{west.get_absolute_url()}join/", {"other": east.pk, "name": "Road"})
    joined = RouteSegment.objects.get(name="Road", retired_at=None)
    assert "replaced by" in text(lars, west.get_absolute_url())
    assert browser(cast, "olga").get(f"{joined.get_absolute_url()}edit/").status_code == 403


def test_a_window_is_extended_by_its_page_and_told_in_the_calendar(cast: Cast) -> None:
    window = WindowFactory(operation=cast.operation, state="active", title="Pause")
    aida = browser(cast, "aida")
    assert "Window ends" in text(aida, HOME)
    page = window.get_absolute_url()
    refused = aida.post(f"{page}move/", {"step": "extend", "ends_at": moment(-5)})
    assert refused.status_code == 400
    aida.post(f"{page}move/", {"step": "extend", "ends_at": moment(48), "reason": "Agreed"})
    assert AccessWindow.objects.get().state == "extended"
    assert "Pause" in text(aida, f"{HOME}calendar/")
    assert browser(cast, "olga").post(f"{page}move/", {"step": "end"}).status_code == 403


def test_a_clearance_is_decided_by_another_once_its_steps_are_done(cast: Cast) -> None:
    aida, carmen = browser(cast, "aida"), browser(cast, "carmen")
    aida.post(
        f"{HOME}clearances/new/",
        FACT
        | {"authority": "Road authority", "kind": "Letter", "purpose": "Winter kits"}
        | {"valid_from": moment(1), "valid_to": moment(72), "occurred_at": moment(-1)}
        | {"offices": "Governor\nCommittee", "excluded_items": "fuel"},
    )
    made = Clearance.objects.get()
    page = made.get_absolute_url()
    assert carmen.post(f"{page}move/", {"step": "grant"}).status_code == 400
    for step in (1, 2):
        assert aida.post(f"{page}steps/{step}/").status_code == 302
    assert aida.post(f"{page}move/", {"step": "grant"}).status_code == 400
    carmen.post(f"{page}move/", {"step": "grant", "reason": "Letter 17"})
    made = Clearance.objects.get()
    assert (made.state, made.decided_by, made.excluded_items) == ("granted", cast.carmen, ["fuel"])


def test_what_ends_soon_is_told_and_what_is_over_is_not(cast: Cast) -> None:
    later = timezone.now() + timedelta(hours=80)
    ClearanceFactory(operation=cast.operation, state="granted", purpose="Kits", valid_to=later)
    road = SegmentFactory(operation=cast.operation, name="Corridor")
    ObservationFactory(operation=cast.operation, segment=road)
    page = text(browser(cast, "olga"), HOME)
    assert "Clearance expires" not in page
    assert "Status expires" in page


def test_lists_cost_the_same_however_long(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    client = browser(cast, "aida")
    for _ in range(3):
        ConstraintFactory(operation=cast.operation)
        ObservationFactory(operation=cast.operation)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(40):
        client.get(HOME)
    with django_assert_max_num_queries(25):
        client.get(f"{HOME}constraints/")


def test_the_calendar_shows_whole_weeks_and_leads_to_each_day(cast: Cast) -> None:
    ends = datetime(2030, 5, 31, 12, tzinfo=UTC)
    starts = datetime(2030, 4, 29, 12, tzinfo=UTC)  # Monday of the first week of May
    WindowFactory(
        operation=cast.operation, state="active", title="Pause", starts_at=starts, ends_at=ends
    )
    aida = browser(cast, "aida")
    may = text(aida, f"{HOME}calendar/?month=2030-05")
    assert "May 2030" in may
    for day in ("2030-04-29", "2030-05-31"):
        assert f'href="#day-{day}"' in may
        assert f'id="day-{day}"' in may
    assert 'href="?month=2030-04"' in may
    assert 'href="?month=2030-06"' in may
    assert "Nothing in this month" in text(aida, f"{HOME}calendar/?month=2031-01")
    today = f"{timezone.localdate():%B %Y}"
    for month in ("", "2030-13", "-", "99999-01"):
        assert today in text(aida, f"{HOME}calendar/?month={month}")
    assert "?month=1899" not in text(aida, f"{HOME}calendar/?month=1850-01")
