"""The only way in for submissions: one transaction, and a receipt once it is on disk."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from assessments import answers, arrived_files, attribution, edits, entities, xml
from assessments.answers import Record
from assessments.arrivals import Arrival, columns, create_members
from assessments.models import Form, FormVersion, Submission, SubmissionEdit
from assessments.receipts import Receipt
from core import media, policy
from core.errors import Problem
from core.media import PLAIN, Incoming, Stored, Wishes
from core.models import User
from core.policy import Actor

MOST_XML = 10_000_000
MOST_FILES = 300
State = FormVersion.State
# Commits wait for the disk whatever the server's setting; the lock makes parallel posts of one
# record take turns, so that all but the first find its row. Sent together with the question for
# that row, which looks once the lock is held.
BEGIN = """
    SELECT set_config('synchronous_commit', 'on', true),
           pg_advisory_xact_lock(hashtextextended(%(lock)s, 0));
    SELECT id, uid, submitted_by_id, instance_id, is_test, xml_sha256, received_at
      FROM assessments_submission AS one
     WHERE form_id = %(form)s AND is_test = %(is_test)s AND (
           instance_id = %(instance)s OR id IN (
               SELECT submission_id FROM assessments_submissionedit
                WHERE form_id = %(form)s AND is_test = %(is_test)s AND instance_id = %(instance)s))
"""


def receive(
    version: FormVersion,
    *,
    actor: Actor,
    content: bytes,
    files: Sequence[Incoming] = (),
    is_test: bool = False,
) -> Receipt:
    """Take one record, an edit of one, or more files of one, and return its receipt.

    ``version`` should come with its form, operation and assessment. The same bytes again give the
    same receipt. Raises Problem: ``xml_refused``, ``too_large``, ``instance_id_missing``,
    ``form_mismatch``, ``form_unknown``, ``form_closed``, ``instance_conflict`` and
    ``edit_not_current`` (both records are kept), ``edit_unknown``, ``file_conflict``,
    ``image_too_large``, ``no_organisation``.
    """
    form, user = _authorised(version, actor, is_test)
    root = xml.parse(content, most_bytes=MOST_XML)
    identity = answers.identify(root)
    _check_identity(identity, form, version)
    if len(files) > MOST_FILES:
        raise Problem("too_large", what=_("The number of files"), limit=str(MOST_FILES))
    digest = hashlib.sha256(content).hexdigest()
    arrival = Arrival(version, form, user, actor, content, digest, root, identity, is_test)
    stored = {one.name or "": media.keep(one, _wishes(arrival, one)) for one in files}
    with transaction.atomic():
        known = _begin(arrival)
        receipt = _again(arrival, known, stored) if known else _first(arrival, stored)
        if receipt is not None and receipt.is_new:
            entities.take(receipt.submission, arrival)
    if receipt is not None:
        return receipt
    if known is None:
        raise Problem("edit_not_current", deprecated_id=identity.deprecated_id)
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


def _wishes(arrival: Arrival, file: Incoming) -> Wishes:
    """Return what the question that a file answers wants of it."""
    photos = arrival.known.photos
    return photos.get(arrival.record.files.get(file.name or "", ""), PLAIN) if photos else PLAIN


def _begin(arrival: Arrival) -> Submission | None:
    """Lock the instance ID; return the submission that came, or was edited, under it before."""
    form, instance = arrival.form.pk, arrival.identity.instance_id
    asked: dict[str, Any] = {"form": form, "is_test": arrival.is_test, "instance": instance}
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, asked | {"lock": f"{form}/{arrival.is_test}/{instance}"})
        cursor.nextset()
        columns = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    known = next((Submission.from_db(connection.alias, columns, row) for row in rows), None)
    if known is not None:
        known.operation = arrival.version.operation
    return known


def _again(arrival: Arrival, known: Submission, stored: dict[str, Stored]) -> Receipt | None:
    """Give the receipt again, and take further files; None where the record is another one."""
    latest = known.edits.defer("xml").first()
    came: Submission | SubmissionEdit = known
    if known.instance_id != arrival.identity.instance_id:
        came = known.edits.defer("xml").get(instance_id=arrival.identity.instance_id)
    if came.xml_sha256 != arrival.digest:
        edits.keep_beside(known, arrival)
        return None
    if came.submitted_by_id != arrival.user.pk:
        return None
    if latest is None or latest == came:
        files = arrived_files.complete(known, stored)
    else:
        files = arrived_files.complete_older(known, latest, arrival.record, stored)
    return Receipt(known, came, files, is_new=False)


def _first(arrival: Arrival, stored: dict[str, Stored]) -> Receipt | None:
    """Take a record that has not been here, or an edit; None where the edit is not current."""
    if not (arrival.form.is_open or arrival.is_test):
        raise Problem("form_closed", title=arrival.form.title)
    if arrival.identity.deprecated_id:
        return edits.accept(arrival, stored)
    submission = Submission(
        operation=arrival.version.operation,
        form=arrival.form,
        organisation=attribution.organisation_of(arrival.actor, arrival.version, arrival.form),
        submitted_by=arrival.user,
        instance_id=arrival.identity.instance_id,
        is_test=arrival.is_test,
        xml=arrival.content,
        xml_sha256=arrival.digest,
        **columns(arrival),
    )
    submission.save(force_insert=True)
    create_members(submission, arrival.record)
    files = arrived_files.create(submission, arrival.record, stored)
    return Receipt(submission, submission, files, is_new=True)
