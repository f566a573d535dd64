"""Accounts: a way back in without mail, and an end that keeps what was recorded."""

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from core import people, tokens
from core.errors import Problem
from core.models import ApiToken, RecoveryLink, User
from tests.cast import Cast

NEW = "snow on Mount Aragats"


def recover(client: Client, secret: str, password: str = NEW) -> int:
    """Follow a recovery link and set a password; return the answer's status."""
    opened = client.get(f"/recover/{secret}/", follow=True)
    if opened.status_code != 200:
        return opened.status_code
    return client.post("/recover/", {"password": password}).status_code


def test_a_link_sets_a_new_password_and_ends_the_sessions(cast: Cast, client: Client) -> None:
    lost = Client()
    lost.force_login(cast.olga)
    _link, secret = people.recovery_link(cast.olga, actor=cast.actor("adam"))
    assert recover(client, secret) == 302
    assert User.objects.get(pk=cast.olga.pk).check_password(NEW)
    assert lost.get("/profile/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_link_works_once(cast: Cast, client: Client) -> None:
    _link, secret = people.recovery_link(cast.olga, actor=cast.actor("adam"))
    recover(client, secret)
    assert recover(Client(), secret, "another one that is long") == 410
    assert User.objects.get(pk=cast.olga.pk).check_password(NEW)


def test_a_newer_link_ends_the_earlier_one(cast: Cast, client: Client) -> None:
    _link, first = people.recovery_link(cast.olga, actor=cast.actor("adam"))
    people.recovery_link(cast.olga, actor=cast.actor("adam"))
    assert recover(client, first) == 410


def test_a_link_ends_after_a_day(cast: Cast, client: Client) -> None:
    _link, secret = people.recovery_link(cast.olga, actor=cast.actor("adam"))
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        assert recover(client, secret) == 410


def test_a_weak_password_leaves_the_link_open(cast: Cast, client: Client) -> None:
    _link, secret = people.recovery_link(cast.olga, actor=cast.actor("adam"))
    assert recover(client, secret, "password") == 200
    assert RecoveryLink.objects.get().state == RecoveryLink.State.OPEN


@pytest.mark.parametrize("clears", [True, False])
def test_a_link_removes_the_second_step_only_where_it_says_so(
    clears: bool, cast: Cast, client: Client
) -> None:
    Authenticator.objects.create(user=cast.olga, type=Authenticator.Type.TOTP, data={"secret": "x"})
    _link, secret = people.recovery_link(cast.olga, actor=cast.actor("adam"), clears_factors=clears)
    recover(client, secret)
    assert Authenticator.objects.filter(user=cast.olga).exists() is not clears


@pytest.mark.parametrize("who", ["carmen", "olga"])
def test_only_administrators_make_recovery_links(who: str, cast: Cast) -> None:
    with pytest.raises(Problem) as refusal:
        people.recovery_link(cast.tigran, actor=cast.actor(who))
    assert refusal.value.code == "not_found"


def test_who_leaves_is_signed_out_and_their_tokens_end(cast: Cast, client: Client) -> None:
    tokens.make(cast.operation, actor=cast.actor("paula"), name="portal", scopes=["read"], days=7)
    theirs = Client()
    theirs.force_login(cast.paula)
    client.force_login(cast.adam)
    client.post(f"/people/{cast.paula.pk}/deactivate/")
    assert ApiToken.objects.get().state == ApiToken.State.REVOKED
    assert theirs.get("/profile/").status_code == 302
    assert User.objects.filter(pk=cast.paula.pk, is_active=False).exists()
    assert cast.paula.memberships.exists()


def test_an_account_can_be_opened_again_without_its_tokens(cast: Cast) -> None:
    tokens.make(cast.operation, actor=cast.actor("paula"), name="portal", scopes=["read"], days=7)
    people.deactivate(cast.paula, actor=cast.actor("adam"))
    people.reactivate(cast.paula, actor=cast.actor("adam"))
    assert User.objects.get(pk=cast.paula.pk).is_active
    assert not ApiToken.objects.live().exists()


def test_administrators_cannot_close_the_account_in_use(cast: Cast) -> None:
    with pytest.raises(Problem) as refusal:
        people.deactivate(cast.adam, actor=cast.actor("adam"))
    assert refusal.value.code == "own_account"


@pytest.mark.parametrize("address", ["/people/", "/operations/new/"])
def test_pages_of_administrators_do_not_exist_for_others(
    address: str, cast: Cast, client: Client
) -> None:
    client.force_login(cast.carmen)
    assert client.get(address).status_code == 404
    client.force_login(cast.adam)
    assert client.get(address).status_code == 200


def test_the_list_finds_people_and_shows_a_link_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.adam)
    page = client.get("/people/?q=tig").content.decode()
    assert "Tigran" in page
    assert "Farid" not in page
    made = client.post(f"/people/{cast.olga.pk}/")
    assert "http://testserver/recover/" in made.content.decode()
    assert (
        "http://testserver/recover/" not in client.get(f"/people/{cast.olga.pk}/").content.decode()
    )
