"""Background jobs: a row in PostgreSQL is the truth, Celery carries only its id.

A handler may run more than once (a killed worker's job is handed on), so it must be idempotent;
what it writes at its end goes in one transaction.
"""

import logging
import math
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pghistory
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import Problem, declare
from core.models import Job, Operation
from core.policy import Actor, actor_of

log = logging.getLogger(__name__)
TEMPORARY = Path(tempfile.gettempdir())
LEASE = timedelta(seconds=settings.JOB_LEASE)
RENEW_SECONDS = settings.JOB_LEASE / 3
OVERDUE = LEASE / 2
Handler = Callable[..., dict[str, Any] | None]
HANDLERS: dict[str, Handler] = {}
FAILURES: dict[str, Callable[..., None]] = {}

declare(
    "job_not_retryable",
    409,
    _("This job cannot be started again"),
    _("The job is {state}; only a failed one can be started again."),
    _("Wait for it to finish."),
)


class Progress:
    """What a handler knows of its job, and how it tells how far it is."""

    def __init__(self, job: Job):
        self.job = job
        self.actor: Actor = actor_of(job.created_by) if job.created_by else Actor(is_system=True)

    def tell(self, done: int, total: int, message: str = "") -> None:
        """Show ``done`` of ``total`` units, and a short message, on the Jobs page."""
        Job.objects.filter(pk=self.job.pk).update(
            done_units=done, total_units=total, message=message[:300]
        )


def handler(
    kind: str, *, on_failure: Callable[..., None] | None = None
) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of a kind: ``f(progress, **arguments) -> result``.

    ``on_failure(**arguments, error=…)`` is called once, when the last attempt has failed.
    """

    def add(function: Handler) -> Handler:
        HANDLERS[kind] = function
        if on_failure:
            FAILURES[kind] = on_failure
        return function

    return add


def enqueue(
    kind: str,
    *,
    title: str | Promise,
    actor: Actor,
    operation: Operation | None = None,
    key: str = "",
    **arguments: Any,
) -> Job:
    """Write a job into the ledger and tell the workers after the commit.

    With a ``key``, a second call for the same kind and key returns the first job. A dead broker
    is no error: the sweeper publishes what is overdue.
    """
    if key:
        known = Job.objects.filter(kind=kind, key=key).first()
        if known:
            return known
    job = Job.objects.create(
        kind=kind,
        key=key,
        title=str(title)[:200],
        arguments=arguments,
        operation=operation,
        created_by=actor.user,
        language=translation.get_language() or "en",
    )
    transaction.on_commit(partial(publish, job.pk))
    return job


def publish(job_id: Any) -> None:
    """Send a job's id to the workers; a failure is only logged."""
    try:
        current_app.send_task("core.tasks.run_job", (str(job_id),), ignore_result=True)
    except Exception:
        log.warning("job %s could not be published; the sweeper will", job_id, exc_info=True)


def claim(job_id: str) -> Job | None:
    """Take a job that waits or whose lease has lapsed; None when another worker has it."""
    now = timezone.now()
    mine = Job.objects.filter(
        Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now),
        pk=job_id,
        attempts__lt=Job.MAX_ATTEMPTS,
    ).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        lease_until=now + LEASE,
        started_at=now,
        error="",
    )
    return Job.objects.select_related("operation", "created_by").get(pk=job_id) if mine else None


def run(job_id: str) -> None:
    """Claim a job and do it; what it raises is written into the ledger."""
    job = claim(job_id)
    if job is None:
        return
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_lease, args=(job, stop), daemon=True)
    keeper.start()
    try:
        with (
            _scratch(job),
            translation.override(job.language),
            pghistory.context(user=job.created_by_id, job=str(job.pk)),
        ):
            result = HANDLERS[job.kind](Progress(job), **job.arguments)
    except Problem as problem:
        _end(job, state=Job.State.FAILED, error=f"{problem.title}. {problem.detail} {problem.how}")
        _tell_failure(job, str(problem.detail))
    except Exception as error:
        log.exception("job %s (%s) failed at attempt %s", job.pk, job.kind, job.attempts)
        _fail(job, f"{type(error).__name__}: {error}")
    else:
        _end(job, state=Job.State.DONE, result=result or {}, done_units=F("total_units"))
    finally:
        stop.set()
        keeper.join()


@contextmanager
def _scratch(job: Job) -> Iterator[None]:
    """Keep the job's temporary files in a folder of their own, which goes when it ends.

    A process that is killed leaves the folder; the next attempt, or the end of all, removes it.
    """
    usual = tempfile.tempdir
    folder = _scratch_of(job)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = usual
        shutil.rmtree(folder, ignore_errors=True)


def _scratch_of(job: Job) -> Path:
    return TEMPORARY / f"tessera-job-{job.pk}"


def _keep_lease(job: Job, stop: threading.Event) -> None:
    """Renew the lease until the job ends, or end it and this process once its time is over.

    A job that hangs may hear nothing, and the pool's own limits are not always set.
    """
    over = time.monotonic() + settings.JOB_SECONDS
    while not stop.wait(min(RENEW_SECONDS, max(1.0, over - time.monotonic()))):
        try:
            if time.monotonic() >= over:
                _give_up(job)
                os.kill(os.getpid(), signal.SIGKILL)
            _mine(job).update(lease_until=timezone.now() + LEASE)
        except Exception:
            log.warning("lease of job %s could not be renewed", job.pk, exc_info=True)
    connection.close()


def _give_up(job: Job) -> None:
    """End a job that took too long, unless it is another's by now."""
    with translation.override(job.language):
        minutes = math.ceil(settings.JOB_SECONDS / 60)
        error = ngettext(
            "It took longer than {count} minute and was stopped. Ask for less at once.",
            "It took longer than {count} minutes and was stopped. Ask for less at once.",
            minutes,
        ).format(count=minutes)
        if _end(job, state=Job.State.FAILED, error=error):
            _tell_failure(job, error)
    shutil.rmtree(_scratch_of(job), ignore_errors=True)
    log.error("job %s (%s) took too long; its process ends", job.pk, job.kind)


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _end(job: Job, **changes: Any) -> bool:
    return bool(_mine(job).update(finished_at=timezone.now(), lease_until=None, **changes))


def _fail(job: Job, error: str) -> None:
    if job.attempts < Job.MAX_ATTEMPTS:
        _mine(job).update(state=Job.State.QUEUED, error=error, lease_until=None)
        publish(job.pk)
    elif _end(job, state=Job.State.FAILED, error=error):
        _tell_failure(job, error)


def _tell_failure(job: Job, error: str) -> None:
    tell = FAILURES.get(job.kind)
    if tell:
        tell(**job.arguments, error=error)


def sweep() -> int:
    """Hand on jobs whose worker died or whose message was lost; return how many.

    A job that has used its last attempt becomes a visible dead letter.
    """
    now = timezone.now()
    lapsed = Q(state=Job.State.RUNNING, lease_until__lt=now)
    for job in Job.objects.filter(lapsed, attempts__gte=Job.MAX_ATTEMPTS):
        died = _("The worker died {count} times while doing this.")
        shutil.rmtree(_scratch_of(job), ignore_errors=True)
        if _end(job, state=Job.State.FAILED, error=str(died).format(count=job.attempts)):
            _tell_failure(job, job.error)
    waiting = Q(state=Job.State.QUEUED, created_at__lt=now - OVERDUE)
    overdue = Job.objects.filter(lapsed | waiting, attempts__lt=Job.MAX_ATTEMPTS)
    ids = list(overdue.values_list("pk", flat=True)[:500])
    for job_id in ids:
        publish(job_id)
    return len(ids)


@transaction.atomic
def retry(job: Job) -> Job:
    """Start a failed job again, with all its attempts; raise Problem when it has not failed."""
    again = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, attempts=0, error="", finished_at=None, created_at=timezone.now()
    )
    if not again:
        raise Problem("job_not_retryable", state=job.get_state_display())
    transaction.on_commit(partial(publish, job.pk))
    return Job.objects.get(pk=job.pk)
