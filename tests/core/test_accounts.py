"""Signing in: by name or email, counted, refused to the demonstration's password elsewhere."""

import datetime

import pytest
import time_machine
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.test import Client, override_settings

from core.accounts import NotTheDemonstrationPassword, demonstration_accounts
from core.models import User
from tests.cast import Cast
from tests.factories.core import UserFactory

SIGN_IN = "/accounts/login/"
WRONG = "is not correct"


def sign_in(client: Client, login: str, password: str, **extra: str) -> object:
    """Post the sign-in form; return the answer."""
    return client.post(SIGN_IN, {"login": login, "password": password}, **extra)


def is_in(client: Client) -> bool:
    """Return whether the client has a signed-in session."""
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["olga", "Olga", "olga@example.org", "OLGA@example.org"])
def test_one_signs_in_by_name_or_email(login: str, client: Client, db: None) -> None:
    UserFactory(username="olga", email="olga@example.org")
    sign_in(client, login, "secret-for-tests")
    assert is_in(client)


def test_a_wrong_password_says_so_and_keeps_the_name(client: Client, db: None) -> None:
    UserFactory(username="olga")
    answer = client.post(SIGN_IN, {"login": "olga", "password": "wrong"})
    assert not is_in(client)
    page = answer.content.decode()
    assert WRONG in page
    assert 'value="olga"' in page


def test_an_unknown_name_gets_the_same_answer(client: Client, db: None) -> None:
    answer = client.post(SIGN_IN, {"login": "nobody", "password": "wrong"})
    assert WRONG in answer.content.decode()


def test_a_closed_account_cannot_sign_in(client: Client, db: None) -> None:
    UserFactory(username="olga", is_active=False)
    sign_in(client, "olga", "secret-for-tests")
    assert not is_in(client)


def fail(client: Client, times: int, **extra: str) -> None:
    """Fail to sign in as Olga under changing spellings."""
    spellings = ["olga", "OLGA", " olga ", "olga@example.org"]
    for number in range(times):
        sign_in(client, spellings[number % 4], "wrong", **extra)


def test_eight_failures_lock_person_and_address_for_a_quarter_of_an_hour(
    client: Client, db: None
) -> None:
    UserFactory(username="olga", email="olga@example.org")
    start = datetime.datetime(2020, 11, 23, 6, 0, tzinfo=datetime.UTC)
    with time_machine.travel(start, tick=False):
        fail(client, 8)
    with time_machine.travel(start + datetime.timedelta(minutes=4), tick=False):
        answer = client.post(SIGN_IN, {"login": "olga", "password": "secret-for-tests"})
        assert answer.status_code == 429
        assert "locked for 11 more minutes" in answer.content.decode()
        assert answer["Retry-After"] == "660"
        assert not is_in(client)
    with time_machine.travel(start + datetime.timedelta(minutes=16), tick=False):
        sign_in(client, "olga", "secret-for-tests")
        assert is_in(client)


def test_the_lock_does_not_reach_another_address_or_person(client: Client, db: None) -> None:
    UserFactory(username="olga", email="olga@example.org")
    UserFactory(username="tigran")
    fail(client, 9)
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    sign_in(elsewhere, "olga", "secret-for-tests")
    assert is_in(elsewhere)
    neighbour = Client()
    sign_in(neighbour, "tigran", "secret-for-tests")
    assert is_in(neighbour)


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_proxy_the_client_is_counted_and_not_what_it_claims(
    client: Client, db: None
) -> None:
    UserFactory(username="olga")
    sign_in(client, "olga", "wrong", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
    assert AccessAttempt.objects.get().ip_address == "203.0.113.7"


@pytest.fixture
def demo_person(cast: Cast) -> User:
    """Give Olga with the published password, in a demonstration operation."""
    cast.operation.is_demo = True
    cast.operation.save()
    cast.olga.set_password("tessera-demo")
    cast.olga.save()
    return cast.olga


@override_settings(DEMO=False)
def test_the_demonstration_password_opens_nothing_outside_one(
    demo_person: User, client: Client
) -> None:
    sign_in(client, "olga", "tessera-demo")
    assert not is_in(client)
    assert demonstration_accounts() == []
    assert "tessera-demo" not in client.get(SIGN_IN).content.decode()


@override_settings(DEMO=True)
def test_a_demonstration_lists_its_accounts_and_lets_them_in(
    demo_person: User, client: Client
) -> None:
    page = client.get(SIGN_IN).content.decode()
    assert "olga" in page
    assert "outsider" not in page
    sign_in(client, "olga", "tessera-demo")
    assert is_in(client)


def test_nobody_can_choose_the_published_password() -> None:
    with pytest.raises(ValidationError):
        NotTheDemonstrationPassword().validate("tessera-demo")
    NotTheDemonstrationPassword().validate("another one that is long")


def test_two_accounts_never_share_a_name_or_email(db: None) -> None:
    UserFactory(username="olga", email="olga@example.org")
    for twin in (User(username="OLGA"), User(username="o2", email="Olga@Example.org")):
        twin.set_password("x")
        with pytest.raises(ValidationError):
            twin.full_clean()


def test_there_is_no_open_sign_up(client: Client, db: None) -> None:
    form = {"username": "eve", "password1": "a long password 7", "password2": "a long password 7"}
    client.post("/accounts/signup/", form)
    assert not User.objects.exists()
    assert "invitation" in client.get("/accounts/signup/").content.decode().lower()
