"""`./manage.py` on what `make run` has set up here, where no TESSERA_* variable says otherwise."""

import os
import sys
from pathlib import Path

from ops import account, environment, venv
from ops.places import CHECKOUT, Places
from ops.say import Failure
from ops.shell import show
from ops.stack import where

NOTHING = "Nothing is set up here yet. Start Tessera with make run, then try again."


def manage(arguments: list[str]) -> None:
    """Run a management command with the variables of `make run` and with its Python, then exit.

    What root wrote among the files goes to the account that the servers run as.
    """
    places = where("run")
    try:
        variables = of(places)
    except Failure as failure:
        sys.exit(f"Tessera: {failure}")
    command = [str(venv.PYTHON), str(CHECKOUT / "manage.py"), *arguments]
    status = show(command, env=variables, asks=True)
    if os.geteuid() == 0:
        hand_over(places.files)
    sys.exit(status)


def of(places: Places) -> dict[str, str]:
    """Return the variables of a stack; raise Failure where there is none."""
    key = places.data / "secret-key"
    if not (key.exists() and venv.PYTHON.exists()):
        raise Failure(NOTHING)
    port = int((places.data / "lock").read_text().split()[-1])
    return environment.of(places, key=key.read_text(), port=port) | environment.DEMONSTRATION


def hand_over(folder: Path) -> None:
    """Give what root made in a folder to the servers' account, which must be able to read it."""
    servers = account.for_servers()
    for path in folder.rglob("*"):
        if path.lstat().st_uid == 0:
            os.lchown(path, servers.uid, servers.gid)
