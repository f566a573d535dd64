"""A backup made and restored as docs/deploy.md says, with PostgreSQL's programs and real rows."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from core.models import Area
from ops import postgres
from ops.shell import attempt
from ops.stack import where
from tests.architecture.matrix import build
from tests.cast import assemble

RESTORED = "restored_from_backup"
TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND nspname = 'public' AND relname <> 'spatial_ref_sys' ORDER BY relname
"""
ROWS = "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} AS t"


def address(database: str, user: str = "postgres") -> str:
    """Return a database's address on the test's server."""
    return f"postgresql://{user}@/{database}?{urlencode({'host': server()})}"


def server() -> str:
    """Return the folder of the server's socket."""
    return str(connection.get_connection_params()["host"])


def contents(database: str) -> dict[str, tuple[int, str]]:
    """Return the number of rows of each table, and a digest of them."""
    with psycopg.connect(address(database)) as link:
        names = [name for (name,) in link.execute(TABLES)]
        asked = {name: sql.SQL(ROWS).format(sql.Identifier(name)) for name in names}
        found = {name: link.execute(query).fetchone() for name, query in asked.items()}
    return {name: row for name, row in found.items() if row and row[0]}


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; it has to succeed without a word."""
    command = [
        str(postgres.programs(where("test").cluster) / program),
        "-h",
        server(),
        "-U",
        "postgres",
    ]
    done = attempt([*command, *arguments])
    assert (done.returncode, done.stdout) == (0, "")


@pytest.fixture
def empty(transactional_db: None) -> Iterator[str]:
    """Give an empty database as a new installation has it."""
    name = sql.Identifier(RESTORED)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    with psycopg.connect(address("postgres"), autocommit=True) as link:
        link.execute(drop)
        link.execute(sql.SQL("CREATE DATABASE {} OWNER tessera_owner").format(name))
        yield RESTORED
        link.execute(drop)


def test_a_restored_backup_has_every_row_and_its_triggers(empty: str, tmp_path: Path) -> None:
    call_command("grant_application_role", verbosity=0)
    area = build(assemble()).objects["area"].pk
    Area.objects.update(centre=Point(44.5, 40.2))
    dump = str(tmp_path / "tessera.dump")
    source = str(connection.get_connection_params()["dbname"])
    run("pg_dump", "-Fc", "-f", dump, source)
    run("pg_restore", "-d", empty, "--clean", "--if-exists", "--exit-on-error", dump)

    kept = contents(source)
    assert contents(empty) == kept
    assert kept["assessments_submission"][0] == 1
    move = "UPDATE core_area SET centre = ST_Point(45, 41, 4326) WHERE id = %s"
    told = "SELECT count(*) FROM core_areaevent WHERE pgh_obj_id = %s AND ST_X(centre) = 45"
    with psycopg.connect(address(empty, "tessera_app"), autocommit=True) as link:
        assert [link.execute(move, [area]).rowcount for _ in range(2)] == [1, 1]
        assert link.execute(told, [area]).fetchone() == (1,), "one change, told once"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("DELETE FROM core_areaevent")
