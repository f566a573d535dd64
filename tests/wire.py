"""A wire of ours between a browser and a site: it can be cut, bad, or answered by a stranger.

Segments cannot be lost inside a TCP stream that stays whole; what an application sees of a loss is
a delay until it is repeated, or a connection that ends. The wire does both, from a fixed seed.
"""

import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

Mode = Literal["open", "down", "portal", "lossy"]

SEGMENT = 1460
AFFECTED = 0.3
CUT = 0.1  # of the affected segments
LONGEST_DELAY = 0.12
PORTAL = b"<!doctype html><title>Hotel</title><h1>Welcome, please sign in</h1>"


class Wire:
    """Passes connections from a port of its own to the site's, in the mode of the moment."""

    def __init__(self, target: int, *, seed: int = 7):
        self.target = target
        self.mode: Mode = "open"
        self.cuts = 0
        self.portal_answers = 0
        # Sees every piece ("up" to the site, "down" from it); what it answers False to is dropped,
        # and the connection with it.
        self.tap: Callable[[str, bytes], bool] = lambda _way, _data: True
        self.chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.streams: set[socket.socket] = set()
        threading.Thread(target=self._listen, daemon=True).start()

    def become(self, mode: Mode) -> None:
        """Change the mode; what is under way in the old one ends."""
        self.mode = mode
        for stream in list(self.streams):
            self._end(stream)

    def close(self) -> None:
        """Stop listening and end every connection."""
        self.door.close()
        self.become("down")

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        if self.mode == "down":
            client.close()
        elif self.mode == "portal":
            self._answer(client)
        else:
            self._join(client)

    def _answer(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            client.settimeout(2)
            client.recv(65536)
            self.portal_answers += 1
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
            client.sendall(head + b"Content-Length: %d\r\n\r\n" % len(PORTAL) + PORTAL)

    def _join(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        self.streams |= {client, server}
        for way, source, sink in (("up", client, server), ("down", server, client)):
            threading.Thread(target=self._pass, args=(way, source, sink), daemon=True).start()

    def _pass(self, way: str, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(SEGMENT if self.mode == "lossy" else 65536):
                if not self.tap(way, piece) or self._is_cut(piece):
                    break
                sink.sendall(piece)
        self._end(source)
        self._end(sink)

    def _is_cut(self, piece: bytes) -> bool:
        """Delay some of the segments, and say which connections end; one full segment always."""
        if self.mode != "lossy":
            return False
        is_first = self.cuts == 0 and len(piece) == SEGMENT
        if not is_first and self.chance.random() >= AFFECTED:
            return False
        if is_first or self.chance.random() < CUT:
            self.cuts += 1
            return True
        time.sleep(self.chance.random() * LONGEST_DELAY)
        return False

    def _end(self, stream: socket.socket) -> None:
        self.streams.discard(stream)
        with suppress(OSError):
            stream.shutdown(socket.SHUT_RDWR)
        stream.close()
