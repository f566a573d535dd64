"""What nobody was given, no door gives: every route and method with every person, and with nobody.

The expected answer comes from the hand-written matrix, never from the code's own tables: 404 where
the object may not be read, 403 where it may be read but not treated so, and else an answer.
"""

from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern

from core.policy import VERBS
from tests.architecture.matrix import DECIDED_BY, EVERYONE, MATRIX, World
from tests.architecture.test_routes import OURS, verb_of

ALLOWED = {200, 201, 202, 204, 301, 302, 303, 304}
# What a right answer may also be once the door is open: the form's errors, a conflict of states.
AFTER_THE_DOOR = ALLOWED | {400, 405, 409, 412, 413, 415, 422}
# Routes to files that the world does not have: the door may open, and nothing is behind it.
NOTHING_BEHIND = ("/source/", "attachments/<str:name>", "files/<int:file>/", "pictures/<str:name>")
# Doors that read the record before they ask who sends it: nothing was sent, so 400 for all members.
ASKS_LATER = ("api/forms/<int:pk>/submissions", "api/forms/<int:pk>/tests")
HIDDEN = {404}
INSIDE = "o/<slug:slug>/"
API = "api/v1/"
FOR_ADMINISTRATORS = {"people/", "operations/new/"}
GUARDED_LISTS = {
    f"{INSIDE}administration/organisations/",
    f"{INSIDE}administration/organisations/new/",
}
# Without their parameter, or with a batch that nobody made, these have nothing for anybody.
EMPTY = ("field/", "field/api/areas.geojson", "<uuid:batch>/", "<uuid:batch>/undo/")


def reads(verb: str) -> frozenset[str]:
    """Return who may read the object that a verb is tried on."""
    return MATRIX[VERBS[verb].reading][1]


def expected(verb: str, who: str, address: str, *, has_object: bool) -> set[int]:
    """Return the status codes that the matrix leaves for a person at a route."""
    inside = address.startswith(INSIDE)
    if inside and who not in EVERYONE:
        return HIDDEN
    if has_object or address in GUARDED_LISTS or (inside and MATRIX[verb][0] == "operation"):
        return decided(verb, who, address)
    # A list that the policy narrows, to nothing if need be
    return AFTER_THE_DOOR if address not in FOR_ADMINISTRATORS or who == "adam" else HIDDEN


def decided(verb: str, who: str, address: str) -> set[int]:
    """Return the status codes where the verb decides over an object."""
    if who in MATRIX[verb][1]:
        return AFTER_THE_DOOR | (HIDDEN if address.endswith(NOTHING_BEHIND) else set())
    if who not in reads(verb):
        return HIDDEN
    return {403} | ({400} if address.endswith(ASKS_LATER) else set())


def methods(address: str) -> tuple[str, ...]:
    """Return the methods to try: what a browser sends, and by the API whatever can be sent."""
    return ("GET", "POST", "PUT", "PATCH", "DELETE") if address.startswith(API) else ("GET", "POST")


def ask(client: Client, method: str, address: str, **extra: Any) -> tuple[int, bytes]:
    """Send nothing to an address by a method, and undo it; return the status and the body."""
    with transaction.atomic():  # what one person may do must not change it for the next
        answer: Any = client.generic(method, address, **extra)
        body = b"".join(answer) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, body


GUARDED = [(address, pattern) for address, pattern in OURS if verb_of(pattern.callback) != "public"]
# Here a browser's session counts for nothing: tests/assessments/test_openrosa.py tries them.
OF_APPS = [one for one in GUARDED if one[0].startswith("openrosa/")]


DECIDING = [
    one
    for one in GUARDED
    if one[0] not in EMPTY and not one[0].endswith(EMPTY[2:]) and one not in OF_APPS
]


@pytest.fixture(scope="module")
def clients(whole_world: World) -> dict[str, Client]:
    """Give everybody's browser, signed in."""
    browsers = {who: Client(raise_request_exception=False) for who in whole_world.cast.people}
    for who, browser in browsers.items():
        browser.force_login(whole_world.cast.people[who])
    return browsers


@pytest.mark.parametrize(("address", "pattern"), DECIDING, ids=[one[0] for one in DECIDING])
def test_a_door_opens_to_whom_the_matrix_says(
    address: str, pattern: URLPattern, world: World, clients: dict[str, Client]
) -> None:
    deciding = (verb for ending, verb in DECIDED_BY.items() if address.endswith(ending))
    verb = next(deciding, verb_of(pattern.callback) or "")
    path, has_object = world.path(address)
    wrong, told, opened = {}, [], False
    for (who, client), method in product(clients.items(), methods(address)):
        status, body = ask(client, method, path)
        possible = expected(verb, who, address, has_object=has_object)
        if status not in possible | {405}:
            wrong[who, method] = status
        if who not in MATRIX["submission.read"][1] and world.secret.encode() in body:
            told.append((who, method))
        opened |= status in possible - {405} and who in MATRIX[verb][1]
    assert (wrong, told) == ({}, []), f"{verb} at {path}"
    assert opened, f"{path} opens to nobody"


@pytest.mark.parametrize(("address", "pattern"), GUARDED, ids=[one[0] for one in GUARDED])
def test_a_door_asks_strangers_to_sign_in(
    address: str, pattern: URLPattern, world: World, client: Client
) -> None:
    path, _ = world.path(address)
    for method in methods(address):
        answer = client.generic(method, path)
        to_sign_in = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
        assert to_sign_in or answer.status_code in {401, 405}, method


@pytest.mark.parametrize(("address", "pattern"), OF_APPS, ids=[one[0] for one in OF_APPS])
def test_a_session_opens_no_door_for_apps(
    address: str, pattern: URLPattern, world: World, clients: dict[str, Client]
) -> None:
    path, _ = world.path(address)
    for method, client in product(methods(address), clients.values()):
        assert ask(client, method, path)[0] in {401, 405}
