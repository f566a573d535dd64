"""What pages weigh on the wire, cold, what the programs weigh in memory, how long all takes."""

import os
import time
from collections.abc import Callable

from playwright.sync_api import Browser, StorageState, sync_playwright

from benchmarks.programs import memory
from tests.site import Site

CHROMIUM = os.environ.get("TESSERA_CHROMIUM", "/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SLUG_PAGES = ("", "areas/", "assessments/", "forms/", "submissions/", "convoys/", "reports/")
Report = Callable[..., None]


def measure(report: Report) -> None:
    """Report seconds to load the demonstration and to start, and kB of each page, compressed."""
    site = Site("bench_pages")
    try:
        site.prepare(demo=False)
        began = time.monotonic()
        site.manage("load_demo")
        report("demonstration loaded", time.monotonic() - began, "s", "≤ 60")
        began = time.monotonic()
        site.start()
        report("web, worker and beat ready", time.monotonic() - began, "s", "≤ 10")
        report("web and worker, idle", memory(site, "web", "worker"), "MB", "≤ 370")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            _weigh(report, browser, site)
            browser.close()
    finally:
        site.stop()


def _weigh(report: Report, browser: Browser, site: Site) -> None:
    signed_in = browser.new_context(base_url=site.url)
    page = signed_in.new_page()
    page.goto("/accounts/login/")
    page.locator("#id_login").fill("coordinator")
    page.locator("#id_password").fill("tessera-demo")
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/o/**")
    home = page.url
    state = signed_in.storage_state()
    for path in SLUG_PAGES:
        weight = _bytes(browser, site, state, home + path)
        report(f"page {path or 'overview'}", weight / 1000, "kB", "≤ 150, with maps ≤ 350")


def _bytes(browser: Browser, site: Site, state: StorageState, url: str) -> int:
    context = browser.new_context(base_url=site.url, storage_state=state)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    total = 0

    def count(event: dict[str, float]) -> None:
        nonlocal total
        total += int(event["encodedDataLength"])

    wire.send("Network.enable")
    wire.on("Network.loadingFinished", count)
    page.goto(url, wait_until="networkidle")
    context.close()
    return total
