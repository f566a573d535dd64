"""The acceptance scenario of November 2020: what concerns convoys of our own."""

from decimal import Decimal

import pytest

from convoys import closing, equation, movement, plausibility, receipt
from convoys.models import Discrepancy, Entry, LoadBalance, Waybill
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import REASON, begin


def test_on_the_invented_operated_convoy_of_300_t_receive_180_t_plus_112_t_good_5_t_damaged_3_t_missing_it_closes_2_t_more_not_posted_without_an_overage_entry_a_line_with_nothing_received_still_opens_a_discrepancy(  # noqa: E501
    cast: Cast,
) -> None:
    road = begin(cast)
    road.carry([300])
    road.go().arrive()
    road.receive({"good": 180})
    assert road.fresh().state == "receiving"
    road.receive({"good": 112, "damaged": 5, "missing": 3}, final=True)
    (row,) = equation.of_convoy(road.run)
    assert row.closes
    assert (row.good.kg, row.damaged.kg) == (292_000, 5000)
    assert {kind: amount.kg for kind, amount in row.lost.items()} == {"short_missing": 3000}
    assert road.fresh().state == "received"

    # 2 t more: recorded, not posted, until there is an overage entry.
    more = road.receive({"good": 2})
    assert more.state == "needs_resolution"
    with pytest.raises(Problem, match="overage"):
        receipt.resolve(more, actor=cast.actor("rauf"))
    assert Entry.objects.filter(posting__receipt=more).count() == 0
    assert receipt.resolve(more, actor=cast.actor("rauf"), overage=True).state == "posted"
    kinds = Entry.objects.filter(posting__receipt=more).values_list("kind", flat=True)
    assert sorted(kinds) == ["overage", "received_good"]

    # The 3 t are looked for and written off by another; then it closes.
    (missing,) = Discrepancy.objects.all()
    assert (missing.qty, missing.kg) == (3, 3000)
    with pytest.raises(Problem, match="Open discrepancies: 1"):
        closing.reconcile(road.fresh(), actor=cast.actor("lars"))
    closing.investigate(missing, actor=cast.actor("lars"))
    closing.write_off(missing, actor=cast.actor("carmen"), reason=REASON, evidence="Count sheet")
    closing.settle(missing, actor=cast.actor("lars"))
    closing.reconcile(road.fresh(), actor=cast.actor("lars"))
    assert closing.close(road.fresh(), actor=cast.actor("carmen")).state == "closed"
    assert set(LoadBalance.objects.values_list("closed", flat=True)) == {True}

    # A line with nothing received counts like any other.
    other = begin(cast)
    other.carry([10, 20])
    other.go().arrive()
    other.receive({"good": 10}, final=True)
    nothing = other.loads()[1]
    assert [(one.load, one.qty) for one in Discrepancy.objects.exclude(pk=missing.pk)] == [
        (nothing, Decimal(20))
    ]
    assert not equation.of_convoy(other.run)[0].closes


def test_held_at_the_corridor_is_held_not_late(cast: Cast) -> None:
    road = begin(cast)
    road.carry([19])
    road.go()
    movement.report(road.fresh(), actor=cast.actor("lars"), kind="held", note="Turned at the post")
    held = road.fresh()
    assert (held.state, held.state_reason) == ("held", "Turned at the post")
    movement.report(road.fresh(), actor=cast.actor("lars"), kind="resumed")
    assert road.fresh().state == "in_transit"
    assert set(Waybill.objects.values_list("state", flat=True)) == {"in_transit"}


def test_420_t_on_20_kamaz_is_21_t_each_against_145_t_on_15_is_9_7_flagged_not_rejected_operated(
    cast: Cast,
) -> None:
    """Acceptance 8: of a convoy of our own each lorry is looked at."""
    road = begin(cast)
    road.carry([Decimal("9.7")])
    assert plausibility.flags(road.run) == []
    heavy = road.carry([21])
    (flag,) = plausibility.flags(road.run)
    assert flag.startswith(str(heavy.leg.vehicle))
    assert "21,000" in flag or "21000" in flag
    assert road.go().fresh().state == "in_transit"
