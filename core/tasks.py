"""Celery's tasks: run a job by its id, sweep the ledger, beat the heart."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.db import connection

from core import jobs
from core.access import clock
from core.areas import imports
from core.models import AreaImport

HEARTBEAT = "worker-heartbeat"


@shared_task
def run_job(job_id: str) -> None:
    """Do one job of the ledger."""
    jobs.run(job_id)


@shared_task
def sweep_jobs() -> None:
    """Hand on what is overdue."""
    jobs.sweep()


@shared_task
def access_clock() -> None:
    """Begin and end windows, let papers expire."""
    clock.tick()


@shared_task
def heartbeat() -> None:
    """Leave a sign of life that /readyz looks for."""
    cache.set(HEARTBEAT, "alive", timeout=40)


def _unreadable(area_import_id: int, error: str, **_options: Any) -> None:
    found = AreaImport.objects.get(pk=area_import_id)
    if found.state == AreaImport.State.UPLOADED:
        imports.refuse(found, error)


def _outcome(found: AreaImport) -> dict[str, Any]:
    counts: dict[str, Any] = found.preview["counts"]
    return counts | {"url": found.get_absolute_url()}


@jobs.handler("check_areas", on_failure=_unreadable)
def check_areas(
    progress: jobs.Progress, area_import_id: int, mapping: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Work out what importing an uploaded file would do."""
    return _outcome(imports.check(AreaImport.objects.get(pk=area_import_id), mapping=mapping))


@jobs.handler("import_areas")
def import_areas(
    progress: jobs.Progress, area_import_id: int, leave_out: bool = False
) -> dict[str, Any]:
    """Import a file that was checked and confirmed.

    Progress is told on a connection of its own: the import's transaction would hide it until the
    end, and keep the job's row from the thread that renews its lease.
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        found = imports.carry_out(
            AreaImport.objects.get(pk=area_import_id),
            actor=progress.actor,
            leave_out=leave_out,
            tell=lambda done, total: aside.submit(_tell, progress, done, total),
        )
    return _outcome(found)


def _tell(progress: jobs.Progress, done: int, total: int) -> None:
    try:
        progress.tell(done, total)
    finally:
        connection.close()
