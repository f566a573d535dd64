"""Audit of every write: which rows are tracked, and who and which request stood behind a change."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


def tracked(*, leave_out: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Track a model's inserts, updates and deletes by database triggers.

    ``leave_out`` names columns too heavy or too sensitive to be copied into each event.
    """
    options: dict[str, Any] = {"exclude": list(leave_out)} if leave_out else {}
    decorate: Callable[[Model], Model] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        **options,
    )
    return decorate
