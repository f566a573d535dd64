"""A web server on the test's own database, so that a test can both kill it and look inside."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client

from ops import broker
from ops.places import Places
from tests.assessments.desk import Desk
from tests.phone import CSRF, Phone
from tests.site import Site

Found = TypeVar("Found")


def database_url() -> str:
    """Return the address of the database that the tests of this process use."""
    parts = connection.get_connection_params()
    options = "&".join(
        f"{key}={quote(str(parts[key]))}" for key in ("host", "port") if parts.get(key)
    )
    user = quote(str(parts.get("user", "")))
    secret = quote(str(parts.get("password", "")))
    who = f"{user}:{secret}" if secret else user
    return f"postgresql://{who}@/{parts['dbname']}?{options}"


class Live(Site):
    """The web server alone; its folder holds its files, and the orders of ``tests.faults.wsgi``."""

    def __init__(self, name: str, **environment: str):
        super().__init__(name)
        self.orders = self.folder / "faults"
        self.orders.mkdir()
        self.environment |= {
            "TESSERA_DATABASE_URL": database_url(),
            "TESSERA_DATABASE_POOL": "1",
            "TESSERA_FAULTS": str(self.orders),
        } | environment

    def up(self) -> None:
        """Start the web server, again if need be, and wait until it answers.

        One that is being killed can still look alive, so it may take a second look.
        """
        try:
            self._start()
        except TimeoutError:
            if not self._ended():
                raise
            self._start()

    def _start(self) -> None:
        if "web" in self.programs and self.programs["web"].poll() is not None:
            self.programs.pop("web").wait()
        if "web" not in self.programs:
            self.start_web("tests.faults.wsgi:application")
        self.wait("/healthz")

    def stop(self) -> None:
        """Stop everything and remove the files; the database is the test's."""
        for name in list(self.programs):
            self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def order(self, place: str, what: str) -> None:
        """Have the server killed or held where it comes to a place."""
        (self.orders / f"{place}.reached").unlink(missing_ok=True)
        (self.orders / place).write_text(what)

    def reached(self, place: str) -> None:
        """Wait until a held request has come to a place."""
        until((self.orders / f"{place}.reached").exists)

    def release(self, place: str) -> None:
        """Let what is held go on."""
        (self.orders / place).unlink(missing_ok=True)

    def phone(self, desk: Desk, who: str = "olga", **options: Any) -> Phone:
        """Return the phone of somebody who is signed in to the field client."""
        client = Client()
        client.force_login(desk.cast.people[who], backend=settings.AUTHENTICATION_BACKENDS[-1])
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        headers = {"Cookie": f"sessionid={cookie}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        address = f"/field/api/forms/{desk.version.pk}/submissions"
        return Phone(self.port, address, headers, **options)


class Broker:
    """A Redis of the test's own, to be killed."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tessera-redis-"))
        self.places = Places("broker", self.folder / "data", self.folder / "s")
        for path in (self.places.broker, self.places.sockets, self.places.logs):
            path.mkdir(parents=True)
        self.url = broker.url(self.places)
        self.program: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait for it."""
        command = broker.command(self.places)
        self.program = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
        broker.wait(self.places)

    def kill(self) -> None:
        """Kill it with -9."""
        if self.program:
            self.program.kill()
            self.program.wait()
            self.program = None

    def stop(self) -> None:
        """Stop it and remove its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def until(met: Callable[[], Found], seconds: float = 60.0) -> Found:
    """Wait until something holds, and return it; an error while asking counts as no."""
    deadline = time.monotonic() + seconds
    error: Exception | None = None
    while time.monotonic() < deadline:
        try:
            if found := met():
                return found
        except OSError as failure:
            error = failure
        time.sleep(0.05)
    raise TimeoutError(f"never came true (last error: {error})")


def at_once(count: int, do: Callable[[int], Found]) -> list[Found | Exception]:
    """Do something ``count`` times in parallel; return what each gave or raised."""
    found: dict[int, Found | Exception] = {}
    ready = threading.Barrier(count)

    def work(number: int) -> None:
        ready.wait()
        try:
            found[number] = do(number)
        except Exception as error:  # noqa: BLE001 - it is returned
            found[number] = error

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(count)]


def is_root() -> bool:
    """Return whether file systems can be mounted here."""
    return os.geteuid() == 0
