"""The way of a form: upload, conversion, attachments, publication, closing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import attachments, entities
from assessments.models import (
    Assessment,
    Choice,
    EntityList,
    Form,
    FormAttachment,
    FormVersion,
    Question,
)
from assessments.xlsforms.findings import Finding
from assessments.xlsforms.guards import sniff
from core import jobs, policy
from core.errors import Problem
from core.models import Operation
from core.policy import SYSTEM, Actor
from core.transitions import advance

if TYPE_CHECKING:
    from assessments.xlsforms.convert import Conversion

CONVERT_JOB = "convert_form"
State = FormVersion.State
OPEN_STATES = (State.UPLOADED, State.FAILED, State.DRAFT)


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name, which is never trusted, and its bytes."""

    name: str
    content: bytes

    @property
    def base_name(self) -> str:
        """Return the name without directories of either kind."""
        return PurePath(self.name.replace("\\", "/")).name


@transaction.atomic
def upload(
    operation: Operation,
    *,
    actor: Actor,
    file: Upload,
    assessment: Assessment | None = None,
    files: Iterable[Upload] = (),
) -> FormVersion:
    """Keep a form and its attachments, and have it converted by a job; return the version.

    Raises Problem ``file_refused`` or ``too_large`` at once for what cannot be a form.
    """
    version = _received(operation, actor, file, assessment, files)
    version.job = jobs.enqueue(
        CONVERT_JOB,
        title=_("Check the form {name}").format(name=version.source_name),
        actor=actor,
        operation=operation,
        key=f"version-{version.pk}",
        version_id=version.pk,
    )
    version.save(update_fields=["job"])
    return version


def add(
    operation: Operation,
    *,
    actor: Actor,
    file: Upload,
    assessment: Assessment | None = None,
    files: Iterable[Upload] = (),
) -> FormVersion:
    """Keep a form and convert it at once; for commands, which can wait. See ``upload``."""
    return convert_version(_received(operation, actor, file, assessment, files))


def _received(
    operation: Operation,
    actor: Actor,
    file: Upload,
    assessment: Assessment | None,
    files: Iterable[Upload],
) -> FormVersion:
    policy.check(actor, "form.upload", operation)
    sniff(file.content)
    version = FormVersion(
        operation=operation,
        assessment=assessment,
        source_name=file.base_name[:255],
        title=PurePath(file.base_name).stem[:255],
        source_sha256=hashlib.sha256(file.content).hexdigest(),
        created_by=actor.user,
    )
    version.source.save(version.source_sha256[:16], ContentFile(file.content), save=False)
    version.save()
    for one in files:
        keep(version, one)
    return version


def keep(version: FormVersion, file: Upload) -> None:
    """Keep an attachment whose use is not known yet; the conversion checks it."""
    name = file.base_name[:255]
    attachment = version.attachments.filter(file_name=name).first() or FormAttachment(
        version=version, file_name=name
    )
    attachment.kind = "unchecked"
    attachment.file.save(attachment.file_name, ContentFile(file.content), save=False)
    attachment.size = len(file.content)
    attachment.save()


@transaction.atomic
def apply_conversion(version: FormVersion, conversion: "Conversion") -> FormVersion:
    """Write what a conversion gave; the version becomes a draft, or failed with its errors.

    An earlier draft of the same form is discarded. May be repeated.
    """
    report = conversion.report
    form = _form_of(version, conversion) if not report.errors else None
    if report.errors or form is None:
        return advance(version, "fail", actor=SYSTEM, report=report.as_dict())
    for draft in form.versions.filter(state__in=OPEN_STATES).exclude(pk=version.pk):
        advance(draft, "discard", actor=SYSTEM)
    version.questions.all().delete()
    Choice.objects.filter(version=version).delete()
    _store_questions(version, conversion)
    attachments.store_choices(version.pk, conversion.questions.offered)
    report.warnings += _take_attachments(version, form, conversion)
    return advance(
        version,
        "convert",
        actor=SYSTEM,
        form=form,
        version=conversion.version[:255],
        title=conversion.title[:255],
        xform=conversion.xform,
        xform_hash=hashlib.md5(conversion.xform.encode(), usedforsecurity=False).hexdigest(),
        languages=conversion.languages,
        default_language=conversion.default_language,
        report=report.as_dict(),
        entities=conversion.entities,
    )


def convert_version(version: FormVersion) -> FormVersion:
    """Convert a version's source and write the result; called by the job.

    A version that went on meanwhile (a job may run twice) is returned as it is.
    """
    from assessments.xlsforms.convert import convert

    if version.state not in OPEN_STATES:
        return version
    with version.source.open("rb") as file:
        content = file.read()
    try:
        conversion = convert(content, version.source_name)
    except Problem as problem:
        return fail(version, problem.detail, problem.how)
    return apply_conversion(version, conversion)


def fail(version: FormVersion, message: str, fix: str) -> FormVersion:
    """Write down that a version could not be converted at all."""
    report = {"errors": [Finding(message, fix).as_dict()], "warnings": [], "unsupported": []}
    return advance(version, "fail", actor=SYSTEM, report=report)


def _form_of(version: FormVersion, conversion: "Conversion") -> Form | None:
    """Return the form that a version belongs to; report an error and None if it cannot."""
    form, _made = Form.objects.get_or_create(
        operation=version.operation,
        form_id=conversion.form_id,
        defaults={"title": conversion.title[:255], "assessment": version.assessment},
    )
    if version.assessment_id and form.assessment_id not in {None, version.assessment_id}:
        conversion.report.errors.append(
            Finding(
                _("The form ID “{form_id}” belongs to the assessment “{title}”.").format(
                    form_id=form.form_id, title=form.assessment
                ),
                _("Write another form_id into the settings sheet, or choose that assessment."),
                sheet="settings",
                column="form_id",
            )
        )
        return None
    return form


def _store_questions(version: FormVersion, conversion: "Conversion") -> None:
    Question.objects.bulk_create(
        (
            Question(
                version=version,
                position=position,
                path=asked.path,
                name=asked.name,
                kind=asked.kind,
                repeat=asked.repeat,
                labels=asked.labels,
                hints=asked.hints,
                choice_list=asked.choice_list[:255],
                appearance=asked.appearance,
                hxl=asked.hxl,
                required=asked.required,
                max_pixels=asked.max_pixels,
                keeps_place=asked.keeps_place,
                sensitivity=asked.sensitivity,
            )
            for position, asked in enumerate(conversion.questions.asked, start=1)
        ),
        batch_size=1000,
    )


def _take_attachments(version: FormVersion, form: Form, conversion: "Conversion") -> list[Finding]:
    """Match the files that came with the names that the form needs; return what does not fit.

    What did not come is taken over from the version that is published, and said so, unless the
    operation has an entity list of that name.
    """
    remarks: list[Finding] = []
    came = {one.file_name: one for one in version.attachments.all()}
    published = FormAttachment.objects.filter(version__form=form, version__state=State.PUBLISHED)
    lists = EntityList.objects.filter(operation=version.operation)
    served = [one.file_name for one in lists]
    taken = published.exclude(file="").exclude(file_name__in=served)
    former = {one.file_name: one for one in taken}
    for name, attachment in came.items():
        if name not in conversion.attachments:
            attachment.delete()
            remarks.append(Finding(_("The form does not use the file “{}”.").format(name)))
    for name, kind in conversion.attachments.items():
        attachment = came.get(name) or FormAttachment(version=version, file_name=name)
        content = _content(attachment)
        if name == "itemsets.csv" and conversion.itemsets:
            content = conversion.itemsets.encode()
        if content is None and name in former:
            content = _content(former[name])
            said = _("The file “{}” is the one of the published version.").format(name)
            remarks.append(Finding(said, _("Add it again if it has changed.")))
        attachment.kind = kind
        attachment.file = ""
        attachment.save()
        needs = [one for one in conversion.questions.files if one.file_name == name]
        try:
            if content is not None:
                attachments.store(attachment, content, needs)
        except attachments.Unusable as unusable:
            remarks.append(unusable.finding(name))
    return remarks


def _content(attachment: FormAttachment) -> bytes | None:
    if not attachment.file:
        return None
    with attachment.file.open("rb") as file:
        return bytes(file.read())


@transaction.atomic
def attach(version: FormVersion, *, actor: Actor, file: Upload) -> FormAttachment:
    """Keep a file that a draft names; raise Problem when the draft does not, or it cannot serve."""
    policy.check(actor, "form.manage", version)
    locked = FormVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.state != State.DRAFT:
        raise Problem("form_immutable", title=locked.title, state=locked.get_state_display())
    attachment = locked.attachments.filter(file_name=file.base_name).first()
    if attachment is None:
        wanted = ", ".join(locked.attachments.values_list("file_name", flat=True))
        raise Problem("attachment_not_named", name=file.base_name, wanted=wanted or "—")
    needs = attachments.choice_files(locked).get(attachment.file_name, [])
    try:
        attachments.store(attachment, file.content, needs)
    except attachments.Unusable as unusable:
        where = {"where": attachment.file_name, "message": f"{unusable.message} {unusable.fix}"}
        raise Problem("invalid", errors=[where]) from unusable
    return attachment


@transaction.atomic
def publish(version: FormVersion, *, actor: Actor) -> FormVersion:
    """Make a draft the form's current version; the former one is superseded, and still accepted.

    Publishing the same content again returns the version that is published. Raises Problem
    ``form_version_taken`` for other content under a version that was published before.
    """
    policy.check(actor, "form.publish", version)
    if version.form is None or version.form_id is None:
        return advance(version, "publish", actor=actor)  # says what its state lacks
    form = Form.objects.select_for_update().get(pk=version.form_id)
    current = form.versions.filter(state=State.PUBLISHED).first()
    if current and current.pk == version.pk:
        return current
    former = form.versions.filter(
        version=version.version, state__in=(State.PUBLISHED, State.SUPERSEDED)
    ).first()
    if former and not same_content(former, version):
        raise Problem("form_version_taken", version=version.version, title=form.title)
    if former and former == current:
        advance(version, "discard", actor=actor)
        return former
    if former:
        raise Problem("form_version_older", version=version.version, title=form.title)
    if current:
        advance(current, "supersede", actor=actor)
    entities.declare(version)
    facts = {"served": list(entities.live(version))}
    published = advance(version, "publish", actor=actor, facts=facts, published_at=timezone.now())
    form.title = version.title
    form.assessment = form.assessment or version.assessment
    form.save(update_fields=["title", "assessment"])
    return published


def same_content(one: FormVersion, other: FormVersion) -> bool:
    """Return whether two versions give devices the same form and the same files."""
    if one.xform_hash != other.xform_hash:
        return False
    files = [set(v.attachments.values_list("file_name", "sha256")) for v in (one, other)]
    return files[0] == files[1]


def discard(version: FormVersion, *, actor: Actor) -> FormVersion:
    """Put a draft away; nothing that was published can be."""
    return advance(version, "discard", actor=actor)


@transaction.atomic
def set_open(form: Form, *, actor: Actor, is_open: bool) -> Form:
    """Open or close a form for submissions; raise Problem when the actor may not."""
    newest = form.versions.order_by("-pk").first()
    if newest is None:
        raise Problem("not_found")
    policy.check(actor, "form.manage", newest)
    locked = Form.objects.select_for_update().get(pk=form.pk)
    locked.is_open = is_open
    locked.save(update_fields=["is_open"])
    return locked
