"""Keyset paging: a page starts after a row, not after a number of rows: depth costs nothing.

A cursor is an opaque word for clients: JSON in URL-safe base64.
"""

import base64
import binascii
import json
from functools import partial
from typing import Any

from django.db.models import BooleanField, F, Func, Value
from django.utils.translation import gettext as _

from core.errors import Problem


def beyond(columns: tuple[str, ...], values: tuple[Any, ...], *, descending: bool) -> Func:
    """Return ``(a, b) > (x, y)`` as a condition: one range of an index over the columns.

    Spelt with ``or``, PostgreSQL would walk all rows that share ``a``.
    """
    row = partial(Func, template="(%(expressions)s)")
    return Func(
        row(*map(F, columns)),
        row(*map(Value, values)),
        template="%(expressions)s",
        arg_joiner=" < " if descending else " > ",
        output_field=BooleanField(),
    )


def encode(*key: Any) -> str:
    """Return the cursor of a row with this sort key (JSON values)."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode(cursor: str, *kinds: type) -> list[Any]:
    """Return the key in a cursor, one value of each kind; raise Problem ``bad_request``."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        fits = len(key) == len(kinds) and all(map(isinstance, key, kinds))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        fits = False
    if not fits or any(isinstance(part, str) and "\0" in part for part in key):
        message = _("The place in the list is not one that this server gave out.")
        raise Problem("bad_request", message=message)
    return list(key)
