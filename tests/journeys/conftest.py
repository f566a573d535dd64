"""A running site and a watched browser: any console error, CSP report or foreign request fails."""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.site import Site

CHROMIUM = os.environ.get("TESSERA_CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "tessera-demo"


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Give a running site with the demonstration."""
    running = Site("journeys")
    try:
        running.prepare()
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Give Playwright; its event loop must not look like ours to Django."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Give Debian's Chromium."""
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield running
    running.close()


class Watch:
    """What must not happen in any journey."""

    def __init__(self, site: Site):
        self.host = urlsplit(site.url).netloc
        self.findings: list[str] = []

    def page(self, page: Page) -> None:
        """Watch a page's console, errors and requests."""
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.findings.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        expected = "Failed to load resource: the server responded with a status of 4"
        if kind == "error" and not text.startswith(expected):
            self.findings.append(f"console: {text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.findings.append(f"foreign request: {url}")


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    """Give the watch, and fail on what it saw."""
    watching = Watch(site)
    yield watching
    assert watching.findings == []


@pytest.fixture
def visit(site: Site, browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Give a function that signs a person in and returns a page of a width."""
    contexts: list[BrowserContext] = []

    def go(username: str, *, width: int = 1440, height: int = 900) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            geolocation={"latitude": 40.18, "longitude": 44.51},
            permissions=["geolocation"],
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        watch.page(page)
        page.goto("/accounts/login/")
        page.locator("#id_login").fill(username)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    yield go
    for context in contexts:
        context.close()
