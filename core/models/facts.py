"""What every fact about access carries: when, who says so, how good that is, and who may know.

An observation is never changed: another one stands beside it. The database holds that, too.
"""

import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reliability(models.TextChoices):
    """How far a source can be relied on (NATO's admiralty code, as the sector uses it)."""

    A = "A", _("A: completely reliable")
    B = "B", _("B: usually reliable")
    C = "C", _("C: fairly reliable")
    D = "D", _("D: not usually reliable")
    E = "E", _("E: unreliable")
    F = "F", _("F: cannot be judged")


class Credibility(models.IntegerChoices):
    """How likely the content is (the same code's second part)."""

    CONFIRMED = 1, _("1: confirmed by others")
    PROBABLE = 2, _("2: probably true")
    POSSIBLE = 3, _("3: possibly true")
    DOUBTFUL = 4, _("4: doubtful")
    IMPROBABLE = 5, _("5: improbable")
    UNKNOWN = 6, _("6: cannot be judged")


class FactSensitivity(models.TextChoices):
    """Who may read a fact; the values are those of a dataset's columns."""

    PUBLIC = "public", _("Public")
    PARTNER = "partner", _("Partners of the operation")
    INTERNAL = "internal", _("Members of the operation")
    RESTRICTED = "restricted", _("Access officers and coordinators only")


class Fact(models.Model):
    """One thing that a source says; the client chooses the id, so that a replay is recognised."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = models.ForeignKey("core.Operation", models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField(_("observed at"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    source = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    source_org = models.ForeignKey(
        "core.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reported through"),
    )
    reporter = models.ForeignKey(
        "core.User", models.PROTECT, null=True, related_name="+", verbose_name=_("reported by")
    )
    reliability = models.CharField(
        _("reliability of the source"), max_length=1, choices=Reliability.choices, default="F"
    )
    credibility = models.PositiveSmallIntegerField(
        _("credibility of the report"), choices=Credibility.choices, default=6
    )
    sensitivity = models.CharField(
        _("who may read it"), max_length=10, choices=FactSensitivity.choices, default="internal"
    )
    note = models.TextField(_("note"), blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """Rows that stay as they were written: the triggers hold that, and the role's rights."""

    is_append_only = True

    class Meta:
        abstract = True
        triggers = (
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )
