"""Django"s entry for the core app."""

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for table in ("core.lookups", "core.verbs", "core.areas.datasets"):
            import_module(table)
