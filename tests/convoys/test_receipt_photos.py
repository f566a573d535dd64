"""Photos of a receipt that is written on a page: chosen with it, kept once, shown with it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html
from PIL import Image

from convoys.models import Entry, Receipt
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.convoys.test_receiving import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give ten tonnes that are on the road."""
    made = begin(cast)
    made.carry([10])
    return made.go()


def sent(client: Client, road: Road, *files: bytes, **more: Any) -> str:
    """Send the form of a receipt with photos; return the page that follows."""
    address = f"/o/caucasus/runs/{road.run.pk}/do/receive/?on={road.waybills[0].pk}"
    form = client.get(address).content.decode()
    assert ('enctype="multipart/form-data"' in form, "multiple" in form) == (True, True)
    photos = [SimpleUploadedFile(f"{number}.jpg", one) for number, one in enumerate(files)]
    typed = {"occurred_at": "2030-05-02T10:00", "receiver": "Rauf", "good_0": "9"} | more
    return str(client.post(address, typed | {"photos": photos}, follow=True).content.decode())


def test_photos_are_kept_once_without_their_place_and_shown(
    cast: Cast, road: Road, client: Client
) -> None:
    client.force_login(cast.rauf)
    sent(client, road, photo("red"), photo("blue"), photo("red"))
    kept = Receipt.objects.get()
    assert (kept.state, kept.photos.count(), len(kept.body["files"])) == ("posted", 2, 2)
    page = client.get(kept.get_absolute_url()).content.decode()
    for one in kept.photos.all():
        address = f"{kept.get_absolute_url()}pictures/{one.name}"
        assert address in page
        assert client.get(address).status_code == 200
        with Image.open(one.file) as image:
            assert not image.getexif()


def test_what_is_no_picture_is_told_and_what_was_typed_stays(
    cast: Cast, road: Road, client: Client
) -> None:
    client.force_login(cast.rauf)
    page = sent(client, road, photo(), b"%PDF-1.4", remarks="Two boxes wet")
    told = "“1.jpg” is no JPEG, PNG or WebP picture."
    assert (told in page, "Two boxes wet" in page) == (True, True)
    assert not Receipt.objects.exists()
    many = sent(client, road, *([photo()] * 41))
    assert "Choose 40 photos at most." in many
    assert not Receipt.objects.exists()


def test_a_receipt_needs_no_photo(cast: Cast, road: Road, client: Client) -> None:
    client.force_login(cast.rauf)
    sent(client, road)
    assert "files" not in Receipt.objects.get().body


def test_a_line_says_what_happened_to_what_is_missing(
    cast: Cast, road: Road, client: Client
) -> None:
    client.force_login(cast.rauf)
    sent(client, road, missing_0="1", reason_0="Fell into the river")
    (line,) = Receipt.objects.get().body["lines"]
    assert (line["missing"], line["reason"]) == ("1", "Fell into the river")
    missing = Entry.objects.get(kind="short_missing")
    assert missing.reason == "Fell into the river"
    address = f"/o/caucasus/runs/{road.run.pk}/do/receive/?on={road.waybills[0].pk}"
    (row,) = html.fromstring(client.get(address).content).xpath("//tr[@data-outstanding]")
    assert float(row.get("data-outstanding")) == 0
