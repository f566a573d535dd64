"""Receipts that a device could not send come in by its file: for who wrote them, once."""

import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from assessments import export_keys, record_imports
from assessments.models import RecordImport
from assessments.record_files import FORMAT, canonical
from convoys.models import Receipt
from core import jobs
from core.errors import Problem
from core.models import Role, User
from tests.assessments.test_record_imports import part
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.convoys.test_receiving import photo, written
from tests.factories.core import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give ten and five tonnes that are on the road."""
    made = begin(cast)
    made.carry([10, 5])
    return made.go()


@pytest.fixture
def uma(cast: Cast) -> User:
    """Give a receiver of the consignee."""
    user: User = UserFactory(username="uma")
    MembershipFactory(
        user=user,
        operation=cast.operation,
        organisation=cast.organisations["UNHCR"],
        role=Role.RECEIVER,
    )
    return user


def exported(road: Road, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a receipt as the device exports it."""
    waybill = road.waybills[0]
    return {
        "kind": "receipt",
        "subject": str(waybill.pk),
        "form_id": "receipt",
        "version": f"{waybill.number} v1",
        "title": "Receipt of cargo",
        "instance_id": body["id"],
        "state": "finalised",
        "submission": part(json.dumps(body).encode()),
        "files": [],
    } | more


def imported(cast: Cast, user: User, records: list[Any], **changes: Any) -> RecordImport:
    """Bring and import somebody's file as Carmen."""
    digest = hashlib.sha256(canonical(records)).hexdigest()
    made = {
        "format": FORMAT,
        "exported_at": "2020-11-23T10:15:00.000Z",
        "device_id": "tessera:1",
        "user": user.username,
        "records": records,
        "digest": digest,
        "signature": export_keys.sign(digest, user),
    } | changes
    carmen = cast.actor("carmen")
    found = record_imports.receive(
        cast.operation, actor=carmen, content=json.dumps(made).encode(), name="a.json"
    )
    begun = record_imports.confirm(found, actor=carmen, with_drafts=False, vouched=False)
    if begun.state == RecordImport.State.RUNNING:
        jobs.run(str(begun.job_id))
    return RecordImport.objects.get(pk=begun.pk)


def test_a_receipt_counts_for_who_wrote_it_with_its_pictures_and_once(
    cast: Cast, road: Road, uma: User, client: Client
) -> None:
    picture = photo()
    load = road.loads()[0]
    body = written(road, (load, "8", "1", "1"), pictures=[("a.jpg", "photo", picture)])
    record = exported(road, body, files=[part(picture, name="a.jpg")])
    done = imported(cast, uma, [record])
    kept = Receipt.objects.get()
    assert [(one["check"], one["outcome"]) for one in done.report] == [("new", "received")]
    assert (kept.reporter, kept.state, kept.photos.get().name) == (uma, "posted", "a.jpg")
    client.force_login(cast.carmen)
    assert kept.get_absolute_url() in client.get(done.get_absolute_url()).content.decode()
    # The same receipt in a later file of the device.
    again = imported(cast, uma, [record, exported(road, written(road, (load, "0", "0", "0")))])
    assert [one["outcome"] for one in again.report] == ["here", "received"]
    load.balance.refresh_from_db()
    assert (Receipt.objects.count(), load.balance.good_qty) == (2, 8)


def test_a_receipt_that_cannot_be_taken_says_why(cast: Cast, road: Road, uma: User) -> None:
    body = written(road, (road.loads()[0], "8", "1", "1"))
    imported(cast, uma, [exported(road, body)])
    broken = exported(road, body)
    records = [
        exported(road, body, subject=str(uuid4())),
        exported(road, body, subject="WB-1"),
        exported(road, body | {"receiver": "Somebody else"}),
        broken | {"submission": broken["submission"] | {"sha256": "0" * 64}},
        exported(road, {"id": "x"}),
    ]
    done = imported(cast, uma, records)
    expected = ["unknown_waybill", "unknown_waybill", "other", "damaged", "damaged"]
    assert [one["check"] for one in done.report or []] == expected
    assert Receipt.objects.count() == 1


def test_a_receipt_by_who_may_not_receive_is_refused(cast: Cast, road: Road) -> None:
    body = written(road, (road.loads()[0], "8", "1", "1"))
    (entry,) = imported(cast, cast.outsider, [exported(road, body)]).report
    assert (entry["outcome"], bool(entry["message"])) == ("refused", True)
    assert not Receipt.objects.exists()


def test_a_wrong_signature_is_told_and_nothing_is_taken(cast: Cast, road: Road, uma: User) -> None:
    body = written(road, (road.loads()[0], "8", "1", "1"))
    with pytest.raises(Problem) as refusal:
        imported(cast, uma, [exported(road, body)], signature="0" * 64)
    assert "signature is not that of" in refusal.value.detail
    assert not Receipt.objects.exists()
