"""What people do in the field with the short form of these journeys, and what must come of it."""

from pathlib import Path

from playwright.sync_api import Page

from tests.assessments.workbooks import workbook
from tests.journeys.phone import Phone
from tests.site import Site

VISIT = "Visit to a house"


def publish_visit(
    site: Site, folder: Path, version: str = "1", *, form_id: str = "visit", title: str = VISIT
) -> None:
    """Publish a short form with two photos."""
    survey = [
        ["type", "name", "label", "required"],
        ["text", "place", "Place", "yes"],
        ["image", "house", "House", ""],
        ["image", "door", "Door", ""],
    ]
    settings = [["form_id", "form_title", "version"], [form_id, title, version]]
    file = folder / "visit.xlsx"
    file.write_bytes(workbook(survey=survey, settings=settings))
    site.manage("publish_form", str(file), "--operation=demo", "--as=analyst")


def fill(page: Page, place: str, photos: list[Path]) -> None:
    """Answer the short form."""
    page.get_by_role("textbox", name="Place").fill(place)
    for box, photo in zip(page.locator(".question").all()[1:], photos, strict=True):
        box.locator("input[type=file]").last.set_input_files(photo)
        box.locator("img").wait_for()


def finish(page: Page) -> str:
    """Finish the record on screen; return its instance id."""
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".receipt__title").wait_for()
    return page.url.rsplit("/", 1)[1].replace("%3A", ":")


def visit(phone: Phone, place: str, photos: list[Path], title: str = VISIT) -> str:
    """Fill and finish one short record."""
    page = phone.begin(title)
    fill(page, place, photos)
    return finish(page)


def arrived(site: Site, phone: Phone, ids: list[str]) -> None:
    """Check that the server has each of these records once, with all their bytes, and says so."""
    on_device = phone.records()
    for one in ids:
        row = on_device[one]
        assert row["state"] == "sent", row
        submissions = site.rows(
            "SELECT id, uid::text, xml_sha256 FROM assessments_submission WHERE instance_id = %s",
            one,
        )
        assert [(uid, digest) for _, uid, digest in submissions] == [
            (row["receipt"]["id"], row["sha256"])
        ]
        files = site.rows(
            "SELECT file_name, sha256 FROM assessments_submissionfile"
            " WHERE submission_id = %s AND file <> '' ORDER BY file_name",
            submissions[0][0],
        )
        assert files == sorted((file["name"], file["sha256"]) for file in row["files"])
