"""What is unlikely is flagged on the pages and by the API, and goes on all the same."""

from decimal import Decimal

from convoys import plausibility, stock
from convoys.models import OperatedConvoy
from tests.cast import Cast
from tests.convoys.road import begin
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
