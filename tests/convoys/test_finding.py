"""Convoys are found by what is written of them, how far they came, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from convoys import claims, dispatch, movement
from convoys.finding import ConvoyFilter
from convoys.models import Convoy, OperatedConvoy
from tests.cast import Cast
from tests.convoys.road import GO, begin
from tests.factories.convoys import DEPARTURE, RunFactory

AT = "/o/caucasus/convoys/"
DAY = DEPARTURE.date()


def found(cast: Cast, who: str, **given: object) -> set[str]:
    """Return the names of the convoys that somebody finds."""
    data = {name: str(value) for name, value in given.items()}
    filters = ConvoyFilter(data, operation=cast.operation, actor=cast.actor(who))
    return {one.name for one in filters.rows()}


@pytest.fixture
def convoys(cast: Cast) -> Cast:
    """Give a planned convoy of members, and one that others report."""
    RunFactory(operation=cast.operation, convoy__name="Ours", number="CY-0007")
    said = Convoy.objects.create(
        operation=cast.operation, origin="reported", name="Theirs", organiser="A ministry"
    )
    claims.record(
        [said],
        actor=cast.actor("lars"),
        attribute="arrived",
        value=date(2020, 11, 21),
        source="Agency",
    )
    return cast


def test_by_text_origin_state_and_days(convoys: Cast) -> None:
    assert found(convoys, "lars") == {"Ours", "Theirs"}
    assert found(convoys, "lars", q="ministry") == {"Theirs"}
    assert found(convoys, "lars", q="cy-0007") == {"Ours"}
    assert found(convoys, "lars", origin="reported") == {"Theirs"}
    assert found(convoys, "lars", state="draft") == {"Ours"}
    assert found(convoys, "lars", state="closed") == set()
    assert found(convoys, "lars", since=DAY, until=DAY) == {"Ours"}
    assert found(convoys, "lars", since=DAY + timedelta(days=1)) == set()
    assert found(convoys, "lars", since="2020-11-21", until="2020-11-21") == {"Theirs"}
    assert found(convoys, "lars", until="2020-11-20") == set()


def test_what_partners_may_not_know_they_do_not_find(convoys: Cast, client: Client) -> None:
    for given in ({"q": "CY-0007"}, {"state": "draft"}, {"since": DAY, "until": DAY}):
        assert found(convoys, "paula", **given) == set()
    client.force_login(convoys.paula)
    run = OperatedConvoy.objects.get()
    for address in (AT, f"{AT}{run.pk}/"):
        page = client.get(address).content.decode()
        assert "Ours" in page
        assert "CY-0007" not in page
        assert ">Draft</span>" not in page
    OperatedConvoy.objects.update(released_at=timezone.now())
    assert found(convoys, "paula", q="CY-0007") == {"Ours"}
    assert ">Draft</span>" in client.get(AT).content.decode()


def test_the_funnels_stages_lead_to_their_convoys(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    name = road.run.convoy.name

    def stages() -> list[str]:
        keys = ("cleared", "loaded", "dispatched", "arrived", "confirmed", "reconciled")
        return [key for key in keys if found(cast, "carmen", stage=key) == {name}]

    assert stages() == []
    road.ready()
    assert stages() == ["cleared", "loaded"]
    dispatch.dispatch(road.fresh(), actor=cast.actor("carmen"), override=GO)
    movement.report(road.fresh(), actor=cast.actor("lars"), kind="departed")
    assert stages() == ["cleared", "loaded", "dispatched"]
    road.arrive()
    assert stages() == ["cleared", "loaded", "dispatched", "arrived"]


def test_a_filter_that_cannot_be_read_says_so_and_shows_nothing(
    convoys: Cast, client: Client
) -> None:
    client.force_login(convoys.lars)
    page = client.get(AT, {"since": "yesterday", "state": "closed"}).content.decode()
    assert "Enter a valid date" in page
    assert "No convoy matches" in page
    assert "Theirs" not in page
    page = client.get(AT, {"state": "draft"}).content.decode()
    assert 'href="?"' in page  # the chip that takes the filter away
    assert "Theirs" not in page


def test_days_are_those_of_the_reader(cast: Cast) -> None:
    late = datetime(2030, 5, 1, 21, tzinfo=UTC)
    RunFactory(
        operation=cast.operation, convoy__name="Night", etd=late, eta=late + timedelta(hours=1)
    )
    assert found(cast, "lars", since=DAY, until=DAY) == {"Night"}
    with timezone.override("Asia/Yerevan"):
        assert found(cast, "lars", since=DAY, until=DAY) == set()
        assert found(cast, "lars", since="2030-05-02", until="2030-05-02") == {"Night"}
