"""Django"s entry for the situation app."""

from importlib import import_module

from django.apps import AppConfig


class SituationConfig(AppConfig):
    name = "situation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for table in ("situation.policy", "situation.transitions"):
            import_module(table)
