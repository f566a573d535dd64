"""How a convoy went, on two axes: access as it was told, delivery as the ledger works it out."""

import pytest
from django.test import Client

from convoys import outcomes
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import Road, begin


def gone(cast: Cast) -> Road:
    """Give a convoy of 10 t on the road."""
    road = begin(cast)
    road.carry([10])
    return road.go()


def test_delivery_is_worked_out_and_not_known_while_something_is_outstanding(cast: Cast) -> None:
    road = gone(cast)
    assert outcomes.delivery(road.fresh()) == ""
    road.arrive()
    road.receive({"good": 7})
    assert outcomes.delivery(road.fresh()) == ""
    road.receive({"good": 3}, final=True)
    assert outcomes.delivery(road.fresh()) == "full"


@pytest.mark.parametrize(("good", "found"), [(7, "partial"), (0, "none")])
def test_what_did_not_arrive_is_no_full_delivery(cast: Cast, good: int, found: str) -> None:
    road = gone(cast).arrive()
    line = {"missing": 10 - good} | ({"good": good} if good else {})
    road.receive(line, final=True)
    assert outcomes.delivery(road.fresh()) == found


def test_a_convoy_that_was_impeded_can_have_delivered_all(cast: Cast) -> None:
    road = gone(cast).arrive()
    road.receive({"good": 10}, final=True)
    client = Client()
    client.force_login(cast.lars)
    page = f"/o/caucasus/runs/{road.run.pk}"
    assert "Record how access went" in client.get(f"{page}/movement/").content.decode()
    told = {"access_outcome": "impeded", "reason": "Held at the crossing for nine hours"}
    shown = client.post(f"{page}/do/access_outcome/", told, follow=True).content.decode()
    assert "Facilitated at first, then impeded" in shown
    assert "Accomplished" in shown
    assert road.fresh().access_outcome == "impeded"
    with pytest.raises(Problem):
        outcomes.tell_access(
            road.fresh(), actor=cast.actor("lars"), access_outcome="denied", reason=" "
        )
    with pytest.raises(Problem, match="forbidden"):
        outcomes.tell_access(
            road.fresh(), actor=cast.actor("anna"), access_outcome="denied", reason="x"
        )
