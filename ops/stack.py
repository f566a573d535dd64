"""A database, a broker and what runs on them, for one purpose: run, test or bench."""

import fcntl
import os
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from ops import account, broker, environment, postgres, venv
from ops.places import CHECKOUT, LOCAL, Places, places, private_directory
from ops.say import Failure
from ops.shell import run
from ops.supervisor import Program, Supervisor

ROOM = 500_000_000  # bytes that must be free to start


def where(name: str) -> Places:
    """The directories of the stack `name` for whoever runs this."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return places(name, root=os.geteuid() == 0, runtime=runtime)


class Stack:
    """One private stack; only one command at a time can have it, and it ends with that command."""

    def __init__(self, name: str, *, durable: bool = True, port: int = 8000) -> None:
        self.places = where(name)
        self.port = port
        self.servers = account.for_servers()
        self.application = account.myself()
        self._durable = durable
        self._supervisor: Supervisor | None = None
        self._make_directories()
        self._lock = (self.places.data / "lock").open("a+")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut the stop short
        if self._supervisor is not None:
            self._supervisor.stop()
        self._lock.close()

    def held_by(self) -> list[str]:
        """Take the stack; where another command has it, return its process id and port."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            return self._lock.read().split()
        self._lock.truncate(0)
        self._lock.write(f"{os.getpid()} {self.port}")
        self._lock.flush()
        return []

    @property
    def supervisor(self) -> Supervisor:
        """The running supervisor."""
        if self._supervisor is None:
            raise Failure("The stack has not been started.")
        return self._supervisor

    def start(self, *programs: Program, env: Mapping[str, str]) -> None:
        """Start database and broker and wait for them; `programs` wait to be started later."""
        postgres.initialise(self.places, self.servers)
        database = Program(
            "postgres",
            postgres.command(self.places, durable=self._durable),
            self.servers,
            at_once=True,
            stop_signal="INT",
            stop_seconds=30,
        )
        queue = Program("redis", broker.command(self.places), self.servers, at_once=True)
        self._supervisor = Supervisor(self.places, [database, queue, *programs])
        self._supervisor.start(env)
        postgres.wait(self.places)
        broker.wait(self.places)
        postgres.prepare(self.places)

    def environment(self, role: str = "tessera_app") -> dict[str, str]:
        """The TESSERA_* variables of this stack."""
        key = environment.secret(self.places, self.servers)
        return environment.of(self.places, key=key, port=self.port, role=role)

    def manage(self, *commands: str, env: Mapping[str, str], what: str) -> str:
        """Run management commands, several in one process, as the application's account."""
        python = [str(venv.PYTHON), "-m", "ops.manage", *commands]
        log = self.places.logs / "manage.log"
        return run(self.application.command(*python), what=what, env=env, cwd=CHECKOUT, log=log)

    def _make_directories(self) -> None:
        owner, group = self.servers.uid, self.servers.gid
        LOCAL.mkdir(exist_ok=True)
        if self.places.data.parent != LOCAL:
            self.places.data.parent.mkdir(parents=True, exist_ok=True)
        private_directory(self.places.data, owner=owner, group=group)
        private_directory(self.places.sockets, owner=owner, group=group)
        for path in (self.places.broker, self.places.files, self.places.logs):
            private_directory(path, owner=owner, group=group)
        self._check_room(self.places.data)

    @staticmethod
    def _check_room(path: Path) -> None:
        free = shutil.disk_usage(path).free
        if free < ROOM:
            raise Failure(
                f"The disk is nearly full: {free // 1_000_000} MB are free at {path}, and "
                f"{ROOM // 1_000_000} MB are needed. Free some space, then try again."
            )
