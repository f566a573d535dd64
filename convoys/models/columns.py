"""Columns that the tables of operated convoys share: ids from the client, units, kg and m³."""

import uuid
from typing import Any

from django.db import models

BEYOND = 10**11


class Identified(models.Model):
    """A row whose id may come from the device that wrote it, so that sending twice is harmless."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


def in_numbers(name: str, *columns: str) -> models.CheckConstraint:
    """Return the constraint that columns hold numbers: for PostgreSQL NaN is above all of them."""
    below: dict[str, Any] = {f"{column}__lt": BEYOND for column in columns}
    return models.CheckConstraint(condition=models.Q(**below), name=name)


def quantity(label: Any = "", *, null: bool = False) -> "models.DecimalField[Any, Any]":
    """Return a column for inventory units, to the thousandth."""
    return models.DecimalField(label, max_digits=14, decimal_places=3, null=null, blank=null)


def kilograms(label: Any = "", *, null: bool = False) -> "models.DecimalField[Any, Any]":
    """Return a column for kilograms, to the gram."""
    return models.DecimalField(label, max_digits=14, decimal_places=3, null=null, blank=null)


def kept_sum() -> "models.DecimalField[Any, Any]":
    """Return a column for a sum of units or kilograms that a trigger keeps, from nothing on."""
    return models.DecimalField(max_digits=14, decimal_places=3, db_default=0)


def cubic_metres(label: Any = "", *, null: bool = False) -> "models.DecimalField[Any, Any]":
    """Return a column for cubic metres, to the litre."""
    return models.DecimalField(label, max_digits=12, decimal_places=3, null=null, blank=null)
