"""Who decides on the same quantity at the same time takes turns: the second sees what was taken."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from convoys import dispositions, stock
from convoys.models import LotBalance
from core.errors import Problem
from tests.cast import assemble
from tests.convoys.road import REASON, begin
from tests.factories.convoys import ReliefItemFactory

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def in_turn(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Begin the second while the first is not committed yet; return what came of the second."""

    def other() -> Any:
        try:
            return second()
        except Problem as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            first()
            begun = thread.submit(other)
            _until_it_waits(begun)
        return begun.result()


def _until_it_waits(begun: Future[Any]) -> None:
    with connection.cursor() as cursor:
        while not begun.done():
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return


def test_no_more_is_given_out_than_was_received(transactional_db: None) -> None:
    road = begin(assemble())
    road.carry([10])
    road.go().arrive().receive({"good": 10})
    (load,) = road.loads()

    def give() -> Any:
        return dispositions.distribute(load, actor=road.actor("rauf"), qty=Decimal(6), people=60)

    late = in_turn(give, give)
    assert isinstance(late, Problem)
    assert "4 t" in late.detail
    assert load.distributions.count() == 1


def test_a_difference_that_two_have_counted_is_found_once(transactional_db: None) -> None:
    cast = assemble()
    lars = cast.actor("lars")
    lot = stock.take_in(
        cast.operation,
        actor=lars,
        warehouse=begin(cast).consignment.origin,
        item=ReliefItemFactory(operation=cast.operation),
        owner=cast.organisations["WFP"],
        qty=Decimal(100),
    )

    def count() -> Any:
        return stock.count(lot, actor=lars, qty=Decimal(95), reason=REASON)

    assert in_turn(count, count) is None
    assert LotBalance.objects.get(pk=lot.pk).on_hand == 95
