"""The invented convoy goes through every step and closes; an older demonstration gets it, too."""

import pytest
from django.test import override_settings

from convoys import equation
from convoys.models import Convoy, Discrepancy, OperatedConvoy, StockLot
from situation.demo import carriage, load, people
from tests.factories.access import SiteFactory


@pytest.mark.django_db
def test_what_an_altered_demonstration_cannot_take_is_left_out_and_named() -> None:
    actors = people.accounts()
    operation = people.operation(actors["administrator"])
    people.give_roles(operation, actors, people.organisations(actors["administrator"]))
    with override_settings(DEMO=True):
        found = load.load()
    assert found.added == ("the reported convoys",)
    assert found.left_out == ("the convoy with every step (Site matching query does not exist.)",)
    assert not Convoy.objects.filter(name=carriage.NAME).exists()


@pytest.mark.django_db
def test_an_older_demonstration_gets_the_invented_convoy_which_closes_with_its_losses() -> None:
    actors = people.accounts()
    operation = people.operation(actors["administrator"])
    organisations = people.organisations(actors["administrator"])
    people.give_roles(operation, actors, organisations)
    for name in carriage.WAY:
        SiteFactory(operation=operation, name=name)
    with override_settings(DEMO=True):
        older = load.load()
        again = load.load()
    assert older.added == ("the reported convoys", "the convoy with every step")
    assert (older.left_out, again.added, again.left_out) == ((), (), ())
    run = OperatedConvoy.objects.get(operation=operation)
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
