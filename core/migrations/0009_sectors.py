"""The IASC's clusters and areas of responsibility, by the codes of HPC and HAPI."""

from typing import Any

from django.db import migrations

SECTORS = (
    ("CCM", "Camp coordination and camp management", None),
    ("EDU", "Education", None),
    ("ERY", "Early recovery", None),
    ("FSC", "Food security", None),
    ("HEA", "Health", None),
    ("LOG", "Logistics", None),
    ("NUT", "Nutrition", None),
    ("PRO", "Protection", None),
    ("SHL", "Emergency shelter and non-food items", None),
    ("TEL", "Emergency telecommunications", None),
    ("WSH", "Water, sanitation and hygiene", None),
    ("CPN", "Child protection", "PRO"),
    ("GBV", "Gender-based violence", "PRO"),
    ("HLP", "Housing, land and property", "PRO"),
    ("MIN", "Mine action", "PRO"),
)


def load(apps: Any, schema_editor: Any) -> None:
    """Add the sectors that are not there; names that somebody gave stay."""
    sectors = apps.get_model("core", "Sector").objects
    for code, name, parent in SECTORS:
        sectors.get_or_create(code=code, defaults={"names": {"en": name}, "parent_id": parent})


class Migration(migrations.Migration):

    dependencies = [("core", "0008_packing_lists")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
