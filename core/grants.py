"""What the application's database role may do: everything but change what must stay as it was.

The audit is written by triggers; the role that serves requests may read and add to it, and no
more, so that even a fault in the application cannot rewrite history.
"""

from collections.abc import Iterator

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
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return len(kept)
