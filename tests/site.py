"""A whole Tessera of its own for journeys and benchmarks: database, web, worker, beat."""

import fcntl
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
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from ops.stamps import Stamp

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _python(environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def collected_static() -> Path:
    """Return the collected static files, which all sites share: compressing them takes long."""
    folder = (Path(os.environ["TESSERA_DATA_DIR"]) / "static").resolve()
    sources = [ROOT / "static", ROOT / "requirements" / "run.txt"]
    with (folder.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = Stamp("static.stamp", inputs=sources, home=folder.parent, outputs=[folder])
        if not stamp.is_current():
            _python(os.environ, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
            stamp.set()
    return folder


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

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Return what a query finds in the site's database."""
        with psycopg.connect(self._address(self.database)) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def manage(self, *arguments: str) -> str:
        """Run a management command; raise RuntimeError with its output when it fails."""
        return _python(self.environment, "manage.py", *arguments)

    def prepare(self, *, demo: bool = True) -> None:
        """Make the database, with the demonstration or empty; take the static files as they are."""
        self._recreate(again=True)
        commands = ["migrate --verbosity=0", *(["load_demo"] if demo else [])]
        _python(self.environment, "-m", "ops.manage", *commands)
        (self.folder / "static").symlink_to(collected_static())

    def start(self) -> None:
        """Start web, worker and beat, and wait until they are ready."""
        self.start_web()
        self.start_celery()
        self.wait()

    def start_web(self, application: str = "core.wsgi:application") -> None:
        """Start the web server; it may not answer yet."""
        gunicorn = ["-m", "gunicorn", application, "--config", "ops/gunicorn.py"]
        gunicorn += ["--bind", f"127.0.0.1:{self.port}"]
        self.run("web", [*gunicorn, "--control-socket", str(self.folder / "gunicorn.sock")])

    def start_celery(self) -> None:
        """Start worker and beat."""
        celery = ["-m", "celery", "--quiet", "--app"]
        worker = [*celery, "core.celery:app", "worker", "--concurrency=1", "--loglevel=warning"]
        self.run("worker", worker)
        self.run(
            "beat",
            [
                *celery,
                "core.beat:app",
                "beat",
                "--loglevel=warning",
                "--pidfile=",
                f"--schedule={self.folder / 'beat'}",
            ],
        )

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

    def wait(self, path: str = "/readyz") -> None:
        """Wait until a page answers that all is well; raise TimeoutError with its last answer."""
        deadline, answer = time.monotonic() + PATIENCE, ""
        while time.monotonic() < deadline and not self._ended():
            try:
                with urllib.request.urlopen(f"{self.url}{path}", timeout=5):  # noqa: S310
                    return
            except urllib.error.HTTPError as error:
                answer = error.read().decode()
            except OSError as error:
                answer = str(error)
            time.sleep(0.2)
        logs = "\n".join(path.read_text()[-2000:] for path in self.folder.glob("*.log"))
        raise TimeoutError(f"not ready: {answer}\n{logs}")

    def _ended(self) -> bool:
        """Return whether a program has ended by itself."""
        return any(program.poll() is not None for program in self.programs.values())

    def kill(self, name: str) -> None:
        """Kill a program and its children with -9."""
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self.programs[name].pid, signal.SIGKILL)
        self.programs.pop(name).wait()

    def stop(self) -> None:
        """Stop everything and remove the database and the files."""
        for name in list(self.programs):
            self.kill(name)
        self._recreate(again=False)
        shutil.rmtree(self.folder, ignore_errors=True)
