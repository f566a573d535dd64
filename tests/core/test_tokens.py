"""API tokens: shown once, kept as a digest, narrow, and dead when they should be."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core import policy, tokens
from core.errors import Problem
from core.models import ApiToken, Operation
from tests.cast import Cast

PAGE = "/o/caucasus/tokens/"


@pytest.fixture
def made(cast: Cast) -> tuple[ApiToken, str]:
    """Give Paula's reading token with its secret."""
    return tokens.make(
        cast.operation, actor=cast.actor("paula"), name="harvest", scopes=["read"], days=30
    )


def status(secret: str) -> int:
    """Return how the API answers to a token."""
    return Client().get("/api/v1/operations/", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code


def test_a_token_opens_the_api_and_its_use_is_noted(made: tuple[ApiToken, str]) -> None:
    assert status(made[1]) == 200
    assert ApiToken.objects.get().last_used_at is not None


def test_use_is_noted_at_most_once_a_minute_and_not_audited(made: tuple[ApiToken, str]) -> None:
    tokens.live(made[1])
    first = ApiToken.objects.get().last_used_at
    tokens.live(made[1])
    assert ApiToken.objects.get().last_used_at == first
    assert made[0].events.count() == 1


def test_the_secret_is_stored_nowhere(made: tuple[ApiToken, str]) -> None:
    rows = [*ApiToken.objects.values(), *made[0].events.values()]
    assert made[1] not in str(rows)
    assert not any(made[1][8:20] in str(row) for row in rows)


def test_a_revoked_token_is_refused(made: tuple[ApiToken, str], cast: Cast) -> None:
    tokens.revoke(made[0], actor=cast.actor("paula"))
    assert status(made[1]) == 401


def test_an_expired_token_is_refused(made: tuple[ApiToken, str]) -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        assert status(made[1]) == 401
        assert made[0].state == ApiToken.State.EXPIRED


def test_a_made_up_token_is_refused(db: None) -> None:
    assert status("tess_made-up") == 401


def test_a_token_in_the_address_opens_nothing(made: tuple[ApiToken, str]) -> None:
    answer = Client().get(f"/api/v1/operations/?token={made[1]}")
    assert (answer.status_code, answer.json()["code"]) == (400, "token_in_address")


def test_the_page_shows_the_secret_once_with_an_example(cast: Cast, client: Client) -> None:
    client.force_login(cast.paula)
    answer = client.post(PAGE, {"name": "harvest", "scope": "write", "days": "90"})
    page = answer.content.decode()
    assert "tess_" in page
    assert "curl -H" in page
    assert "no-store" in answer["Cache-Control"]
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "write"]
    assert 89 <= (token.expires_at - timezone.now()).days <= 90
    assert "curl -H" not in client.get(PAGE).content.decode()


def test_one_sees_own_tokens_and_a_coordinator_sees_all(
    made: tuple[ApiToken, str], cast: Cast, client: Client
) -> None:
    client.force_login(cast.nils)
    assert "harvest" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{made[0].pk}/revoke/").status_code == 404
    client.force_login(cast.carmen)
    assert "harvest" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}{made[0].pk}/revoke/")
    assert ApiToken.objects.get().state == ApiToken.State.REVOKED


def test_a_token_ends_within_a_year(cast: Cast) -> None:
    with pytest.raises(Problem) as refusal:
        tokens.make(cast.operation, actor=cast.actor("paula"), name="x", scopes=["read"], days=3650)
    assert refusal.value.code == "token_too_long"


def test_a_token_sees_its_own_operation_only(made: tuple[ApiToken, str], cast: Cast) -> None:
    actor = policy.actor_of(cast.paula, made[0])
    seen = policy.filter(actor, "operation.read", Operation.objects.all())
    assert list(seen) == [cast.operation]
