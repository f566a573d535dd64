"""Health: ``/healthz`` says that the process answers, ``/readyz`` that the parts behind it do."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.tasks import HEARTBEAT
from core.views.doors import public

log = logging.getLogger(__name__)


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process runs."""
    return HttpResponse("ok\n", content_type="text/plain")


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every part is ready, else 503; the body names each part's state."""
    states = {name: _state(check) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in states.values())
    return JsonResponse(states, status=200 if ready else 503)


def _state(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:
        log.warning("readiness check failed", exc_info=True)
        return f"failed: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    cache.get(HEARTBEAT)
    return "ok"


def _worker() -> str:
    return "ok" if cache.get(HEARTBEAT) else "no sign of life from a worker"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations wait" if waiting else "ok"


CHECKS = {
    "database": _database,
    "broker": _broker,
    "worker": _worker,
    "migrations": _migrations,
}
