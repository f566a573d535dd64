"""People in the browser: invited by a link, signed in by a passkey or with a second step."""

from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PASSWORD, Watch
from tests.site import Site

Visit = Callable[..., Page]
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def stranger(site: Site, browser: Browser, watch: Watch) -> Iterator[Page]:
    """Give the page of somebody who has not signed in, on a phone."""
    context = browser.new_context(base_url=site.url, viewport={"width": 390, "height": 800})
    page = context.new_page()
    watch.page(page)
    yield page
    context.close()


@pytest.fixture
def factors_removed(site: Site) -> Iterator[None]:
    """Take away what the test added to an account: later journeys sign in by password alone."""
    yield
    model = "from allauth.mfa.models import Authenticator"
    site.manage("shell", "--command", f"{model}; Authenticator.objects.all().delete()")


def prove(page: Page) -> None:
    """Type the password again where a change of the ways to sign in asks for it."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    """Sign out by the menu of the account."""
    page.locator("summary", has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def test_an_invited_person_joins_from_a_phone(visit: Visit, stranger: Page) -> None:
    page = visit("coordinator")
    page.goto("/o/demo/administration/invitations/")
    page.get_by_label("Organisation").select_option(index=1)
    page.get_by_label("Role").select_option("observer")
    page.get_by_label("For whom").fill("Nino, from the hub")
    page.get_by_role("button", name="Make an invitation link").click()
    link = page.get_by_label("Invitation link").input_value()
    stranger.goto(link)
    stranger.get_by_label("Your name").fill("Nino")
    stranger.get_by_label("User name").fill("nino")
    stranger.get_by_label("Password", exact=True).fill("snow on Mount Aragats")
    stranger.get_by_role("button", name="Make the account and join").click()
    expect(stranger.get_by_text("Welcome to")).to_be_visible()
    stranger.get_by_role("button", name="Menu").click()
    expect(stranger.get_by_role("link", name="Overview")).to_be_visible()
    page.goto("/o/demo/administration/?q=nino")
    expect(page.get_by_role("cell", name="Observer", exact=True)).to_be_visible()


def test_a_role_is_taken_away_only_after_asking(visit: Visit) -> None:
    page = visit("coordinator")
    page.goto("/o/demo/administration/?role=receiver")
    rows = page.locator("tbody tr")
    before = rows.count()
    rows.first.get_by_role("button", name="Remove").click()
    dialogue = page.get_by_role("dialog")
    expect(dialogue).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialogue).to_be_hidden()
    assert rows.count() == before


@pytest.mark.usefixtures("factors_removed")
def test_a_passkey_signs_in_without_a_password(visit: Visit) -> None:
    page = visit("observer")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    page.goto("/accounts/2fa/webauthn/add/")
    prove(page)
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/o/demo/**")


@pytest.mark.usefixtures("factors_removed")
def test_an_authenticator_app_is_asked_for_after_the_password(visit: Visit) -> None:
    page = visit("partner")
    page.goto("/accounts/2fa/totp/activate/")
    prove(page)
    secret = page.get_by_label("Key").input_value()
    page.get_by_label("six-digit code").fill(code_of(secret))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    spare = page.locator("#recovery-codes").inner_text().split()[0]
    sign_out(page)
    page.get_by_label("User name or email").fill("partner")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).first.click()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The code is not correct")).to_be_visible()
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/o/demo/**")


def code_of(secret: str) -> str:
    """Return what an authenticator app would show now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_the_theme_and_language_stay_after_they_were_chosen(stranger: Page) -> None:
    stranger.goto("/accounts/login/")
    menu = stranger.locator("summary", has_text="Language and appearance")
    menu.click()
    stranger.get_by_role("button", name="Dark").click()
    stranger.reload()
    assert stranger.locator("html").get_attribute("data-bs-theme") == "dark"
    menu.click()
    stranger.get_by_role("button", name="Հայերեն").click()
    expect(stranger.locator("html")).to_have_attribute("lang", "hy")
    assert stranger.locator("html").get_attribute("data-bs-theme") == "dark"
