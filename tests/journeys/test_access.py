"""Access: a road is drawn with mouse and keyboard, its status reported, and one of two adopted."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
HERE = "/o/demo/access/"
HUB = "Eastern hub (invented), Hub"


def ready(page: Page) -> None:
    """Wait until the page's map and the roads on it are drawn."""
    page.locator("[data-map][data-state=ready]").wait_for()
    page.locator(".road-mark").first.wait_for()


def test_a_road_is_drawn_snaps_to_a_site_and_can_be_undone(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto(f"{HERE}roads/new/")
    ready(page)
    points = page.get_by_label("Points of the line")
    page.get_by_title(HUB).click()
    box = page.locator(".map").bounding_box()
    assert box is not None
    for across, down in ((0.6, 0.8), (0.5, 0.85)):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        page.wait_for_timeout(350)
    assert len(points.input_value().splitlines()) == 3
    assert points.input_value().startswith("39.817000, 46.752000")
    expect(page.get_by_label("From site")).not_to_have_value("")
    page.get_by_role("button", name="Undo").click()
    assert len(points.input_value().splitlines()) == 2
    # The same by keyboard: one more point, typed.
    points.fill(f"{points.input_value()}\n39.500000, 46.700000")
    page.get_by_label("Name", exact=True).fill("Drawn road (journey)")
    page.get_by_label("Source").fill("Journey")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Drawn road (journey)")
    expect(page.locator(".lead-line")).to_contain_text("nothing was reported")


def test_the_area_of_a_window_is_drawn_and_shown_on_the_map(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto(f"{HERE}windows/new/")
    ready(page)
    corners = page.get_by_label("Corners of the area")
    box = page.locator(".map").bounding_box()
    assert box is not None
    for across, down in ((0.3, 0.85), (0.5, 0.8), (0.45, 0.92)):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        page.wait_for_timeout(350)
    assert len(corners.input_value().splitlines()) == 3
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.get_by_label("Title").fill("Drawn pause (journey)")
    page.get_by_label("Starts").fill("2030-11-20T08:00")
    page.get_by_label("Ends", exact=True).fill("2030-11-25T08:00")
    page.get_by_label("Source", exact=True).fill("Journey")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Drawn pause (journey)")
    page.locator("path.window-area").wait_for()
    page.goto(HERE)
    ready(page)
    expect(page.get_by_label("Roads on the map")).to_contain_text("Window")
    page.locator("path.window-area.leaflet-interactive").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("Drawn pause (journey)")


def test_of_two_sources_one_is_adopted_and_the_map_tells(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto(HERE)
    ready(page)
    row = page.locator("tr", has_text="Corridor (invented)").first
    expect(row).to_contain_text("sources disagree")
    row.get_by_role("link").click()
    side = page.locator(".side", has_text="Field team (invented)")
    side.get_by_role("link", name="Adopt").click()
    page.get_by_label("Reason").fill("The team stands at the road (journey)")
    page.get_by_role("button", name="Adopt").click()
    expect(page.locator(".lead-line")).to_contain_text("Closed")
    page.goto(HERE)
    ready(page)
    mark = page.get_by_title("Corridor (invented), Closed")
    mark.focus()
    mark.press("Enter")
    expect(page.locator(".leaflet-popup")).to_contain_text("Closed (adopted)")


def test_pages_of_access_have_no_barriers(visit: Visit) -> None:
    page = visit("coordinator", width=390, height=844)
    for address in ("", "constraints/", "roads/", "papers/", "calendar/", "constraints/new/"):
        page.goto(f"{HERE}{address}")
        found = Axe().run(page)
        assert found.violations_count == 0, (address, found.generate_report())


def test_a_road_is_split_at_a_place_and_joined_again_by_keyboard(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto(f"{HERE}roads/new/")
    ready(page)
    page.get_by_label("Name", exact=True).fill("Typed road (journey)")
    page.get_by_label("Points of the line").fill(
        "39.500000, 46.700000\n39.600000, 46.700000\n39.700000, 46.700000"
    )
    page.get_by_label("Source").fill("Journey")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Typed road (journey)")
    change(page, "Split in two")
    page.get_by_label("Latitude").fill("39.6")
    page.get_by_label("Longitude").fill("46.7")
    page.get_by_label("Name of the first part").fill("Northern part (journey)")
    page.get_by_label("Name of the second part").fill("Southern part (journey)")
    page.locator("main .form-actions button").press("Enter")
    page.goto(f"{HERE}roads/")
    page.get_by_role("link", name="Northern part (journey)").first.click()
    change(page, "Join with another")
    page.get_by_label("Segment", exact=True).select_option(label="Southern part (journey)")
    page.get_by_label("Name of the joined segment").fill("Whole road (journey)")
    page.locator("main .form-actions button").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Whole road (journey)")


def change(page: Page, action: str) -> None:
    """Open the menu of a road by keyboard and choose an action."""
    page.locator("summary", has_text="Change").press("Enter")
    page.get_by_role("link", name=action).press("Enter")
    page.locator("main form").first.wait_for()
