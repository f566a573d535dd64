"""The only way in for submissions: one transaction, and a receipt once it is on disk."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import answers, attribution, catalogue, media, xml
from assessments.answers import Record
from assessments.media import Incoming, Stored
from assessments.models import (
    Form,
    FormVersion,
    RepeatRow,
    Submission,
    SubmissionConflict,
    SubmissionFile,
)
from core import policy
from core.errors import Problem
from core.models import User
from core.policy import Actor

MOST_XML = 10_000_000
MOST_FILES = 300
RECEIPT_COLUMNS = (
    "uid", "instance_id", "is_test", "xml_sha256", "submitted_by", "received_at"
)  # fmt: skip
State = FormVersion.State
# Commits wait for the disk whatever the server's setting; the lock makes parallel posts of one
# record take turns, so that all but the first find its row.
BEGIN = """
    SELECT set_config('synchronous_commit', 'on', true),
           pg_advisory_xact_lock(hashtextextended(%s, 0))
"""


@dataclass(frozen=True)
class Receipt:
    """What the sender gets once the record is committed; equal for equal records."""

    submission: Submission
    files: list[SubmissionFile]
    is_new: bool

    @property
    def missing(self) -> list[str]:
        """Return the files that the record names and that have not come."""
        return [one.file_name for one in self.files if not one.file]

    def as_dict(self, url: str | None) -> dict[str, Any]:
        """Return the receipt as devices read it; ``url`` is the submission's page."""
        return {
            "id": str(self.submission.uid),
            "instance_id": self.submission.instance_id,
            "sha256": self.submission.xml_sha256,
            "received_at": self.submission.received_at.isoformat(),
            "test": self.submission.is_test,
            "url": url,
            "files": [
                {"name": one.file_name, "sha256": one.sha256, "size": one.size}
                for one in self.files
                if one.file
            ],
            "missing": self.missing,
        }


@dataclass(frozen=True)
class _Arrival:
    """A record on its way in, by someone who may send it."""

    version: FormVersion
    form: Form
    user: User
    actor: Actor
    content: bytes
    digest: str
    root: Element
    identity: Record
    is_test: bool


def receive(
    version: FormVersion,
    *,
    actor: Actor,
    content: bytes,
    files: Sequence[Incoming] = (),
    is_test: bool = False,
) -> Receipt:
    """Take one record, or more files of one that came before, and return its receipt.

    ``version`` should come with its form, operation and assessment. The same bytes again give the
    same receipt. Raises Problem: ``xml_refused``, ``too_large``, ``instance_id_missing``,
    ``form_mismatch``, ``form_unknown``, ``form_closed``, ``instance_conflict`` (both records are
    kept), ``edits_not_accepted``, ``file_conflict``, ``image_too_large``, ``no_organisation``.
    """
    form, user = _authorised(version, actor, is_test)
    root = xml.parse(content, most_bytes=MOST_XML)
    identity = answers.identify(root)
    _check_identity(identity, form, version)
    if len(files) > MOST_FILES:
        raise Problem("too_large", what=_("The number of files"), limit=str(MOST_FILES))
    digest = hashlib.sha256(content).hexdigest()
    stored = {one.name or "": media.keep(one) for one in files}
    arrival = _Arrival(version, form, user, actor, content, digest, root, identity, is_test)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BEGIN, [f"{form.pk}/{is_test}/{identity.instance_id}"])
        known = _known(arrival)
        if known is None:
            return _create(arrival, stored)
        if known.xml_sha256 == digest and known.submitted_by_id == user.pk:
            return Receipt(known, _complete_files(known, stored), is_new=False)
        if known.xml_sha256 != digest:
            SubmissionConflict.objects.get_or_create(
                submission=known,
                xml_sha256=digest,
                defaults={"submitted_by": user, "xml": content},
            )
    raise Problem("instance_conflict", instance_id=identity.instance_id)


def _authorised(version: FormVersion, actor: Actor, is_test: bool) -> tuple[Form, User]:
    """Return form and sender, if the sender may; a closed form still gives receipts again."""
    policy.check(actor, "form.try" if is_test else "form.fill", version)
    accepted = {State.PUBLISHED, State.SUPERSEDED} | ({State.DRAFT} if is_test else set())
    if version.form is None or version.state not in accepted:
        raise Problem("form_unknown", form_id=version.title, version=version.version)
    if actor.user is None:
        raise Problem("sign_in")
    return version.form, actor.user


def _check_identity(identity: Record, form: Form, version: FormVersion) -> None:
    if not 0 < len(identity.instance_id) <= 255:
        raise Problem("instance_id_missing")
    if identity.form_id != form.form_id or identity.version not in {"", version.version}:
        own = f"{form.form_id} ({version.version})"
        raise Problem("form_mismatch", form_id=identity.form_id, version=identity.version, own=own)
    if identity.deprecated_id:
        raise Problem("edits_not_accepted", deprecated_id=identity.deprecated_id)


def _known(arrival: _Arrival) -> Submission | None:
    """Return what a receipt needs of the record that came before under this instance ID."""
    same = Submission.objects.filter(
        form=arrival.form, instance_id=arrival.identity.instance_id, is_test=arrival.is_test
    )
    known = same.only(*RECEIPT_COLUMNS).order_by().first()
    if known is not None:
        known.operation = arrival.version.operation
    return known


def _create(arrival: _Arrival, stored: dict[str, Stored]) -> Receipt:
    version, form = arrival.version, arrival.form
    if not (form.is_open or arrival.is_test):
        raise Problem("form_closed", title=form.title)
    known = catalogue.of(version)
    record = answers.read(arrival.root, known)
    found = answers.place(record, known)
    location = Point(found[1], found[0], srid=4326) if found else None
    area, flag = attribution.find_area(version, record, known, location)
    submission = Submission(
        operation=version.operation,
        form=form,
        version=version,
        organisation=attribution.organisation_of(arrival.actor, version, form),
        submitted_by=arrival.user,
        instance_id=record.instance_id,
        is_test=arrival.is_test,
        area=area,
        area_name=area.name if area else "",
        area_flag=flag,
        location=location,
        answers=record.answers,
        search=answers.search_text(record, known),
        xml=arrival.content,
        xml_sha256=arrival.digest,
        device_id=str(record.first(known, "deviceid") or "")[:255],
        started_at=answers.moment(record.first(known, "start")),
        ended_at=answers.moment(record.first(known, "end")),
    )
    submission.save(force_insert=True)
    _create_members(submission, record)
    return Receipt(submission, _create_files(submission, record, stored), is_new=True)


def _create_members(submission: Submission, record: Record) -> None:
    """Write the repeats level by level: a row must exist before those inside it."""
    rows: dict[int, RepeatRow] = {}
    waiting = list(enumerate(record.members))
    while waiting:
        level = [one for one in waiting if one[1].parent is None or one[1].parent in rows]
        made = [
            RepeatRow(
                submission=submission,
                path=member.path,
                position=member.position,
                parent=None if member.parent is None else rows[member.parent],
                answers=member.answers,
            )
            for _place, member in level
        ]
        RepeatRow.objects.bulk_create(made, batch_size=1000)
        rows |= {place: row for (place, _member), row in zip(level, made, strict=True)}
        waiting = [one for one in waiting if one[0] not in rows]


def _create_files(
    submission: Submission, record: Record, stored: dict[str, Stored]
) -> list[SubmissionFile]:
    """Write a row for each file that the record names or that came with it."""
    names = record.files | {name: record.files.get(name, "") for name in stored}
    rows = [
        SubmissionFile(submission=submission, file_name=name[:255], question_path=path)
        for name, path in sorted(names.items())
    ]
    for row in rows:
        if row.file_name in stored:
            _fill(row, stored[row.file_name])
    return SubmissionFile.objects.bulk_create(rows) if rows else []


def _complete_files(submission: Submission, stored: dict[str, Stored]) -> list[SubmissionFile]:
    """Add what came later; the same file again changes nothing, another by its name is refused."""
    rows = {row.file_name: row for row in submission.files.all()}
    for name, one in stored.items():
        row = rows.get(name) or SubmissionFile(submission=submission, file_name=name[:255])
        if row.file and row.sha256 != one.sha256:
            raise Problem("file_conflict", name=name)
        if not row.file:
            _fill(row, one)
            row.save()
            rows[name] = row
    return [rows[name] for name in sorted(rows)]


def _fill(row: SubmissionFile, one: Stored) -> None:
    row.file.name = one.path
    row.sha256 = one.sha256
    row.stored_sha256 = one.stored_sha256
    row.content_type = one.content_type
    row.size = one.size
    row.received_at = timezone.now()
