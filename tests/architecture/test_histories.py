"""A history is as readable as its object: every kind of object, with every person."""

from django.apps import apps
from django.db.models import Model
from django.test import Client

from core.errors import Problem
from core.history import reading_verb
from core.models import Membership, Role
from core.policy import VERBS
from tests.architecture.matrix import MATRIX, RAW_OF_OLGA, World

# Of no single operation: the catalogue that all share, accounts, and what people carry.
SHARED = {"organisation", "user", "device"}


def verb_of(row: Model) -> str:
    """Return the verb that opens a row's history, or nothing where no verb does."""
    try:
        return reading_verb(row._meta.label).name
    except Problem:
        return ""


def signed_in(world: World) -> dict[str, Client]:
    """Return a browser of each person."""
    browsers = {who: Client() for who in world.cast.people}
    for who, browser in browsers.items():
        browser.force_login(world.cast.people[who])
    return browsers


def ask(client: Client, row: Model, slug: str = "caucasus") -> tuple[int, str]:
    """Return status and text of a row's history for somebody."""
    answer = client.get(f"/o/{slug}/history/{row._meta.label_lower}/{row.pk}/")
    return answer.status_code, answer.content.decode()


def refusal(verb: str, who: str) -> int:
    """Return the status for who may not: a row that they see is refused, another is not there."""
    reading = VERBS[verb].reading if verb else ""
    return 403 if reading != verb and who in MATRIX[reading][1] else 404


def test_every_kind_of_object_with_a_history_is_tried_here(world: World) -> None:
    tried = {type(row) for row in world.objects.values()}
    tracked = {model for model in apps.get_models() if hasattr(model, "pgh_event_models")}
    readable = {verb.model.lower() for verb in VERBS.values() if verb.reading == verb.name}
    missing = {model for model in tracked - tried if model._meta.label_lower in readable}
    assert missing == set()


def test_a_history_opens_for_those_who_read_its_object_and_for_nobody_else(world: World) -> None:
    wrong, browsers = {}, signed_in(world)
    for name, row in world.objects.items():
        verb = verb_of(row)
        has_history = bool(verb) and hasattr(row, "pgh_event_models")
        for who, browser in browsers.items():
            may = has_history and who != "outsider" and who in MATRIX[verb][1]
            status, text = ask(browser, row)
            if status != (200 if may else refusal(verb, who)):
                wrong[name, who] = f"{verb}: {status}"
            if who not in RAW_OF_OLGA and world.secret in text:
                wrong[name, who] = "tells answers"
    assert wrong == {}


def test_a_history_is_not_found_through_another_operation(world: World) -> None:
    browsers = signed_in(world)
    reached = {
        (name, who)
        for name, row in world.objects.items()
        for who in ("adam", "outsider")
        if name not in SHARED and ask(browsers[who], row, "elsewhere")[0] != 404
    }
    assert reached == set()


def test_the_history_of_roles_is_of_one_operation(world: World) -> None:
    theirs = {"operation": world.cast.elsewhere, "organisation": world.cast.organisations["AWAY"]}
    Membership.objects.create(user=world.cast.olga, role=Role.ANALYST, **theirs)
    text = (
        signed_in(world)["carmen"]
        .get("/o/caucasus/administration/members/history/")
        .content.decode()
    )
    assert "outsider" not in text.lower()
    assert world.cast.organisations["AWAY"].name not in text
