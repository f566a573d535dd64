"""Submissions: one filled form each, with its raw XML, parsed answers, files and receipt."""

import unicodedata
import uuid
from typing import Any

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from assessments.models.states import SUBMISSION
from core.audit import tracked


def folded(text: str) -> str:
    """Return text as ``Submission.search`` holds it: compatible forms, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@tracked(leave_out=("xml", "answers", "search"))
class Submission(models.Model):
    """One filled form.

    ``xml`` is the record byte for byte as it came and ``xml_sha256`` its digest, which the receipt
    shows. ``answers`` maps question paths outside repeats to values (numbers as numbers, select
    multiple as a list, geopoint as ``[lat, lon, altitude, accuracy]``). ``received_at`` is the
    server's clock; ``started_at`` and ``ended_at`` are the device's claims. ``search`` is the
    ``folded`` text of the answers and their labels, so that a search needs no case conversion.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        HAS_ISSUES = "has_issues", _("Has issues")
        REJECTED = "rejected", _("Rejected")

    class AreaFlag(models.TextChoices):
        NONE = "", _("None")
        DISAGREES = "disagrees", _("Location lies outside the area that was named")
        NOT_FOUND = "not_found", _("No area found")

    uid = models.UUIDField(_("receipt"), default=uuid.uuid4, unique=True, editable=False)
    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="submissions")
    form = models.ForeignKey("assessments.Form", models.PROTECT, related_name="submissions")
    version = models.ForeignKey(
        "assessments.FormVersion", models.PROTECT, related_name="submissions"
    )
    organisation = models.ForeignKey("core.Organisation", models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey("core.User", models.PROTECT, related_name="submissions")
    instance_id = models.CharField(max_length=255)
    is_test = models.BooleanField(_("test"), default=False)
    state = FSMField(_("state"), default=SUBMISSION.initial, choices=State.choices, protected=True)
    area = models.ForeignKey(
        "core.Area", models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    area_name = models.CharField(_("area"), max_length=200, blank=True)
    area_flag = models.CharField(max_length=12, choices=AreaFlag.choices, blank=True)
    location = models.PointField(null=True, blank=True)
    answers = models.JSONField(default=dict)
    search = models.TextField(blank=True, editable=False)
    xml = models.BinaryField()
    xml_sha256 = models.CharField(max_length=64)
    device_id = models.CharField(max_length=255, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        triggers = (SUBMISSION.trigger(),)
        constraints = (
            models.UniqueConstraint(
                fields=("form", "instance_id", "is_test"), name="submission_instance_once"
            ),
        )
        indexes = (
            models.Index(fields=("operation", "is_test", "-id"), name="submission_newest"),
            models.Index(fields=("operation", "is_test", "state", "-id"), name="submission_state"),
            models.Index(fields=("operation", "is_test", "form", "-id"), name="submission_form"),
            models.Index(
                fields=("operation", "is_test", "organisation", "-id"), name="submission_org"
            ),
            models.Index(
                fields=("operation", "is_test", "area_name", "id"), name="submission_area_name"
            ),
            models.Index(
                fields=("operation", "is_test", "received_at", "id"), name="submission_received"
            ),
            models.Index(
                fields=("operation", "is_test", "submitted_by", "-id"), name="submission_submitter"
            ),
            models.Index(
                fields=(
                    "operation",
                    "is_test",
                    "form",
                    "area",
                    "organisation",
                    "state",
                    "received_at",
                ),
                name="submission_coverage",
            ),
            models.Index(
                fields=("operation", "is_test", "-id"),
                condition=~models.Q(area_flag=""),
                name="submission_flagged",
            ),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="submission_search"),
        )

    def __str__(self) -> str:
        return f"{self.form} · {self.pk}"


class RepeatRow(models.Model):
    """One member of a repeat, with its place: ``position`` counts from 1 within ``parent``."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="repeat_rows")
    path = models.CharField(max_length=500)
    position = models.PositiveIntegerField()
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="rows")
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ("submission", "path", "id")
        indexes = (models.Index(fields=("submission", "path"), name="repeat_of_submission"),)

    def __str__(self) -> str:
        return f"{self.path} {self.position}"


@tracked(leave_out=("xml",))
class SubmissionEdit(models.Model):
    """A later state of a submission, as its sender's device sent it; the XML as it came."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="edits")
    form = models.ForeignKey("assessments.Form", models.PROTECT, related_name="+")
    is_test = models.BooleanField(default=False)
    instance_id = models.CharField(max_length=255)
    deprecated_id = models.CharField(max_length=255)
    submitted_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    xml = models.BinaryField()
    xml_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("form", "instance_id", "is_test"), name="submission_edit_once"
            ),
            models.UniqueConstraint(
                fields=("submission", "deprecated_id"), name="submission_edit_in_a_row"
            ),
        )

    def __str__(self) -> str:
        return self.instance_id


class SubmissionFileQuerySet(models.QuerySet[Any]):
    """Questions about many files."""

    def current(self) -> "SubmissionFileQuerySet":
        """Keep those of the submissions as they are now, after all edits."""
        return self.filter(superseded_by=None)


@tracked()
class SubmissionFile(models.Model):
    """A file that a submission names; ``file`` is empty until it has arrived.

    ``superseded_by`` is the edit that no longer names it, or brought another under its name.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="files")
    file_name = models.CharField(max_length=255)
    question_path = models.CharField(max_length=500, blank=True)
    file = models.FileField(upload_to="files/", max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    stored_sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    received_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        SubmissionEdit, models.CASCADE, null=True, blank=True, related_name="superseded_files"
    )

    objects = SubmissionFileQuerySet.as_manager()

    class Meta:
        ordering = ("file_name",)
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "file_name"),
                condition=models.Q(superseded_by=None),
                name="submission_file_once",
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class SubmissionConflict(models.Model):
    """Another record that came under an instance id already taken; kept for review."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="conflicts")
    submitted_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    xml = models.BinaryField()
    xml_sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "xml_sha256"), name="submission_conflict_once"
            ),
        )

    def __str__(self) -> str:
        return self.xml_sha256
