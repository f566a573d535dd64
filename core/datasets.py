"""Datasets: what can be taken out of Tessera, declared once for pages, exports and the API.

A dataset names a verb, a queryset and columns; the writers in core.writers consume its rows. Row
scope comes from the policy, so that no output can show more than another.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils.functional import Promise

from core import policy
from core.models import Role
from core.policy import Actor

CHUNK = 2000
IS_WHOLE = "is_whole"
OUTSIDERS = (Role.PARTNER, Role.OBSERVER)


class Kind(StrEnum):
    """A column's type, which decides how each format writes it."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    LIST = "list"
    OBJECT = "object"


class Sensitivity(StrEnum):
    """Who may see a column, from everyone to those with the raw data."""

    PUBLIC = "public"
    PARTNER = "partner"
    INTERNAL = "internal"
    RESTRICTED = "restricted"


LEVELS = list(Sensitivity)


@dataclass(frozen=True)
class Column:
    """One column: ``source`` is a field path of the queryset, or ``value`` computes it.

    Where the source is a mapping, ``item`` is the key of the column's value in it, if it has one.
    ``value`` gets the row as a mapping of all the dataset's sources and ``needs``. For whoever is
    cleared for less than internal columns ``shared`` computes it instead, where it is given, and
    counts of people below ``smallest`` are suppressed.
    """

    key: str
    label: str | Promise
    kind: Kind = Kind.TEXT
    source: str = ""
    item: str = ""
    value: Callable[[dict[str, Any]], Any] | None = None
    shared: Callable[[dict[str, Any]], Any] | None = None
    unit: str = ""
    hxl: str = ""
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    smallest: int = 0

    def of(self, row: dict[str, Any]) -> Any:
        """Return the column's value in a row."""
        if self.value:
            return self.value(row)
        found = row[self.source or self.key]
        return found.get(self.item) if self.item else found

    def reader(self, highest: int) -> Callable[[dict[str, Any]], Any]:
        """Return what reads the column for somebody cleared up to ``LEVELS[highest]``."""
        if LEVELS.index(self.sensitivity) > highest:
            return _nothing
        is_outside = highest < LEVELS.index(Sensitivity.INTERNAL)
        if self.shared and is_outside:
            return self.shared
        if self.smallest and is_outside:
            return self._guarded
        return self.of if self.item else self.value or itemgetter(self.source or self.key)

    def mapping(self, highest: int) -> str:
        """Return the field path of the mapping that the column is an item of, if it may be read."""
        is_item = self.item and LEVELS.index(self.sensitivity) <= highest
        return self.source if is_item else ""

    def _guarded(self, row: dict[str, Any]) -> Any:
        count = self.of(row)
        few = isinstance(count, int) and 0 < count < self.smallest
        return Suppressed(self.smallest) if few else count


@dataclass(frozen=True)
class Suppressed:
    """Stands for a count too small to be shown: neither missing nor nought."""

    smallest: int

    def __str__(self) -> str:
        return f"< {self.smallest}"


class Names(list[str]):
    """Several names in one cell, with semicolons between: a name can have blanks."""


def names_of(path: str) -> Callable[[dict[str, Any]], Names]:
    """Return a column's value that gives the list at a field path as names."""
    return lambda row: Names(row[path])


@dataclass(frozen=True)
class Dataset:
    """A table that can be read and exported.

    ``rows`` gives the queryset for parameters (a mapping); ``needs`` are further field paths that
    computed columns read; ``geometry`` the field path of a geometry in EPSG:4326. ``complete``
    adds to the rows of a chunk, as mappings, what no query gives.

    Columns above an actor's clearance are left out. Where ``raw`` names a verb, it decides row by
    row: its rows are shown whole, others with their partner and public columns and the geometry at
    ``coarse``. Computed columns find in ``IS_WHOLE`` which of both a row is. ``within`` is the
    field path to the verbs' model, where the rows are parts of it.
    """

    name: str
    label: str | Promise
    verb: str
    rows: Callable[[dict[str, Any]], QuerySet[Any]]
    columns: Sequence[Column]
    geometry: str = ""
    needs: Sequence[str] = ()
    parameters: dict[str, Any] = field(default_factory=dict)
    raw: str = ""
    coarse: str = ""
    within: str = ""
    complete: Callable[[list[dict[str, Any]]], None] | None = None

    def sources(self) -> list[str]:
        """Return the field paths that must be read."""
        plain = [column.source or column.key for column in self.columns if not column.value]
        shapes = [path for path in (self.geometry, self.coarse) if path]
        whole = [IS_WHOLE] if self.raw else []
        return list(dict.fromkeys([*plain, *self.needs, *shapes, *whole]))

    def queryset(self, actor: Actor) -> QuerySet[Any]:
        """Return the rows that ``actor`` may read."""
        return self.rows(self.parameters).filter(self._scope(actor, self.verb))

    def clearance(self, actor: Actor) -> Sensitivity:
        """Return the highest class of columns that ``actor`` may see in any row."""
        if actor.is_system or (self.raw and policy.may_find(actor, self.raw)):
            return Sensitivity.RESTRICTED
        return Sensitivity.PARTNER if self.raw or not is_insider(actor) else Sensitivity.INTERNAL

    def for_actor(self, actor: Actor) -> "Dataset":
        """Return the dataset with the columns that ``actor`` may see."""
        highest = LEVELS.index(self.clearance(actor))
        seen = [one for one in self.columns if LEVELS.index(one.sensitivity) <= highest]
        return replace(self, columns=tuple(seen))

    def records(self, actor: Actor, queryset: QuerySet[Any] | None = None) -> Iterator["Record"]:
        """Yield the records with a server-side cursor; ``queryset`` narrows what is read.

        A given ``queryset`` must come from ``queryset(actor)``. A column that the actor may not see
        is blank, if it was not left out by ``for_actor``.
        """
        chosen = self.queryset(actor) if queryset is None else queryset
        if self.raw:
            whole = When(self._scope(actor, self.raw), then=Value(True))
            shown = Case(whole, default=Value(False), output_field=BooleanField())
            chosen = chosen.annotate(**{IS_WHOLE: shown})
        rows = self._completed(chosen.values(*self.sources()).iterator(chunk_size=CHUNK))
        return self._read(rows, LEVELS.index(self.clearance(actor)))

    def _completed(self, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        if self.complete is None:
            return rows
        return self._by_chunk(rows, self.complete)

    def _by_chunk(
        self, rows: Iterator[dict[str, Any]], complete: Callable[[list[dict[str, Any]]], None]
    ) -> Iterator[dict[str, Any]]:
        while chunk := list(islice(rows, CHUNK)):
            complete(chunk)
            yield from chunk

    def _scope(self, actor: Actor, verb: str) -> Q:
        if not self.within:
            return policy.scope(actor, verb)
        model = apps.get_model(policy.VERBS[verb].model)
        found = policy.filter(actor, verb, model._default_manager.order_by())
        return Q(**{f"{self.within}__in": found.values("pk")})

    def _read(self, rows: Iterable[dict[str, Any]], highest: int) -> Iterator["Record"]:
        shared = min(highest, LEVELS.index(Sensitivity.PARTNER))
        whole = _all_of(self.columns, highest)
        part = _all_of(self.columns, shared)
        for row in rows:
            is_whole = row.get(IS_WHOLE, True)
            values = whole(row) if is_whole else part(row)
            shape = self.geometry if is_whole else self.coarse
            yield Record(values, row[shape] if shape else None)


def _all_of(columns: Sequence[Column], highest: int) -> Callable[[dict[str, Any]], list[Any]]:
    """Return what reads a row's values; of one mapping they are read at once, often hundreds."""
    parts: list[Callable[[dict[str, Any]], Iterable[Any]]] = []
    for source, group in groupby(columns, lambda column: column.mapping(highest)):
        found = list(group)
        parts.append(_items(source, found) if source else _each(found, highest))
    return lambda row: list(chain.from_iterable([part(row) for part in parts]))


def _items(source: str, columns: Iterable[Column]) -> Callable[[dict[str, Any]], Iterable[Any]]:
    items = [column.item for column in columns]
    return lambda row: map(row[source].get, items)


def _each(columns: Iterable[Column], highest: int) -> Callable[[dict[str, Any]], Iterable[Any]]:
    readers = [column.reader(highest) for column in columns]
    return lambda row: [read(row) for read in readers]


def _nothing(row: dict[str, Any]) -> None:
    return None


def is_insider(actor: Actor) -> bool:
    """Return whether ``actor`` works in all operations that it sees, not only as a partner."""
    if actor.is_system or actor.is_administrator:
        return True
    seen = {one.operation_id for one in actor.memberships}
    inside = {one.operation_id for one in actor.memberships if one.role not in OUTSIDERS}
    return bool(seen) and seen == inside


class Record(NamedTuple):
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
