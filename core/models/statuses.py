"""Whether a road or a checkpoint is open: observations, and which of several the operation goes by.

Observations are only added. Each is valid for a time; after that the status is unknown again.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit import tracked
from core.models.facts import AppendOnly, Fact

ONE_SUBJECT = Q(segment__isnull=False, site=None) | Q(segment=None, site__isnull=False)


class Status(models.TextChoices):
    """What a road or a checkpoint is for humanitarian movement."""

    OPEN = "open", pgettext_lazy("road", "Open")
    RESTRICTED = "restricted", pgettext_lazy("road", "Restricted")
    CLOSED = "closed", pgettext_lazy("road", "Closed")
    UNKNOWN = "unknown", _("Unknown")


@tracked()
class StatusObservation(AppendOnly, Fact):
    """What one source saw of one segment, or of one checkpoint or crossing (``site``)."""

    segment = models.ForeignKey(
        "core.RouteSegment", models.PROTECT, null=True, blank=True, related_name="observations"
    )
    site = models.ForeignKey(
        "core.Site", models.PROTECT, null=True, blank=True, related_name="observations"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    valid_until = models.DateTimeField(_("valid until"))

    class Meta(AppendOnly.Meta):
        ordering = ("-occurred_at", "-recorded_at")
        indexes = (
            models.Index(fields=("segment", "valid_until"), name="observation_segment"),
            models.Index(fields=("site", "valid_until"), name="observation_site"),
        )
        constraints = (
            models.CheckConstraint(name="observation_one_subject", condition=ONE_SUBJECT),
            models.CheckConstraint(
                name="observation_valid_after", condition=Q(valid_until__gt=F("occurred_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_status_display()}"

    @property
    def subject(self) -> models.Model | None:
        """Return the segment or site that was seen."""
        return self.segment or self.site


@tracked()
class StatusAdoption(models.Model):
    """The access officer's word on which of several observations counts, with the reason."""

    observation = models.ForeignKey(StatusObservation, models.PROTECT, related_name="adoptions")
    segment = models.ForeignKey(
        "core.RouteSegment", models.PROTECT, null=True, related_name="adoptions"
    )
    site = models.ForeignKey("core.Site", models.PROTECT, null=True, related_name="adoptions")
    reason = models.CharField(_("reason"), max_length=300)
    adopted_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-adopted_at",)
        constraints = (
            models.CheckConstraint(name="status_adoption_one_subject", condition=ONE_SUBJECT),
            models.UniqueConstraint(
                fields=("segment",),
                condition=Q(superseded_at=None, segment__isnull=False),
                name="segment_status_one_adopted",
            ),
            models.UniqueConstraint(
                fields=("site",),
                condition=Q(superseded_at=None, site__isnull=False),
                name="site_status_one_adopted",
            ),
        )

    def __str__(self) -> str:
        return str(self.observation)
