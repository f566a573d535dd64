"""How long the field client takes to open a form on a phone with a slow link, nothing kept yet.

Slowed down as the goals have it: 50 kB/s, 300 ms for each answer, a quarter of the processor.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.site import Site

CHROMIUM = os.environ.get("TESSERA_CHROMIUM", "/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "xlsforms"
REACH = "reach_msna_2024_global_tool_v11.xlsx"
LINK = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 50 * 1024,
    "uploadThroughput": 25 * 1024,
}
SLOWDOWN = 4
ROUNDS = 3
Report = Callable[..., None]


def measure(report: Report) -> None:
    """Report seconds until the first question shows, and what came over the link for it."""
    site = Site("bench_field")
    try:
        site.prepare()
        if (SHARED / REACH).exists():
            site.manage("publish_form", str(SHARED / REACH), "--operation=demo")
        site.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            state = _sign_in(browser, site)
            forms = _forms(browser, site, state)
            for name, address, goal in forms:
                seconds, size = min(_open(browser, site, state, address) for _ in range(ROUNDS))
                report(f"{name}: first question, best of {ROUNDS}", seconds, "s", goal)
                report("  on the wire", size / 1000, "kB", "≤ 300")
            start, question = _offline(browser, site, state, forms[0][1])
            report(f"without a network: the list of forms, best of {ROUNDS}", start, "s", "≤ 2")
            report(f"without a network: first question, best of {ROUNDS}", question, "s")
            browser.close()
    finally:
        site.stop()


def _sign_in(browser: Browser, site: Site) -> StorageState:
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("#id_login").fill("officer")
    page.locator("#id_password").fill("tessera-demo")
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return context.storage_state()


def _forms(browser: Browser, site: Site, state: StorageState) -> list[tuple[str, str, str]]:
    """Return name, address and goal of the demonstration's form and of the heavy one."""
    context = browser.new_context(base_url=site.url, storage_state=state)
    listed: Any = context.request.get("/field/api/forms").json()["forms"]
    context.close()
    heavy = [one for one in listed if one["form_id"].startswith("reach")]
    light = [one for one in listed if not one["form_id"].startswith("reach")]
    chosen = [("short form", one, "≤ 8") for one in light[:1]]
    chosen += [("REACH 2024", one, "≤ 12") for one in heavy[:1]]
    return [(name, f"/field/#/form/{one['id']}", goal) for name, one, goal in chosen]


def _open(browser: Browser, site: Site, state: StorageState, address: str) -> tuple[float, float]:
    """Open a form in a fresh browser profile; return seconds and bytes."""
    context = browser.new_context(base_url=site.url, storage_state=state)
    page = context.new_page()
    received = _slow_down(page)
    began = time.monotonic()
    page.goto(address, wait_until="commit", timeout=120_000)
    page.locator(".question").first.wait_for(timeout=120_000)
    seconds = time.monotonic() - began
    context.close()
    return seconds, sum(received)


def _offline(
    browser: Browser, site: Site, state: StorageState, address: str
) -> tuple[float, float]:
    """Return seconds until the forms, and a form, open without a network after one visit."""
    context = browser.new_context(base_url=site.url, storage_state=state)
    visit = context.new_page()
    visit.goto("/field/#/")
    visit.locator(".form-card").first.wait_for()
    kept = visit.locator(".form-card:has(.form-card__kept)")
    kept.nth(visit.locator(".form-card").count() - 1).wait_for(timeout=120_000)
    visit.close()
    context.set_offline(True)
    starts = [_reopened(context, "/field/#/", ".form-card") for _ in range(ROUNDS)]
    questions = [_reopened(context, address, ".question") for _ in range(ROUNDS)]
    context.close()
    return min(starts), min(questions)


def _reopened(context: BrowserContext, address: str, wanted: str) -> float:
    """Return seconds until something shows on a new page with a slow processor."""
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    began = time.monotonic()
    page.goto(address, wait_until="commit")
    page.locator(wanted).first.wait_for()
    seconds = time.monotonic() - began
    page.close()
    return seconds


def _slow_down(page: Page) -> list[float]:
    """Give a page a slow link and processor; return the growing list of bytes received."""
    wire = page.context.new_cdp_session(page)
    received: list[float] = []
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    return received
