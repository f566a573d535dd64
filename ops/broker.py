"""A private Redis on its own socket; the append-only file keeps what was queued."""

import time
from shutil import which

from ops.places import Places
from ops.say import Failure
from ops.shell import attempt, find

PATIENCE = 20  # seconds


def command(places: Places) -> list[str]:
    """The server in the foreground, with all of its settings on the command line."""
    server = which("redis-server")
    if server is None:
        # The same binary is a server or a checker, as the name says that it is called by.
        link = places.data / "redis-server"
        link.unlink(missing_ok=True)
        link.symlink_to(find("redis-check-rdb"))
        server = str(link)
    settings = {
        "port": "0",
        "unixsocket": str(socket(places)),
        "unixsocketperm": "700",
        "dir": str(places.broker),
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [server, *(word for key, value in settings.items() for word in (f"--{key}", value))]


def wait(places: Places) -> None:
    """Wait until the broker answers; it may have to read its append-only file first."""
    asks = [find("redis-cli"), "-s", str(socket(places)), "ping"]
    began = time.monotonic()
    while "PONG" not in (answer := attempt(asks).stdout):
        if time.monotonic() - began > PATIENCE and "LOADING" not in answer:
            raise Failure(f"Redis does not start (log: {places.logs / 'redis.log'})")
        time.sleep(0.1)


def socket(places: Places) -> str:
    """The path of the broker's socket."""
    return str(places.sockets / "redis.sock")


def url(places: Places) -> str:
    """The address of the broker."""
    return f"unix://{socket(places)}?db=0"
