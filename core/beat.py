"""The scheduler's own Celery application.

It sends tasks by their names and runs none, so it loads none: half of the memory of core.celery's.
"""

import os

from celery import Celery
from django.conf import settings
from django.utils.log import configure_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
app = Celery("tessera-beat", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
