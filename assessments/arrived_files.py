"""The files of a record: which it names, which have come, and what becomes of them in an edit."""

from django.utils import timezone

from assessments.answers import Record
from assessments.models import Submission, SubmissionEdit, SubmissionFile
from core.errors import Problem
from core.media import Stored

LONGEST = 255


def create(
    submission: Submission, record: Record, stored: dict[str, Stored]
) -> list[SubmissionFile]:
    """Write a row for each file that the record names or that came with it."""
    rows = [
        _filled(SubmissionFile(submission=submission, file_name=name, question_path=path), stored)
        for name, path in sorted(_names(record, stored).items())
    ]
    return SubmissionFile.objects.bulk_create(rows) if rows else []


def complete(submission: Submission, stored: dict[str, Stored]) -> list[SubmissionFile]:
    """Add what came later; the same file again changes nothing, another by its name is refused."""
    rows = {row.file_name: row for row in submission.files.current()}
    for name in stored:
        row = rows.get(name) or SubmissionFile(submission=submission, file_name=name)
        rows[name] = _completed(row, stored)
    return [rows[name] for name in sorted(rows)]


def replace(
    submission: Submission, edit: SubmissionEdit, record: Record, stored: dict[str, Stored]
) -> list[SubmissionFile]:
    """Let an edit take over the files that it still names; what it drops stays behind it."""
    names = _names(record, stored)
    kept: dict[str, SubmissionFile] = {}
    for row in submission.files.current():
        new = stored.get(row.file_name)
        if row.file_name in names and (not row.file or new is None or new.sha256 == row.sha256):
            kept[row.file_name] = row
        elif row.file:
            row.superseded_by = edit
            row.save(update_fields=["superseded_by"])
        else:
            row.delete()
    for name, path in names.items():
        row = kept.get(name) or SubmissionFile(submission=submission, file_name=name)
        row.question_path = path
        kept[name] = _filled(row, stored)
        row.save()
    return [kept[name] for name in sorted(kept)]


def complete_older(
    submission: Submission, latest: SubmissionEdit, record: Record, stored: dict[str, Stored]
) -> list[SubmissionFile]:
    """Add what came late for a record that was edited since; nothing of the edit changes."""
    names = sorted(_names(record, stored))
    rows: dict[str, SubmissionFile] = {}
    for row in submission.files.filter(file_name__in=names).order_by("pk"):
        rows.setdefault(row.file_name, row)
    for name in names:
        row = rows.get(name) or SubmissionFile(
            submission=submission, file_name=name, superseded_by=latest
        )
        rows[name] = _completed(row, stored)
    return [rows[name] for name in names]


def _names(record: Record, stored: dict[str, Stored]) -> dict[str, str]:
    """Return the question paths by the names of the files that the record names or brings."""
    return {name[:LONGEST]: record.files.get(name, "") for name in [*record.files, *stored]}


def _completed(row: SubmissionFile, stored: dict[str, Stored]) -> SubmissionFile:
    one = stored.get(row.file_name)
    if one and row.file and row.sha256 != one.sha256:
        raise Problem("file_conflict", name=row.file_name)
    if one and not row.file:
        _filled(row, stored).save()
    return row


def _filled(row: SubmissionFile, stored: dict[str, Stored]) -> SubmissionFile:
    one = stored.get(row.file_name)
    if one and not row.file:
        row.file.name = one.path
        row.sha256 = one.sha256
        row.stored_sha256 = one.stored_sha256
        row.content_type = one.content_type
        row.size = one.size
        row.received_at = timezone.now()
    return row
