"""The catalogue of errors: stable codes, each with what happened and what to do about it.

Doors render a Problem in their own way (HTML page, ``application/problem+json``, OpenRosa XML).
An app adds its codes with ``declare`` in its ``errors.py``, which its ``AppConfig`` imports.
"""

import errno
from dataclasses import dataclass
from typing import Any

from django.db import DataError, InterfaceError, OperationalError
from django.http import UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.bodies import MOST_BYTES, TooLong

Text = str | Promise


@dataclass(frozen=True)
class Entry:
    """One kind of error; ``detail`` and ``how`` are templates for ``str.format``."""

    status: int
    title: Text
    detail: Text
    how: Text


CATALOGUE: dict[str, Entry] = {}


def declare(code: str, status: int, title: Text, detail: Text, how: Text) -> None:
    """Add an error to the catalogue; raise ValueError when the code is taken."""
    if code in CATALOGUE:
        raise ValueError(f"error code {code} is declared twice")
    CATALOGUE[code] = Entry(status, title, detail, how)


class Problem(Exception):
    """An error that a person can act on.

    ``errors`` lists findings on parts of the input, each with at least ``where`` and ``message``.
    ``context`` fills the templates of the catalogue entry.
    """

    def __init__(self, code: str, *, errors: list[dict[str, Any]] | None = None, **context: Any):
        super().__init__(code)
        self.code = code
        self.entry = CATALOGUE[code]
        self.errors = errors or []
        self.context = context

    @property
    def status(self) -> int:
        return self.entry.status

    @property
    def title(self) -> str:
        return str(self.entry.title)

    @property
    def detail(self) -> str:
        return str(self.entry.detail).format(**self.context)

    @property
    def how(self) -> str:
        return str(self.entry.how).format(**self.context)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail} {self.how}".strip()

    def as_dict(self) -> dict[str, Any]:
        """Return the members of an RFC 9457 problem document."""
        document: dict[str, Any] = {
            "type": f"urn:tessera:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "how": self.how,
        }
        return document | ({"errors": self.errors} if self.errors else {})


def as_problem(error: BaseException) -> Problem | None:
    """Return the Problem that an exception stands for, if it stands for one."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, OperationalError | InterfaceError):
        full = "No space left" in str(error)
        return Problem("storage_full" if full else "unavailable")
    if isinstance(error, DataError):
        # A null character in an address, a number beyond its column: not the server's fault.
        message = _("It holds a character or number that cannot be stored.")
        return Problem("bad_request", message=message)
    if isinstance(error, UnreadablePostError):
        return _unreadable(error)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Problem("storage_full")
    return None


def _unreadable(error: UnreadablePostError) -> Problem:
    cause: BaseException | None = error
    while isinstance(cause, UnreadablePostError):
        cause = cause.__cause__
    if isinstance(cause, TooLong):
        return Problem("too_large", what=_("The request"), limit=f"{MOST_BYTES // 1_000_000} MB")
    return Problem("bad_request", message=_("It ended before all of it had come."))


declare(
    "not_found",
    404,
    _("Not found"),
    _("There is nothing here that you may see."),
    _("Check the address, or ask a coordinator of the operation for access."),
)
declare(
    "forbidden",
    403,
    _("Not allowed"),
    _("You may see this, but not do this with it."),
    _("This can be done by: {roles}. Here that is: {people}."),
)
declare(
    "sign_in",
    401,
    _("Sign in first"),
    _("This needs an account or a valid token."),
    _("Sign in, or send a token as “Authorization: Bearer …”."),
)
declare(
    "invalid",
    400,
    _("Something in the input is not right"),
    _("The parts listed below could not be used. Nothing was saved."),
    _("Correct them and try again."),
)
declare(
    "bad_request",
    400,
    _("The request could not be read"),
    _("{message}"),
    _("Correct the request and send it again."),
)
declare(
    "wrong_state",
    409,
    _("This step is not possible now"),
    _("“{object}” is {state}; this step needs: {sources}."),
    _("Reload the page: somebody may have been faster."),
)
declare(
    "guard_failed",
    409,
    _("Something must be done first"),
    _("{reason}"),
    _("{fix}"),
)
declare(
    "unavailable",
    503,
    _("The database cannot be reached"),
    _("Nothing was saved or lost on the server."),
    _("Wait a minute and try again; the device keeps what was not confirmed."),
)
declare(
    "storage_full",
    507,
    _("The server has no space left"),
    _("Nothing was saved."),
    _("Keep the data and tell the administrator; reading still works."),
)
declare(
    "csrf",
    403,
    _("The page was open too long"),
    _("The page's protection against forged requests no longer matches your session."),
    _("Go back, reload the page and send again."),
)
declare(
    "too_large",
    413,
    _("Too large"),
    _("{what} is larger than {limit}."),
    _("Send a smaller file."),
)
