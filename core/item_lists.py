"""Catalogues: rows of a file that become relief items, each tried before it counts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import cells, policy, relief_items, table_imports
from core.cells import Cells
from core.models import Operation, ReliefItem, Sector
from core.policy import Actor

COLUMNS = {
    "code": gettext_lazy("the item's code, once in the catalogue"),
    "name": gettext_lazy("what it is called"),
    "sector": gettext_lazy("the sector's code, for example WSH"),
    "unit": gettext_lazy("what is counted, for example kit or bag"),
    "unit_kg": gettext_lazy("gross weight of one unit in kg"),
    "unit_m3": gettext_lazy("volume of one unit in m³"),
    "people_per_unit": gettext_lazy("how many people one unit is enough for"),
    "days_per_unit": gettext_lazy("for how many days; empty for what lasts"),
    "coverage_source": gettext_lazy("the standard that says so, for example Sphere"),
    "temp_min": gettext_lazy("lowest temperature in °C"),
    "temp_max": gettext_lazy("highest temperature in °C"),
    "un_number": gettext_lazy("UN number of dangerous goods, four digits"),
    "un_class": gettext_lazy("class of dangerous goods, for example 3"),
}
LABELS = {
    "code": gettext_lazy("code"),
    "name": gettext_lazy("name"),
    "sector": gettext_lazy("Sector"),
    "unit": gettext_lazy("unit"),
    "unit_kg": gettext_lazy("gross weight of a unit (kg)"),
    "unit_m3": gettext_lazy("volume of a unit (m³)"),
    "people_per_unit": gettext_lazy("people that a unit is enough for"),
    "days_per_unit": gettext_lazy("for how many days"),
    "coverage_source": gettext_lazy("according to"),
    "temp_min": gettext_lazy("lowest temperature (°C)"),
    "temp_max": gettext_lazy("highest temperature (°C)"),
    "un_number": gettext_lazy("UN number"),
    "un_class": gettext_lazy("UN class"),
}
READERS = {
    "unit_kg": cells.number,
    "unit_m3": cells.number,
    "people_per_unit": cells.number,
    "days_per_unit": cells.whole,
    "temp_min": cells.degrees,
    "temp_max": cells.degrees,
}
WORDS = ("code", "name", "unit", "coverage_source", "un_number", "un_class")


def enter(
    operation: Operation, values: Mapping[str, Any], *, actor: Actor, client_id: UUID | None = None
) -> ReliefItem:
    """Add an item; raise Problem ``invalid`` with all that stands against its columns."""
    policy.check(actor, "item.manage", operation)
    row = Cells(values)
    read = {column: row.read(column, reader) for column, reader in READERS.items()}
    facts = {column: value for column, value in read.items() if value is not None}
    facts |= {column: row.text(column) for column in WORDS if column in row}
    sector = Sector.objects.filter(code__iexact=row.text("sector")).first()
    if sector is None:
        codes = ", ".join(Sector.objects.values_list("code", flat=True))
        row.refuse("sector", _("Give a sector's code: {codes}.").format(codes=codes))
    item = ReliefItem(operation=operation, sector=sector, **facts)
    seen = {one["where"] for one in row.findings}
    row.findings += relief_items.against(item, leave_out=seen)
    row.check()
    return relief_items.add(operation, actor=actor, sector=sector, **facts)


table_imports.register(
    "items",
    table_imports.Kind(
        "item.manage",
        COLUMNS,
        enter,
        required=("code", "name", "sector", "unit", "unit_kg"),
        labels=LABELS,
        passed_over=("operation", "retired_at"),
    ),
)
