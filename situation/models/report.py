"""A report: a PDF made by a job, with the figures it shows frozen beside it."""

import hashlib
import json

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core.audit import tracked
from situation.models.states import REPORT


@tracked(leave_out=("figures",))
class Report(models.Model):
    """A report on an assessment, or on an operation's convoys, in one language, at one time.

    ``figures`` is all that the report says (see situation.contents); the PDF is set from it, and
    once the report is ready the database refuses to change either. A ready report is a draft until
    a coordinator publishes it; the next one published in its language supersedes it.
    """

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        FAILED = "failed", _("Failed")
        READY = "ready", _("Draft")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    class Kind(models.TextChoices):
        ASSESSMENT = "assessment", _("Assessment report")
        CONVOYS = "convoys", _("Convoy report")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="reports")
    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, related_name="reports", null=True, blank=True
    )
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.ASSESSMENT)
    title = models.CharField(_("title"), max_length=255)
    language = models.CharField(_("language"), max_length=10)
    state = FSMField(_("state"), default=REPORT.initial, choices=State.choices, protected=True)
    failure = models.CharField(_("what went wrong"), max_length=1000, blank=True)
    figures = models.JSONField(default=dict)
    as_of = models.DateTimeField(_("as of"), null=True, blank=True)
    file = models.FileField(upload_to="reports/%Y/%m/", max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        "core.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        triggers = (
            REPORT.trigger(),
            pgtrigger.Trigger(
                name="ready_report_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state IN ('ready', 'published', 'superseded')"
                    " AND (OLD.figures, OLD.as_of, OLD.file, OLD.sha256)"
                    " IS DISTINCT FROM (NEW.figures, NEW.as_of, NEW.file, NEW.sha256)"
                ),
                func="RAISE EXCEPTION 'the figures and the file of a ready report do not change';",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def badge(self) -> str:
        """Return the word by which pages colour the state, as they colour those of others."""
        colours: dict[str, str] = {self.State.MAKING: "running", self.State.READY: "draft"}
        return colours.get(str(self.state), str(self.state))

    @property
    def is_made(self) -> bool:
        """Return whether there is a file with its figures."""
        return self.state not in {self.State.MAKING, self.State.FAILED}

    @property
    def figures_sha256(self) -> str:
        """Return the SHA-256 of the figures as JSON with sorted keys and without spaces."""
        text = json.dumps(self.figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
