"""Records on their way from a phone without a network to the server: each arrives, and once."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from ops import postgres
from tests.faults.cluster import Cluster
from tests.faults.live import Live, is_root, until
from tests.journeys.field_day import VISIT, arrived, fill, finish, visit
from tests.journeys.phone import Phone
from tests.journeys.robot import Robot
from tests.site import Site, collected_static
from tests.wire import Wire

DEMONSTRATION = "Multi-sector initial rapid assessment"
POST = b"POST /field/api/forms/"
XFORM = re.compile(rb"GET /field/api/forms/\d+/xform")
MEGABYTES = 400


def four_records(wire: Wire, phone: Phone, photos: list[Path]) -> list[str]:
    """Open once, go offline, reopen the browser, finish three records, be killed in the fourth."""
    phone.sign_in("officer")
    wire.become("down")
    phone.close()
    page = phone.begin(DEMONSTRATION)
    Robot(page, photo=photos[0]).fill()
    ids = [finish(page)]
    expect(page.get_by_role("heading", name="Finished, waiting to be sent")).to_be_visible()
    page.get_by_role("link", name="Copy as a new record").click()
    page.locator(".question").first.wait_for()
    while page.get_by_role("button", name="Next", exact=True).is_visible():
        page.get_by_role("button", name="Next", exact=True).click()
    ids += [finish(page), visit(phone, "Goris", photos)]

    page = phone.begin(VISIT)
    fill(page, "Sisian", photos)
    expect(page.get_by_text("Saved on this device")).to_be_visible()
    page.wait_for_timeout(1000)
    phone.kill()
    page = phone.open("/field/#/records/drafts")
    page.get_by_role("link", name="Sisian").click()
    expect(page.get_by_role("textbox", name="Place")).to_have_value("Sisian")
    expect(page.locator(".upload__preview")).to_have_count(2)
    ids.append(finish(page))
    assert len(set(ids)) == 4
    assert {row["state"] for row in phone.records().values()} == {"finalised"}
    return ids


def all_is_there(site: Site, phone: Phone, ids: list[str]) -> None:
    """Check rows, files, hashes, the empty queue, and the receipt on the screen."""
    arrived(site, phone, ids)
    phone.open("/field/#/records/waiting")
    expect(phone.page.get_by_text("Nothing waits to be sent")).to_be_visible()
    for one in ids:
        page = phone.open(f"/field/#/record/{one}")
        expect(page.get_by_role("heading", name="Received")).to_be_visible()
        receipt = phone.records()[one]["receipt"]["id"]
        expect(page.locator(".facts__code").first).to_have_text(receipt)


def test_records_filled_without_a_network_arrive_once(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 21: opened once, offline, closed, killed in the middle; then all is there."""
    ids = four_records(wire, phone, photos)
    wire.become("open")
    phone.press_send(tries=3)
    all_is_there(site, phone, ids)


def test_the_page_of_a_captive_portal_is_no_receipt(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 30: a stranger answers 200 with a page of its own."""
    ids = four_records(wire, phone, photos)
    wire.become("portal")
    phone.press_send()
    expect(phone.page.get_by_text("This network answers instead of Tessera")).to_be_visible()
    assert {phone.records()[one]["state"] for one in ids} == {"finalised"}
    assert wire.portal_answers > 0
    wire.become("open")
    phone.press_send(tries=3)
    all_is_there(site, phone, ids)


def killing(site: Site, at: int, direction: str) -> Callable[[str, bytes], bool]:
    """Return a tap that kills the web server at the n-th post: before it, or before its answer."""
    seen = {"posts": 0, "killed": False}

    def tap(way: str, data: bytes) -> bool:
        if way == "up" and POST in data:
            seen["posts"] += 1
        if seen["killed"] or seen["posts"] < at or way != direction:
            return True
        seen["killed"] = True
        site.kill("web")
        return False

    return tap


@pytest.mark.parametrize("direction", ["up", "down"])
def test_the_web_server_is_killed_between_the_requests(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path], direction: str
) -> None:
    """Faults 1, 2, 18: -9 before the second file is read, or once it is kept and untold."""
    ids = four_records(wire, phone, photos)
    wire.tap = killing(site, at=2, direction=direction)
    wire.become("open")
    phone.press_send()
    assert "web" not in site.programs
    assert "finalised" in {phone.records()[one]["state"] for one in ids}
    site.start_web()
    site.wait()
    phone.press_send(tries=3)
    all_is_there(site, phone, ids)


@pytest.fixture
def cluster(site: Site, visits: None) -> Iterator[Cluster]:
    """Give a database server of the test's own, with all that the site has."""
    running = Cluster(MEGABYTES)
    try:
        running.start(site.database)
        yield running
    finally:
        running.stop()


@pytest.fixture
def apart(site: Site, cluster: Cluster) -> Iterator[Site]:
    """Give a site on it: the web server alone, with a broker database that no worker looks at."""
    redis = os.environ["TESSERA_REDIS_URL"].partition("?")[0]
    running = Live("apart", TESSERA_DATABASE_URL=cluster.url, TESSERA_REDIS_URL=f"{redis}?db=8")
    running.home, running.database = cluster.url, postgres.DATABASE
    (running.folder / "static").symlink_to(collected_static())
    shutil.copytree(site.folder / "media", running.folder / "media")
    try:
        running.up()
        yield running
    finally:
        running.stop()


@pytest.mark.skipif(not is_root(), reason="only root can mount a small file system")
def test_the_database_is_restarted_meanwhile(
    apart: Site, cluster: Cluster, wire: Wire, phone: Phone, photos: list[Path]
) -> None:
    """Fault 3: PostgreSQL stops at once, in the middle of the second post, and comes back."""
    wire.target = apart.port
    ids = four_records(wire, phone, photos)
    posts: list[bytes] = []

    def tap(way: str, data: bytes) -> bool:
        if way == "up" and POST in data:
            posts.append(data)
            if len(posts) == 2:
                cluster.restart()
        return True

    wire.tap = tap
    wire.become("open")
    phone.press_send()
    # The server asked for some patience; the device goes on by itself.
    until(lambda: {row["state"] for row in phone.records().values()} == {"sent"})
    assert len(posts) > 2
    all_is_there(apart, phone, ids)


def test_a_visit_that_breaks_off_is_made_again(
    site: Site, wire: Wire, phone: Phone, visits: None
) -> None:
    """The line breaks while forms come to the device: it asks again until they are there."""
    cut: list[bytes] = []

    def tap(way: str, data: bytes) -> bool:
        if way == "up" and XFORM.match(data) and len(cut) < 3:
            cut.append(data)
            return False
        return True

    wire.tap = tap
    phone.sign_in("officer")
    assert len(cut) == 3


def test_a_line_that_loses_a_third(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 31: segments late, connections cut; it takes longer, and that is all."""
    ids = four_records(wire, phone, photos)
    wire.become("lossy")
    phone.press_send(tries=40)
    assert wire.cuts > 0
    wire.become("open")
    all_is_there(site, phone, ids)


def test_two_tabs_send_one_queue_once(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 20: both are told to send at the same moment."""
    phone.sign_in("officer")
    wire.become("down")
    ids = [visit(phone, f"Agarak {number}", photos) for number in range(3)]
    until(lambda: all(row["attempts"] for row in phone.records().values()))
    posts: list[bytes] = []
    wire.tap = lambda way, data: bool(posts.append(data) or True) if POST in data else True
    wire.become("open")
    first = phone.open("/field/#/records/waiting")
    second = phone.tab("/field/#/records/waiting")
    second.locator(".together .button--primary").wait_for()
    press: Any = "document.querySelector('.together .button--primary')?.click()"
    first.evaluate(press)
    second.evaluate(press)
    for page in (first, second):
        expect(page.get_by_text("Nothing waits to be sent")).to_be_visible()
    arrived(site, phone, ids)
    # Each had been tried before: one request asks what is there, one brings each file.
    assert len(posts) == 3 * len(ids)
