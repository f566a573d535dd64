"""Nothing crosses from one operation to another, and no token or export goes around.

The doors of ``test_doors`` are tried here with the right person at the wrong place: another
operation's objects behind one's own operation's address, tokens and every dataset.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from core import secret, tokens
from core.datasets import DATASETS
from core.models import ApiToken, Operation, User
from core.policy import VERBS
from tests.architecture.matrix import MATRIX, World
from tests.architecture.test_doors import API, DECIDING, GUARDED, INSIDE, ask, methods
from tests.architecture.test_routes import verb_of

REFUSED = {400, 403, 404, 405}
# Organisations are shared by all operations; the others name no object of an operation.
NO_OBJECT = ("organisations/<int:pk>/", "<slug:fmt>", "<slug:name>.svg")
OBJECTS = [
    (address, pattern)
    for address, pattern in DECIDING
    if address.startswith(INSIDE)
    and "<" in address.removeprefix(INSIDE)
    and not address.endswith(NO_OBJECT)
]
IN_API = [(address, pattern) for address, pattern in GUARDED if address.startswith(API)]


def signed_in(user: User) -> Client:
    """Return a person's browser."""
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


def token_of(user: User, operation: Operation, *scopes: str) -> dict[str, str]:
    """Return the header with a person's fresh token for an operation."""
    value = secret.new(tokens.PREFIX)
    ApiToken.objects.create(
        user=user,
        operation=operation,
        name="test",
        prefix=value[:8],
        token_hash=secret.digest(value),
        scopes=list(scopes),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    return {"HTTP_AUTHORIZATION": f"Bearer {value}"}


@pytest.mark.parametrize(("address", "pattern"), OBJECTS, ids=[one[0] for one in OBJECTS])
def test_an_object_is_not_found_behind_another_operations_address(
    address: str, pattern: URLPattern, world: World
) -> None:
    path, _ = world.path(address)
    crossed = path.replace("/o/caucasus/", "/o/elsewhere/")
    client = signed_in(world.cast.outsider)
    answers = {method: ask(client, method, crossed)[0] for method in methods(address)}
    assert set(answers.values()) <= {404, 405}, answers
    assert 404 in answers.values()


@pytest.mark.parametrize(("address", "pattern"), IN_API, ids=[one[0] for one in IN_API])
def test_a_token_opens_no_more_than_its_owner_has_in_its_operation(
    address: str, pattern: URLPattern, world: World
) -> None:
    path, has_object = world.path(address)
    verb = verb_of(pattern.callback) or ""
    client = Client(raise_request_exception=False)
    wrong = {}
    for who, user in world.cast.people.items():
        here = token_of(user, world.cast.operation, "read")
        for method in methods(address):
            status, body = ask(client, method, path, **here)
            if method != "GET" and status < 300:
                wrong[who, method] = status
            if has_object and who not in MATRIX[verb][1] and status not in REFUSED:
                wrong[who, method] = status
            if world.secret.encode() in body and who not in MATRIX["submission.read"][1]:
                wrong[who, method] = status
        away = token_of(user, world.cast.elsewhere, "read", "write")
        status, body = ask(client, "GET", path, **away)
        if world.secret.encode() in body or (has_object and status not in REFUSED):
            wrong[who, "away"] = status
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_an_export_holds_what_its_reader_may_read(name: str, world: World) -> None:
    for who, user in world.cast.people.items():
        status, body = ask(signed_in(user), "GET", f"/o/caucasus/export/{name}.csv")
        assert status == (404 if who == "outsider" else 200), who
        rows = body.decode("utf-8-sig").splitlines()[1:]
        if status == 200 and who not in MATRIX[VERBS[DATASETS[name].verb].reading][1]:
            assert rows == [], who
        if who not in MATRIX["submission.read"][1]:
            assert world.secret.encode() not in body, who
