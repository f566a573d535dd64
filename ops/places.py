"""Where things live: one private directory for each stack (run, test, bench) of each checkout.

PostgreSQL refuses to run as root, and the unprivileged user that then runs it cannot enter a
checkout below a 0700 home, so root's data is in /var/lib. Sockets have a directory of their own
because their path may have at most 107 characters.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from ops.say import Failure

CHECKOUT = Path(__file__).resolve().parent.parent
LOCAL = CHECKOUT / ".local"
SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The directories of one stack."""

    name: str
    data: Path
    sockets: Path

    @property
    def cluster(self) -> Path:
        return self.data / "postgres"

    @property
    def broker(self) -> Path:
        return self.data / "redis"

    @property
    def files(self) -> Path:
        return self.data / "files"

    @property
    def logs(self) -> Path:
        return self.data / "log"


def mark(checkout: Path) -> str:
    """Eight characters that tell this checkout from others on the machine."""
    return hashlib.sha256(str(checkout).encode()).hexdigest()[:8]


def places(name: str, *, root: bool, checkout: Path = CHECKOUT, runtime: str = "") -> Places:
    """The directories of the stack `name`; `runtime` is the user's XDG_RUNTIME_DIR, if any."""
    of_checkout = f"tessera-{mark(checkout)}"
    data = Path("/var/lib") / of_checkout if root else checkout / ".local"
    short = "/run" if root else runtime or "/tmp"  # noqa: S108 - owner and mode are checked below
    sockets = Path(short) / f"{of_checkout}-{name}"
    if len(str(sockets / LONGEST_SOCKET)) > SOCKET_PATH_LIMIT:
        sockets = Path("/tmp") / f"{of_checkout}-{name}"  # noqa: S108 - as above
    return Places(name=name, data=data / name, sockets=sockets)


def private_directory(path: Path, *, owner: int, group: int, mode: int = 0o700) -> None:
    """Make `path`, or take it over if it is ours; never one that somebody else put there."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
        raise Failure(f"{path} belongs to somebody else; remove it or ask them to.")
    os.chown(path, owner, group)
    path.chmod(mode)
