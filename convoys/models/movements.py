"""What is known of a convoy before and on the road: briefings, gate evaluations, transit events."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from convoys.models.columns import Identified
from convoys.models.operated import Leg, OperatedConvoy, Stop
from core.models.facts import AppendOnly, Fact


class Briefing(AppendOnly, Identified):
    """A go or no-go of the security adviser; the latest counts."""

    class Decision(models.TextChoices):
        GO = "go", _("Go")
        NO_GO = "no_go", _("No go")

    convoy = models.ForeignKey(OperatedConvoy, models.PROTECT, related_name="briefings")
    decision = models.CharField(_("decision"), max_length=5, choices=Decision.choices)
    adviser = models.CharField(_("security adviser"), max_length=150)
    note = models.TextField(_("what was said"), blank=True)
    recorded_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ("-recorded_at",)
        get_latest_by = "recorded_at"

    def __str__(self) -> str:
        return self.get_decision_display()


class GateRecord(AppendOnly, Identified):
    """What the dispatch gate saw when it was asked to open, and why it was overridden, if it was.

    ``inputs`` holds each input with its key, outcome, date and what would change it. ``leg`` is
    the vehicle that wanted to go on by itself; without one it was the convoy.
    """

    convoy = models.ForeignKey(OperatedConvoy, models.PROTECT, related_name="gate_records")
    # A vehicle that was refused can be taken off the plan; what the gate saw of it stays.
    leg = models.ForeignKey(
        Leg,
        models.DO_NOTHING,
        related_name="gate_records",
        db_constraint=False,
        null=True,
        blank=True,
    )
    inputs = models.JSONField()
    opened = models.BooleanField()
    override_reason = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ("-recorded_at",)

    def __str__(self) -> str:
        return f"{self.convoy}: {self.recorded_at}"


class TransitEvent(AppendOnly, Fact):
    """Something that happened on the road; the position is never shown before the release."""

    class Kind(models.TextChoices):
        DEPARTED = "departed", _("Departed")
        ARRIVED = "arrived", _("Arrived")
        CHECK = "check", _("Communication check")
        HELD = "held", _("Held")
        RESUMED = "resumed", _("Went on")
        SEARCHED = "searched", _("Searched")
        SEAL_BROKEN = "seal_broken", _("Seal broken")
        INCIDENT = "incident", _("Incident")
        OVERDUE = "overdue", _("Overdue")
        HANDED_OVER = "handed_over", _("Handed over")

    convoy = models.ForeignKey(OperatedConvoy, models.PROTECT, related_name="transit_events")
    leg = models.ForeignKey(
        Leg, models.PROTECT, related_name="transit_events", null=True, blank=True
    )
    stop = models.ForeignKey(
        Stop, models.PROTECT, related_name="transit_events", null=True, blank=True
    )
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind.choices)
    point = models.PointField(_("position"), null=True, blank=True)
    custody = models.CharField(_("in the custody of"), max_length=150, blank=True)
    seals_seen = models.CharField(_("seals seen"), max_length=200, blank=True)
    body_sha256 = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        ordering = ("occurred_at", "recorded_at", "pk")
        indexes = (models.Index(fields=("convoy", "occurred_at"), name="transit_by_convoy"),)

    def __str__(self) -> str:
        return self.get_kind_display()
