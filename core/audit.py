"""Audit of every write: which rows are tracked, and who and which request stood behind a change."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.contrib.gis.db.models import GeometryField
from django.db import models

Model = TypeVar("Model", bound=type[models.Model])


class Changed(pgtrigger.AnyChange):
    """Any tracked column differs; geometries are compared byte by byte.

    A restore from ``pg_dump`` has no search path, and so does not find PostGIS's own comparison.
    """

    def resolve(self, model: type[models.Model]) -> str:
        """Return the condition's SQL."""
        condition = str(super().resolve(model))
        for field in model._meta.concrete_fields:
            if isinstance(field, GeometryField):
                old, new = f'OLD."{field.column}"', f'NEW."{field.column}"'
                condition = condition.replace(
                    f"{old} IS DISTINCT FROM ({new})",
                    f"{old}::bytea IS DISTINCT FROM {new}::bytea",
                )
        return condition


def tracked(*, leave_out: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Track a model's inserts, updates and deletes by database triggers.

    ``leave_out`` names columns too heavy or too sensitive to be copied into each event.
    """
    options: dict[str, Any] = {"exclude": list(leave_out)} if leave_out else {}
    decorate: Callable[[Model], Model] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=Changed()),
        pghistory.DeleteEvent(),
        append_only=True,
        **options,
    )
    return decorate
