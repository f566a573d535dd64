"""Background work of convoys: each task calls one rule."""

from typing import Any

from celery import shared_task

from convoys import papers, receipt, release
from core import jobs
from core.jobs import Progress


@shared_task
def release_convoys() -> None:
    """Release what is long enough off the road."""
    release.release_due()


@shared_task
def finalise_waybills() -> None:
    """Make waybills final of which nobody has said so for days after their arrival."""
    receipt.finalise_due()


@jobs.handler(papers.JOB)
def make_paper(progress: Progress, *, paper: str, pk: str, address: str) -> dict[str, Any]:
    """Make the PDF of a waybill or receipt."""
    document = papers.make(paper, pk, address)
    return {"url": document.get_absolute_url()}
