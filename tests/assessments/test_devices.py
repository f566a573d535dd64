"""Devices report in, are listed for those who manage their people, and are shut out when lost."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from assessments import devices
from assessments.models import Device
from core.errors import Problem
from tests.assessments.desk import Desk
from tests.assessments.test_field import signed_in
from tests.assessments.workbooks import record
from tests.cast import Cast

URL = "/field/api/beacon"


def report(**changes: Any) -> dict[str, Any]:
    """Return what a device says about itself."""
    unsent = {
        "instance_id": "uuid:one",
        "form_id": "needs",
        "version": "1",
        "title": "Needs",
        "state": "finalised",
        "changed_at": "2020-11-23T10:15:00+04:00",
    }
    said = {
        "device_id": "tessera:1",
        "name": "Firefox on Linux",
        "app_version": "1.0.0",
        "client_time": timezone.now().isoformat(),
        "unsent": [unsent, unsent | {"instance_id": "uuid:two", "state": "draft"}],
        "storage": {"usage": 1_000, "quota": 2_000_000, "persisted": True},
    }
    return said | changes


def tell(client: Client, said: Any) -> Any:
    """Send a report as the field client does."""
    token = client.get("/field/api/session").json()["csrf_token"]
    body = said if isinstance(said, str) else json.dumps(said)
    return client.post(URL, body, "application/json", headers={"X-CSRFToken": token})


def test_a_device_reports_what_it_holds(desk: Desk) -> None:
    client = signed_in(desk.cast, "olga")
    for _ in range(2):
        answer = tell(client, report())
    assert answer.json()["revoked"] is False
    assert answer.json()["server_time"]
    kept = Device.objects.get()
    assert (kept.user, kept.name, kept.storage_persisted) == (
        desk.cast.olga,
        "Firefox on Linux",
        True,
    )
    assert [one["state"] for one in kept.unsent] == ["finalised", "draft"]
    assert kept.skew is not None
    assert abs(kept.skew) < 60


def test_what_arrived_since_is_told_from_what_has_not(desk: Desk) -> None:
    tell(signed_in(desk.cast, "olga"), report())
    sent = desk.send(record(instance="uuid:one")).submission
    found = devices.unsent_of(Device.objects.all(), desk.cast.operation)
    assert [one.arrived for one in found[Device.objects.get().pk]] == [sent.pk, None]
    assert devices.unsent_of(Device.objects.all(), desk.cast.elsewhere) == {
        Device.objects.get().pk: []
    }


@pytest.mark.parametrize("years", [3, -10])
def test_a_clock_that_is_wrong_is_noticed_and_changes_nothing(cast: Cast, years: int) -> None:
    theirs = timezone.now() + timedelta(days=365 * years)
    tell(signed_in(cast, "olga"), report(client_time=theirs.isoformat()))
    kept = Device.objects.get()
    assert kept.skew is not None
    assert abs(kept.skew - 365 * years * 86_400) < 60
    assert abs((kept.last_seen - timezone.now()).total_seconds()) < 60


@pytest.mark.parametrize(
    "said",
    ["", "[]", "{", '{"device_id": 3}', "[" * 100_000, json.dumps({"device_id": " "}), "NaN"],
)
def test_a_report_that_makes_no_sense_is_refused(cast: Cast, said: str) -> None:
    assert tell(signed_in(cast, "olga"), said).status_code == 400
    assert not Device.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"unsent": "many"},
        {"unsent": [3, {"state": "finalised"}, {"instance_id": "x", "state": "sent"}]},
        {"storage": None, "client_time": "yesterday", "name": None},
        {"storage": {"usage": 1e300, "quota": -1, "persisted": "yes"}},
        {"client_time": "0001-01-01T00:00:00+00:00", "name": "a\0b" * 500},
    ],
)
def test_parts_that_make_no_sense_are_left_out(cast: Cast, changes: dict[str, Any]) -> None:
    assert tell(signed_in(cast, "olga"), report(**changes)).status_code == 200
    kept = Device.objects.get()
    assert kept.storage_usage in {None, 1_000}
    assert all(one["instance_id"].startswith("uuid:") for one in kept.unsent)


def test_a_lost_device_is_signed_out_and_learns_why_when_somebody_signs_in(cast: Cast) -> None:
    client = signed_in(cast, "olga")
    tell(client, report())
    devices.revoke(Device.objects.get(), actor=cast.actor("carmen"))
    assert client.get("/field/api/session").status_code == 401
    again = signed_in(cast, "olga")
    assert tell(again, report()).json()["revoked"] is True
    assert again.get("/field/api/session").status_code == 401
    devices.allow_again(Device.objects.get(), actor=cast.actor("carmen"))
    assert tell(signed_in(cast, "olga"), report()).json()["revoked"] is False


@pytest.mark.parametrize(("who", "code"), [("olga", "not_found"), ("outsider", "not_found")])
def test_only_those_who_manage_the_people_shut_devices_out(cast: Cast, who: str, code: str) -> None:
    tell(signed_in(cast, "olga"), report())
    with pytest.raises(Problem, match=code):
        devices.revoke(Device.objects.get(), actor=cast.actor(who))
    assert Device.objects.get().revoked_at is None


def test_one_device_of_two_people_is_two_rows(cast: Cast) -> None:
    for who in ("olga", "tigran"):
        tell(signed_in(cast, who), report())
    assert Device.objects.count() == 2


def test_the_key_for_exports_stays_and_differs_by_person(cast: Cast) -> None:
    keys = [
        signed_in(cast, who).get("/field/api/session").json()["export_key"]
        for who in ("olga", "olga", "tigran")
    ]
    assert keys[0] == keys[1] != keys[2]
    assert len(keys[0]) == 64


def test_time_going_backward_on_the_server_does_not_matter(cast: Cast) -> None:
    client = signed_in(cast, "olga")
    tell(client, report())
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        assert tell(client, report(unsent=[])).status_code == 200
    assert Device.objects.get().unsent == []


def test_a_coordinator_sees_devices_and_shuts_out_a_lost_one(desk: Desk) -> None:
    client = Client()
    client.force_login(desk.cast.carmen)
    url = "/o/caucasus/administration/devices/"
    assert "No device has reported yet" in client.get(url).content.decode()
    tell(signed_in(desk.cast, "olga"), report())
    sent = desk.send(record(instance="uuid:one")).submission
    text = client.get(url).content.decode()
    assert "Firefox on Linux" in text
    assert f"{url}imports/" in text
    assert "No device fits" in client.get(url, {"q": "nobody"}).content.decode()
    page = f"{url}{Device.objects.get().pk}/"
    text = client.get(page).content.decode()
    assert f"/submissions/{sent.pk}/" in text
    assert "1 record on it has not arrived" in text
    client.post(f"{page}revoke/")
    assert "Revoked by Carmen" in client.get(page).content.decode()
    client.post(f"{page}allow/")
    assert Device.objects.get().revoked_at is None
