"""Review by keyboard alone: choose, send back with a reason, undo; the next one comes by itself."""

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
WAITING = "/o/demo/submissions/?state=received"


def first_rows(page: Page, count: int) -> list[str]:
    """Return the numbers of the first rows."""
    return [page.locator("tr[data-pk]").nth(n).get_attribute("data-pk") or "" for n in range(count)]


def test_a_reviewer_needs_no_mouse(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto(WAITING)
    one, two, three = first_rows(page, 3)
    page.locator("tr[data-pk]").first.focus()
    for key in ("x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("#chosen")).to_have_text("2 chosen")
    page.keyboard.press("a")
    expect(page.locator("#messages")).to_contain_text("2 submissions approved.")
    expect(page.locator(f'tr[data-pk="{one}"]')).to_have_count(0)
    expect(page.locator(f'tr[data-pk="{three}"]')).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator("#messages")).to_contain_text("2 decisions undone.")
    expect(page.locator(f'tr[data-pk="{two}"]')).to_have_count(1)


def test_a_record_goes_back_with_its_reason(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto(WAITING)
    number = first_rows(page, 1)[0]
    page.locator("tr[data-pk]").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Submission {number}")
    page.keyboard.press("i")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_visible()
    page.keyboard.type("The ages are missing.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("1 submission sent back.")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(f"Submission {number}")
    page.goto(f"/o/demo/submissions/{number}/")
    expect(page.locator(".notice-warning").first).to_contain_text("The ages are missing.")
    page.get_by_role("link", name="Undo…").click()
    page.get_by_role("button", name=re.compile("Undo 1 decision")).click()
    expect(page.locator("#messages")).to_contain_text("1 decision undone.")


def test_pages_are_accessible_in_both_directions(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto(WAITING)
    page.get_by_label("Form", exact=True).select_option(
        label="Multi-sector initial rapid assessment: household questionnaire"
    )
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_text("Columns (").click()
    found = Axe().run(page).response["violations"]
    page.goto(f"/o/demo/submissions/{first_rows(page, 1)[0]}/")
    found += Axe().run(page).response["violations"]
    page.goto("/api/v1/")
    found += Axe().run(page).response["violations"]
    assert [one["id"] for one in found] == []


def test_an_export_comes_as_a_file(visit: Visit) -> None:
    page = visit("analyst")
    page.goto("/o/demo/submissions/?state=approved")
    page.get_by_text("Export", exact=True).click()
    page.get_by_label("File").select_option("csv")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    assert waiting.value.suggested_filename.endswith(".csv")
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("uid,form,version,state")
    assert ",received," not in text
