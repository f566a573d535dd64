"""Celery's tasks: run a job by its id, sweep the ledger, beat the heart."""

from celery import shared_task
from django.core.cache import cache

from core import jobs

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
