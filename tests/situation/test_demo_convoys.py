"""The demonstration's convoys tell the story as it was reported."""

from decimal import Decimal

from convoys import reported
from convoys.models import Convoy
from situation.demo import convoys
from tests.cast import Cast


def test_345_tonnes_are_reported_as_arrived_and_the_day_of_arrival_is_disputed(cast: Cast) -> None:
    actors = {"logistics": cast.actor("lars"), "coordinator": cast.actor("carmen")}
    first, second = convoys.reported(cast.operation, actors)
    totals = reported.totals(Convoy.objects.all())
    assert (totals.kg, totals.vehicles) == (Decimal(345_000), 35)
    assert totals.arrived_kg == totals.kg
    assert totals.unallocated_kg == Decimal(300_000)
    disputed = [one.key for one in reported.picture(first) if one.is_disputed]
    assert disputed == ["arrived"]
    assert not any(one.is_disputed for one in reported.picture(second))
    assert [claim.attribute for claim in reported.joint_claims(first)] == [
        "cargo",
        "vehicles",
        "staff",
        "content",
    ]
