"""Django's entry for the convoys app."""

from importlib import import_module

from django.apps import AppConfig


class ConvoysConfig(AppConfig):
    name = "convoys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for table in (
            "convoys.policy",
            "convoys.transitions",
            "convoys.carried_receipts",
            "convoys.claim_entries",
            "convoys.packing_lists",
            "convoys.stock_lists",
            "convoys.cargo_datasets",
        ):
            import_module(table)
