"""What is unlikely is flagged on the pages and by the API, and goes on all the same."""

from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from convoys import plausibility, stock
from convoys.models import OperatedConvoy
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.convoys.test_run_pages import Desk
from tests.convoys.test_runs_api import Program


def test_more_than_the_stock_of_its_origin_is_flagged_and_goes(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    assert plausibility.flags(road.run) == []  # the origin keeps no stock of it
    item = road.lines[0].item
    facts = {"warehouse": road.consignment.origin, "owner": cast.organisations["WFP"]}
    stock.take_in(cast.operation, actor=cast.actor("lars"), item=item, qty=Decimal(7), **facts)
    told = f"10 t of {item} are loaded; the stock of {road.consignment.origin} says 7."
    assert plausibility.flags(road.run) == [told]
    page = Desk(cast, "lars").look(road.run, "load")
    assert told in page
    assert "nothing was refused" in page
    carmen = Program(road, "carmen")
    assert carmen.client.get(f"{carmen.base}/gate/").json()["flags"] == [told]
    assert road.go().fresh().state == "in_transit"
    assert plausibility.flags(road.run) == []  # later stock says nothing of what has left


def test_a_speed_that_no_lorry_keeps_up_is_flagged(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    OperatedConvoy.objects.filter(pk=road.run.pk).update(distance_km=300)
    road.go().arrive()
    (flag,) = plausibility.flags(road.fresh())
    assert "300" in flag
    assert flag in Desk(cast, "lars").look(road.run, "movement")


def row_of(cast: Cast, who: str, road: Road) -> dict[str, Any]:
    """Return a convoy's row as the API shows it to somebody."""
    client = Client()
    client.force_login(cast.people[who])
    rows: list[dict[str, Any]] = client.get("/api/v1/convoys/?limit=1000").json()["results"]
    return next(one for one in rows if one["id"] == road.run.pk)


def listed(cast: Cast, who: str) -> str:
    """Return the page of all convoys as somebody sees it."""
    client = Client()
    client.force_login(cast.people[who])
    return client.get("/o/caucasus/convoys/").content.decode()


def test_the_list_and_the_table_tell_the_flags_and_partners_after_the_release(cast: Cast) -> None:
    road, quiet = begin(cast), begin(cast)
    quiet.carry([10])
    quiet.go().arrive()
    road.carry([30])
    road.carry([5])
    OperatedConvoy.objects.update(distance_km=None)
    OperatedConvoy.objects.filter(pk=road.run.pk).update(distance_km=300)
    road.go().arrive()
    weighed = {"good": "29", "missing": "1", "weighed_kg": "20000"}
    road.receive(weighed)
    assert len(plausibility.flags(road.fresh())) == 4  # two vehicles were too fast
    codes = ["vehicle_load", "speed", "weight"]
    labels = [str(plausibility.LOOKS[code].label) for code in codes]
    assert plausibility.labels([road.run.pk, quiet.run.pk]) == {road.run.pk: labels}
    for who, is_told in (("lars", True), ("paula", False), ("oscar", False)):
        assert row_of(cast, who, road)["flags"] == (codes if is_told else []), who
        assert [label in listed(cast, who) for label in labels] == [is_told] * 3, who
        assert row_of(cast, who, quiet)["flags"] == []
    OperatedConvoy.objects.update(released_at=timezone.now())
    assert row_of(cast, "paula", road)["flags"] == codes
    assert all(label in listed(cast, "paula") for label in labels)


def test_the_list_asks_no_more_for_more_convoys(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert "Look again: load" in listed(cast, "lars")
        return len(found)

    begin(cast).carry([30])
    few = asked()
    for _number in range(3):
        begin(cast).carry([30, 30])
    assert asked() == few
