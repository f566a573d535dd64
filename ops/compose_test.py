"""`make compose-test`: run docker-compose.yml for real, break each container, see it recover."""

import json
import os
import secrets
import signal
import ssl
import time
import urllib.error
import urllib.request

from ops import packages, venv
from ops.containers import DEBIAN, HOME, PACKAGES, PREFIX, Engine
from ops.image import SECRETS
from ops.places import CHECKOUT
from ops.say import Failure, doing, say
from ops.shell import run

HTTPS_PORT = 8643
PATIENCE = 420  # seconds; a first start on a busy machine takes a while
SERVICES = ("db", "broker", "web", "worker", "beat", "proxy")
ROOT_CERTIFICATE = "/data/caddy/pki/authorities/local/root.crt"


def compose_test(*, keep: bool) -> None:
    """Build, start, check, break and stop; `keep` leaves it running."""
    packages.ensure((*packages.FOR_TEST, *PACKAGES))
    venv.create()
    venv.install("run", "dev")
    engine = Engine(_settings())
    engine.make_base()
    engine.env |= engine.make_standins()
    with doing("Building the application and its proxy"):
        engine.compose("build", "web", "proxy", what="podman-compose build")
    engine.compose("down", "--volumes", what="podman-compose down")
    try:
        _story(engine)
    finally:
        if not keep:
            engine.compose("down", "--volumes", what="podman-compose down")
    say("The production shape works.")


def _settings() -> dict[str, str]:
    return {
        "COMPOSE_PROJECT_NAME": "tessera-test",
        "BASE_IMAGE": DEBIAN,
        "TESSERA_IMAGE": f"{PREFIX}/app",
        "TESSERA_PROXY_IMAGE": f"{PREFIX}/proxy",
        "TESSERA_DEMO": "1",
        "TESSERA_HOST": "localhost",
        "TESSERA_PORT_SUFFIX": f":{HTTPS_PORT}",
        "HTTP_PORT": "8680",
        "HTTPS_PORT": str(HTTPS_PORT),
        **{name: secrets.token_hex(32) for name in SECRETS},
    }


def _story(engine: Engine) -> None:
    with doing("Starting all services"):
        engine.compose("up", "-d", "--no-build", what="podman-compose up")
        site = Site(engine)
        site.wait("the start")
    _check_roles(engine)
    _check_health(engine)
    with doing("Loading the demonstration"):
        load = ["python", "manage.py", "load_demo"]
        engine.podman("exec", _container("web"), *load, what="Loading the demonstration")
    with doing("Signing in, publishing a form, sending a submission, making a report"):
        story = [str(venv.PYTHON), "-m", "tests.ops.production_story", site.address]
        say(run(story, what="The story", cwd=CHECKOUT, log=HOME / "story.log").rstrip())
    for service in SERVICES:
        with doing(f"Killing {service}, and waiting until all is well again"):
            _crash(engine, service)
            site.wait(f"the end of {service}")


def _crash(engine: Engine, service: str) -> None:
    """Kill a service and wait until it has been started again.

    Not by `podman kill`: what an administrator ends stays ended, what crashes does not.
    """
    process = _process(engine, service)
    os.kill(process, signal.SIGKILL)
    until = time.monotonic() + PATIENCE
    while _process(engine, service) in (0, process):
        if time.monotonic() > until:
            raise Failure(f"{service} was not started again after a crash.")
        time.sleep(0.5)


def _process(engine: Engine, service: str) -> int:
    return int(engine.podman("inspect", "--format={{.State.Pid}}", _container(service)))


def _container(service: str) -> str:
    return f"tessera-test_{service}_1"


class Site:
    """The running system as a browser sees it: through the proxy, with its certificate checked."""

    address = f"https://localhost:{HTTPS_PORT}"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def wait(self, what: str) -> None:
        """Wait until /readyz is well; services start one after the other."""
        began, answer = time.monotonic(), ""
        while (answer := self._readiness()) != "ready":
            if time.monotonic() - began > PATIENCE:
                raise Failure(f"Not ready {PATIENCE} s after {what}: {answer}")
            time.sleep(1)

    def _readiness(self) -> str:
        read = ("exec", _container("proxy"), "cat", ROOT_CERTIFICATE)
        try:
            trust = ssl.create_default_context(cadata=self._engine.podman(*read))
            address = f"https://localhost:{HTTPS_PORT}/readyz"
            with urllib.request.urlopen(address, timeout=10, context=trust):
                return "ready"
        except urllib.error.HTTPError as error:
            return f"{error.code} {error.read(300).decode(errors='replace')}".strip()
        except (OSError, Failure) as error:
            return str(error)


def _check_roles(engine: Engine) -> None:
    """The application may not make tables, nothing runs as root, nothing writes to its image."""
    ddl = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['TESSERA_DATABASE_URL']) as connection:\n"
        "    connection.execute('CREATE TABLE forbidden ()')"
    )
    if engine.succeeds("exec", _container("web"), "python", "-c", ddl):
        raise Failure("The application's role can create tables.")
    for service in SERVICES:
        name = _container(service)
        if engine.podman("exec", name, "id", "-u").strip() == "0":
            raise Failure(f"{service} runs as root.")
        if engine.succeeds("exec", name, "touch", "/usr/written"):
            raise Failure(f"{service} can write to its image.")
        found = json.loads(engine.podman("inspect", name))[0]
        if found["HostConfig"].get("Privileged") or found.get("EffectiveCaps"):
            raise Failure(f"{service} has capabilities: {found.get('EffectiveCaps')}")


def _check_health(engine: Engine) -> None:
    for service in SERVICES:
        until = time.monotonic() + PATIENCE
        while not engine.succeeds("healthcheck", "run", _container(service)):
            if time.monotonic() > until:
                raise Failure(f"The health check of {service} fails.")
            time.sleep(2)
