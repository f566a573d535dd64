"""One clear line for each thing that happens and for each thing that goes wrong."""

import errno
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

NO_SPACE = "No space left on device"
DISK_FULL = "The disk is full. Free some space, then run the same command again: nothing is lost."


class Failure(Exception):
    """What went wrong, as the one line that the person at the keyboard reads."""


def say(text: str = "") -> None:
    """Write one line at once, so that it also arrives where output is piped."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Say what takes a while before it starts, and how long it took when it is done."""
    say(f"{what} …")
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    if took >= 3:
        say(f"{what}: done in {took:.0f} s")


def explain(error: OSError) -> str:
    """The line for an error of the operating system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"Cannot write {error.filename}: {error.strerror}. It belongs to another user, "
            "or the disk is read-only; run this as the user who ran it first."
        )
    return f"{error.strerror}: {error.filename}" if error.filename else str(error)


TELLING = re.compile(r"(?i)^(npm )?(error|fatal|panic|e)\b:?")
RAISED = re.compile(r"^[\w.]*(Error|Exception|Interrupt)\b(: |$)")
USELESS = re.compile(r"^npm error (code|errno|A complete log)|^npm error$|^error during build:$")


def last_words(output: str) -> str:
    """The line of a failed program's output that most likely says why it failed."""
    if NO_SPACE in output:
        return DISK_FULL
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    lines = [line for line in lines if not USELESS.match(line)]
    telling = [line for line in lines if TELLING.match(line)]
    # A traceback ends with the exception, and a database's with the place in the statement below.
    raised = [line for line in lines if RAISED.match(line)]
    return (telling[:1] or raised[-1:] or lines[-1:] or ["it printed nothing"])[0]
