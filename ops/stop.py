"""`make stop` and `make clean`: end what runs, and remove what can be made again."""

import fcntl
import os
import shutil
import signal
import time
from pathlib import Path

from ops.places import CHECKOUT, LOCAL
from ops.say import Failure, say
from ops.stack import where

STACKS = ("run", "test", "bench")
PATIENCE = 90  # seconds for a stack to end by itself
MADE = (".venv", "node_modules", "static/build", ".mypy_cache", ".ruff_cache", ".pytest_cache")


def stop() -> None:
    """Stop the running Tessera of this checkout and wait until it is gone."""
    process = holder("run")
    if process is None:
        say("Tessera is not running.")
        return
    os.kill(process, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while holder("run") is not None:
        if time.monotonic() > until:
            os.kill(process, signal.SIGKILL)  # its programs end with it
            break
        time.sleep(0.1)
    say("Tessera has stopped. Your data stays.")


def holder(name: str) -> int | None:
    """The process that has the stack `name`, if one has it."""
    path = where(name).data / "lock"
    try:
        with path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return int((path.read_text().split() or ["0"])[0]) or None
    return None


def clean(*, data: bool) -> None:
    """Remove what the next `make run` makes again; the data too, if that was asked for."""
    for name in STACKS:
        if holder(name) is not None:
            raise Failure(f"`make {name}` is going on here. Stop it first (make stop).")
    doomed = [CHECKOUT / name for name in MADE]
    doomed += [LOCAL / name for name in ("node", "stamps")]
    doomed += [where(name).data for name in ("test", "bench")]
    kept = where("run").data
    if data:
        doomed.append(kept)
    for path in doomed:
        _remove(path)
    if not data and kept.exists():
        say(f"Kept: {kept} (the data; make clean DATA=1 removes it too)")


def _remove(path: Path) -> None:
    if path.exists():
        say(f"Removing {path}")
        shutil.rmtree(path)
