"""Django's entry for the convoys app."""

from django.apps import AppConfig


class ConvoysConfig(AppConfig):
    name = "convoys"
    default_auto_field = "django.db.models.BigAutoField"
