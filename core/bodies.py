"""Makes request bodies whole or nothing: cut off, too large, and those that announce no length.

Django would take the part that came of a body for the whole, and a body without a length (chunked)
for an empty one.
"""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
MOST_BYTES = 250_000_000


class CutOff(OSError):
    """The connection ended before the body that it had announced."""


class TooLong(OSError):
    """The body is longer than any that is taken."""


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


class OpenBody:
    """A body of unknown length; raises TooLong where it goes on beyond ``most`` bytes."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream = stream
        self._left = most

    def read(self, size: int = -1) -> bytes:
        """Read up to ``size`` bytes."""
        return self._count(self._stream.read(self._left + 1 if size < 0 else size))

    def readline(self, size: int = -1) -> bytes:
        """Read a line of up to ``size`` bytes."""
        return self._count(self._stream.readline(self._left + 1 if size < 0 else size))

    def _count(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise TooLong("the request body is too long")
        return data


class LongBody:
    """A body that says by itself that it is too long; none of it is read."""

    def read(self, size: int = -1) -> bytes:
        """Raise TooLong."""
        raise TooLong("the request body is too long")

    readline = read


def check_bodies(application: Application) -> Application:
    """Wrap a WSGI application so that it gets each body whole, or an error when it reads it."""

    def checked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
            # The server takes the chunks apart and ends the stream after the last; Django reads up
            # to the length, and so up to that end.
            environ["wsgi.input"] = OpenBody(environ["wsgi.input"], MOST_BYTES)
            environ["CONTENT_LENGTH"] = str(MOST_BYTES + 1)
        elif length.isdigit() and int(length) > MOST_BYTES:
            environ["wsgi.input"] = LongBody()
        elif length.isdigit() and int(length):
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return checked
