"""Assignments: which team of which organisation fills which form where, how often and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


@tracked()
class Assignment(models.Model):
    """A part of an assessment's field work; without a ``team`` it is the whole organisation's."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, related_name="assignments"
    )
    organisation = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    team = models.CharField(_("team"), max_length=100, blank=True)
    form = models.ForeignKey(
        "assessments.Form", models.CASCADE, related_name="assignments", verbose_name=_("form")
    )
    area = models.ForeignKey("core.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    target = models.PositiveIntegerField(_("planned submissions"), default=0)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("starts_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "team", "form", "area"), name="assignment_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="assignment_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form} · {self.area}"
