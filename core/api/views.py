"""REST tables of core: operations, organisations, areas, population."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from core import geo
from core.api.base import ApiView, Request, operation_of
from core.api.tables import Filter, RowView, TableView, exact
from core.areas.datasets import AREAS, POPULATION
from core.datasets import Dataset
from core.models import Area
from core.operation_datasets import OPERATIONS
from core.organisation_datasets import ORGANISATIONS

BY_OPERATION = exact("operation", "operation__slug", "the short name of an operation")


def whole(text: str) -> int:
    """Return a small whole number; raise ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(text)
    return int(text)


def moment(text: str) -> datetime:
    """Return a moment of ISO 8601, a day as its beginning in UTC; raise ValueError."""
    day = parse_date(text) if len(text) == 10 else None
    found = datetime.combine(day, time.min, UTC) if day else parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def changed_since(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Keep rows that were made or changed since, by the audit's events."""
    events = rows.model.pgh_event_model.objects
    later = events.filter(pgh_obj=OuterRef("pk"), pgh_created_at__gte=moment(text))
    return rows.filter(Exists(later))


def within(path: str) -> Any:
    """Return what keeps rows in or below the areas with these P-codes, comma-separated."""

    def narrow(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        found = Area.objects.filter(pcode__in=text.split(","))
        below = Area.objects.none()
        for area in found[:50]:
            below |= Area.objects.filter(operation=area.operation_id).within(area)
        return rows.filter(**{f"{path}__in": below.values("pk")})

    return narrow


class OperationsView(TableView):
    """Operations that the token or account belongs to."""

    verb = "operation.read"
    table = OPERATIONS
    filters: tuple[Filter, ...] = (
        exact("slug", "slug", "the short name of an operation"),
        exact("status", "status", "preparing, active or closed"),
    )


class OperationView(RowView):
    """One operation, by its short name."""

    verb = "operation.read"
    table = OPERATIONS
    lookup = "slug"


class OrganisationsView(TableView):
    """Organisations that take part in the operations one belongs to."""

    verb = "operation.read"
    table = ORGANISATIONS
    filters = (
        exact("acronym", "acronym", "acronyms, separated by commas"),
        exact("kind", "kind", "un, rcrc, ingo, nngo, government, donor or other"),
    )


class InOperation(ApiView):
    """Gives a dataset the operation that the query names; needed by those who see several."""

    table: Dataset
    parameters = ("operation",)

    def dataset(self, request: Request) -> Dataset:
        """Return the dataset of the operation."""
        return replace(self.table, parameters={"operation": operation_of(request)})


class AreasView(InOperation, TableView):
    """Areas as they are now, with their borders as GeoJSON by `format=geojson`."""

    verb = "area.read"
    table = AREAS
    filters = (
        Filter("level", lambda rows, text: rows.filter(level=whole(text)), "0, 1, 2, …"),
        exact("pcode", "pcode", "P-codes, separated by commas"),
        exact("parent", "parent__pcode", "P-codes of the areas above"),
        Filter("within", within("pk"), "P-codes: these areas and all below them"),
        Filter("q", lambda rows, text: rows.filter(search__icontains=text), "part of a name"),
        Filter(
            "bbox",
            lambda rows, text: rows.filter(geometry__bboverlaps=geo.box(text)),
            "west,south,east,north in degrees",
        ),
        Filter("updated_since", changed_since, "a day or moment of ISO 8601"),
    )


class AreaView(InOperation, RowView):
    """One area as it is now, by its P-code."""

    verb = "area.read"
    table = AREAS
    lookup = "pcode"


class PopulationView(InOperation, TableView):
    """Population figures; those of different sources stand side by side, never added up."""

    verb = "population.read"
    table = POPULATION
    filters = (
        exact("pcode", "area__pcode", "P-codes, separated by commas"),
        Filter("within", within("area"), "P-codes: these areas and all below them"),
        Filter("level", lambda rows, text: rows.filter(area__level=whole(text)), "0, 1, 2, …"),
        exact("group", "group", "population groups by their HAPI codes, or RES"),
        exact("sex", "sex", "all, f or m"),
        exact("source", "source", "a source as it is written in the figures"),
        Filter("updated_since", changed_since, "a day or moment of ISO 8601"),
    )
