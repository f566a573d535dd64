"""What can be taken out of entity lists: all of them alike, or one with its properties."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Entity, EntityList
from core.datasets import Column, Dataset, Kind, declare


def _rows(parameters: dict[str, Any]) -> QuerySet[Entity]:
    rows = Entity.objects.order_by("pk")
    operation = parameters.get("operation")
    return rows.filter(entity_list__operation=operation) if operation else rows


ENTITIES = declare(
    Dataset(
        name="entities",
        label=_("Entities"),
        verb="entity.read",
        rows=_rows,
        columns=(
            Column("id", _("ID"), source="uid", hxl="#meta+id"),
            Column("operation", _("Operation"), source="entity_list__operation__slug"),
            Column("list", _("Entity list"), source="entity_list__name"),
            Column("label", _("Label")),
            Column("properties", _("Properties"), Kind.OBJECT),
            Column("version", _("Version"), Kind.INTEGER),
            Column("archived", _("Archived"), Kind.BOOLEAN, source="is_archived"),
            Column("changed_at", _("Changed"), Kind.DATETIME, hxl="#date+updated"),
            Column("made_by", _("Made by submission"), source="made_by__uid"),
            Column("changed_by", _("Changed by submission"), source="changed_by__uid"),
        ),
    )
)


def of_list(entity_list: EntityList) -> Dataset:
    """Return the entities of one list, under the names that devices know, a column a property."""

    def rows(parameters: dict[str, Any]) -> QuerySet[Entity]:
        return entity_list.entities.order_by("pk")

    return Dataset(
        name=entity_list.name,
        label=entity_list.name,
        verb="entity.read",
        rows=rows,
        columns=(
            Column("name", _("ID"), source="uid", hxl="#meta+id"),
            Column("label", _("Label")),
            Column("__version", _("Version"), Kind.INTEGER, source="version"),
            *(_property(name) for name in entity_list.properties),
            Column("__archived", _("Archived"), Kind.BOOLEAN, source="is_archived"),
            Column("__changed_at", _("Changed"), Kind.DATETIME, source="changed_at"),
            Column("__changed_by", _("Changed by submission"), source="changed_by__uid"),
        ),
        needs=("properties",),
    )


def _property(name: str) -> Column:
    def value(row: dict[str, Any]) -> Any:
        return row["properties"].get(name)

    return Column(name, name, value=value)
