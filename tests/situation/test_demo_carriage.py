"""The invented convoy of the demonstration goes through every step and closes."""

import pytest

from convoys import equation
from convoys.models import Discrepancy, StockLot
from situation.demo import carriage, people
from tests.factories.access import SiteFactory


@pytest.mark.django_db
def test_the_invented_convoy_closes_with_its_losses() -> None:
    actors = people.accounts()
    operation = people.operation(actors["administrator"])
    organisations = people.organisations(actors["administrator"])
    people.give_roles(operation, actors, organisations)
    for name in carriage.WAY:
        SiteFactory(operation=operation, name=name)
    run = carriage.operated(operation, actors, organisations)
    assert (run.state, run.convoy.is_demo) == ("closed", True)
    rows = equation.of_convoy(run)
    assert all(row.closes for row in rows)
    total = equation.total_kg(rows)
    assert total["loaded"] == total["good"] + total["damaged"] + total["lost"] == 39_800
    assert {kind for row in rows for kind, _amount in row.losses} == {
        "intercepted_unforced",
        "short_missing",
    }
    assert set(Discrepancy.objects.values_list("state", flat=True)) == {"closed"}
    lot = StockLot.objects.get(item__code="TARP")
    assert (lot.balance.on_hand, lot.balance.picked) == (1000, 0)
