"""The history of an object: who did what, readable with the object and never changed."""

import uuid
from itertools import pairwise
from typing import Any

import pghistory
import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from psycopg import sql

from core import grants, history, tokens
from core.errors import Problem
from core.models import ApiToken, Membership, Operation, Role
from core.paging import SIZE
from tests.cast import Cast, assemble

KEYS = {model._meta.db_table: model._meta.pk.column for model in apps.get_models()}


def address(row: Any, slug: str = "caucasus") -> str:
    """Return the address of a row's history."""
    return f"/o/{slug}/history/{row._meta.label}/{row.pk}/"


def told(events: QuerySet[Any], subject: str = "") -> list[history.Entry]:
    """Return the entries of all events."""
    return history.told(list(events.order_by("-pgh_id")), subject=subject)


def test_a_long_history_goes_on_over_pages(cast: Cast, client: Client) -> None:
    names = [f"Name {number}" for number in range(1, 2 * SIZE)]
    for name in names:
        Operation.objects.filter(pk=cast.operation.pk).update(name=name)
    client.force_login(cast.carmen)
    seen: list[tuple[str, str, str]] = []
    where = address(cast.operation)
    for _ in range(2):
        answer = client.get(where)
        pages = [entry.changes for entry in answer.context["entries"]]
        assert len(pages) == SIZE
        seen += [(one.label, one.before, one.after) for page in pages for one in page]
        where = address(cast.operation) + str(answer.context["page"].next)
    assert answer.context["page"].next is None
    changed = [("Name", before, after) for before, after in pairwise(names)]
    assert seen[: len(changed)] == changed[::-1]


def test_a_change_shows_its_fields_actor_and_request(cast: Cast, client: Client) -> None:
    one = Membership.objects.get(user=cast.olga)
    client.force_login(cast.carmen)
    form = {"organisation": cast.organisations["IFRC"].pk, "role": "team_lead"}
    answer = client.post(f"/o/caucasus/administration/members/{one.pk}/", form)
    newest, first = told(history.of_row(one))
    assert (newest.kind, newest.who) == ("update", "Carmen")
    assert newest.request == answer["X-Request-ID"]
    changed = {(change.label, change.before, change.after) for change in newest.changes}
    assert changed == {("Role", "Field officer", "Team lead"), ("Organisation", "OCHA", "IFRC")}
    assert first.kind == "insert"
    assert ("Person", "", "") not in {(c.label, c.before, c.after) for c in first.changes}
    page = client.get(address(one)).content.decode()
    assert "Team lead" in page
    assert answer["X-Request-ID"] in page


def test_a_token_is_named_beside_its_person(cast: Cast) -> None:
    token, _secret = tokens.make(
        cast.operation, actor=cast.actor("anna"), name="script", scopes=["read"], days=7
    )
    with pghistory.context(user=cast.anna.pk, token=token.pk):
        Operation.objects.filter(pk=cast.operation.pk).update(name="Renamed")
    newest = told(history.of_row(cast.operation))[0]
    assert (newest.who, newest.how) == ("Anna", "token “script”")


def test_history_is_as_readable_as_the_object(cast: Cast, client: Client) -> None:
    token, _secret = tokens.make(
        cast.operation, actor=cast.actor("paula"), name="x", scopes=["read"], days=7
    )
    for who, status in (("paula", 200), ("carmen", 200), ("nils", 404), ("outsider", 404)):
        client.force_login(cast.people[who])
        assert client.get(address(token)).status_code == status, who


def test_an_object_is_not_found_through_another_operation(cast: Cast, client: Client) -> None:
    theirs = Membership.objects.get(user=cast.outsider)
    client.force_login(cast.adam)
    assert client.get(address(theirs)).status_code == 404
    assert client.get(address(theirs, "elsewhere")).status_code == 200
    assert client.get(address(cast.elsewhere)).status_code == 404


@pytest.mark.parametrize(
    "where", ["core.User/1", "core.Nothing/1", "nonsense/1", "core.Job/not-a-uuid", "auth.Group/1"]
)
def test_what_has_no_readable_history_is_not_found(where: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    assert client.get(f"/o/caucasus/history/{where}/").status_code == 404


def test_every_reading_verb_finds_its_model(cast: Cast) -> None:
    assert history.reading_verb("core.area").name == "area.read"
    with pytest.raises(Problem):
        history.reading_verb("core.Sector")


@pytest.fixture
def as_application(transactional_db: None) -> psycopg.Connection:
    """Give a connection as the application's role, after the rights have been given."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DO $$ BEGIN CREATE ROLE tessera_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL;"
            " END $$"
        )
    call_command("grant_application_role", verbosity=0)
    call_command("grant_application_role", verbosity=0)
    facts = connection.get_connection_params()
    wanted = {key: facts[key] for key in ("dbname", "host", "port") if facts.get(key)}
    return psycopg.connect(**wanted, user="tessera_app", autocommit=True)


def test_the_application_role_adds_to_the_audit_and_changes_none(
    as_application: psycopg.Connection,
) -> None:
    cast = assemble()
    with as_application as role:
        role.execute("SELECT set_config('pghistory.context_id', %s, false)", [str(uuid.uuid4())])
        role.execute("SELECT set_config('pghistory.context_metadata', '{\"user\": 1}', false)")
        role.execute("UPDATE core_operation SET name = 'Renamed' WHERE slug = 'caucasus'")
        newest = cast.operation.events.latest("pgh_id")
        assert (newest.name, newest.pgh_context.metadata) == ("Renamed", {"user": 1})
        for table in grants.append_only_tables():
            column = KEYS[table]
            for statement in (
                sql.SQL("UPDATE {table} SET {column} = NULL"),
                sql.SQL("DELETE FROM {table}"),
                sql.SQL("TRUNCATE {table} CASCADE"),
            ):
                names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    role.execute(statement.format(**names))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role.execute("CREATE TABLE mine (id int)")


def test_every_event_table_is_kept(db: None) -> None:
    kept = set(grants.append_only_tables())
    assert {"core_operationevent", "core_userevent", "pghistory_context"} <= kept
    assert ApiToken.pgh_event_models["insert"]._meta.db_table in kept


def test_a_missing_role_is_said_in_one_line(db: None) -> None:
    with pytest.raises(CommandError, match="no database role nobody_here"):
        call_command("grant_application_role", role="nobody_here")


def test_a_removed_role_stays_in_the_history_of_roles(cast: Cast, client: Client) -> None:
    one = Membership.objects.get(user=cast.olga, role=Role.FIELD_OFFICER)
    client.force_login(cast.carmen)
    client.post(f"/o/caucasus/administration/members/{one.pk}/remove/")
    newest = told(history.of_roles(cast.operation), subject="user")[0]
    assert (newest.kind, newest.who, newest.subject) == ("delete", "Carmen", "Olga")
    assert "Field officer" in {change.after for change in newest.changes}
    assert "Olga" in client.get("/o/caucasus/administration/members/history/").content.decode()
    client.force_login(cast.anna)
    assert client.get("/o/caucasus/administration/members/history/").status_code == 403
