"""Areas: a new edition comes in by the browser; the map answers mouse and keyboard."""

import json
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from situation.demo import sources

Visit = Callable[..., Page]
HERE = "/o/demo/areas/"


def edition(path: Path) -> Path:
    """Write an edition in which Syunik has another name, one row is blank, one place impossible."""
    chosen = [one for one in sources.areas() if one["properties"]["ADM1_PCODE"] == "AM09"]
    features = json.loads(json.dumps([chosen[0]] * 3))
    for feature, name, code in zip(
        features, ("<b>Syunik</b>", "Blank", "Far"), ("AM09", "", "AM99"), strict=True
    ):
        feature["properties"] |= {"ADM1_EN": name, "ADM1_PCODE": code, "validOn": "2020-06-01"}
    features[2]["geometry"] = {
        "type": "Polygon",
        "coordinates": [[[44, 900], [45, 900], [45, 901], [44, 900]]],
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def ready(page: Page) -> None:
    """Wait until the page's map is drawn."""
    page.locator("[data-map][data-state=ready]").wait_for(timeout=30_000)


def test_a_new_edition_is_checked_then_confirmed(visit: Visit, tmp_path: Path) -> None:
    page = visit("analyst")
    page.goto(HERE)
    page.get_by_role("link", name="Import a file").click()
    page.locator("input[name=file]").set_input_files(edition(tmp_path / "edition.geojson"))
    page.get_by_label("Source").fill("Journey")
    page.get_by_role("button", name="Upload and check").click()
    refused = page.locator("details", has_text="Rows that cannot be used")
    refused.wait_for(timeout=60_000)
    expect(refused).to_contain_text("The P-code is blank.")
    expect(refused).to_contain_text("-90 to 90")
    expect(page.locator(".report-counts")).to_contain_text("1new versions")
    ready(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Import the areas").click()
    page.locator(".notice-success").wait_for(timeout=60_000)
    page.goto(f"{HERE}AM09/")
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>Syunik</b>")
    expect(page.locator("#versions + *, [aria-labelledby=versions] tbody").last).to_contain_text(
        "1 Jun 2020"
    )


def test_the_map_by_keyboard(visit: Visit) -> None:
    page = visit("observer")
    page.goto(f"{HERE}?level=1")
    ready(page)
    box = page.get_by_role("listbox")
    box.focus()
    chosen = box.locator("[aria-selected=true]")
    first = chosen.inner_text()
    page.keyboard.press("End")
    expect(chosen).not_to_have_text(first)
    page.keyboard.press("y")
    expect(chosen).to_contain_text("Y")
    before = chosen.inner_text()
    page.keyboard.press("ArrowUp")
    expect(chosen).not_to_have_text(before)
    pcode = chosen.inner_text().split(", ")[1]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HERE}{pcode}/")


def test_map_and_table_choose_each_other(visit: Visit) -> None:
    page = visit("observer")
    page.goto(f"{HERE}?level=1")
    ready(page)
    page.locator("path.leaflet-interactive").first.hover()
    pcode = page.locator("tr.is-chosen").get_attribute("data-area")
    expect(page.locator(".leaflet-tooltip")).to_contain_text(pcode or "nothing chosen")
    page.locator("path.leaflet-interactive:hover").click()
    page.wait_for_url(f"**{HERE}{pcode}/")


SIDES = """() => {
  const edges = (one) => { const box = one.getBoundingClientRect(); return [box.left, box.right]; };
  const areas = [...document.querySelectorAll('path.leaflet-interactive')].map(edges);
  const [left, right] = edges(document.querySelector('.map'));
  return areas.every((one) => one[0] >= left - 1 && one[1] <= right + 1);
}"""


def test_a_map_is_fitted_anew_where_its_window_narrows(visit: Visit) -> None:
    page = visit("observer")
    page.goto(f"{HERE}?level=1")
    ready(page)
    assert page.evaluate(SIDES)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(800)
    assert page.evaluate(SIDES)


def test_the_tree_folds(visit: Visit) -> None:
    page = visit("observer", width=390)
    page.goto(HERE)
    rows = page.locator("#areas-table tbody tr:visible")
    count = rows.count()
    page.get_by_role("button", name="Areas below Armenia").click()
    expect(rows).to_have_count(count - 11)
    page.get_by_role("button", name="Areas below Armenia").click()
    expect(rows).to_have_count(count)


def test_the_pages_are_accessible(visit: Visit) -> None:
    page = visit("analyst")
    for address in ("", "AM01/", "AM/", "imports/"):
        page.goto(f"{HERE}{address}")
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
