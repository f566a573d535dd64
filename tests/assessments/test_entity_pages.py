"""Entity lists as people see them: pages, downloads, the API, and what a record's page says."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from assessments.models import EntityList
from tests.assessments.desk import add
from tests.assessments.households import (
    ARAM,
    Households,
    register_form,
    registration,
    visit,
    visit_form,
)

LISTS = "/o/caucasus/forms/entities/"


@pytest.fixture
def anna(client: Client, households: Households) -> Client:
    """Give the analyst's browser; two households are registered, one was visited."""
    households.registered()
    households.registered(registration(uuid4(), head="Berta", size="2"))
    households.visited()
    client.force_login(households.desk.cast.anna)
    return client


def page(client: Client, address: str) -> str:
    """Return the text of a page."""
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def of(households: Households) -> str:
    """Return the address of the list."""
    return f"{LISTS}lists/{households.list.pk}/"


def test_the_lists_say_how_many_and_which_forms(anna: Client, households: Households) -> None:
    text = page(anna, LISTS)
    assert ">households</bdi>" in text
    for version in (households.register, households.visits):
        assert f"/o/caucasus/forms/{version.form_id}/" in text
    assert LISTS in page(anna, "/o/caucasus/forms/")


def test_a_list_is_searched_by_label_and_property(anna: Client, households: Households) -> None:
    assert "Berta" in page(anna, of(households))
    for text, found in (("aram", True), ("ber", False), (str(ARAM)[:8], True), ('"5"', True)):
        assert (str(ARAM) in page(anna, f"{of(households)}?q={text}")) == found, text
    assert "Nothing matches" in page(anna, f"{of(households)}?q=nobody")


def test_an_entity_links_the_record_that_changed_it(anna: Client, households: Households) -> None:
    one = households.one()
    assert f"/o/caucasus/submissions/{one.changed_by_id}/" in page(anna, of(households))
    history = page(anna, f"/o/caucasus/history/assessments.entity/{one.pk}/")
    assert "size: 4" in history
    assert "size: 5" in history


def test_a_record_is_not_linked_for_whom_it_is_not(anna: Client, households: Households) -> None:
    anna.force_login(households.desk.cast.leyla)
    text = page(anna, of(households))
    assert "Aram" in text
    assert f"/o/caucasus/submissions/{households.one().changed_by_id}/" not in text


def test_archiving_is_asked_first_and_can_be_taken_back(
    anna: Client, households: Households
) -> None:
    go = f"{LISTS}{households.one().pk}/archive/"
    assert f'action="{go}"' in page(anna, of(households))
    anna.post(go, {"archived": "yes"})
    assert str(ARAM) not in page(anna, of(households))
    assert str(ARAM) in page(anna, f"{of(households)}?state=archived")
    anna.post(go, {"archived": "no"})
    assert not households.one().is_archived


def test_a_field_officer_sees_no_lists(anna: Client, households: Households) -> None:
    anna.force_login(households.desk.cast.olga)
    assert LISTS not in page(anna, "/o/caucasus/forms/")
    assert anna.get(of(households)).status_code == 404
    assert anna.post(f"{LISTS}{households.one().pk}/archive/").status_code == 404


def test_a_list_is_taken_out_with_its_properties(anna: Client, households: Households) -> None:
    answer: Any = anna.get(f"{of(households)}export/?format=csv")
    table = b"".join(answer).decode("utf-8-sig")
    (first, second) = csv.DictReader(io.StringIO(table))
    assert (first["name"], first["label"], first["size"], first["__version"]) == (
        str(ARAM),
        "Aram",
        "5",
        "2",
    )
    assert second["label"] == "Berta"
    assert anna.get(f"{of(households)}export/?format=odd").status_code == 404


def test_the_api_narrows_to_a_list(anna: Client, households: Households) -> None:
    EntityList.objects.create(operation=households.desk.cast.operation, name="wells")
    rows = anna.get("/api/v1/entities/?list=households").json()["results"]
    assert [(row["label"], row["properties"]) for row in rows] == [
        ("Aram", {"size": "5"}),
        ("Berta", {"size": "2"}),
    ]
    assert anna.get("/api/v1/entities/?list=wells").json()["results"] == []


def test_a_record_says_what_could_not_be_stored(anna: Client, households: Households) -> None:
    kept = households.visited(visit(lost := uuid4())).submission
    text = page(anna, f"/o/caucasus/submissions/{kept.pk}/")
    assert "the list has no entity with this ID" in text
    assert str(lost) in text


def test_answers_show_labels_on_the_table_and_the_page(
    anna: Client, households: Households
) -> None:
    table = page(anna, "/o/caucasus/submissions/?form=household_visit&column=household")
    assert "Aram" in table
    changed = households.one().changed_by_id
    assert "Aram" in page(anna, f"/o/caucasus/submissions/{changed}/")


def test_the_report_says_what_a_form_does_with_which_list(
    anna: Client, households: Households
) -> None:
    versions = "/o/caucasus/forms/versions/"
    keeps = page(anna, f"{versions}{add(households.desk.cast, register_form('2')).pk}/")
    assert "Makes entities in the list “households”." in keeps
    reads = page(anna, f"{versions}{add(households.desk.cast, visit_form('2')).pk}/")
    assert "Updates entities in the list “households”." in reads
    assert "Reads the entity list “households”." in reads
    assert "The form is in order." in reads
