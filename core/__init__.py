"""The shared vocabulary of a response, and the engines that all apps use."""

from core.celery import app as celery_app

__all__ = ["celery_app"]
