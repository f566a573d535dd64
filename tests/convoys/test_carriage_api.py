"""What our own convoys carry, by REST: the consignee sends receipts, partners see no movement."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from convoys import release
from convoys.models import Receipt
from core import tokens
from tests.cast import Cast
from tests.convoys.road import Road, begin


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give a convoy of 10 t for UNHCR that has arrived."""
    made = begin(cast)
    made.carry([10])
    return made.go().arrive()


def token(cast: Cast, who: str) -> dict[str, str]:
    """Return the header of a token that may write."""
    _token, secret = tokens.make(
        cast.operation, actor=cast.actor(who), name="portal", scopes=["read", "write"], days=7
    )
    return {"Authorization": f"Bearer {secret}"}


def send(client: Client, headers: dict[str, str], road: Road, key: Any, good: str) -> Any:
    """Post a receipt of the first line."""
    body = {
        "waybill": str(road.waybills[0].pk),
        "receiver": "Paula",
        "occurred_at": "2030-05-02T10:00:00Z",
        "lines": [{"load": str(road.loads()[0].pk), "good": good}],
    }
    return client.post(
        "/api/v1/receipts/",
        json.dumps(body),
        content_type="application/json",
        headers=headers | {"Idempotency-Key": str(key)},
    )


def test_the_consignee_sends_a_receipt_once_and_nobody_else_may(
    cast: Cast, road: Road, client: Client
) -> None:
    key, paula = uuid4(), token(cast, "paula")
    first = send(client, paula, road, key, "9")
    assert (first.status_code, first.json()["state"]) == (201, "posted")
    assert send(client, paula, road, key, "9").status_code == 200
    assert send(client, paula, road, key, "8").status_code == 409
    more = send(client, paula, road, uuid4(), "5")
    assert (more.status_code, more.json()["state"]) == (201, "needs_resolution")
    assert send(client, token(cast, "rauf"), road, uuid4(), "1").status_code == 403
    assert send(client, token(cast, "oscar"), road, uuid4(), "1").status_code == 404
    assert Receipt.objects.count() == 2


def test_partners_read_deliveries_and_no_plan_driver_or_plate(
    cast: Cast, road: Road, client: Client
) -> None:
    road.receive({"good": 9})
    headers = token(cast, "paula")
    assert release.release_due() == 0
    assert client.get("/api/v1/deliveries/", headers=headers).json()["results"] == []
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert release.release_due() == 1
    (delivery,) = client.get("/api/v1/deliveries/", headers=headers).json()["results"]
    assert (delivery["good_kg"], delivery["consignee"]) == (9000, "UNHCR")
    leg = road.run.legs.get()
    told = ""
    for table in ("convoys", "waybills", "receipts", "deliveries", "ledger", "transit-events"):
        for fmt in ("json", "csv"):
            answer = client.get(f"/api/v1/{table}/?format={fmt}", headers=headers)
            assert answer.status_code == 200, table
            told += (
                b"".join(answer) if getattr(answer, "streaming", False) else answer.content
            ).decode()
    for secret in (leg.vehicle.plate, leg.driver.name, "planned_", "etd", road.run.number):
        assert secret not in told
    (convoy,) = client.get("/api/v1/convoys/", headers=headers).json()["results"]
    assert convoy["received_kg"] == 9000
    assert "state" not in convoy
