"""Imports of exported records: check, confirm, and each record through intake for who filled it."""

import hashlib
from collections.abc import Callable
from typing import Any

import pghistory
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments import answers, intake, record_files, xml
from assessments.models import FormVersion, RecordImport, Submission, SubmissionEdit
from core import carried, jobs, policy
from core.errors import Problem, declare
from core.models import Operation
from core.policy import Actor, actor_of

JOB = "import_records"
State = RecordImport.State
IMPORTABLE = {"new", "edit", "here"}

declare(
    "records_refused",
    400,
    _("This file is not taken"),
    _("{reason}"),
    _("Nothing was imported. Export the records on the device again, and bring the file unopened."),
)
declare(
    "unsigned_records",
    400,
    _("Nobody vouches for this file"),
    _("The file is not signed, so its records could be anybody's."),
    _("Make sure where it comes from, then tick that you did."),
)


def receive(operation: Operation, *, actor: Actor, content: bytes, name: str) -> RecordImport:
    """Check a file of records and keep it; the same file again returns its first import."""
    policy.check(actor, "records.import", operation)
    if actor.user is None:
        raise Problem("sign_in")
    digest = hashlib.sha256(content).hexdigest()
    known = RecordImport.objects.filter(operation=operation, sha256=digest).first()
    if known is not None:
        return known
    exported = record_files.read(content)
    made = RecordImport(
        operation=operation,
        file_name=name[:255],
        sha256=digest,
        user=exported.user,
        device_id=exported.device_id,
        exported_at=exported.exported_at,
        is_signed=exported.is_signed,
        report=[_checked(operation, one) for one in exported.records],
        created_by=actor.user,
    )
    made.file.save(f"{digest}.json", ContentFile(content), save=True)
    return made


@transaction.atomic
def confirm(
    record_import: RecordImport, *, actor: Actor, with_drafts: bool, vouched: bool
) -> RecordImport:
    """Begin the import; once begun, a second call changes nothing.

    Raises Problem ``unsigned_records`` unless somebody has ``vouched`` for an unsigned file.
    """
    policy.check(actor, "records.import", record_import.operation)
    locked = RecordImport.objects.select_for_update(of=("self",)).get(pk=record_import.pk)
    if locked.state != State.CHECKED:
        return locked
    if not (locked.is_signed or vouched):
        raise Problem("unsigned_records")
    locked.state = State.RUNNING
    locked.job = jobs.enqueue(
        JOB,
        title=_("Import of {file}").format(file=locked.file_name),
        actor=actor,
        operation=locked.operation,
        key=str(locked.pk),
        record_import_id=locked.pk,
        with_drafts=with_drafts,
    )
    locked.save(update_fields=["state", "job"])
    return locked


def run(
    record_import: RecordImport, *, with_drafts: bool, tell: Callable[[int, int], None]
) -> RecordImport:
    """Send each record through intake as who filled it; a second run finds them received."""
    with record_import.file.open("rb") as file:
        exported = record_files.read(file.read())
    operation = record_import.operation
    for place, record in enumerate(exported.records):
        entry = _checked(operation, record)
        if entry["check"] not in IMPORTABLE or (entry["is_draft"] and not with_drafts):
            entry["outcome"] = "left_out"
        else:
            with pghistory.context(record_import=record_import.pk, device=exported.device_id):
                entry |= _sent(operation, actor_of(exported.user), record)
        record_import.report[place] = entry
        tell(place + 1, len(exported.records))
    record_import.state = State.DONE
    record_import.save(update_fields=["report", "state"])
    return record_import


def _checked(operation: Operation, record: dict[str, Any]) -> dict[str, Any]:
    """Return what can be said of a record before it is tried."""
    names = ("instance_id", "form_id", "version", "title")
    entry: dict[str, Any] = {name: str(record.get(name) or "")[:255] for name in names}
    given = record.get("files")
    entry |= {
        "files": len(given) if isinstance(given, list) else 0,
        "is_draft": record.get("state") == "draft",
        "outcome": "",
        "message": "",
        "submission": None,
        "url": "",
    }
    return entry | {"check": _check(operation, record)}


def _check(operation: Operation, record: dict[str, Any]) -> str:
    content = record_files.content_of(record.get("submission"))
    if content is None or record_files.files_of(record) is None:
        return "damaged"
    if other := carried.KINDS.get(str(record.get("kind"))):
        return other.check(operation, str(record.get("subject")), content)
    try:
        identity = answers.identify(xml.parse(content, most_bytes=intake.MOST_XML))
    except Problem:
        return "damaged"
    version = version_of(operation, record)
    if version is None:
        return "unknown_form"
    same = {"form": version.form, "instance_id": identity.instance_id, "is_test": False}
    came = (
        Submission.objects.filter(**same).values_list("xml_sha256", flat=True).first()
        or SubmissionEdit.objects.filter(**same).values_list("xml_sha256", flat=True).first()
    )
    if came:
        return "here" if came == hashlib.sha256(content).hexdigest() else "other"
    return "edit" if identity.deprecated_id else "new"


def version_of(operation: Operation, record: dict[str, Any]) -> FormVersion | None:
    """Return the operation's form version that a record names."""
    usable = (FormVersion.State.PUBLISHED, FormVersion.State.SUPERSEDED)
    return (
        FormVersion.objects.select_related("form__assessment", "operation")
        .defer("xform", "report")
        .filter(
            operation=operation,
            state__in=usable,
            form__form_id=str(record.get("form_id")),
            version=str(record.get("version")),
        )
        .first()
    )


def _sent(operation: Operation, filler: Actor, record: dict[str, Any]) -> dict[str, Any]:
    """Take a record in, and return what came of it."""
    content = record_files.content_of(record.get("submission"))
    files = record_files.files_of(record)
    if content is None or files is None:
        return {"outcome": "left_out"}
    try:
        if other := carried.KINDS.get(str(record.get("kind"))):
            subject = str(record.get("subject"))
            is_new, url = other.take(operation, subject, content, files, filler)
            return {"outcome": "received" if is_new else "here", "url": url}
        version = version_of(operation, record)
        if version is None:
            return {"outcome": "left_out"}
        receipt = intake.receive(version, actor=filler, content=content, files=files)
    except Problem as problem:
        told = [f"{one['where']}: {one['message']}" for one in problem.errors]
        return {"outcome": "refused", "message": " ".join([problem.detail, *told, problem.how])}
    outcome = "received" if receipt.is_new else "here"
    return {"outcome": outcome, "submission": receipt.submission.pk}
