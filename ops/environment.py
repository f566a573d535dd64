"""What the application is told: the TESSERA_* variables that core/settings.py reads."""

import os
import secrets

from ops import broker, postgres
from ops.account import Account
from ops.places import Places


def secret(places: Places, account: Account) -> str:
    """The stack's signing key: made once, kept beside the data, readable by the account alone."""
    path = places.data / "secret-key"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_urlsafe(48))
        os.chown(unfinished, account.uid, account.gid)
        unfinished.rename(path)
    return path.read_text()


def of(places: Places, *, key: str, port: int, role: str = "tessera_app") -> dict[str, str]:
    """The environment of the application on this stack, connected to the database as `role`."""
    return {
        "DJANGO_SETTINGS_MODULE": "core.settings",
        "HOME": str(places.data),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "TESSERA_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "TESSERA_BASE_URL": f"http://localhost:{port}",
        "TESSERA_DATABASE_URL": postgres.url(places, role),
        "TESSERA_DATA_DIR": str(places.files),
        "TESSERA_OWNER_DATABASE_URL": postgres.url(places, "tessera_owner"),
        "TESSERA_REDIS_URL": broker.url(places),
        "TESSERA_SECRET_KEY": key,
    }


DEMONSTRATION = {"TESSERA_DEMO": "1", "TESSERA_INSECURE_HTTP": "1"}
