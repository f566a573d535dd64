"""Background jobs of forms and of review: each calls one rule."""

import uuid
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import conditions, publish, record_imports, review, review_jobs
from assessments.models import FormVersion, RecordImport
from assessments.review import Outcome
from core import jobs
from core.jobs import Progress
from core.models import AccessConstraint


def conversion_failed(*, version_id: int, error: str) -> None:
    """Say on the version that its conversion never ended."""
    version = FormVersion.objects.get(pk=version_id)
    publish.fail(version, error, _("Try again; if it stays so, tell the administrator."))


@jobs.handler(publish.CONVERT_JOB, on_failure=conversion_failed)
def convert_form(progress: Progress, *, version_id: int) -> dict[str, Any]:
    """Convert an uploaded form."""
    progress.tell(0, 1, _("Converting"))
    version = publish.convert_version(FormVersion.objects.get(pk=version_id))
    progress.tell(1, 1)
    url = reverse("form_version", args=(version.operation.slug, version.pk))
    return {"version": version.pk, "state": version.state, "url": url}


@jobs.handler(review_jobs.DECIDE_JOB)
def decide(
    progress: Progress, *, ids: list[int], action: str, reason: str, as_of: int | None, batch: str
) -> dict[str, Any]:
    """Decide on many submissions; a second run goes on where the first one ended."""
    outcome = review.decide_all(
        ids,
        action,
        actor=progress.actor,
        reason=reason,
        as_of=as_of,
        batch=uuid.UUID(batch),
        tell=partial(_tell, progress, len(ids)),
    )
    return _result(progress, batch, outcome)


@jobs.handler(review_jobs.UNDO_JOB)
def undo_decisions(progress: Progress, *, batch: str) -> dict[str, Any]:
    """Take back the decisions of a batch."""
    outcome = review.undo(uuid.UUID(batch), actor=progress.actor, tell=partial(_tell, progress, 0))
    return _result(progress, batch, outcome)


@jobs.handler(record_imports.JOB)
def import_records(
    progress: Progress, *, record_import_id: int, with_drafts: bool
) -> dict[str, Any]:
    """Import the records of a file."""
    found = RecordImport.objects.select_related("operation").get(pk=record_import_id)
    done = record_imports.run(found, with_drafts=with_drafts, tell=progress.tell)
    received = sum(one["outcome"] == "received" for one in done.report)
    return {"received": received, "url": done.get_absolute_url()}


def _result(progress: Progress, batch: str, outcome: Outcome) -> dict[str, Any]:
    slug = progress.job.operation.slug if progress.job.operation else ""
    address = reverse("review_batch", args=(slug, batch)) if slug else ""
    return {
        "batch": batch,
        "decided": outcome.decided,
        "skipped": outcome.skipped,
        "url": address,
    }


def _tell(progress: Progress, total: int, done: int) -> None:
    progress.tell(done, total or done)


@jobs.handler("constraint_ended")
def constraint_ended(progress: Progress, *, constraint_id: str) -> dict[str, Any]:
    """Tell the conditions that waited for the end of an access constraint."""
    constraint = AccessConstraint.objects.get(pk=constraint_id)
    return {"conditions": conditions.follow(constraint), "url": constraint.get_absolute_url()}
