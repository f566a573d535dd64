"""Areas as pages show them: the tree with its counts, search, and population side by side."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from core.areas.population_columns import Kind
from core.models import Area, PopulationFigure

# So few children are shown at once; more are fetched when a reader unfolds their parent.
FEW = 150


@dataclass(frozen=True)
class Level:
    """A level with how many current areas it has."""

    level: int
    count: int


def levels(areas: QuerySet[Area]) -> list[Level]:
    """Return the levels of current areas, widest first."""
    rows = areas.order_by("level").values_list("level").annotate(count=Count("pk"))
    return [Level(level, count) for level, count in rows]


def with_children(areas: QuerySet[Area]) -> QuerySet[Area]:
    """Add ``below``, the number of current areas directly below, and leave out the geometry."""
    current = Count("children", filter=Q(children__valid_to__isnull=True))
    heavy = ("geometry", "geometry_low", "geometry_mid", "centre", "search")
    return areas.annotate(below=current).defer(*heavy)


def matching(areas: QuerySet[Area], text: str) -> QuerySet[Area]:
    """Keep areas with every word of ``text`` in a name of any language, or in the P-code."""
    for word in text.split()[:8]:
        areas = areas.filter(search__icontains=word)
    return areas


def unfolded(areas: QuerySet[Area], top: list[Area]) -> list[Area]:
    """Return the top of the tree; where there are few areas below it, those too, in order."""
    below = sum(getattr(area, "below", 0) for area in top)
    if not 0 < below <= FEW:
        return top
    children = with_children(areas.filter(parent__in=top)).order_by("name", "pk")
    by_parent: dict[int, list[Area]] = {}
    for child in children:
        by_parent.setdefault(child.parent_id or 0, []).append(child)
    for area in top:
        vars(area)["is_unfolded"] = True
    return [one for area in top for one in (area, *by_parent.get(area.pk, []))]


@dataclass(frozen=True)
class Source:
    """One source of figures at one date."""

    name: str
    dated: date


@dataclass(frozen=True)
class Line:
    """Figures of one kind of people, one for each source in the table's order, None if missing."""

    label: str
    is_total: bool
    figures: list[int | None]


@dataclass(frozen=True)
class PopulationTable:
    """Population of an area by source; figures of different sources are never added up."""

    sources: list[Source]
    lines: list[Line]


def population(figures: QuerySet[PopulationFigure]) -> PopulationTable:
    """Return the figures of one area with the newest source first and the totals on top."""
    rows = list(figures.order_by("-dated", "source"))
    sources = list(dict.fromkeys(Source(row.source, row.dated) for row in rows))
    cells: dict[tuple[Any, ...], dict[Source, int]] = {}
    for row in rows:
        key = (row.group, row.sex, row.age_from, row.age_to)
        cells.setdefault(key, {})[Source(row.source, row.dated)] = row.people
    lines = [
        Line(
            label=Kind(*key).label(),
            is_total=key == ("all", "all", None, None),
            figures=[cells[key].get(source) for source in sources],
        )
        for key in sorted(cells, key=_place)
    ]
    return PopulationTable(sources, lines)


def _place(key: tuple[Any, ...]) -> tuple[Any, ...]:
    group, sex, age_from, age_to = key
    start = -1 if age_from is None else age_from
    return (group != "all", group, start, age_to or 999, sex != "all", sex)
