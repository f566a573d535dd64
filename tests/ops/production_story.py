"""The main job in a browser against a system that runs elsewhere, such as in containers.

    python -m tests.ops.production_story https://localhost:8643

`make compose-test` runs it: sign in, publish a form, fill and send it, let the worker report.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from tests.journeys.conftest import CHROMIUM, FLAGS, PASSWORD
from tests.journeys.robot import Robot
from tests.journeys.test_main_job import approve_newest, fill, make_report, publish

FORM = "production_story"
SHEETS = {
    "survey": [
        ["type", "name", "label"],
        ["text", "name", "Name of the site"],
        ["integer", "households", "Households"],
        ["select_one yesno", "water", "Is there water?"],
        ["text", "why", "Why not?"],
    ],
    "choices": [["list_name", "name", "label"], ["yesno", "yes", "Yes"], ["yesno", "no", "No"]],
    "settings": [["form_title", "form_id", "version"], [FORM, FORM, "1"]],
}


def workbook(path: Path) -> Path:
    """Write a short XLSForm."""
    book = Workbook()
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(path)
    return path


@contextmanager
def signed_in(browser: Browser, url: str, name: str) -> Iterator[Page]:
    """Give a page of a person of the demonstration; the certificate is checked elsewhere."""
    context = browser.new_context(base_url=url, ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda address: "/accounts/login" not in address)
    yield page
    context.close()


def tell(url: str) -> None:
    """Go through the story; the first thing that is not as it should be raises."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        form = workbook(Path(folder) / f"{FORM}.xlsx")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with signed_in(browser, url, "analyst") as page:
            publish(page, form)
            sys.stdout.write("published a form\n")
        with signed_in(browser, url, "officer") as page:
            receipt = fill(page, FORM, Robot(page, photo=form))
            sys.stdout.write(f"sent a submission, receipt {receipt}\n")
        with signed_in(browser, url, "lead") as page:
            approve_newest(page)
            sys.stdout.write("approved it\n")
        with signed_in(browser, url, "coordinator") as page:
            pages = len(PdfReader(io.BytesIO(make_report(page, "en"))).pages)
            sys.stdout.write(f"the worker made a report of {pages} pages\n")


if __name__ == "__main__":
    tell(sys.argv[1])
