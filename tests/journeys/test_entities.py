"""A household is registered on a phone, chosen on it in another form, and changed by that."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.assessments.households import register_form, visit_form
from tests.journeys.field_day import finish
from tests.journeys.phone import Phone
from tests.site import Site

Visit = Callable[..., Page]
NAME = "Գայանե, by the river"


def publish_both(site: Site, folder: Path) -> None:
    """Publish the form that registers households, and the one that chooses among them."""
    for name, content in (("register", register_form()), ("choose", visit_form())):
        file = folder / f"{name}.xlsx"
        file.write_bytes(content)
        site.manage("publish_form", str(file), "--operation=demo", "--as=analyst")


def test_a_household_registered_on_a_phone_is_visited_with_it(
    site: Site, visit: Visit, phone: Phone, tmp_path: Path
) -> None:
    publish_both(site, tmp_path)
    phone.sign_in("officer")
    page = phone.begin("Register")
    page.get_by_label("Head of household").fill(NAME)
    page.get_by_label("People").fill("4")
    finish(page)
    phone.press_send()
    with page.expect_response(lambda answer: "households.csv" in answer.url):
        page.reload()  # the lists of forms are brought up to date
    page = phone.begin("Visit")
    page.get_by_label(NAME).check()
    page.get_by_label("People now").fill("5")
    finish(page)
    phone.press_send()
    desk = visit("coordinator")
    desk.goto("/o/demo/forms/entities/")
    desk.get_by_role("link", name="households").click()
    row = desk.get_by_role("row", name=NAME)
    expect(row.get_by_role("cell", name="5", exact=True)).to_be_visible()
    row.get_by_role("button", name="Archive").click()
    row.get_by_role("button", name="Archive", exact=True).click()
    expect(desk.get_by_role("row", name=NAME)).to_have_count(0)
