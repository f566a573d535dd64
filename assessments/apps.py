"""Django"s entry for the assessments app."""

from importlib import import_module

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for table in ("assessments.errors", "assessments.policy", "assessments.transitions"):
            import_module(table)
