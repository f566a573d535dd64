"""For containers: what the image is built of, and the secrets of a new installation."""

import secrets
from pathlib import Path

from ops import frontend, messages, venv
from ops.places import CHECKOUT
from ops.say import doing, say
from ops.shell import run
from ops.test import without_stack

DATA = Path("/var/lib/tessera")
SECRETS = (
    "TESSERA_SECRET_KEY",
    "POSTGRES_PASSWORD",
    "TESSERA_OWNER_PASSWORD",
    "TESSERA_APP_PASSWORD",
    "TESSERA_REDIS_PASSWORD",
)


def build(only: str) -> None:
    """Fill the image; in parts, so that what seldom changes is built seldom."""
    venv.create()
    venv.install("run")
    if only == "python":
        return
    frontend.packages()
    if only == "packages":
        return
    frontend.build()
    messages.compile_all(without_stack())
    env = without_stack() | {"TESSERA_DATA_DIR": str(DATA)}
    command = [str(venv.PYTHON), "-m", "ops.manage", "collectstatic --noinput -v 0"]
    with doing("Collecting the static files"):
        run(command, what="Collecting the static files", env=env, cwd=CHECKOUT)


def write_secrets(host: str) -> None:
    """Print the environment file of a new installation."""
    say(f"TESSERA_HOST={host}")
    for name in SECRETS:
        say(f"{name}={secrets.token_hex(32)}")
