"""The virtual environment, filled from a lock with hashes and from nothing else."""

import os
import sys
import venv
from pathlib import Path

from ops.places import CHECKOUT, LOCAL
from ops.say import doing
from ops.shell import attempt, run
from ops.stamps import Stamp

DIRECTORY = CHECKOUT / ".venv"
PYTHON = DIRECTORY / "bin" / "python"


def create() -> None:
    """Make the environment, anew if the Python it was made with is gone or another one."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    asks = "import sys; print('%d.%d' % sys.version_info[:2])"
    if PYTHON.exists() and attempt([str(PYTHON), "-ISc", asks]).stdout.strip() == version:
        return
    with doing("Making the virtual environment .venv"):
        venv.create(DIRECTORY, clear=True, with_pip=True, symlinks=os.name == "posix")


def install(*locks: str) -> None:
    """Install the named files of requirements/, each only if it changed since."""
    for lock in locks:
        source = CHECKOUT / "requirements" / f"{lock}.txt"
        stamp = Stamp(f"python-{lock}", inputs=[source, sys.version], outputs=[PYTHON])
        if stamp.is_current():
            continue
        with doing(f"Installing Python packages ({source.name})"):
            pip_install(source)
        stamp.set()


def pip_install(source: Path, *options: str) -> None:
    """pip, with every file checked against the lock's hashes."""
    LOCAL.mkdir(exist_ok=True)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    command += ["--require-hashes", "--only-binary=:all:", *options, "-r", str(source)]
    run(command, what="Installing Python packages", log=LOCAL / "pip.log")
