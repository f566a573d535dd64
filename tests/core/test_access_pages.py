"""The pages of access as their readers use them: report, adopt, draw, decide, look."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.models import (
    AccessConstraint,
    AccessWindow,
    Clearance,
    DeconflictionNotice,
    MovementRequest,
    RouteSegment,
    StatusObservation,
)
from tests.cast import Cast
from tests.factories.access import (
    ClearanceFactory,
    ConstraintFactory,
    MovementFactory,
    NoticeFactory,
    ObservationFactory,
    SegmentFactory,
    SiteFactory,
    WindowFactory,
)
from tests.factories.convoys import ReliefItemFactory
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
    ReliefItemFactory(operation=cast.operation, code="Fuel")
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
        done = {"on": timezone.localdate().isoformat(), "note": "Letter 5"}
        assert aida.post(f"{page}steps/{step}/", done).status_code == 302
    assert aida.post(f"{page}move/", {"step": "grant"}).status_code == 400
    carmen.post(f"{page}move/", {"step": "grant", "reason": "Letter 17"})
    made = Clearance.objects.get()
    assert (made.state, made.decided_by, made.excluded_items) == ("granted", cast.carmen, ["Fuel"])


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


def test_steps_that_no_agreement_names_are_added_as_they_turn_up(cast: Cast) -> None:
    clearance = ClearanceFactory(operation=cast.operation, reporter=cast.aida)
    aida, page = browser(cast, "aida"), clearance.get_absolute_url()
    assert "No office is named yet" in text(aida, page)
    for office in ("Governor", "Security committee"):
        aida.post(f"{page}steps/add/", {"office": office})
    later = (timezone.localdate() + timedelta(days=2)).isoformat()
    refused = aida.post(f"{page}steps/1/", {"on": later})
    assert "This day has not come yet" in refused.content.decode()
    today = timezone.localdate()
    aida.post(f"{page}steps/1/", {"on": today.isoformat(), "note": "Letter 5"})
    assert "Letter 5" in text(aida, page)
    steps = clearance.steps.values_list("number", "office", "done_on")
    assert list(steps) == [(1, "Governor", today), (2, "Security committee", None)]
    refused = browser(cast, "carmen").post(f"{page}move/", {"step": "grant"})
    assert "Security committee" in refused.content.decode()


def test_a_decision_says_what_was_granted_where_that_is_not_what_was_asked(cast: Cast) -> None:
    ReliefItemFactory(operation=cast.operation, code="CEM-50")
    clearance = ClearanceFactory(operation=cast.operation, reporter=cast.aida)
    page, carmen = clearance.get_absolute_url(), browser(cast, "carmen")
    decision = {"step": "grant_with_conditions", "conditions": "By day", "reference": "17/3"}
    wrong = decision | {"excluded_items": "CEM-50, cemnt", "valid_to": moment(20)}
    refused = carmen.post(f"{page}move/", wrong).content.decode()
    assert "cemnt" in refused
    assert "CEM-50, cemnt" in refused, "nothing typed is lost"
    early = decision | {"valid_from": moment(30), "valid_to": moment(20)}
    assert "before the start" in carmen.post(f"{page}move/", early).content.decode()
    carmen.post(f"{page}move/", decision | {"excluded_items": "cem-50", "valid_to": moment(20)})
    made = Clearance.objects.get()
    assert (made.state, made.excluded_items, made.reference) == (
        "granted_with_conditions",
        ["CEM-50"],
        "17/3",
    )
    assert abs(made.valid_to - timezone.now() - timedelta(hours=20)) < timedelta(minutes=2)
    assert made.valid_from == clearance.valid_from


def test_a_draft_is_changed_and_an_acknowledged_notice_amended_with_what_it_says(
    cast: Cast,
) -> None:
    road = SegmentFactory(operation=cast.operation)
    long_ago = timezone.now() - timedelta(days=9)
    notice = NoticeFactory(operation=cast.operation, state="draft")
    aida, page = browser(cast, "aida"), notice.get_absolute_url()
    assert f"{page}edit/" in text(aida, page)
    says = {"addressee": "Centre", "purpose": "20 trucks", "segments": road.pk, "source": "Team"}
    says |= {"starts_at": moment(60), "ends_at": moment(80)}
    aida.post(f"{page}edit/", says)
    notice = DeconflictionNotice.objects.get()
    assert (notice.purpose, notice.state, notice.segments.get()) == ("20 trucks", "draft", road)
    DeconflictionNotice.objects.filter(pk=notice.pk).update(submitted_at=long_ago)
    aida.post(f"{page}move/", {"step": "submit"})
    assert aida.get(f"{page}edit/").status_code == 409
    aida.post(f"{page}move/", {"step": "acknowledge", "reference": "A-1"})
    assert "Amend" in text(aida, page)
    aida.post(f"{page}edit/", says | {"purpose": "25 trucks", "reason": "Five more"})
    notice = DeconflictionNotice.objects.get()
    assert (notice.state, notice.purpose, notice.state_reason) == (
        "amended",
        "25 trucks",
        "Five more",
    )
    assert notice.submitted_at > long_ago + timedelta(days=1), "its lead begins anew"
    assert browser(cast, "olga").get(f"{page}edit/").status_code == 403


def test_a_notice_says_by_when_it_is_due_and_whether_it_was_late(cast: Cast) -> None:
    soon = {"starts_at": timezone.now() + timedelta(hours=30)}
    soon["ends_at"] = soon["starts_at"] + timedelta(hours=9)
    late = NoticeFactory(operation=cast.operation, state="draft", **soon)
    urgent = NoticeFactory(operation=cast.operation, state="draft", is_emergency=True, **soon)
    aida = browser(cast, "aida")
    assert "Submit it 48 hours ahead" in text(aida, late.get_absolute_url())
    assert "Submit it 24 hours ahead" in text(aida, urgent.get_absolute_url())
    assert (late.is_late, urgent.is_late) == (True, False)
    aida.post(f"{late.get_absolute_url()}move/", {"step": "submit"})
    assert "48 are needed" in text(aida, late.get_absolute_url())


def test_an_answer_can_agree_on_other_times(cast: Cast) -> None:
    asked = MovementFactory(operation=cast.operation, state="pending")
    aida, page = browser(cast, "aida"), asked.get_absolute_url()
    wrong = {"step": "facilitate", "agreed_from": moment(90), "agreed_until": moment(80)}
    assert "before the start" in aida.post(f"{page}move/", wrong).content.decode()
    aida.post(f"{page}move/", wrong | {"agreed_until": moment(99)})
    asked = MovementRequest.objects.get()
    assert asked.state == "facilitated"
    assert abs(asked.starts_at - timezone.now() - timedelta(hours=90)) < timedelta(minutes=2)
