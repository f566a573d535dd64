"""A private PostgreSQL: made, started and prepared here, reached only through its own socket."""

import shutil
import time
from pathlib import Path

from ops.account import Account
from ops.places import LOCAL, Places
from ops.say import Failure, doing
from ops.shell import attempt, run

SUPERUSER = "postgres"
DATABASE = "tessera"
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist", "citext", "unaccent")
PATIENCE = 20  # seconds without any sign of life, not counting crash recovery

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than it saves on short queries
    "timezone": "UTC",
    "log_line_prefix": "%t ",
    "log_checkpoints": "off",
    # Failed statements and their details hold people's answers: they do not belong in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs(cluster: Path) -> Path:
    """The directory of the server's programs, of the version that made the cluster."""
    home = Path("/usr/lib/postgresql")
    if (cluster / "PG_VERSION").is_file():
        version = (cluster / "PG_VERSION").read_text().strip()
        if not (home / version / "bin" / "postgres").exists():
            raise Failure(
                f"The data in {cluster} was made by PostgreSQL {version}, which is not installed "
                f"any more: apt-get install postgresql-{version} postgresql-{version}-postgis-3"
            )
        return home / version / "bin"
    found = [path.parent for path in home.glob("*/bin/postgres")]
    if not found:
        raise Failure("PostgreSQL is not installed.")
    return max(found, key=lambda path: float(path.parent.name))


def initialise(places: Places, account: Account) -> None:
    """Make the cluster unless it is there; a half-made one is thrown away first."""
    if places.cluster.exists():
        return
    unfinished = places.data / "postgres.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    arguments = [
        f"--pgdata={unfinished}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--auth-local=trust",  # the socket's directory can be entered by this account alone
        "--auth-host=reject",
        "--data-checksums",
    ]
    with doing(f"Making the {places.name} database"):
        run(
            account.command(str(programs(places.cluster) / "initdb"), *arguments),
            what="Making the database cluster",
            cwd=places.data,
            log=places.logs / "initdb.log",
        )
        unfinished.rename(places.cluster)


def command(places: Places, *, durable: bool) -> list[str]:
    """The server in the foreground, with all of its settings on the command line."""
    settings = {
        **SETTINGS,
        **(SAFE if durable else FAST),
        "unix_socket_directories": str(places.sockets),
    }
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    return [str(programs(places.cluster) / "postgres"), "-D", str(places.cluster), *options]


def wait(places: Places) -> None:
    """Wait until the server answers; recovery after a crash may take as long as it takes."""
    asks = [
        str(programs(places.cluster) / "pg_isready"),
        "-q",
        "-h",
        str(places.sockets),
        "-U",
        SUPERUSER,
    ]
    silent_since = time.monotonic()
    while (status := attempt(asks).returncode) != 0:
        if status == 1:  # it is there and recovers
            silent_since = time.monotonic()
        elif time.monotonic() - silent_since > PATIENCE:
            raise Failure(f"PostgreSQL does not start: {_why(places.logs / 'postgres.log')}")
        time.sleep(0.1)


def _why(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    telling = [line for line in lines if any(word in line for word in ("FATAL:", "PANIC:"))]
    return f"{telling[-1] if telling else 'no reason given'} (log: {log})"


ROLES = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tessera_owner') THEN
    CREATE ROLE tessera_owner LOGIN CREATEDB;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tessera_app') THEN
    CREATE ROLE tessera_app LOGIN;
  END IF;
END $$;
"""
# Kept per database and copied with the template, so that databases made by tests have it too.
GRANTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE tessera_owner
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tessera_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tessera_owner GRANT USAGE, SELECT ON SEQUENCES TO tessera_app;
"""


def prepare(places: Places) -> None:
    """Extensions, roles and the database, as the superuser; does nothing where they exist."""
    extensions = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};\n" for name in EXTENSIONS)
    _sql(places, "template1", "SET client_min_messages = warning;", ROLES, extensions, GRANTS)
    exists = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 - a constant
    if "1" not in _sql(places, "template1", exists).split():
        _sql(places, "template1", f"CREATE DATABASE {DATABASE} OWNER tessera_owner")


def prepare_for_tests(places: Places) -> None:
    """Tests make and drop whole databases, and connect to them as the application, too."""
    grants = "ALTER ROLE tessera_owner CREATEROLE; GRANT tessera_app TO tessera_owner"
    _sql(places, "template1", "SET client_min_messages = warning", grants)


def _sql(places: Places, database: str, *statements: str) -> str:
    psql = [str(programs(places.cluster) / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1"]
    psql += ["-h", str(places.sockets), "-U", SUPERUSER, "-d", database]
    for statement in statements:
        psql += ["-c", statement]
    return run(psql, what="Preparing the database", log=LOCAL / "psql.log")


def url(places: Places, role: str) -> str:
    """The address of the database for one role."""
    return f"postgresql://{role}@/{DATABASE}?host={places.sockets}"
