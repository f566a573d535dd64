"""A waybill of which nobody says that nothing more is to come becomes final by the clock."""

from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from convoys import receipt, tasks
from convoys.models import Discrepancy, Waybill
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.convoys.test_run_pages import Desk


def arrived(cast: Cast, tonnes: int = 10) -> Road:
    """Give a convoy that has just arrived."""
    road = begin(cast)
    road.carry([tonnes])
    return road.go().arrive()


def waybill(road: Road) -> Waybill:
    """Return its waybill as it is now."""
    return Waybill.objects.get(pk=road.waybills[0].pk)


def test_a_waybill_becomes_final_days_after_its_arrival_and_the_page_says_when(
    cast: Cast, settings: Any
) -> None:
    settings.FINAL_DAYS = 3
    road = arrived(cast)
    road.receive({"good": 9})
    at = receipt.final_at(waybill(road))
    assert at
    rauf = Desk(cast, "rauf")
    assert "Becomes final by itself on" in rauf.look(road.run, "receipts")
    with time_machine.travel(at - timedelta(hours=1)):
        tasks.finalise_waybills()
        assert not Discrepancy.objects.exists()
    with time_machine.travel(at + timedelta(minutes=1)):
        tasks.finalise_waybills()
        tasks.finalise_waybills()  # twice, as beat may run it
    missing = Discrepancy.objects.get()
    assert (missing.qty, waybill(road).state) == (1, "received")
    assert (waybill(road).finalised_by, receipt.final_at(waybill(road))) == (None, None)
    assert "Final by itself since" in rauf.look(road.run, "receipts")
    assert (
        "Final by itself since"
        in rauf.client.get(waybill(road).get_absolute_url()).content.decode()
    )


def test_what_is_declared_final_or_still_on_the_road_is_left_alone(
    cast: Cast, settings: Any
) -> None:
    declared, under_way = arrived(cast), begin(cast)
    under_way.carry([5])
    under_way.go()
    receipt.declare_final(waybill(declared), actor=cast.actor("rauf"))
    with time_machine.travel(timezone.now() + timedelta(days=60)):
        assert receipt.finalise_due() == 0
        late = arrived(cast)
        settings.FINAL_DAYS = 0
        assert receipt.final_at(waybill(late)) is None
    with time_machine.travel(timezone.now() + timedelta(days=99)):
        assert receipt.finalise_due() == 0
    assert waybill(under_way).state == "in_transit"
    assert waybill(declared).finalised_by == cast.rauf


def test_a_receipt_that_comes_after_the_end_is_posted_and_the_waybill_is_received(
    cast: Cast,
) -> None:
    road = arrived(cast)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert receipt.finalise_due() == 1
        assert waybill(road).state == "lost"
        assert road.receive({"good": 10}).state == "posted"
    assert waybill(road).state == "received"
    assert Discrepancy.objects.get().state == "open"
