"""Downloads: a dataset streamed as a file, in its own transaction and in the reader's language.

A view ends before the first row is written, and with it its transaction, language and time zone;
the server-side cursor and the labels need them until the last row.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core.datasets import Dataset
from core.errors import Problem, declare
from core.policy import Actor
from core.writers import FORMATS

# A download lasts as long as its reader's link is slow, and holds a thread and a connection.
SLOTS = BoundedSemaphore(max(1, settings.WEB_THREADS // 2))

declare(
    "downloads_busy",
    503,
    _("Too many downloads at once"),
    _("Others are downloading tables just now, and half of the server is kept for the field."),
    _("Wait a minute and try again."),
)


class Stream:
    """An iterator of bytes that works in a transaction, language and time zone of its own.

    The first part is made at once, so that what goes wrong at the start is an answer, not a torn
    file.
    """

    def __init__(self, make: Callable[[], Iterator[bytes]]):
        self.language = translation.get_language() or "en"
        self.zone = timezone.get_current_timezone()
        self.parts = _in_transaction(make)
        self.first: bytes | None = self._next()

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> bytes:
        if self.first is not None:
            first, self.first = self.first, None
            return first
        part = self._next()
        if part is None:
            raise StopIteration
        return part

    def _next(self) -> bytes | None:
        with translation.override(self.language), timezone.override(self.zone):
            return next(self.parts, None)

    def close(self) -> None:
        """End the transaction when the client has gone."""
        self.parts.close()


def _in_transaction(make: Callable[[], Iterator[bytes]]) -> Any:
    with _slot(), transaction.atomic():
        yield from make()


@contextmanager
def _slot() -> Iterator[None]:
    if not SLOTS.acquire(blocking=False):
        raise Problem("downloads_busy")
    try:
        yield
    finally:
        SLOTS.release()


def download(
    dataset: Dataset, actor: Actor, *, rows: QuerySet[Any], format_name: str, file_name: str = ""
) -> StreamingHttpResponse:
    """Answer with those ``rows`` of a dataset that the actor may read, as a file.

    ``rows`` must come from ``dataset.queryset(actor)``; ``format_name`` is a key of FORMATS.
    """
    form = FORMATS[format_name]
    seen = dataset.for_actor(actor)
    if not form.has_shapes:
        seen = replace(seen, geometry="", coarse="")
    columns = list(seen.columns)
    stream = Stream(lambda: form.write(columns, seen.records(actor, rows)))
    response = StreamingHttpResponse(stream, content_type=form.content_type)
    name = f"{file_name or dataset.name}.{form.ending}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response
