"""A report: a PDF made by a job, with the figures it shows frozen beside it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


@tracked(leave_out=("figures",))
class Report(models.Model):
    """A report on an assessment in one language, at one time."""

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    class Kind(models.TextChoices):
        ASSESSMENT = "assessment", _("Assessment report")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="reports")
    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, related_name="reports", null=True, blank=True
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.ASSESSMENT)
    title = models.CharField(_("title"), max_length=255)
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAKING)
    figures = models.JSONField(default=dict)
    as_of = models.DateTimeField(_("as of"), null=True, blank=True)
    file = models.FileField(upload_to="reports/%Y/%m/", max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.title
