"""The application's own programs and how to see that they are ready."""

import socket
import time
import urllib.error
import urllib.request

from ops import venv
from ops.account import Account
from ops.places import CHECKOUT, Places
from ops.say import Failure
from ops.supervisor import Program, Supervisor

PATIENCE = 90  # seconds from the start of the programs to the first answer


def programs(places: Places, account: Account, port: int) -> list[Program]:
    """Web server, worker and beat."""
    python = str(venv.PYTHON)
    celery = [python, "-m", "celery", "--quiet", "--app"]
    gunicorn = [python, "-m", "gunicorn", "core.wsgi:application", "--config", "ops/gunicorn.py"]
    gunicorn += ["--bind", f"127.0.0.1:{port}"]
    gunicorn += ["--control-socket", str(places.sockets / "gunicorn.sock")]
    worker = [*celery, "core.celery:app", "worker", "--loglevel", "warning", "--concurrency", "2"]
    worker += ["--without-mingle", "--without-gossip"]  # there is one worker: start at once
    beat = [*celery, "core.beat:app", "beat", "--loglevel", "warning", "--pidfile="]
    beat += ["--schedule", str(places.data / "beat-schedule")]
    return [
        Program(name, command, account, directory=CHECKOUT)
        for name, command in (("web", gunicorn), ("worker", worker), ("beat", beat))
    ]


def check_port(port: int) -> None:
    """Refuse a port that another program listens on, and name one that is free."""
    if not _is_taken(port):
        return
    free = next(other for other in range(port + 1, port + 1000) if not _is_taken(other))
    raise Failure(f"Port {port} is taken by another program. Try: make run PORT={free}")


def _is_taken(port: int) -> bool:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Failure(
                f"Port {port} may only be used by root. Try: make run PORT=8000"
            ) from error
        except OSError:
            return True
    return False


def wait(port: int, supervisor: Supervisor) -> None:
    """Wait until the application says that it is ready; say why not as soon as that is known."""
    began = time.monotonic()
    answer = ""
    while (answer := _ready(port)) != "ready":
        if why := supervisor.failing():
            raise Failure(why)
        if time.monotonic() - began > PATIENCE:
            raise Failure(f"Tessera is not ready after {PATIENCE} s: {answer}")
        time.sleep(0.2)


def _ready(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=5):
            return "ready"
    except urllib.error.HTTPError as error:
        return error.read(500).decode(errors="replace")
    except OSError as error:
        return str(error)
