"""What the application's database role may do: everything but change what must stay as it was.

The audit is written by triggers; the role that serves requests may read and add to it, and no
more, so that even a fault in the application cannot rewrite history. A model says the same of its
own table: ``is_append_only``, ``kept_by_triggers`` (the role only reads it), or ``changeable`` (the
only fields that the role may update).
"""

from collections.abc import Iterator
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

SCHEMA = "public"
# pghistory's function that keeps who acted; it runs as its owner, so that the role needs no UPDATE.
CONTEXT_FUNCTION = "_pgh_attach_context()"


def append_only_tables() -> Iterator[str]:
    """Yield the tables of the audit, with who stood behind its events, and of observations."""
    for model in apps.get_models():
        is_event = issubclass(model, pghistory.models.Event) and model._meta.managed
        if is_event or getattr(model, "is_append_only", False):
            yield model._meta.db_table
    yield pghistory.models.Context._meta.db_table


def balance_tables() -> Iterator[str]:
    """Yield the tables that triggers alone write."""
    for model in apps.get_models():
        if getattr(model, "kept_by_triggers", False):
            yield model._meta.db_table


def changeable_columns() -> Iterator[tuple[str, list[Any]]]:
    """Yield the tables of which only some columns may be updated, with those columns."""
    for model in apps.get_models():
        fields = getattr(model, "changeable", ())
        if fields:
            columns = {one.name: one.column for one in model._meta.concrete_fields}
            yield model._meta.db_table, [columns[name] for name in fields]


def role_exists(role: str) -> bool:
    """Return whether the database server knows the role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None


@transaction.atomic
def give(role: str) -> int:
    """Give the role its rights, the same each time; return how many tables it may only add to."""
    name, schema = sql.Identifier(role), sql.Identifier(SCHEMA)
    kept = sorted(append_only_tables())
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(schema, name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {} TO {}").format(
            schema, name
        ),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {} TO {}").format(schema, name),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM {}").format(
            name
        ),
        sql.SQL("ALTER FUNCTION {} SECURITY DEFINER SET search_path = {}, pg_temp").format(
            sql.SQL(CONTEXT_FUNCTION), schema
        ),
        *(
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                sql.Identifier(table), name
            )
            for table in kept
        ),
        *(
            sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                sql.Identifier(table), name
            )
            for table in sorted(balance_tables())
        ),
        *(_only(table, columns, name) for table, columns in changeable_columns()),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return len(kept)


def _only(table: str, columns: list[Any], role: sql.Identifier) -> sql.Composed:
    """Return what leaves a role the right to update some columns of a table alone."""
    return sql.SQL(
        "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role};"
        " GRANT UPDATE ({columns}) ON {table} TO {role}"
    ).format(
        table=sql.Identifier(table),
        role=role,
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
