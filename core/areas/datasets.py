"""What can be taken out about areas: the areas themselves, and their population figures."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.datasets import Column, Dataset, Kind, Sensitivity, declare
from core.models import Area, PopulationFigure

PUBLIC = Sensitivity.PUBLIC


def _areas(parameters: dict[str, Any]) -> QuerySet[Area]:
    found = Area.objects.current().order_by("level", "pcode")
    return found.filter(operation=parameters["operation"])


def _figures(parameters: dict[str, Any]) -> QuerySet[PopulationFigure]:
    found = PopulationFigure.objects.filter(area__operation=parameters["operation"])
    return found.order_by("area__pcode", "source", "dated", "group", "sex", "age_from")


def _ages(row: dict[str, Any]) -> str:
    first, last = row["age_from"], row["age_to"]
    if first is None:
        return "all"
    return f"{first}+" if last is None else f"{first}-{last}"


AREAS = declare(
    Dataset(
        name="areas",
        label=_("Areas"),
        verb="area.read",
        rows=_areas,
        geometry="geometry",
        columns=(
            Column("pcode", "P-code", hxl="#adm+code", sensitivity=PUBLIC),
            Column("level", _("Level"), Kind.INTEGER, hxl="#adm+level", sensitivity=PUBLIC),
            Column("name", _("Name"), hxl="#adm+name", sensitivity=PUBLIC),
            Column("names", _("Names by language"), hxl="#adm+name+i_all", sensitivity=PUBLIC),
            Column(
                "parent_pcode",
                _("P-code of the area above"),
                source="parent__pcode",
                hxl="#adm+code+parent",
                sensitivity=PUBLIC,
            ),
            Column(
                "area_km2",
                _("Size"),
                Kind.DECIMAL,
                unit="km²",
                hxl="#geo+area",
                sensitivity=PUBLIC,
            ),
            Column("valid_from", _("Valid from"), Kind.DATE, hxl="#date", sensitivity=PUBLIC),
            Column("source", _("Source"), hxl="#meta+source", sensitivity=PUBLIC),
            Column("note", _("Note"), hxl="#meta+note", sensitivity=PUBLIC),
        ),
    )
)

POPULATION = declare(
    Dataset(
        name="population",
        label=_("Population figures"),
        verb="population.read",
        rows=_figures,
        needs=("age_from", "age_to"),
        columns=(
            Column("pcode", "P-code", source="area__pcode", hxl="#adm+code", sensitivity=PUBLIC),
            Column("name", _("Name"), source="area__name", hxl="#adm+name", sensitivity=PUBLIC),
            Column("group", _("Population group"), hxl="#population+group", sensitivity=PUBLIC),
            Column("sex", _("Sex"), hxl="#population+sex", sensitivity=PUBLIC),
            Column("age", _("Age"), value=_ages, hxl="#population+age", sensitivity=PUBLIC),
            Column("people", _("People"), Kind.INTEGER, hxl="#population", sensitivity=PUBLIC),
            Column("source", _("Source"), hxl="#meta+source", sensitivity=PUBLIC),
            Column("date", _("As of"), Kind.DATE, source="dated", hxl="#date", sensitivity=PUBLIC),
        ),
    )
)
