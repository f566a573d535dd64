"""Datasets: what can be taken out of Tessera, declared once for pages, exports and the API.

A dataset names a verb, a queryset and columns; the writers in core.writers consume its rows. Row
scope comes from the policy, so that no output can show more than another.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from core import policy
from core.policy import Actor

CHUNK = 2000


class Kind(StrEnum):
    """A column's type, which decides how each format writes it."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"


class Sensitivity(StrEnum):
    """Who may see a column, from everyone to those with the raw data."""

    PUBLIC = "public"
    PARTNER = "partner"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class Column:
    """One column: ``source`` is a field path of the queryset, or ``value`` computes it.

    ``value`` gets the row as a mapping of all the dataset's sources and ``needs``.
    """

    key: str
    label: str | Promise
    kind: Kind = Kind.TEXT
    source: str = ""
    value: Callable[[dict[str, Any]], Any] | None = None
    unit: str = ""
    hxl: str = ""
    sensitivity: Sensitivity = Sensitivity.INTERNAL

    def of(self, row: dict[str, Any]) -> Any:
        """Return the column's value in a row."""
        return self.value(row) if self.value else row[self.source or self.key]


@dataclass(frozen=True)
class Dataset:
    """A table that can be read and exported.

    ``rows`` gives the queryset for parameters (a mapping); ``needs`` are further field paths that
    computed columns read; ``geometry`` the field path of a geometry in EPSG:4326.
    """

    name: str
    label: str | Promise
    verb: str
    rows: Callable[[dict[str, Any]], QuerySet[Any]]
    columns: Sequence[Column]
    geometry: str = ""
    needs: Sequence[str] = ()
    parameters: dict[str, Any] = field(default_factory=dict)

    def sources(self) -> list[str]:
        """Return the field paths that must be read."""
        plain = [column.source or column.key for column in self.columns if not column.value]
        return list(dict.fromkeys([*plain, *self.needs, *([self.geometry] * bool(self.geometry))]))

    def queryset(self, actor: Actor) -> QuerySet[Any]:
        """Return the rows that ``actor`` may read."""
        return policy.filter(actor, self.verb, self.rows(self.parameters))

    def records(self, actor: Actor, queryset: QuerySet[Any] | None = None) -> Iterator["Record"]:
        """Yield the records with a server-side cursor; ``queryset`` narrows what is read.

        A given ``queryset`` must come from ``queryset(actor)``.
        """
        chosen = self.queryset(actor) if queryset is None else queryset
        return self._read(chosen.values(*self.sources()).iterator(chunk_size=CHUNK))

    def _read(self, rows: Iterable[dict[str, Any]]) -> Iterator["Record"]:
        for row in rows:
            values = [column.of(row) for column in self.columns]
            yield Record(values, row[self.geometry] if self.geometry else None)


@dataclass(frozen=True)
class Record:
    """One row of a dataset: values in the order of its columns, and its geometry."""

    values: list[Any]
    geometry: Any = None


DATASETS: dict[str, Dataset] = {}


def declare(dataset: Dataset) -> Dataset:
    """Add a dataset that needs no parameters to the dictionary of all datasets."""
    if dataset.name in DATASETS:
        raise ValueError(f"dataset {dataset.name} is declared twice")
    DATASETS[dataset.name] = dataset
    return dataset
