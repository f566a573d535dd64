"""Access through the API: reports with an idempotency key, sensitivity, and the formats."""

import json
from typing import Any

import pytest
from django.test import Client

from core.models import AccessConstraint, StatusObservation
from core.tokens import make
from tests.cast import Cast
from tests.factories.access import (
    ConstraintFactory,
    MovementFactory,
    NoticeFactory,
    ObservationFactory,
    SegmentFactory,
)
from tests.factories.core import AreaFactory

KEY = "7b0d6c2e-1c1b-4f0e-9a57-0b2f5f3f9d11"


def constraint(**facts: Any) -> dict[str, Any]:
    """Return a body that can be sent."""
    return {
        "type": 3,
        "title": "Road blocked",
        "pcode": "AA01",
        "impact": "X",
        "started_on": "2020-11-10",
        "source": "Field team",
    } | facts


def send(client: Client, path: str, body: Any, key: str = "") -> Any:
    """POST JSON."""
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        f"/api/v1/{path}/", json.dumps(body), content_type="application/json", headers=headers
    )


@pytest.fixture
def olga(cast: Cast) -> Client:
    """Give a field officer's client, in an operation with an area."""
    AreaFactory(operation=cast.operation, pcode="AA01")
    client = Client()
    client.force_login(cast.olga)
    return client


def test_a_report_sent_twice_is_recorded_once(cast: Cast, olga: Client) -> None:
    first, second = (send(olga, "access-constraints", constraint(), KEY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert first.json()["id"] == KEY
    assert first.json()["impact"] == "X"
    assert first.json()["reported_through"] == "OCHA"
    assert AccessConstraint.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(cast: Cast, olga: Client) -> None:
    send(olga, "access-constraints", constraint(), KEY)
    answer = send(olga, "access-constraints", constraint(impact="0"), KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "fact_conflict")
    assert AccessConstraint.objects.get().impact == "X"
    assert send(olga, "access-constraints", constraint(), "no-uuid").json()["code"] == "bad_key"


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"impact": "4"}, "impact"),
        ({"type": 10}, "type"),
        ({"pcode": "ZZ99"}, "pcode"),
        ({"pcode": ""}, "pcode"),
        ({"segment": "Corridor"}, "pcode"),
        ({"source": ""}, "source"),
        ({"sectors": ["XXX"]}, "sectors"),
        ({"observed_at": "2999-01-01T00:00:00Z"}, "observed_at"),
        ({"people_affected": -1}, "people_affected"),
    ],
)
def test_what_cannot_be_recorded_is_named(olga: Client, facts: Any, where: str) -> None:
    answer = send(olga, "access-constraints", constraint(**facts))
    assert answer.status_code == 400
    assert where in [one["where"] for one in answer.json()["errors"]], answer.json()
    assert AccessConstraint.objects.count() == 0


def test_a_status_is_reported_for_a_road_by_name(cast: Cast, olga: Client) -> None:
    SegmentFactory(operation=cast.operation, name="Corridor")
    body = {
        "segment": "corridor",
        "status": "closed",
        "valid_until": "2999-01-01T00:00:00Z",
        "source": "Field team",
    }
    assert send(olga, "access-observations", body).status_code == 201
    road = olga.get("/api/v1/route-segments/?retired=false").json()["results"][0]
    assert (road["status"], road["status_basis"]) == ("closed", "agreed")
    assert StatusObservation.objects.get().reporter == cast.olga
    lines = b"".join(olga.get("/api/v1/route-segments/?format=geojson"))
    feature = json.loads(lines)["features"][0]
    assert feature["geometry"]["type"] == "LineString"
    assert feature["properties"]["status"] == "closed"


def test_partners_report_by_token_only_and_observers_not_at_all(cast: Cast, olga: Client) -> None:
    for who in ("paula", "oscar", "anna"):
        client = Client()
        client.force_login(cast.people[who])
        assert send(client, "access-constraints", constraint()).status_code == 403, who
    _, secret = make(
        cast.operation, actor=cast.actor("paula"), name="portal", scopes=["read", "write"], days=7
    )
    headers = {"Authorization": f"Bearer {secret}"}
    answer = Client().post(
        "/api/v1/access-constraints/",
        json.dumps(constraint(sensitivity="partner")),
        content_type="application/json",
        headers=headers,
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["reported_through"] == "UNHCR"


def test_a_score_is_for_access_officers_to_give(cast: Cast, olga: Client) -> None:
    body = {
        "pcode": "AA01",
        "score": "X",
        "as_of": "2020-11-20",
        "valid_until": "2020-12-20",
        "source": "ACAPS",
    }
    assert send(olga, "access-scores", body).status_code == 403
    olga.force_login(cast.aida)
    assert send(olga, "access-scores", body).json()["score"] == "X"


def test_each_reads_what_the_fact_is_meant_for(cast: Cast, client: Client) -> None:
    for level in ("public", "partner", "internal", "restricted"):
        ConstraintFactory(operation=cast.operation, title=level, sensitivity=level)
    expected = {"aida": 4, "olga": 3, "paula": 2, "oscar": 2, "outsider": 0}
    for who, count in expected.items():
        client.force_login(cast.people[who])
        listed = client.get("/api/v1/access-constraints/").json()["results"]
        assert len(listed) == count, who


def test_filters_say_what_they_expect(cast: Cast, client: Client) -> None:
    ObservationFactory(operation=cast.operation)
    client.force_login(cast.aida)
    assert len(client.get("/api/v1/access-observations/?valid=true").json()["results"]) == 1
    assert client.get("/api/v1/access-observations/?valid=false").json()["results"] == []
    assert client.get("/api/v1/access-observations/?valid=maybe").status_code == 400


def test_notices_and_requests_are_read_by_whom_they_are_for_without_route_and_time(
    cast: Cast, client: Client
) -> None:
    for sensitivity in ("partner", "internal", "restricted"):
        NoticeFactory(operation=cast.operation, sensitivity=sensitivity)
        MovementFactory(operation=cast.operation, sensitivity=sensitivity)
    expected = {"paula": 1, "olga": 2, "aida": 3, "outsider": 0}
    for path in ("deconfliction-notices", "movement-requests"):
        seen = {}
        for who in expected:
            client.force_login(cast.people[who])
            seen[who] = client.get(f"/api/v1/{path}/").json()["results"]
        assert {who: len(rows) for who, rows in seen.items()} == expected
        assert not {"segments", "starts_at", "ends_at"} & set(seen["paula"][0])
        assert seen["aida"][0]["starts_at"]
        table: Any = client.get(f"/api/v1/{path}/?format=csv")
        assert b"".join(table).count(b"\n") >= 1
