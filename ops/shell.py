"""The only place where the bootstrap starts other programs."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops.say import Failure, last_words


def find(program: str) -> str:
    """The full path of a program; /usr/sbin is searched too, as it is missing from users' PATH."""
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise Failure(f"The program {program} is not installed.")
    return found


def attempt(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    errors: int = subprocess.STDOUT,
) -> subprocess.CompletedProcess[str]:
    """Run to the end, whatever the exit status; output and errors are one text unless told."""
    return subprocess.run(  # noqa: S603 - argument lists of our own, never a shell
        command,
        env=None if env is None else {**os.environ, **env},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        errors="replace",
        check=False,
    )


def run(
    command: Sequence[str],
    *,
    what: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    log: Path | None = None,
) -> str:
    """Run to the end and return the output; a failure becomes one line, the rest goes to `log`."""
    done = attempt(command, env=env, cwd=cwd, errors=subprocess.PIPE)
    if done.returncode == 0:
        return done.stdout
    said = done.stdout + done.stderr
    where = ""
    if log is not None:
        try:
            log.write_text(said)
            where = f" (all of its output: {log})"
        except OSError:
            where = ""
    raise Failure(f"{what} failed: {last_words(said)}{where}")


def show(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    asks: bool = False,
) -> int:
    """Run to the end with its output on the screen; returns the exit status.

    Only a program that `asks` gets what is typed.
    """
    done = subprocess.run(  # noqa: S603 - argument lists of our own, never a shell
        command,
        env=None if env is None else {**os.environ, **env},
        cwd=cwd,
        stdin=None if asks else subprocess.DEVNULL,
        check=False,
    )
    return done.returncode


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    read: bool = False,
) -> subprocess.Popen[str]:
    """Start and return at once; in a session of its own, so that Ctrl-C reaches only us."""
    return subprocess.Popen(  # noqa: S603 - argument lists of our own, never a shell
        command,
        env=None if env is None else {**os.environ, **env},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if read else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        errors="replace",
        start_new_session=True,
    )
