"""A running site and a watched browser: any console error, CSP report or foreign request fails."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.journeys.chromium import CHROMIUM, FLAGS, PASSWORD
from tests.journeys.field_day import publish_visit
from tests.journeys.phone import Phone
from tests.site import Site
from tests.wire import Wire

expect.set_options(timeout=30_000)  # a busy machine is slow, and that is no finding


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


@pytest.fixture(scope="session")
def visits(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Publish the short form."""
    publish_visit(site, tmp_path_factory.mktemp("forms"))


@pytest.fixture
def wire(site: Site) -> Iterator[Wire]:
    """Give a wire between the phone and the site."""
    running = Wire(site.port)
    yield running
    running.close()


@pytest.fixture
def phone(playwright: Playwright, wire: Wire, tmp_path: Path) -> Iterator[Phone]:
    """Give a phone at the far end of the wire; fail on what must not happen on it."""
    one = Phone(playwright, wire.url, tmp_path / "profile")
    yield one
    one.close()
    assert one.findings == []


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Give two photos of some twenty kilobytes that differ in every byte."""
    chance = random.Random(3)  # noqa: S311 - repeatable on purpose
    paths = [tmp_path / "house.jpg", tmp_path / "door.jpg"]
    for path in paths:
        Image.frombytes("RGB", (100, 100), chance.randbytes(30_000)).save(path, quality=90)
    return paths
