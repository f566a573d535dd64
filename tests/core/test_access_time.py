"""Access in time: the calendar, what ends within 72 hours, and all that happened in a line."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.access import clock, picture, plans, status
from core.access.constraints import end
from core.access.timeline import timeline
from core.models import AccessWindow, Clearance
from tests.cast import Cast
from tests.factories.access import (
    ClearanceFactory,
    ConstraintFactory,
    NoticeFactory,
    ObservationFactory,
    OutcomeFactory,
    ScoreFactory,
    SegmentFactory,
    WindowFactory,
)

CALENDAR = "/o/caucasus/access/calendar/"
TIMELINE = "/o/caucasus/access/timeline/"


@pytest.fixture
def aida(cast: Cast) -> Client:
    """Give the access officer's browser."""
    client = Client()
    client.force_login(cast.aida)
    return client


def soon(cast: Cast) -> list[str]:
    """Return what ends within 72 hours."""
    now = timezone.now()
    actor = cast.actor("aida")
    found = picture.coming(cast.operation, actor, start=now, end=now + picture.SOON)
    return [str(one.what) for one in found]


def test_a_window_shows_in_a_month_that_it_spans_though_it_neither_begins_nor_ends_there(
    cast: Cast, aida: Client
) -> None:
    WindowFactory(
        operation=cast.operation,
        title="Winter ceasefire",
        state="active",
        starts_at=datetime(2030, 11, 10, tzinfo=UTC),
        ends_at=datetime(2031, 2, 1, tzinfo=UTC),
    )
    page = aida.get(f"{CALENDAR}?month=2030-12").content.decode()
    assert "Winter ceasefire" in page
    assert page.count(" in-window") == 42, "all its weeks"
    assert "Nothing in this month" not in page
    assert "Winter ceasefire" not in aida.get(f"{CALENDAR}?month=2031-03").content.decode()


def test_a_month_that_is_past_still_shows_what_ended_and_expired_in_it(
    cast: Cast, aida: Client
) -> None:
    was = {"starts_at": datetime(2020, 11, 10, tzinfo=UTC), "state": "active"}
    window = WindowFactory(
        operation=cast.operation, title="Pause", ends_at=datetime(2020, 11, 20, tzinfo=UTC), **was
    )
    ClearanceFactory(
        operation=cast.operation,
        state="granted",
        valid_from=datetime(2020, 11, 12, tzinfo=UTC),
        valid_to=datetime(2020, 11, 18, tzinfo=UTC),
    )
    assert clock.tick() == 2
    assert AccessWindow.objects.get(pk=window.pk).state == "ended"
    assert Clearance.objects.get().state == "expired"
    page = aida.get(f"{CALENDAR}?month=2020-11").content.decode()
    for what in ("Window begins", "Window ends", "Clearance begins", "Clearance expires"):
        assert what in page


def test_scores_and_amended_notices_end_soon_too_but_not_what_was_renewed(cast: Cast) -> None:
    today = timezone.localdate()
    first = ScoreFactory(
        operation=cast.operation, as_of=today - timedelta(days=9), valid_until=today
    )
    assert soon(cast) == ["Score expires"]
    ScoreFactory(
        operation=cast.operation,
        area=first.area,
        source=first.source,
        as_of=today,
        valid_until=today + timedelta(days=90),
    )
    assert soon(cast) == []
    hours = {"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(hours=20)}
    NoticeFactory(operation=cast.operation, state="amended", **hours)
    assert "Notice expires" in soon(cast)


def test_the_timeline_tells_how_things_went_on(cast: Cast, aida: Client) -> None:
    actor = cast.actor("aida")
    window = WindowFactory(operation=cast.operation, title="Corridor hours", state="active")
    plans.move_window(window, "break_off", actor=actor, reason="Shelling")
    constraint = ConstraintFactory(operation=cast.operation, title="Bridge closed")
    end(constraint, actor=actor, on=timezone.localdate(), reason="Driven over")
    road = SegmentFactory(operation=cast.operation, name="North road")
    seen = ObservationFactory(operation=cast.operation, segment=road)
    status.adopt(seen, actor=actor, reason="Own team was there")
    OutcomeFactory(operation=cast.operation)
    told = {(str(one.what), one.note) for one in timeline(cast.operation, actor)}
    assert {
        ("Window", "Broken — Shelling"),
        ("Constraint ended", "Driven over"),
        ("Adopted", "Own team was there"),
    } <= told
    assert "How it went" in {what for what, _note in told}
    page = aida.get(f"{TIMELINE}?kind=window").content.decode()
    assert "Shelling" in page
    assert "Bridge closed" not in page
    assert "Nothing matches" in aida.get(f"{TIMELINE}?q=zzz").content.decode()


def test_older_pages_of_the_timeline_go_on_where_the_first_ends(
    cast: Cast, aida: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        moment = timezone.now() - timedelta(hours=number)
        ConstraintFactory(operation=cast.operation, title=f"C-{number}", occurred_at=moment)
    monkeypatch.setattr("core.access.timeline.MOST", 3)
    monkeypatch.setattr("core.access.picture.MOST", 3)
    first = aida.get(TIMELINE)
    shown = [one.text for _day, rows in first.context["days"] for one in rows]
    assert shown == ["C-0", "C-1", "C-2"]
    second = aida.get(TIMELINE + first.context["older"])
    assert [one.text for _day, rows in second.context["days"] for one in rows] == ["C-3", "C-4"]
    assert aida.get(f"{TIMELINE}?before=yesterday").status_code == 200
