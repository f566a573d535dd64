"""Every page of the site, found by its links: accessible, quiet, and no wider than a phone.

A page that no link leads to is told as well: whatever answers like one must have been visited.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse
from playwright.sync_api import Browser, Error, Page

from tests.architecture.test_routes import OURS
from tests.journeys.conftest import Watch
from tests.site import Site

Visit = Callable[..., Page]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# The field client is one page with an accessibility test of its own; the API describes itself.
ELSEWHERE = ("field/", "api/", "openrosa")


@dataclass
class Walk:
    """Follows links breadth first and looks at the first page of each route."""

    page: Page
    seen: dict[str, ResolverMatch] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def through(self, *starts: str) -> None:
        """Visit all that can be reached from some addresses; where one starts may be known."""
        ahead = list(starts)
        for step, address in enumerate(ahead):
            match = matched(address)
            if match is None or (match.route in self.seen and step >= len(starts)):
                continue
            self.seen[match.route] = match
            if self._opens(address):
                self._look(match.route)
                ahead += self._links()

    def _opens(self, address: str) -> bool:
        try:
            answer = self.page.goto(address)
        except Error as error:
            if "Download is starting" in str(error):
                return False
            raise
        return bool(answer and "text/html" in answer.headers.get("content-type", ""))

    def _look(self, route: str) -> None:
        found = Axe().run(self.page).response["violations"]
        self.findings += [f"{route}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found]
        self.page.set_viewport_size(PHONE)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self.findings.append(f"{route}: {wide} px wider than a phone")
        self.page.set_viewport_size(DESK)

    def _links(self) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        here = urlsplit(self.page.url).netloc
        parts = [urlsplit(one) for one in found]
        return [f"{one.path}?{one.query}" for one in parts if one.netloc == here]


def matched(address: str) -> ResolverMatch | None:
    """Return the route behind an address, unless another test looks at it."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return None
    return None if match.route.startswith(ELSEWHERE) else match


def unlinked(walk: Walk, page: Page) -> list[str]:
    """Return the pages that no link led to, as far as their addresses can be made.

    A parameter has the value that it had at the same place of a route that was visited.
    """
    known = {
        (match.route.partition(f":{name}>")[0], name): value
        for match in walk.seen.values()
        for name, value in match.kwargs.items()
    }
    found = []
    for route, pattern in OURS:
        if route in walk.seen or route.startswith(ELSEWHERE):
            continue
        given: dict[str, Any] = {
            name: value for (before, name), value in known.items() if route.startswith(before)
        }
        try:
            address = reverse(str(pattern.name), kwargs=given)
        except NoReverseMatch:
            continue
        answer = page.request.get(address, max_redirects=0)
        if answer.status == 200 and "text/html" in answer.headers.get("content-type", ""):
            found.append(route)
    return found


@pytest.fixture
def stranger(site: Site, browser: Browser, watch: Watch) -> Iterator[Page]:
    """Give the page of somebody who has not signed in."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    watch.page(page)
    yield page
    context.close()


def links_for(visit: Visit) -> list[str]:
    """Make an invitation and a recovery link; return their addresses."""
    page = visit("administrator")
    page.goto("/o/demo/administration/invitations/")
    page.get_by_label("Organisation").select_option(index=1)
    page.get_by_role("button", name="Make an invitation link").click()
    invitation = page.locator("#invitation-link").input_value()
    page.goto("/people/?q=receiver")
    page.get_by_role("link", name="Pavel").first.click()
    page.get_by_role("button", name="Make a recovery link").click()
    return [invitation, page.locator("#recovery-link").input_value()]


def test_every_page_is_accessible_and_fits_a_phone(visit: Visit, stranger: Page) -> None:
    walk = Walk(visit("coordinator"))
    walk.through("/o/demo/", "/?all")
    walk.page = visit("administrator")
    walk.through("/")
    walk.page = stranger
    walk.through("/accounts/login/", *links_for(visit))
    assert len(walk.seen) > 60
    assert (walk.findings, unlinked(walk, visit("coordinator"))) == ([], [])
