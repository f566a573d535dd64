"""A phone in the field: a browser whose profile outlives it; it can be closed and killed."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from tests.journeys.chromium import CHROMIUM, FLAGS, PASSWORD

READY = 60_000
HERE = {"latitude": 40.18, "longitude": 44.51}
# Everything that the device holds, as the client keeps it.
RECORDS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('tessera-field');
  opening.onerror = () => reject(opening.error);
  // It is the client's to make.
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onsuccess = () => {
    const all = opening.result.transaction('records').objectStore('records').getAll();
    all.onsuccess = () => { opening.result.close(); resolve(all.result); };
    all.onerror = () => reject(all.error);
  };
})"""

# The client may be sending by itself: the button is gone, or waits.
BUTTON = "document.querySelector('.together .button--primary')"
IDLE = f"() => !{BUTTON}?.disabled"
PRESS = f"() => {{ const one = {BUTTON}; one?.click(); return one !== null; }}"


class Phone:
    """Opens the field client at an address, with a profile in a folder of its own."""

    def __init__(self, playwright: Playwright, url: str, folder: Path):
        self.playwright = playwright
        self.url = url
        self.folder = folder
        self.findings: list[str] = []
        self.context: BrowserContext | None = None

    @property
    def page(self) -> Page:
        """Return the page that is in front."""
        assert self.context is not None
        return self.context.pages[-1]

    def open(self, address: str = "/field/") -> Page:
        """Start the browser, if it is not running, and open an address."""
        if self.context is None:
            self.context = self.playwright.chromium.launch_persistent_context(
                self.folder,
                executable_path=CHROMIUM,
                args=list(FLAGS),
                base_url=self.url,
                viewport={"width": 390, "height": 844},
                geolocation=HERE,
                permissions=["geolocation"],
                accept_downloads=True,
                locale="en",
            )
            self.context.set_default_timeout(READY)
            self._watch(self.page)
        self.page.goto(address)
        return self.page

    def tab(self, address: str = "/field/") -> Page:
        """Open one more tab."""
        assert self.context is not None
        page = self.context.new_page()
        self._watch(page)
        page.goto(address)
        return page

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.findings.append(f"error: {error}"))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        # A network that is down is what these journeys are about.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.findings.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if url.startswith("http") and not url.startswith(self.url):
            self.findings.append(f"foreign request: {url}")

    def close(self) -> None:
        """Close the browser as a person does."""
        if self.context is not None:
            self.context.close()
        self.context = None

    def kill(self) -> None:
        """End the browser with -9, in the middle of whatever it does."""
        mine = f"--user-data-dir={self.folder}"
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mine in (place / "cmdline").read_bytes().decode(errors="replace").split("\0"):
                    os.kill(int(place.name), signal.SIGKILL)
        with suppress(Error):
            self.close()
        self.context = None
        (self.folder / "SingletonLock").unlink(missing_ok=True)

    def sign_in(self, username: str) -> None:
        """Sign in, and stay until the client could do without a network."""
        page = self.open("/accounts/login/?next=/field/")
        page.locator("#id_login").fill(username)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        # Until the server has said who it is, whoever was here last may be shown.
        page.locator(f"[data-person='{username}'] .form-card").first.wait_for()
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        cards = page.locator(".form-card").count()
        expect(page.locator(".form-card__kept")).to_have_count(cards)

    def begin(self, title: str) -> Page:
        """Open an empty form."""
        page = self.open("/field/#/")
        page.get_by_role("link", name=title).first.click()
        page.locator(".question").first.wait_for()
        return page

    def press_send(self, tries: int = 1) -> None:
        """Press the button on the list of records until nothing waits, or for so many times."""
        page = self.open("/field/#/records/waiting")
        for _ in range(tries):
            page.locator(".chips").wait_for()
            page.wait_for_function(IDLE)
            if not page.evaluate(PRESS):
                return
            page.wait_for_function(IDLE)

    def records(self) -> dict[str, dict[str, Any]]:
        """Return the rows of the device by instance id."""
        return {one["instanceId"]: one for one in self.page.evaluate(RECORDS)}
