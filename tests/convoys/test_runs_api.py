"""Programs drive a convoy of our own by the REST API: the gate, steps, dispatch, the road."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from convoys import cargo, loading, stock
from convoys.loading import Part
from convoys.models import GateRecord, StockMove, TransitEvent
from tests.cast import Cast
from tests.convoys.road import GO, Road, begin
from tests.factories.access import SegmentFactory


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give a loaded convoy."""
    made = begin(cast)
    made.carry([10])
    return made.ready()


class Program:
    """A program of somebody of the cast, at one convoy's doors."""

    def __init__(self, road: Road, who: str):
        self.client = Client()
        self.client.force_login(road.cast.people[who])
        self.base = f"/api/v1/convoys/{road.run.pk}"

    def post(self, door: str, key: Any = None, **body: Any) -> Any:
        """Send a body to a door, perhaps with a key."""
        return self.client.post(
            f"{self.base}/{door}/",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": str(key)} if key else {},
        )


def test_the_gate_is_read_and_a_dispatch_sent_again_changes_nothing(road: Road) -> None:
    carmen, key = Program(road, "carmen"), uuid4()
    gate = carmen.client.get(f"{carmen.base}/gate/").json()
    assert (gate["open"], gate["can_be_overridden"]) == (False, True)
    assert {one["input"] for one in gate["inputs"]} == {"notice", "route"}
    assert carmen.post("dispatch").status_code == 409
    first = carmen.post("dispatch", key, override=GO)
    assert (first.status_code, first.json()["state"]) == (200, "dispatched")
    assert carmen.post("dispatch", key, override=GO).status_code == 200
    other = carmen.post("dispatch", key, override="Another reason")
    assert (other.status_code, other.json()["code"]) == (409, "replay_conflict")
    assert list(GateRecord.objects.filter(opened=True).values_list("pk", flat=True)) == [key]
    assert GateRecord.objects.filter(opened=False).count() == 1
    carmen.post("events", kind="departed", occurred_at=road.run.etd.isoformat())
    late = carmen.post("dispatch", override=GO)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_stock_leaves_once_however_often_a_dispatch_is_sent(cast: Cast) -> None:
    road, lars = begin(cast), cast.actor("lars")
    waybill = road.carry([1])
    item = road.lines[0].item
    facts = {"item": item, "qty": Decimal(4), "actor": lars}
    warehouse = road.consignment.origin
    stock.take_in(cast.operation, warehouse=warehouse, owner=cast.organisations["WFP"], **facts)
    (line,) = cargo.add_from_stock(road.consignment, **facts)
    stock.pick(line, actor=lars)
    loading.load(waybill, [Part(line, Decimal(4))], actor=lars)
    carmen = Program(road.ready(), "carmen")
    for _again in range(2):
        assert carmen.post("dispatch", override=GO).status_code == 200
    assert StockMove.objects.filter(kind="released").count() == 1
    assert GateRecord.objects.filter(opened=True).count() == 1


def test_steps_are_taken_by_whom_the_pages_offer_them(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    lars, aida, paula = (Program(road, who) for who in ("lars", "aida", "paula"))
    for step in ("plan", "ask_access"):
        assert lars.post("steps", step=step).status_code == 200
    assert lars.post("steps", step="clear").json()["code"] == "forbidden"
    assert aida.post("steps", step="clear").json()["state"] == "cleared"
    assert paula.post("steps", step="cancel", reason="None of mine").status_code == 404
    assert lars.post("steps", step="dispatch").json()["code"] == "invalid"
    assert lars.post("steps", step="finish_loading").json()["code"] == "wrong_state"
    assert lars.post("steps", step="cancel").json()["code"] == "invalid"
    assert lars.post("steps", step="cancel", reason="Bridge down").json()["state"] == "cancelled"


def test_reports_from_the_road_come_once_with_their_position(road: Road) -> None:
    Program(road, "carmen").post("dispatch", override=GO)
    lars, key = Program(road, "lars"), uuid4()
    at = road.run.etd
    told = {"kind": "departed", "occurred_at": at.isoformat(), "longitude": 46.5, "latitude": 39.8}
    first = lars.post("events", key, **told)
    assert (first.status_code, first.json()["state"]) == (201, "in_transit")
    assert lars.post("events", key, **told).status_code == 200
    assert lars.post("events", key, **(told | {"kind": "held"})).status_code == 409
    (event,) = TransitEvent.objects.all()
    assert (event.pk, event.point.coords, event.occurred_at) == (key, (46.5, 39.8), at)
    halfway = {"kind": "check", "occurred_at": (at + timedelta(hours=1)).isoformat()}
    assert lars.post("events", **halfway, longitude=46).json()["code"] == "invalid"
    assert lars.post("events", **halfway, latitude=91, longitude=0).json()["code"] == "invalid"
    assert lars.post("events", **halfway, stop=9).status_code == 404
    assert Program(road, "rauf").post("events", **halfway).status_code == 403
    assert TransitEvent.objects.count() == 1


def test_nothing_of_it_exists_elsewhere(road: Road) -> None:
    SegmentFactory()
    for who in ("outsider", "paula", "oscar"):
        program = Program(road, who)
        assert program.client.get(f"{program.base}/gate/").status_code == 404
        for door in ("dispatch", "events", "steps"):
            assert program.post(door).status_code == 404, (who, door)


def test_the_log_of_the_road_names_the_vehicle_and_never_its_plate(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    leg = road.carry([5]).leg
    road.go()
    lars = Program(road, "lars")
    at = timezone.now().isoformat()
    held = lars.post("events", kind="held", occurred_at=at, leg=str(leg.pk), note="Puncture")
    assert (held.status_code, held.json()["vehicle"]) == (201, leg.vehicle.label)
    page = lars.client.get(f"/o/caucasus/runs/{road.run.pk}/movement/").content.decode()
    log = page[page.index("<tbody>") :]
    assert (leg.vehicle.label in log, leg.vehicle.plate in log) == (True, False)
    rows = lars.client.get(f"/api/v1/transit-events/?convoy={road.run.number}").json()["results"]
    told = [(one["kind"], one["vehicle"]) for one in rows]
    assert sorted(told) == [("departed", None), ("held", leg.vehicle.label)]
    exported: Any = lars.client.get("/o/caucasus/export/transit-events.csv")
    text = b"".join(exported).decode()
    assert (leg.vehicle.label in text, leg.vehicle.plate in text) == (True, False)
    for who in ("paula", "oscar", "outsider"):
        assert Program(road, who).client.get("/api/v1/transit-events/").json()["results"] == []
