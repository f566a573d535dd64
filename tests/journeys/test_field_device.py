"""What a device in the field must stand: full, private, shared, revoked, updated, wrong of time."""

import datetime as dt
import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, expect

from tests.journeys.field_day import VISIT, arrived, fill, finish, publish_visit, visit
from tests.journeys.phone import Phone
from tests.site import Site
from tests.wire import Wire

# The browser closes the database of every page under it, as iOS does in the background.
DELETE_DATABASE = """() => new Promise((resolve) => {
  const one = indexedDB.deleteDatabase('tessera-field');
  one.onsuccess = one.onerror = one.onblocked = resolve;
})"""

# The browser closes the database and opens it no more, as where its files were damaged.
BREAK_DATABASE = (
    """() => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = () => { throw new DOMException('damaged', 'UnknownError'); };
  window.mended = () => { IDBFactory.prototype.open = open; };
  return ("""
    + DELETE_DATABASE
    + """)();
}"""
)


def test_a_full_device_says_so_and_drops_nothing(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 22: the room ends in the middle of a form; what was entered goes to a file."""
    phone.sign_in("officer")
    phone.close()
    page = phone.open("about:blank")
    assert phone.context is not None
    devtools = phone.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": wire.url, "quotaSize": 1_000})
    page = phone.open("/field/#/")
    expect(page.get_by_text("There is almost no room left on this device")).to_be_visible()
    page = phone.begin(VISIT)
    fill(page, "Goris, upper town", photos)
    warning = page.locator(".notice--alert")
    expect(warning).to_contain_text("could not be saved on this device")
    with page.expect_download() as waiting:
        warning.get_by_role("button", name="Save to a file").click()
    saved = json.loads(waiting.value.path().read_text())
    assert saved["format"] == "tessera-records/2"
    assert [len(one["files"]) for one in saved["records"]] == [2]
    assert saved["signature"]
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": wire.url})
    warning.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Saved on this device")).to_be_visible()
    one = finish(page)
    phone.press_send(tries=3)
    arrived(site, phone, [one])


def test_a_private_window_warns_before_a_form_is_filled(visit: Callable[..., Page]) -> None:
    """Fault 24: Chromium tells no page that it is private, so each is told that may lose things."""
    page = visit("officer", width=390, height=844)
    page.goto("/field/")
    expect(page.get_by_text("In a private window it is lost")).to_be_visible()


def test_a_database_that_vanishes_is_made_again(
    site: Site, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 23: deleted under an open form; what is on screen is saved anew."""
    phone.sign_in("officer")
    page = phone.begin(VISIT)
    page.get_by_role("textbox", name="Place").fill("Goris")
    expect(page.get_by_text("Saved on this device")).to_be_visible()
    page.evaluate(DELETE_DATABASE)
    fill(page, "Tegh", photos)
    one = finish(page)
    phone.press_send(tries=3)
    arrived(site, phone, [one])


def test_a_database_that_cannot_be_opened_again_leaves_the_answers_on_screen_and_a_file(
    site: Site, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 23: what cannot be kept stays in memory, can be saved to a file, and is kept later."""
    phone.sign_in("officer")
    page = phone.begin(VISIT)
    page.evaluate(BREAK_DATABASE)
    fill(page, "Brun", photos)
    warning = page.locator(".notice--alert")
    expect(warning).to_contain_text("could not be saved on this device")
    with page.expect_download() as waiting:
        warning.get_by_role("button", name="Save to a file").click()
    (saved,) = json.loads(waiting.value.path().read_text())["records"]
    assert b"Brun" in b64decode(saved["submission"]["base64"])
    assert len(saved["files"]) == 2
    page.evaluate("window.mended()")
    warning.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Saved on this device")).to_be_visible()
    one = finish(page)
    phone.press_send(tries=3)
    arrived(site, phone, [one])


def test_a_session_that_ends_in_the_field_keeps_the_queue(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 25: signed out while offline; after signing in again everything goes."""
    phone.sign_in("officer")
    wire.become("down")
    one = visit_of(phone, photos)
    site.rows("DELETE FROM django_session RETURNING session_key")
    wire.become("open")
    phone.press_send()
    expect(phone.page.get_by_text("You are no longer signed in on the server")).to_be_visible()
    assert phone.records()[one]["state"] == "finalised"
    phone.sign_in("officer")
    phone.press_send(tries=3)
    arrived(site, phone, [one])


def visit_of(phone: Phone, photos: list[Path]) -> str:
    """Fill and finish a record."""
    return visit(phone, "Shinuhayr", photos)


def test_somebody_else_finds_the_records_locked(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 26: another person signs in on the same phone."""
    phone.sign_in("officer")
    wire.become("down")
    one = visit_of(phone, photos)
    wire.become("open")
    assert phone.context is not None
    phone.context.clear_cookies()
    phone.sign_in("lead")
    page = phone.open("/field/#/device")
    expect(page.get_by_text("officer: 1 record not sent")).to_be_visible()
    page = phone.open(f"/field/#/record/{one}")
    expect(page.get_by_text("This record is not on this device")).to_be_visible()
    page = phone.open("/field/#/records/waiting")
    expect(page.get_by_text("Nothing waits to be sent")).to_be_visible()
    assert phone.records()[one]["state"] == "finalised"
    phone.context.clear_cookies()
    phone.sign_in("officer")
    phone.press_send(tries=3)
    arrived(site, phone, [one])


def test_signing_out_with_unsent_records_saves_them_first(
    wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 27: refused, or with the records in a file."""
    phone.sign_in("officer")
    page = phone.begin(VISIT)
    fill(page, "Halidzor", photos)
    expect(page.get_by_text("Saved on this device")).to_be_visible()
    page = phone.open("/field/#/device")
    page.get_by_role("button", name="Sign out").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("1 record has not been sent")
    asked.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Sign out").click()
    with page.expect_download() as waiting:
        asked.get_by_role("button", name="Save to a file and sign out").click()
    page.wait_for_url("**/accounts/login/**")
    saved = json.loads(waiting.value.path().read_text())
    assert [one["state"] for one in saved["records"]] == ["draft"]
    page = phone.open("/field/")
    page.wait_for_url("**/accounts/login/**")
    phone.sign_in("officer")
    page = phone.open("/field/#/records/drafts")
    expect(page.get_by_role("link", name="Halidzor")).to_be_visible()


def test_one_refused_record_blocks_no_other(
    site: Site, wire: Wire, phone: Phone, visits: None, photos: list[Path]
) -> None:
    """Fault 28: its form is closed meanwhile; the others go, and it goes once it is open again."""
    phone.sign_in("officer")
    wire.become("down")
    one = visit_of(phone, photos)
    close = "UPDATE assessments_form SET is_open = %s WHERE form_id = 'visit' RETURNING id"
    site.rows(close, False)
    try:
        wire.become("open")
        phone.press_send()
        page = phone.open(f"/field/#/record/{one}")
        expect(page.get_by_role("heading", name="The server refused this record")).to_be_visible()
        expect(page.locator(".notice--alert")).to_contain_text("closed")
    finally:
        site.rows(close, True)
    page.get_by_role("button", name="Send it again as it is").click()
    expect(page.get_by_role("heading", name="Received")).to_be_visible()
    arrived(site, phone, [one])


@pytest.mark.parametrize("years", [3, -10])
def test_a_clock_that_is_wrong_is_said(
    site: Site, phone: Phone, visits: None, photos: list[Path], years: int
) -> None:
    """Fault 13: shown to the reader; the time of the receipt is the server's."""
    phone.sign_in("officer")
    wrong = dt.datetime.now(dt.UTC) + dt.timedelta(days=365 * years)
    phone.page.clock.set_system_time(wrong)
    page = phone.open("/field/#/")
    page.reload()
    expect(page.get_by_text("This device's clock is")).to_contain_text("day")
    one = visit_of(phone, photos)
    phone.press_send(tries=3)
    arrived(site, phone, [one])
    received = dt.datetime.fromisoformat(phone.records()[one]["receipt"]["received_at"])
    assert (
        abs((received - dt.datetime.now(dt.UTC)).total_seconds())
        < dt.timedelta(days=1).total_seconds()
    )


@pytest.fixture
def next_release(site: Site) -> Iterator[Callable[[], None]]:
    """Give a function that puts the next release of the client on the site."""
    built = Path(str(finders.find("build/worker/sw.js")))
    before = built.read_text()

    def release() -> None:
        built.write_text(f"{before}\n// the next release\n")
        site.kill("web")
        site.start_web()
        site.wait()

    yield release
    built.write_text(before)
    site.kill("web")
    site.start_web()
    site.wait()


def test_an_update_waits_until_no_form_is_open(
    site: Site, phone: Phone, visits: None, photos: list[Path], next_release: Callable[[], None]
) -> None:
    """Fault 32: the next release comes in the middle of a form; input and files stay together."""
    phone.sign_in("officer")
    page = phone.begin(VISIT)
    page.get_by_role("textbox", name="Place").fill("Svarants")
    page.evaluate("window.sameForm = true")
    next_release()
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    page.wait_for_function(
        "() => navigator.serviceWorker.getRegistration().then((one) => one.waiting !== null)"
    )
    other = phone.tab("/field/#/device")
    other.get_by_role("button", name="Use it now").click()
    expect(other.get_by_text("A form is open in a tab")).to_be_visible()
    other.close()
    assert page.evaluate("window.sameForm")
    fill(page, "Svarants", photos)
    one = finish(page)
    phone.press_send(tries=3)
    arrived(site, phone, [one])
    page = phone.open("/field/#/device")
    with page.expect_navigation():
        page.get_by_role("button", name="Use it now").click()
    expect(page.get_by_role("button", name="Use it now")).to_have_count(0)
    assert phone.records()[one]["state"] == "sent"


RETURN = "Look at a shelter again"


def test_an_upgrade_while_the_device_is_away(
    site: Site,
    wire: Wire,
    phone: Phone,
    photos: list[Path],
    tmp_path: Path,
    next_release: Callable[[], None],
) -> None:
    """Faults 19, 29: form, server and client are new; records and a draft keep their version."""
    publish_visit(site, tmp_path, form_id="return", title=RETURN)
    phone.sign_in("officer")
    wire.become("down")
    ids = [visit(phone, f"Vank {number}", photos, RETURN) for number in range(3)]
    page = phone.begin(RETURN)
    page.get_by_role("textbox", name="Place").fill("Khot")
    expect(page.get_by_text("Saved on this device")).to_be_visible()
    publish_visit(site, tmp_path, "2", form_id="return", title=RETURN)
    next_release()
    wire.become("open")
    phone.press_send(tries=3)
    arrived(site, phone, ids)
    page = phone.open("/field/#/")
    page.reload()
    card = page.locator(".form-card", has_text=RETURN)
    expect(card).to_contain_text("Version 2")
    expect(card.locator(".form-card__kept")).to_be_visible()
    page = phone.open("/field/#/records/drafts")
    page.get_by_role("link", name="Khot").click()
    expect(page.get_by_role("textbox", name="Place")).to_have_value("Khot")
    fill(page, "Khot", photos)
    ids.append(finish(page))
    phone.press_send(tries=3)
    arrived(site, phone, ids)
    assert versions(site, ids) == [("1", "superseded")]
    new = visit(phone, "Harzhis", photos, RETURN)
    phone.press_send(tries=3)
    arrived(site, phone, [new])
    assert versions(site, [new]) == [("2", "published")]


def versions(site: Site, ids: list[str]) -> list[tuple[str, str]]:
    """Return the versions of forms that records were taken against, with their states."""
    query = """SELECT DISTINCT v.version, v.state FROM assessments_submission s
        JOIN assessments_formversion v ON v.id = s.version_id WHERE s.instance_id = ANY(%s)"""
    return [(version, state) for version, state in site.rows(query, ids)]


def test_records_that_come_by_file_arrive_once(
    site: Site,
    wire: Wire,
    phone: Phone,
    visits: None,
    photos: list[Path],
    visit: Callable[..., Page],
) -> None:
    """A coordinator brings the file of a device; what the device sends later is the same."""
    phone.sign_in("officer")
    wire.become("down")
    ids = [visit_of(phone, photos) for _ in range(2)]
    page = phone.open("/field/#/records/waiting")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save 2 unsent records to a file").click()
    desk = visit("coordinator")
    desk.goto("/o/demo/administration/devices/imports/")
    desk.locator("input[type=file]").set_input_files(waiting.value.path())
    desk.get_by_role("button", name="Check the file").click()
    expect(desk.get_by_text("The file is whole and signed")).to_be_visible()
    desk.get_by_role("button", name="Import the records").click()
    expect(desk.get_by_text("2 records were received")).to_be_visible()
    query = "SELECT uid::text FROM assessments_submission WHERE instance_id = %s"
    by_file = [site.rows(query, one) for one in ids]
    assert [len(found) for found in by_file] == [1, 1]
    wire.become("open")
    phone.press_send(tries=3)
    arrived(site, phone, ids)
    receipts = [phone.records()[one]["receipt"]["id"] for one in ids]
    assert receipts == [found[0][0] for found in by_file]
