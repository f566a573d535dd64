"""A real stack that crashes, and one without room: it recovers, or says what to do."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import postgres
from ops.say import Failure
from ops.stack import Stack

PATIENCE = 60.0
NAME = "crash"


@pytest.fixture
def stack() -> Iterator[Stack]:
    """Give a stack of our own that runs, and remove its data."""
    interrupt = signal.getsignal(signal.SIGINT)  # leaving a stack changes it
    with Stack(NAME) as made:
        assert made.held_by() == []
        made.start(env={})
        yield made
    signal.signal(signal.SIGINT, interrupt)
    shutil.rmtree(made.places.data)
    shutil.rmtree(made.places.sockets, ignore_errors=True)


def postmaster(stack: Stack) -> int:
    """Return the process of the running database server, or 0 while there is none."""
    try:
        return int((stack.places.cluster / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0


def test_a_killed_database_comes_back_by_itself_with_what_it_had(stack: Stack) -> None:
    postgres._sql(stack.places, "tessera", "CREATE TABLE kept AS SELECT 42 AS number")
    killed = postmaster(stack)
    os.kill(killed, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while postmaster(stack) in (0, killed):
        assert time.monotonic() < until, "it was not started again"
        time.sleep(0.2)
    postgres.wait(stack.places)
    assert postgres._sql(stack.places, "tessera", "SELECT number FROM kept").strip() == "42"


def test_a_stack_starts_after_its_supervisor_and_database_were_killed(stack: Stack) -> None:
    supervisor = stack.supervisor.process
    assert supervisor is not None
    os.kill(postmaster(stack), signal.SIGKILL)
    supervisor.kill()
    supervisor.wait()
    assert (stack.places.cluster / "postmaster.pid").exists(), "the trace of a crash"
    stack.start(env={})
    assert postgres._sql(stack.places, "tessera", "SELECT 1").strip() == "1"


def test_one_command_at_a_time_has_a_stack(stack: Stack) -> None:
    interrupt = signal.getsignal(signal.SIGINT)
    with Stack(NAME) as second:
        assert second.held_by() == [str(os.getpid()), "8000"]
    signal.signal(signal.SIGINT, interrupt)


def test_a_small_disk_is_named_before_anything_starts(tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("needs to mount a file system")
    try:
        with pytest.raises(Failure, match=r"The disk is nearly full: \d+ MB are free at .* Free"):
            Stack._check_room(tmp_path)
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)  # noqa: S603, S607
