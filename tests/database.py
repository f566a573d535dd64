"""Test databases made from a migrated template: applying every migration takes most of a minute."""

import fcntl
import hashlib
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[1]


def fingerprint() -> str:
    """Return a short digest of all migrations, ours and the libraries' versions."""
    digest = hashlib.sha256((ROOT / "requirements" / "run.txt").read_bytes())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def create(name: str) -> None:
    """Make the database ``name`` afresh as a copy of the template, and the template if need be.

    Workers that start together take turns; the template is renamed only once it is complete.
    """
    template = f"tessera_template_{fingerprint()}"
    # Each checkout has a database server of its own, and so takes turns with itself alone.
    home = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    with (Path(tempfile.gettempdir()) / f"{template}_{home}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(template):
            _migrate(f"{template}_new")
            _admin(f'ALTER DATABASE "{template}_new" RENAME TO "{template}"')
        _admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(name: str) -> None:
    """Remove a test database."""
    _admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def use(name: str) -> None:
    """Point Django's connection at a database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _migrate(name: str) -> None:
    _admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _admin(f'CREATE DATABASE "{name}"')
    home = connection.settings_dict["NAME"]
    use(name)
    call_command("migrate", verbosity=0)
    use(home)


def _exists(name: str) -> bool:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _admin(statement: str) -> None:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(statement)
