"""The field client without a mouse, from signing in to the receipt, and by axe's rules."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.chromium import PASSWORD
from tests.journeys.field_day import VISIT
from tests.journeys.phone import Phone

Visit = Callable[..., Page]
MOST_STEPS = 60
FOCUSED = "(document.activeElement?.innerText || document.activeElement?.id || '').trim()"


def tab_to(page: Page, text: str) -> None:
    """Press the tab key until what has the focus says or is called this."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if text in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"the tab key never came to {text!r}")


def sound(page: Page) -> None:
    """Check a page by axe's rules for WCAG 2.2 AA."""
    wanted = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options={"runOnly": wanted})
    assert found.violations_count == 0, found.generate_report()


def test_a_record_without_a_mouse(phone: Phone, visits: None) -> None:
    """Sign in, open the form, answer it, send it and read the receipt, with the keyboard alone."""
    page = phone.open("/accounts/login/?next=/field/")
    tab_to(page, "id_login")
    page.keyboard.type("officer")
    tab_to(page, "id_password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".form-card", has_text=VISIT).wait_for()
    sound(page)
    tab_to(page, VISIT)
    page.keyboard.press("Enter")
    place = page.get_by_role("textbox", name="Place")
    place.wait_for()
    sound(page)
    tab_to(page, str(place.get_attribute("id")))
    page.keyboard.type("Aghitu")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Received")).to_be_visible()
    sound(page)
    for address in ("records/sent", "records/drafts", "device"):
        phone.open(f"/field/#/{address}")
        page.locator("#content").wait_for()
        sound(page)


@pytest.mark.parametrize("address", ["", "imports/"])
def test_the_pages_of_devices(visit: Visit, address: str) -> None:
    page = visit("coordinator", width=390, height=844)
    page.goto(f"/o/demo/administration/devices/{address}")
    expect(page.locator("h1")).to_be_visible()
    sound(page)
