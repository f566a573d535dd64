"""Forms, their immutable versions, and the questions of each, so that nothing parses XML again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from assessments.models.states import FORM_VERSION
from core.audit import tracked


@tracked()
class Form(models.Model):
    """A questionnaire of an operation, known to devices by its ``form_id``."""

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="forms")
    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, null=True, blank=True, related_name="forms"
    )
    form_id = models.CharField(_("form ID"), max_length=255)
    title = models.CharField(_("title"), max_length=255)
    is_open = models.BooleanField(_("accepts submissions"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("title",)
        constraints = (
            models.UniqueConstraint(fields=("operation", "form_id"), name="form_id_once"),
        )

    def __str__(self) -> str:
        return self.title


@tracked(leave_out=("xform", "report", "entities"))
class FormVersion(models.Model):
    """One version of a form: a replaceable draft until it is published, then immutable.

    ``xform`` is the XForm XML that every client runs, ``xform_hash`` the MD5 of its UTF-8 bytes
    (OpenRosa's form hash), ``languages`` the form's own language names, ``report`` the conversion
    report (``errors``, ``warnings``, ``unsupported``: lists of findings with sheet, row, column,
    message and fix; ``counts``). ``entities`` are the declarations of entities in it, as
    assessments.xlsforms.entities reads them.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Being checked")
        FAILED = "failed", _("Has errors")
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")
        DISCARDED = "discarded", _("Discarded")

    form = models.ForeignKey(Form, models.CASCADE, related_name="versions", null=True, blank=True)
    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="+")
    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = FSMField(
        _("state"), default=FORM_VERSION.initial, choices=State.choices, protected=True
    )
    version = models.CharField(_("version"), max_length=255, blank=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    source = models.FileField(upload_to="forms/%Y/%m/", max_length=300)
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64)
    xform = models.TextField(blank=True)
    xform_hash = models.CharField(max_length=32, blank=True)
    languages = ArrayField(models.CharField(max_length=100), default=list)
    default_language = models.CharField(max_length=100, blank=True)
    report = models.JSONField(default=dict)
    entities = models.JSONField(default=list)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        triggers = (FORM_VERSION.trigger(),)
        constraints = (
            models.UniqueConstraint(
                fields=("form", "version"),
                condition=models.Q(state__in=["published", "superseded"]),
                name="form_version_once",
            ),
            models.UniqueConstraint(
                fields=("form",),
                condition=models.Q(state="published"),
                name="form_one_published_version",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title or self.source_name} ({self.version or '—'})"


@tracked()
class FormAttachment(models.Model):
    """A file that a form version names (media, CSV, GeoJSON, XML); blank while missing."""

    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="attachments")
    file_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    file = models.FileField(upload_to="forms/%Y/%m/", max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    md5 = models.CharField(max_length=32, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("file_name",)
        constraints = (
            models.UniqueConstraint(fields=("version", "file_name"), name="form_attachment_once"),
        )

    def __str__(self) -> str:
        return self.file_name


class Question(models.Model):
    """A question of a form version.

    ``path`` is the XPath below the root without a leading slash (``group/question``); ``repeat``
    the path of the repeat it stands in, or blank. ``labels`` and ``hints`` map the form's language
    names to text. ``kind`` is the XLSForm type (text, integer, select_one, begin_repeat, …).
    ``max_pixels`` is how long the longer edge of a photo may be; ``keeps_place`` says that its
    people agreed to keep where it was taken.
    """

    class Sensitivity(models.TextChoices):
        PUBLIC = "public", _("Public")
        PARTNER = "partner", _("Partners")
        INTERNAL = "internal", _("Internal")
        RESTRICTED = "restricted", _("Restricted")

    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    path = models.CharField(max_length=500)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40)
    repeat = models.CharField(max_length=500, blank=True)
    labels = models.JSONField(default=dict)
    hints = models.JSONField(default=dict)
    choice_list = models.CharField(max_length=255, blank=True)
    appearance = models.CharField(max_length=255, blank=True)
    hxl = models.CharField(max_length=100, blank=True)
    required = models.BooleanField(default=False)
    max_pixels = models.PositiveIntegerField(null=True, blank=True)
    keeps_place = models.BooleanField(default=False)
    sensitivity = models.CharField(
        max_length=12, choices=Sensitivity.choices, default=Sensitivity.INTERNAL
    )

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("version", "path"), name="question_path_once"),
        )

    def __str__(self) -> str:
        return self.path

    def label_in(self, language: str) -> str:
        """Return the label in a form language, else in any language, else the question's name."""
        return str(self.labels.get(language) or next(iter(self.labels.values()), "") or self.name)


class Choice(models.Model):
    """A choice of one of a form version's choice lists."""

    version = models.ForeignKey(FormVersion, models.CASCADE, related_name="choices")
    list_name = models.CharField(max_length=255)
    position = models.PositiveIntegerField()
    value = models.CharField(max_length=500)
    labels = models.JSONField(default=dict)

    class Meta:
        ordering = ("list_name", "position")
        indexes = (models.Index(fields=("version", "list_name"), name="choice_list"),)

    def __str__(self) -> str:
        return self.value
