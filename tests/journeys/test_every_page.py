"""Every page of the site: without barriers, quiet, and no wider than a phone.

The routes say which pages there are, and the links of the demonstration lead to an object for each.
A route that no link leads to is asked by the address that the objects known by then give it. What
answers without a whole page is a fragment, a download or takes no GET, and is no page.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, ResolverMatch, resolve
from lxml import html
from playwright.sync_api import Browser, Page

from tests.architecture.test_routes import OURS
from tests.assessments.households import register_form
from tests.journeys.conftest import Watch
from tests.site import Site

Visit = Callable[..., Page]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# The field client is one page with journeys of its own; the API and OpenRosa are for programs.
FOR_PROGRAMS = ("field/", "api/", "openrosa")
# What files are behind, of which the demonstration has not every kind
DOWNLOADS = ("_file", "_annex", "_picture")
# Parameters that choose what a page shows, where the others choose of which object
CHOICES = {"tab", "action", "step"}
PARAMETER = re.compile(r"(?P<before>[^/]*/?)<(?P<kind>\w+):(?P<name>\w+)>")
NOTHING = {"int": "0", "uuid": "00000000-0000-4000-8000-000000000000", "slug": "-", "str": "-"}
RULES = {
    "resultTypes": ["violations"],
    "preload": False,  # what it would fetch is for a rule that is only tried out yet
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
TRIES = 5  # Objects of one kind differ in what their pages link to.
EVENTS = b"event;pcode;type;title;impact;started_on;source\nconstraint;AM01;3;Block;4;yesterday;A\n"


def matched(address: str) -> ResolverMatch | None:
    """Return the route behind an address of the site."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    return None if match.route.startswith(FOR_PROGRAMS) else match


def is_page(answer: Any) -> bool:
    """Return whether an answer is a whole page, neither a part of one nor a download."""
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    return bool(is_html and answer.text().lstrip().startswith("<!doctype"))


@dataclass
class Atlas:
    """The pages of the site, each with a person who may read it and an address."""

    pages: dict[tuple[str, ...], tuple[Page, str]] = field(default_factory=dict)
    asked: Counter[tuple[str, ...]] = field(default_factory=Counter)
    settled: set[str] = field(default_factory=set)
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    unreached: list[str] = field(default_factory=list)

    def explore(self, person: Page, *starts: str) -> None:
        """Follow links breadth first from some addresses, a few for each kind of page."""
        ahead, known = list(starts), set[str]()
        for step, address in enumerate(ahead):
            if address not in known:
                known.add(address)
                ahead += self._visit(person, address, anyway=step < len(starts))

    def _visit(self, person: Page, address: str, *, anyway: bool) -> list[str]:
        """Ask for an address once, and return where it leads."""
        match = matched(address)
        if match is None:
            return []
        kind = (match.route, *(str(match.kwargs[one]) for one in CHOICES & match.kwargs.keys()))
        if self.asked[kind] >= TRIES and not anyway:
            return []
        self.asked[kind] += 1
        answer = person.request.get(address, max_redirects=0)
        if answer.ok or 300 <= answer.status < 400:
            self.settled.add(match.route)
        if "location" in answer.headers:
            return [answer.headers["location"]]
        if answer.status != 200 or not is_page(answer):
            return []
        self.pages.setdefault(kind, (person, address))
        document = html.fromstring(answer.text())
        for known in [address, *map(str, document.xpath("//@*[starts-with(., '/')]"))]:
            self._learn(known)
        return [str(one) for one in document.xpath("//a/@href[starts-with(., '/')]")]

    def _learn(self, address: str) -> None:
        """Keep the values of an address by the part of the route that stands before them."""
        match = matched(address)
        for part in PARAMETER.finditer(match.route if match else ""):
            value = str(match.kwargs[part["name"]]) if match else ""
            self.known.setdefault((part["before"], part["name"]), value)

    def complete(self, person: Page) -> None:
        """Ask for the routes that no link leads to; ``unreached`` gets those that nobody finds."""
        for route, pattern in OURS:
            is_download = str(pattern.name).endswith(DOWNLOADS)
            if is_download or route in self.settled or route.startswith(FOR_PROGRAMS):
                continue
            address = "/" + PARAMETER.sub(self._value, route)
            answer = person.request.get(address, max_redirects=0)
            if answer.status == 200 and is_page(answer):
                self.pages[(route,)] = (person, address)
            elif answer.status == 404:
                self.unreached.append(route)

    def _value(self, part: re.Match[str]) -> str:
        known = self.known.get((part["before"], part["name"]), NOTHING[part["kind"]])
        return part["before"] + known


def look(page: Page, address: str) -> Iterator[str]:
    """Yield what is wrong with a page; the watch hears the rest."""
    page.goto(address)
    for one in Axe().run(page, options=RULES).response["violations"]:
        yield f"{address}: {one['id']} {one['nodes'][0]['html'][:150]}"
    page.set_viewport_size(PHONE)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        yield f"{address}: {wide} px wider than a phone"
    page.set_viewport_size(DESK)


@pytest.fixture
def stranger(site: Site, browser: Browser, watch: Watch) -> Iterator[Page]:
    """Give the page of somebody who has not signed in."""
    context = browser.new_context(base_url=site.url, viewport=DESK)
    page = context.new_page()
    watch.page(page)
    yield page
    context.close()


def send(page: Page, address: str, name: str, content: bytes) -> None:
    """Upload a file on a page."""
    page.goto(address)
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    with page.expect_navigation():
        page.locator("form:has(input[type=file]) button").last.click()


def records_of(person: str) -> bytes:
    """Return a file of no records, as somebody's device writes it."""
    digest = hashlib.sha256(b"[]").hexdigest()
    told = {"format": "tessera-records/2", "user": person, "records": [], "digest": digest}
    return json.dumps(told).encode()


def ask(page: Page) -> None:
    """Ask for a transport, which nobody has decided on."""
    page.goto("/o/demo/cargo/requests/new/")
    for number, label in enumerate(("Asked by", "Origin", "Destination"), start=1):
        page.get_by_label(label).select_option(index=number)
    page.get_by_label("Ready for collection on").fill("2030-05-01")
    page.get_by_role("button", name="Add a request").click()


def links_for(page: Page) -> list[str]:
    """Make an invitation and a recovery link; return both, the one that begins a session first."""
    page.goto("/o/demo/administration/invitations/")
    page.get_by_label("Organisation").select_option(index=1)
    page.get_by_role("button", name="Make an invitation link").click()
    invitation = page.locator("#invitation-link").input_value()
    page.goto("/people/?q=receiver")
    page.get_by_role("link", name="Pavel").first.click()
    page.get_by_role("button", name="Make a recovery link").click()
    return [page.locator("#recovery-link").input_value(), invitation]


def publish_register(site: Site, folder: Path) -> None:
    """Publish a form that keeps a list of entities."""
    file = folder / "register.xlsx"
    file.write_bytes(register_form())
    site.manage("publish_form", str(file), "--operation=demo", "--as=analyst")


def test_every_page_is_accessible_quiet_and_fits_a_phone(
    site: Site, visit: Visit, stranger: Page, tmp_path: Path
) -> None:
    publish_register(site, tmp_path)
    coordinator, administrator = visit("coordinator"), visit("administrator")
    send(coordinator, "/o/demo/access/import/", "events.csv", EVENTS)
    send(coordinator, "/o/demo/administration/devices/imports/", "o.json", records_of("officer"))
    ask(coordinator)
    visit("officer").goto("/field/")  # the client tells the server of its device
    atlas = Atlas()
    atlas.explore(coordinator, "/o/demo/", "/?all")
    atlas.explore(administrator, "/")
    atlas.explore(stranger, "/accounts/login/", *links_for(administrator))
    atlas.complete(coordinator)
    assert atlas.unreached == []
    found = [one for page, address in atlas.pages.values() for one in look(page, address)]
    assert found == []
