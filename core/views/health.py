"""Health: ``/healthz`` says that the process answers, ``/readyz`` that the parts behind it do.

What is checked: database, broker, a worker's and the scheduler's sign of life, migrations that
wait, and room on the disk for files.
"""

import logging
import shutil
from collections.abc import Callable
from functools import cache as remember
from pkgutil import iter_modules

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from core.tasks import HEARTBEAT
from core.views.doors import public

log = logging.getLogger(__name__)
OK = "ok"
LEAST_FREE_MIB = 200


@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process runs."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every part is ready, else 503; the body names each part's state."""
    states = {name: _state(name, check) for name, check in CHECKS.items()}
    ready = all(state == OK for state in states.values())
    return JsonResponse(states, status=200 if ready else 503)


def _state(name: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        log.warning("readiness: %s failed", name, exc_info=True)
        return f"failed: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _broker() -> str:
    cache.get(HEARTBEAT)
    return OK


def _worker() -> str:
    # The scheduler sends the heartbeat and a worker answers it: one sign of life for both.
    return OK if cache.get(HEARTBEAT) else "no sign of life from a worker"


def _migrations() -> str:
    waiting = waiting_migrations()
    if waiting:
        waiting_migrations.cache_clear()
    return f"{waiting} migrations wait" if waiting else OK


@remember
def waiting_migrations() -> int:
    """Return how many wait; once none does, none will while this process runs this code."""
    return len(migrations_at_hand() - MigrationRecorder(connection).applied_migrations().keys())


def migrations_at_hand() -> set[tuple[str, str]]:
    """Return app and name of each; Django's own loader would keep all they say in memory."""
    return {
        (app.label, name)
        for app in apps.get_app_configs()
        for _finder, name, is_package in iter_modules([f"{app.path}/migrations"])
        if not is_package and not name.startswith(("_", "~"))
    }


def _storage() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    return OK if free >= LEAST_FREE_MIB else f"only {free} MiB left for files"


CHECKS = {
    "database": _database,
    "broker": _broker,
    "worker": _worker,
    "migrations": _migrations,
    "storage": _storage,
}
