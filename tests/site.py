"""A whole Tessera of its own for journeys and benchmarks: database, web, worker, beat."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


class Site:
    """Runs the real programs on a fresh database with the demonstration in it."""

    def __init__(self, name: str):
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="tessera-site-"))
        self.database = f"site_{name}_{self.port}"
        self.home = os.environ["TESSERA_DATABASE_URL"]
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        redis = os.environ["TESSERA_REDIS_URL"].partition("?")[0]
        self.environment = dict(os.environ) | {
            "TESSERA_DATABASE_URL": self._address(self.database),
            "TESSERA_REDIS_URL": f"{redis}?db=9",
            "TESSERA_DATA_DIR": str(self.folder),
            "TESSERA_BASE_URL": self.url,
            "TESSERA_DEMO": "1",
            "TESSERA_INSECURE_HTTP": "1",
        }

    def _address(self, database: str) -> str:
        parts = urlsplit(self.home)
        return urlunsplit(parts._replace(path=f"/{database}"))

    def _recreate(self, *, again: bool) -> None:
        name = sql.Identifier(self.database)
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            if again:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(name))

    def manage(self, *arguments: str) -> str:
        """Run a management command; raise CalledProcessError with its output when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def prepare(self, *, demo: bool = True) -> None:
        """Make the database and the static files."""
        self._recreate(again=True)
        for arguments in (["migrate"], ["collectstatic", "--noinput"], ["build_catalogues"]):
            self.manage(*arguments, "--verbosity=0")
        if demo:
            self.manage("load_demo")

    def start(self) -> None:
        """Start web, worker and beat, and wait until they are ready."""
        celery = ["-m", "celery", "--quiet", "--app", "core.celery:app"]
        self.run(
            "web",
            [
                "-m",
                "gunicorn",
                "core.wsgi:application",
                "--config",
                "ops/gunicorn.py",
                "--bind",
                f"127.0.0.1:{self.port}",
                "--control-socket",
                str(self.folder / "gunicorn.sock"),
            ],
        )
        self.run("worker", [*celery, "worker", "--concurrency=1", "--loglevel=warning"])
        self.run(
            "beat",
            [
                *celery,
                "beat",
                "--loglevel=warning",
                "--pidfile=",
                f"--schedule={self.folder / 'beat'}",
            ],
        )
        self.wait()

    def run(self, name: str, arguments: Sequence[str]) -> None:
        """Start one Python program in a process group of its own."""
        log = (self.folder / f"{name}.log").open("ab")
        self.programs[name] = subprocess.Popen(  # noqa: S603
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def wait(self) -> None:
        """Wait for /readyz; raise TimeoutError with its last answer."""
        deadline, answer = time.monotonic() + PATIENCE, ""
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):  # noqa: S310
                    return
            except urllib.error.HTTPError as error:
                answer = error.read().decode()
            except OSError as error:
                answer = str(error)
            time.sleep(0.2)
        logs = "\n".join(path.read_text()[-2000:] for path in self.folder.glob("*.log"))
        raise TimeoutError(f"not ready: {answer}\n{logs}")

    def kill(self, name: str) -> None:
        """Kill a program and its children with -9."""
        os.killpg(self.programs[name].pid, signal.SIGKILL)
        self.programs.pop(name).wait()

    def stop(self) -> None:
        """Stop everything and remove the database and the files."""
        for name in list(self.programs):
            self.kill(name)
        self._recreate(again=False)
        shutil.rmtree(self.folder, ignore_errors=True)
