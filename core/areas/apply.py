"""Writes a plan into the database, in one transaction: versions, tree, sizes, borders for maps."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction

from core.areas import shapes as area_shapes
from core.areas.plan import Action, Change, Plan, stored_names
from core.models import Area, Operation

BATCH = 500
Tell = Callable[[int, int], object]


@transaction.atomic
def apply(plan: Plan, operation: Operation, *, source: str, tell: Tell) -> None:
    """Carry out a plan; ``tell`` hears how many of how many areas are written.

    The caller holds the operation's row, so that two imports never mix.
    """
    borders = Borders(operation, plan)
    changes = plan.of(Action.ADDED, Action.CHANGED, Action.SUPERSEDED)
    _close([change for change in changes if change.action == Action.SUPERSEDED])
    known = Area.objects.current().filter(operation=operation)
    current = {pcode: (pk, path) for pcode, pk, path in known.values_list("pcode", "pk", "path")}
    done = 0
    # Parents come first: a level is written before the next one refers to it.
    for level, group in groupby(sorted(changes, key=_level), key=_level):
        batch = list(group)
        for start in range(0, len(batch), BATCH):
            part = batch[start : start + BATCH]
            areas = [_area(change, operation, current, source) for change in part]
            borders.draw(areas, part)
            _save(areas)
            current |= {one.pcode: (one.pk, one.path) for one in areas if one.valid_to is None}
            done += len(part)
            tell(done, len(changes))
        borders.refresh_neighbours(level)
    _hand_over(plan, operation)
    _mend_paths(operation)


def _level(change: Change) -> int:
    return change.unit.level or 0


def _close(changes: Sequence[Change]) -> None:
    """End the versions that are superseded, which makes room for the new current ones."""
    rows = [(change.old.pk, change.unit.valid_from) for change in changes if change.old]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_area SET valid_to = new.day"
            " FROM unnest(%s::bigint[], %s::date[]) AS new(id, day)"
            " WHERE core_area.id = new.id AND valid_to IS NULL",
            [[pk for pk, _ in rows], [day for _, day in rows]],
        )


def _area(
    change: Change, operation: Operation, current: dict[str, tuple[int, str]], source: str
) -> Area:
    """Return the row of a change, without its geometry; ``current`` gives (pk, path) by P-code."""
    unit = change.unit
    parent, above = current.get(unit.parent, (None, ""))
    corrected = change.old.pk if change.action == Action.CHANGED and change.old else None
    return Area(
        pk=corrected,
        operation=operation,
        pcode=unit.pcode,
        level=unit.level or 0,
        parent_id=parent,
        path=f"{above}{unit.pcode}/",
        name=unit.name,
        names=stored_names(unit),
        search=searchable([unit.pcode, *unit.names.values()]),
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        source=unit.source or source,
        note=unit.note,
        fingerprint=change.fingerprint,
    )


def searchable(texts: Iterable[str]) -> str:
    """Return texts for ``Area.search``: each once as it is and once without accents."""
    words = list(dict.fromkeys(texts))
    bare = [
        "".join(
            part for part in unicodedata.normalize("NFKD", word) if not unicodedata.combining(part)
        )
        for word in words
    ]
    return " · ".join(dict.fromkeys([*words, *bare]))


class Borders:
    """The geometry of a plan's areas in all details, with neighbours drawn alike."""

    def __init__(self, operation: Operation, plan: Plan) -> None:
        self.changes = plan.of(Action.ADDED, Action.CHANGED, Action.SUPERSEDED)
        redrawn = {_level(one) for one in self.changes if one.unit.shape is not None}
        self.drawn = {level: self._simplify(operation, level) for level in sorted(redrawn)}

    def _simplify(self, operation: Operation, level: int) -> dict[Any, tuple[Any, Any]]:
        """Return key -> (low, mid); the key is a P-code of the plan, or the pk of a neighbour."""
        shapes: dict[Any, Any] = {
            one.unit.pcode: one.unit.shape
            for one in self.changes
            if _level(one) == level and one.unit.shape is not None
        }
        others = Area.objects.current().filter(
            operation=operation, level=level, geometry__isnull=False
        )
        for pk, pcode, geometry in others.values_list("pk", "pcode", "geometry"):
            if geometry is not None and pcode not in shapes:
                shapes[pk] = shapely.from_wkb(bytes(geometry.wkb))
        listed = list(shapes.values())
        low, mid = (area_shapes.simplified(listed, detail) for detail in ("low", "mid"))
        return dict(zip(shapes, zip(low, mid, strict=True), strict=True))

    def draw(self, areas: Sequence[Area], changes: Sequence[Change]) -> None:
        """Give each area its geometry: its own, or where the file has none, the old one's."""
        kept = Area.objects.in_bulk(
            [one.old.pk for one in changes if one.old and one.unit.shape is None]
        )
        sizes = _sizes([one.unit.shape for one in changes])
        for area, change, size in zip(areas, changes, sizes, strict=True):
            shape = change.unit.shape
            if shape is not None:
                low, mid = self.drawn[area.level][area.pcode]
                area.geometry, area.geometry_low, area.geometry_mid = map(_geos, (shape, low, mid))
                area.centre = _geos(shapely.point_on_surface(shape))
                area.area_km2 = size
            elif change.old and change.old.pk in kept:
                old = kept[change.old.pk]
                for name in ("geometry", "geometry_low", "geometry_mid", "centre", "area_km2"):
                    setattr(area, name, getattr(old, name))

    def refresh_neighbours(self, level: int) -> None:
        """Draw the areas anew whose simplified border has moved with a neighbour's."""
        drawn = self.drawn.get(level, {})
        others = {key: pair for key, pair in drawn.items() if isinstance(key, int)}
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_area SET geometry_low = ST_GeomFromWKB(new.low, 4326),"
                " geometry_mid = ST_GeomFromWKB(new.mid, 4326)"
                " FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS new(id, low, mid)"
                " WHERE core_area.id = new.id AND (geometry_low IS NULL OR"
                " NOT ST_OrderingEquals(geometry_low, ST_GeomFromWKB(new.low, 4326)))",
                [
                    list(others),
                    [shapely.to_wkb(low) for low, _ in others.values()],
                    [shapely.to_wkb(mid) for _, mid in others.values()],
                ],
            )


def _geos(shape: Any) -> Any:
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)), srid=area_shapes.SRID)


def _sizes(shapes: Sequence[Any]) -> list[float | None]:
    """Return square kilometres on the spheroid, None where there is no shape."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_Area(ST_GeomFromWKB(shape, 4326)::geography) / 1e6"
            " FROM unnest(%s::bytea[]) WITH ORDINALITY AS one(shape, place) ORDER BY place",
            [[None if shape is None else shapely.to_wkb(shape) for shape in shapes]],
        )
        return [row[0] for row in cursor.fetchall()]


CORRECTED = tuple(
    field.name
    for field in Area._meta.concrete_fields
    if field.name not in {"id", "operation", "pcode", "superseded_by"}
)


def _save(areas: Sequence[Area]) -> None:
    corrected = [area for area in areas if area.pk is not None]
    Area.objects.bulk_create([area for area in areas if area.pk is None])
    for area in corrected:
        area.save(update_fields=CORRECTED)


def _hand_over(plan: Plan, operation: Operation) -> None:
    """Point superseded versions to their successors, and the children with them."""
    pairs = [
        (one.old.pk, one.unit.pcode, one.unit.valid_from)
        for one in plan.of(Action.SUPERSEDED)
        if one.old
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_area SET superseded_by_id = successor.id"
            " FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS new(id, pcode, day)"
            " JOIN core_area AS successor ON successor.operation_id = %s"
            " AND successor.pcode = new.pcode AND successor.valid_from = new.day"
            " WHERE core_area.id = new.id",
            [*(list(part) for part in zip(*pairs, strict=True)), operation.pk]
            if pairs
            else [[], [], [], operation.pk],
        )
        cursor.execute(
            "UPDATE core_area SET parent_id = parent.superseded_by_id FROM core_area AS parent"
            " WHERE core_area.operation_id = %s AND core_area.valid_to IS NULL"
            " AND parent.id = core_area.parent_id AND parent.superseded_by_id IS NOT NULL",
            [operation.pk],
        )


def _mend_paths(operation: Operation) -> None:
    """Write the paths of areas that are new or whose parents have moved."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE tree AS ("
            " SELECT id, pcode || '/' AS path FROM core_area"
            " WHERE operation_id = %s AND valid_to IS NULL AND parent_id IS NULL"
            " UNION ALL SELECT child.id, tree.path || child.pcode || '/'"
            " FROM core_area AS child JOIN tree ON child.parent_id = tree.id"
            " WHERE child.valid_to IS NULL)"
            " UPDATE core_area SET path = tree.path FROM tree"
            " WHERE core_area.id = tree.id AND core_area.path <> tree.path",
            [operation.pk],
        )
