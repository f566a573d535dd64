"""Celery's tasks: run a job by its id, sweep the ledger, beat the heart."""

from typing import Any

from celery import shared_task
from django.core.cache import cache

from core import area_import, jobs
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
def heartbeat() -> None:
    """Leave a sign of life that /readyz looks for."""
    cache.set(HEARTBEAT, "alive", timeout=40)


def _unreadable(area_import_id: int, error: str) -> None:
    found = AreaImport.objects.get(pk=area_import_id)
    if found.is_open:
        area_import.refuse(found, error)


@jobs.handler("check_areas", on_failure=_unreadable)
def check_areas(
    progress: jobs.Progress, area_import_id: int, mapping: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Work out what importing an uploaded file would do."""
    found = area_import.check(AreaImport.objects.get(pk=area_import_id), mapping=mapping)
    return dict(found.preview["counts"])


@jobs.handler("import_areas")
def import_areas(
    progress: jobs.Progress, area_import_id: int, leave_out: bool = False
) -> dict[str, Any]:
    """Import a file that was checked and confirmed."""
    found = area_import.carry_out(
        AreaImport.objects.get(pk=area_import_id),
        actor=progress.actor,
        leave_out=leave_out,
        tell=progress.tell,
    )
    return dict(found.preview["counts"])
