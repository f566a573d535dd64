"""Receipts from devices: kept whatever they say, once, with their pictures, and posted apart."""

import hashlib
import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from convoys import closing, loading, papers, receipt
from convoys.models import Receipt, ReceiptPhoto, Waybill
from core.models import Role
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.factories.core import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "/field/api/waybills"


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give ten and five tonnes that are on the road."""
    made = begin(cast)
    made.carry([10, 5])
    return made.go()


@pytest.fixture
def uma(cast: Cast, client: Client) -> Client:
    """Give the browser of a receiver of the consignee."""
    user = UserFactory(username="uma")
    MembershipFactory(
        user=user,
        operation=cast.operation,
        organisation=cast.organisations["UNHCR"],
        role=Role.RECEIVER,
    )
    client.force_login(user)
    return client


def photo(colour: str = "red", *, place: bool = True) -> bytes:
    """Return a JPEG that says where it was taken."""
    exif = Image.Exif()
    if place:
        exif[0x8825] = {1: "N", 2: (40.0, 10.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def written(road: Road, *lines: Any, pictures: Any = (), **more: Any) -> dict[str, Any]:
    """Return a receipt as a device writes it; a line is (load, good, damaged, missing)."""
    body = {
        "id": str(uuid4()),
        "occurred_at": timezone.now().isoformat(),
        "receiver": "Uma",
        "final": False,
        "lines": [
            {"load": str(load.pk), "good": good, "damaged": damaged, "missing": missing}
            for load, good, damaged, missing in lines
        ],
        "files": [
            {"name": name, "kind": kind, "sha256": hashlib.sha256(content).hexdigest()}
            for name, kind, content in pictures
        ],
    }
    return body | more


def send(client: Client, road: Road, body: Any, *files: tuple[str, bytes]) -> Any:
    """Send a receipt with some of its files."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    parts: dict[str, Any] = {"receipt": SimpleUploadedFile("receipt.json", content)}
    for name, data in files:
        parts[name] = SimpleUploadedFile("upload", data)
    return client.post(f"{LIST}/{road.waybills[0].pk}/receipts", parts)


def test_what_is_under_way_to_the_own_organisation_is_listed_without_plate_and_driver(
    road: Road, uma: Client, cast: Cast
) -> None:
    answer = uma.get(LIST)
    (waybill,) = answer.json()["waybills"]
    assert [(line["qty"], line["unit"]) for line in waybill["lines"]] == [("10", "t"), ("5", "t")]
    assert waybill["seals"] == ["A1", "A2"]
    leg = road.waybills[0].leg
    text = answer.content.decode()
    assert leg.vehicle.plate not in text
    assert leg.driver is not None
    assert leg.driver.name not in text
    assert answer.json()["items"]["caucasus"]
    uma.force_login(cast.rauf)  # a receiver of another organisation
    assert uma.get(LIST).json()["waybills"] == []
    assert "receipts" in uma.get("/field/api/session").json()["work"]
    assert uma.get("/field/").status_code == 200


def test_a_receipt_comes_file_by_file_and_is_posted(road: Road, uma: Client) -> None:
    first = road.loads()[0]
    pictures = [("a.jpg", "photo", photo()), ("s.jpg", "signature", photo("blue"))]
    body = written(road, (first, "8", "1", "1"), pictures=pictures, seal_states={"A1": "broken"})
    content = json.dumps(body).encode()
    told = [
        send(uma, road, content).json()["receipt"],
        send(uma, road, content, ("a.jpg", pictures[0][2])).json()["receipt"],
        send(uma, road, content, ("s.jpg", pictures[1][2])).json()["receipt"],
        send(uma, road, content, ("s.jpg", pictures[1][2])).json()["receipt"],
    ]
    assert [one["missing"] for one in told] == [["a.jpg", "s.jpg"], ["s.jpg"], [], []]
    assert {one["sha256"] for one in told} == {hashlib.sha256(content).hexdigest()}
    assert told[0]["instance_id"] == body["id"]
    kept = Receipt.objects.get()
    assert kept.state == Receipt.State.POSTED
    assert {one["sha256"] for one in told[-1]["files"]} == {
        hashlib.sha256(data).hexdigest() for _name, _kind, data in pictures
    }
    first.balance.refresh_from_db()
    assert (first.balance.good_qty, first.balance.outstanding_qty) == (8, 0)
    assert {one.kind for one in ReceiptPhoto.objects.all()} == {"photo", "signature"}
    with Image.open(ReceiptPhoto.objects.get(name="a.jpg").file) as image:
        assert not image.getexif()


def test_the_same_id_with_other_content_is_refused_and_the_first_is_untouched(
    road: Road, uma: Client
) -> None:
    load = road.loads()[0]
    body = written(road, (load, "10", "0", "0"))
    assert send(uma, road, body).status_code == 201
    other = body | {"receiver": "Somebody else"}
    assert send(uma, road, other).status_code == 409
    assert Receipt.objects.get().receiver == "Uma"


def test_files_that_the_receipt_does_not_name_are_refused(road: Road, uma: Client) -> None:
    body = written(road, pictures=[("a.jpg", "photo", photo())])
    for name, content in (("b.jpg", photo()), ("a.jpg", photo("blue")), ("a.jpg", b"<html>")):
        answer = send(uma, road, body, (name, content))
        assert (answer.status_code, answer.json()["code"]) == (400, "receipt_file_unknown")
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"id": "1"}', b"\xff" * 9])
def test_what_is_no_receipt_is_refused_in_words(road: Road, uma: Client, content: bytes) -> None:
    assert send(uma, road, content).status_code == 400
    assert uma.post(f"{LIST}/{road.waybills[0].pk}/receipts").status_code == 400


def test_a_second_receiver_is_kept_and_waits_for_a_decision(road: Road, uma: Client) -> None:
    loads = road.loads()
    lines = [(load, str(load.qty.normalize()), "0", "0") for load in loads]
    assert send(uma, road, written(road, (loads[1], "5", "0", "0"))).status_code == 201
    assert send(uma, road, written(road, *lines)).status_code == 201
    states = list(Receipt.objects.order_by("recorded_at").values_list("state", flat=True))
    assert states == ["posted", "needs_resolution"]


def test_a_wrong_clock_and_a_closed_convoy_refuse_nothing(
    road: Road, uma: Client, cast: Cast
) -> None:
    loads = road.loads()
    lines = [(load, str(load.qty.normalize()), "0", "0") for load in loads]
    in_years = (timezone.now() + timedelta(days=1100)).isoformat()
    assert send(uma, road, written(road, *lines, occurred_at=in_years)).status_code == 201
    run = road.arrive().fresh()
    closing.reconcile(run, actor=cast.actor("lars"))
    closing.close(road.fresh(), actor=cast.actor("carmen"))
    assert send(uma, road, written(road, *lines)).status_code == 201
    late = Receipt.objects.order_by("recorded_at").last()
    assert late is not None
    assert late.state == Receipt.State.NEEDS_RESOLUTION
    assert "0 are outstanding" in late.state_reason
    leg = road.waybills[0].leg
    leg.refresh_from_db()
    assert leg.arrived_at is not None
    assert leg.arrived_at <= timezone.now()


def test_a_receipt_of_a_waybill_that_was_voided_is_kept(cast: Cast, uma: Client) -> None:
    made = begin(cast)
    made.carry([10])
    made.ready()
    body = written(made, (made.loads()[0], "10", "0", "0"))
    loading.void(Waybill.objects.get(pk=made.waybills[0].pk), actor=cast.actor("lars"), reason="x")
    assert send(uma, made, body).status_code == 201
    kept = Receipt.objects.get()
    assert (kept.state, "voided" in kept.state_reason) == (Receipt.State.NEEDS_RESOLUTION, True)
    receipt.set_aside(kept, actor=cast.actor("carmen"), reason="It never left")


def test_pictures_show_on_the_page_in_the_api_and_on_paper(
    road: Road, uma: Client, cast: Cast
) -> None:
    first = road.loads()[0]
    pictures = [("a.jpg", "photo", photo()), ("s.png", "signature", photo("blue"))]
    body = written(
        road,
        (first, "9", "0", "1"),
        pictures=pictures,
        seal_states={"A1": "intact", "A2": "broken"},
    )
    send(uma, road, body, ("a.jpg", pictures[0][2]))
    kept = Receipt.objects.get()
    page = uma.get(kept.get_absolute_url()).content.decode()
    assert "A2</bdi>: broken" in page
    assert "s.png" in page  # named, and not here yet
    address = f"/api/v1/receipts/{kept.pk}/pictures/"
    assert uma.get(address).json()["missing"] == ["s.png"]
    parts = {"s.png": SimpleUploadedFile("x", pictures[1][2])}
    assert uma.post(address, parts).status_code == 201
    told = uma.get(address).json()
    assert ([one["name"] for one in told["pictures"]], told["missing"]) == (["a.jpg", "s.png"], [])
    assert uma.get("/api/v1/receipts/").json()["results"][0]["pictures"] == 2
    shown = uma.get(f"{kept.get_absolute_url()}pictures/a.jpg")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert uma.get(told["pictures"][0]["url"]).status_code == 200
    assert uma.get(f"{address}none.jpg").status_code == 404
    client = Client()
    client.force_login(cast.outsider)
    assert client.post(address).status_code == 404
    papers.make("receipt", str(kept.pk), "http://localhost/")
    pages = PdfReader(Receipt.objects.get().pdf).pages
    assert sum(len(page.images) for page in pages) == 2


def test_others_cannot_send(road: Road, cast: Cast, client: Client) -> None:
    body = written(road)
    for who, status in (("lars", 403), ("outsider", 404), ("oscar", 404)):
        client.force_login(cast.people[who])
        assert send(client, road, body).status_code == status, who
    assert not Receipt.objects.exists()
