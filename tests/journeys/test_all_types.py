"""The form with every type of question: attached, published, filled, read and exported."""

import csv
import io
import json
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.robot import Robot
from tests.journeys.test_main_job import SHARED, TITLE, fill, make_token

ALL_TYPES = SHARED / "odk_all-question-types-v2024091201-3.xlsx"
Visit = Callable[..., Page]
PICTURES = ("apple.jpg", "turkey.svg", "noodles.svg", "fast-food.svg", "body.svg")
FACES = ("angry.jpg", "sad.png", "neutral.png", "happy.svg", "excited.svg")
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path id="head" d="M1 1h7v7z"/></svg>'
CITIES = {"yerevan": (44.51, 40.18), "baku": (49.87, 40.41)}
# The heads of a table's columns: they show words and take no answer.
HEADS = {"table_list/table_list_label", "table_list/table_list_label_2"}
# The first column of the CSV file that is of the form.
FIRST = "text_question_types/string"


def city(name: str, place: tuple[float, float]) -> dict[str, object]:
    """Return a place to choose from."""
    geometry = {"type": "Point", "coordinates": place}
    return {
        "type": "Feature",
        "properties": {"id": name, "title": name.title()},
        "geometry": geometry,
    }


@pytest.fixture
def attached(tmp_path: Path) -> list[Path]:
    """Give the files that the form names; the last is the list of cities."""
    for name in (*PICTURES, *FACES):
        path = tmp_path / name
        if path.suffix == ".svg":
            path.write_text(SVG)
        else:
            Image.new("RGB", (40, 40), "teal").save(path)
    cities = tmp_path / "cities.geojson"
    features = [city(name, place) for name, place in CITIES.items()]
    cities.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return [*(tmp_path / name for name in (*PICTURES, *FACES)), cities]


@pytest.fixture
def answers(tmp_path: Path) -> dict[str, Path]:
    """Give a photo, a sound, a film and a document."""
    photo, sound = tmp_path / "photo.jpg", tmp_path / "sound.wav"
    Image.new("RGB", (800, 600), "slategray").save(photo)
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack("<800h", *range(800)))
    film, document = tmp_path / "film.mp4", tmp_path / "document.pdf"
    film.write_bytes(b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + bytes(200))
    document.write_bytes(b"%PDF-1.4\n%%EOF\n")
    return {"image": photo, "audio": sound, "video": film, "*": document}


def publish_with(page: Page, files: list[Path]) -> None:
    """Upload the form and its files; it cannot be published while one is missing."""
    page.goto("/o/demo/forms/upload/")
    page.locator("input[name=file]").set_input_files(ALL_TYPES)
    page.locator("select[name=assessment]").select_option(label=TITLE)
    page.get_by_role("button", name="Upload and check").click()
    publishing = page.locator("summary", has_text="Publish")
    expect(page.get_by_text("missing", exact=True)).to_have_count(len(files), timeout=60_000)
    expect(publishing).to_be_hidden()
    for part, missing in ((files[:-1], 1), (files[-1:], 0)):
        page.locator("input[name=attachments]").set_input_files(part)
        page.get_by_role("button", name="Add the files").click()
        expect(page.get_by_text("missing", exact=True)).to_have_count(missing)
        expect(publishing).to_be_visible(visible=missing == 0)
    publishing.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()


def row_of(page: Page, receipt: str) -> dict[str, str]:
    """Return a submission's row in the CSV file of its form."""
    headers = {"Authorization": f"Bearer {make_token(page)}"}
    listed: Any = page.request.get("/api/v1/forms/?operation=demo", headers=headers).json()
    form = next(one for one in listed["results"] if one["form_id"] == "all-question-types")
    address = f"/api/v1/submissions/?operation=demo&form={form['form_id']}&format=csv"
    text = page.request.get(address, headers=headers).body().decode("utf-8-sig")
    return next(row for row in csv.DictReader(io.StringIO(text)) if row["uid"] == receipt)


@pytest.mark.skipif(not ALL_TYPES.exists(), reason="needs ../shared/data/xlsforms (all types)")
def test_every_type_of_question_goes_through_the_whole_journey(
    visit: Visit, attached: list[Path], answers: dict[str, Path]
) -> None:
    analyst = visit("analyst")
    publish_with(analyst, attached)
    unsupported = analyst.get_by_text("The browser form cannot print labels.")
    expect(unsupported.first).to_be_attached()

    officer = visit("officer", width=390, height=844)
    robot = Robot(officer, photo=answers["image"], files=answers)
    receipt = fill(officer, "All question types", robot)

    row = row_of(analyst, receipt)
    questions = list(row)[list(row).index(FIRST) :]
    assert len(questions) > 80
    assert {name for name in questions if not row[name]} == HEADS
    assert row["geo_question_types/geotrace"] == "40.18 44.51;40.19 44.51;40.19 44.52"
    assert row["other_question_types/rank"] == "a b c d"

    analyst.goto("/o/demo/submissions/")
    analyst.locator("tbody tr a").first.click()
    expect(analyst.get_by_text(receipt).first).to_be_visible()
    shown = analyst.locator(".answer-line")
    expect(shown).to_have_count(len(questions) - len(HEADS))
    for words in (
        "Noodle Dishes; Fruits; Burger Meals; Meat Dishes",
        "Strongly Disagree",
        "Jan 2020",
    ):
        expect(shown.filter(has_text=words).first).to_be_visible()
    expect(analyst.locator(".answer-line img")).to_have_count(8)
