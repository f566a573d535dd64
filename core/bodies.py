"""Notices request bodies that were cut off: Django would take the part that came for the whole."""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class CutOff(OSError):
    """The connection ended before the body that it had announced."""


class WholeBody:
    """A request's body that raises CutOff where it ends too early.

    Django turns the error into ``UnreadablePostError``, and an upload cut off in the middle of a
    photo is refused instead of being kept half.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self._missing = length

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes."""
        return self._count(self._stream.read(self._missing if size < 0 else size), size)

    def readline(self, size: int = -1) -> bytes:
        """Read a line of up to ``size`` bytes."""
        return self._count(self._stream.readline(self._missing if size < 0 else size), size)

    def _count(self, data: bytes, size: int) -> bytes:
        if not data and size != 0 and self._missing > 0:
            raise CutOff("the request body ended early")
        self._missing -= len(data)
        return data


def check_bodies(application: Application) -> Application:
    """Wrap a WSGI application so that it never takes a part of a body for the whole."""

    def checked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length):
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return checked
