"""The main job, end to end: upload, publish, fill, review, pull by API, report."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.robot import Robot
from tests.site import ROOT

SHARED = ROOT.parent / "shared" / "data" / "xlsforms"
REACH = SHARED / "reach_msna_2024_global_tool_v11.xlsx"
FORM = "Multi-sector initial rapid assessment"
CONSENT_IN_ARMENIAN = "Համաձա՞յն եք մասնակցել"
WATER_IN_ARMENIAN = "խմելու ջուրը"
PARTS_OF_A_REPORT = (
    "Assessment report",
    "Approved submissions by area",
    "Areas",
    "Progress",
    "Method and limits",
)
TITLE = "Rapid assessment of displaced households and host communities"
Visit = Callable[..., Page]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Give a small photo."""
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (800, 600), "slategray").save(path)
    return path


def publish(page: Page, file: Path) -> None:
    """Upload a questionnaire for the assessment in the field, wait for its report, publish it."""
    page.goto("/o/demo/forms/upload/")
    page.locator("input[name=file]").set_input_files(file)
    page.locator("select[name=assessment]").select_option(label=TITLE)
    page.get_by_role("button", name="Upload and check").click()
    publishing = page.locator("summary", has_text="Publish")
    publishing.wait_for(timeout=60_000)
    publishing.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()


def fill(page: Page, title: str, robot: Robot) -> str:
    """Fill the form of a title in the field client and send it; return the receipt's number."""
    page.goto("/field/")
    page.get_by_role("link", name=title).first.click()
    page.locator(".question").first.wait_for(timeout=60_000)
    robot.fill()
    page.get_by_role("button", name=robot.words["fill.send"], exact=True).click()
    expect(page.get_by_role("heading", name=robot.words["receipt.title"])).to_be_visible(
        timeout=30_000
    )
    return page.locator(".facts__code").first.inner_text()


def approve_newest(page: Page) -> None:
    """Open the newest submission, approve it, and stay on its page."""
    page.goto("/o/demo/submissions/")
    page.locator("tbody tr a").first.click()
    page.wait_for_url("**/submissions/*/**")
    address = page.url
    page.get_by_role("button", name="Approve", exact=True).click()
    page.goto(address)
    expect(page.locator(".page-head .state")).to_have_text("Approved")


def make_token(page: Page) -> str:
    """Make a reading API token on the tokens page; return its secret."""
    page.goto("/o/demo/tokens/")
    page.locator("input[name=name]").fill("data portal")
    page.get_by_role("button", name="Make a token").click()
    return page.locator("#token-secret").input_value()


def make_report(page: Page, language: str) -> bytes:
    """Ask for the assessment's report, wait until the worker has made it; return the PDF."""
    page.goto("/o/demo/assessments/")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_label("Language of the report").select_option(language)
    page.get_by_role("button", name="Make a report").click()
    ready = page.get_by_role("link", name="Download the PDF")
    ready.wait_for(timeout=60_000)
    with page.expect_download() as download:
        ready.click()
    return Path(str(download.value.path())).read_bytes()


@pytest.mark.skipif(not REACH.exists(), reason="needs ../shared/data/xlsforms (REACH 2024)")
def test_the_reach_questionnaire_goes_through_the_whole_journey(visit: Visit, photo: Path) -> None:
    analyst = visit("analyst")
    publish(analyst, REACH)
    officer = visit("officer", width=390, height=844)
    wanted = {"hh_size": "2", "resp_age": "30", "ind_age": "30"}
    robot = Robot(officer, photo=photo, wanted=wanted)
    receipt = fill(officer, "reach_msna_2024_global_tool_v11", robot)
    assert len(robot.answered) >= 40
    assert {one.count("roster[2]") for one in robot.answered} == {0, 1}

    lead = visit("lead")
    approve_newest(lead)
    expect(lead.get_by_text(receipt).first).to_be_visible()
    expect(lead.get_by_text("id_1").first).to_be_visible()

    secret = make_token(analyst)
    headers = {"Authorization": f"Bearer {secret}"}
    listed: Any = analyst.request.get("/api/v1/forms/?operation=demo", headers=headers).json()
    form = next(one for one in listed["results"] if one["form_id"].startswith("reach"))
    answers = f"/api/v1/submissions/?operation=demo&form={form['form_id']}"
    rows: Any = analyst.request.get(answers, headers=headers).json()
    assert [row["uid"] for row in rows["results"]] == [receipt]
    assert len(rows["results"][0]["answers"]) >= 40
    table = analyst.request.get(f"{answers}&format=csv", headers=headers).text()
    assert receipt in table
    assert "hh_size" in table.partition("\n")[0]


def pictures(pdf: PdfReader) -> list[str]:
    """Return what the PDF says instead of its pictures to whoever cannot see them."""
    found, ahead = [], [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while ahead:
        node = ahead.pop().get_object()
        if isinstance(node, dict):
            found += [str(node["/Alt"])] if node.get("/S") == "/Figure" else []
            ahead += [node["/K"]] if "/K" in node else []
        elif isinstance(node, list):
            ahead += node
    return found


def test_the_demonstration_form_is_filled_in_armenian_and_reported(
    visit: Visit, photo: Path
) -> None:
    officer = visit("officer2", width=390, height=844)
    robot = Robot(officer, photo=photo, language="hy")
    receipt = fill(officer, FORM, robot)
    expect(officer.locator("html")).to_have_attribute("lang", "hy")

    analyst = visit("analyst")
    approve_newest(analyst)
    expect(analyst.get_by_text(receipt).first).to_be_visible()
    analyst.locator("select[name=language]").select_option(label="Հայերեն (hy)")
    expect(analyst.get_by_text(CONSENT_IN_ARMENIAN).first).to_be_visible()

    pdf = PdfReader(io.BytesIO(make_report(analyst, "hy")))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    with translation.override("hy"):
        for words in PARTS_OF_A_REPORT:
            assert gettext(words) in text, words
    assert TITLE in text
    assert WATER_IN_ARMENIAN in text
    assert len(pictures(pdf)) == 2
    assert pdf.trailer["/Root"]["/Lang"] == "hy"
