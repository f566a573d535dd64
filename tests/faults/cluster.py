"""A PostgreSQL of the test's own, on a small file system of its own: to be killed and filled."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
from django.db import connection

from ops import account, postgres
from ops.places import Places, private_directory

BLOCK = 1_000_000


def mount(folder: Path, megabytes: int) -> None:
    """Put a file system of a given size at a folder; only root can."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    subprocess.run(command, check=True)  # noqa: S603


def unmount(folder: Path) -> None:
    """Take a file system away again, whoever still has files of it open."""
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


def fill(folder: Path) -> Path:
    """Write until nothing more fits; return the file, whose removal makes room again."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (BLOCK, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return ballast


class Cluster:
    """The server and its only database, a copy of another: the test's, if none is named."""

    def __init__(self, megabytes: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tessera-pg-"))
        self.folder.chmod(0o755)
        self.places = Places("faults", self.folder / "data", self.folder / "s")
        self.servers = account.for_servers()
        self.program: subprocess.Popen[bytes] | None = None
        self.places.data.mkdir()
        mount(self.places.data, megabytes)
        for path in (self.places.data, self.places.sockets, self.places.logs):
            private_directory(path, owner=self.servers.uid, group=self.servers.gid)

    @property
    def url(self) -> str:
        """Return the database's address."""
        return postgres.url(self.places, "tessera_owner")

    def start(self, source: str | None = None) -> None:
        """Make and start the server, and copy a database of the test's server."""
        postgres.initialise(self.places, self.servers)
        self._run()
        postgres.prepare(self.places)
        self._copy(source)

    def _run(self) -> None:
        command = self.servers.command(*postgres.command(self.places, durable=True))
        log = (self.places.logs / "postgres.log").open("ab")
        self.program = subprocess.Popen(  # noqa: S603
            command, cwd="/", stdout=log, stderr=log, start_new_session=True
        )
        postgres.wait(self.places)

    def _copy(self, source: str | None) -> None:
        programs, parts = postgres.programs(self.places.cluster), connection.get_connection_params()
        name = source or parts["dbname"]
        dump = [programs / "pg_dump", "-h", parts["host"], "-U", "postgres", "-d", name]
        load = [programs / "psql", "-qX", "-h", self.places.sockets, "-U", "postgres"]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:  # noqa: S603
            options = ["-d", postgres.DATABASE, "-o", os.devnull]
            subprocess.run([*load, *options], stdin=source.stdout, check=True)  # noqa: S603

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement as the superuser."""
        address = f"postgresql://postgres@/{postgres.DATABASE}?host={self.places.sockets}"
        with psycopg.connect(address) as link:
            return link.execute(statement.encode()).fetchall()

    def restart(self) -> None:
        """End every connection at once, as in a crash, and come back after recovery."""
        self._quit()
        self._run()

    def _quit(self) -> None:
        if self.program:
            self.program.send_signal(signal.SIGQUIT)
            self.program.wait()

    def stop(self) -> None:
        """Stop the server and remove all of it."""
        self._quit()
        unmount(self.places.data)
        shutil.rmtree(self.folder, ignore_errors=True)
