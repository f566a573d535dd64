"""Django"s entry for the core app."""

from importlib import import_module

from django.apps import AppConfig

from core import quick_migrations, quick_times

TABLES = (
    "core.lookups",
    "core.verbs",
    "core.access.policy",
    "core.access.transitions",
    "core.access.datasets",
    "core.access.files",
    "core.areas.datasets",
    "core.item_lists",
)


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for table in TABLES:
            import_module(table)
        quick_migrations.install()
        quick_times.install()
