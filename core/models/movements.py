"""What is told to parties and asked of them before a movement, and how the movement went.

A deconfliction notice informs and is never answered by permission. A movement request asks for
facilitation and is answered, or not. How it went is told on two axes: whether access was given, and
whether the aid arrived; a movement that was impeded can still be accomplished.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core.audit import tracked
from core.models.access_states import MOVEMENT, NOTICE
from core.models.facts import AppendOnly, Fact


class Journey(Fact):
    """What notices and requests share: to whom, what moves, where, and between which times."""

    addressee = models.CharField(_("to whom"), max_length=200)
    purpose = models.CharField(_("what moves"), max_length=200)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    reference = models.CharField(_("reference of the answer"), max_length=100, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ("-starts_at", "pk")

    def __str__(self) -> str:
        return self.purpose


@tracked()
class DeconflictionNotice(Journey):
    """A notice of a movement or of a place, so that parties know; it permits nothing."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        AMENDED = "amended", _("Amended")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    segments = models.ManyToManyField("core.RouteSegment", blank=True, related_name="notices")
    is_emergency = models.BooleanField(_("emergency"), default=False)
    state = FSMField(_("state"), default=NOTICE.initial, choices=State.choices, protected=True)

    class Meta(Journey.Meta):
        constraints = (
            models.CheckConstraint(
                name="notice_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        )
        triggers = (NOTICE.trigger(),)

    def get_absolute_url(self) -> str:
        """Return the address of the notice's page."""
        return reverse("notice", args=(self.operation.slug, self.pk))

    @property
    def lead_hours(self) -> float | None:
        """Return how many hours before the start it was submitted."""
        if self.submitted_at is None:
            return None
        return (self.starts_at - self.submitted_at).total_seconds() / 3600

    @property
    def needed_hours(self) -> float:
        """Return how many hours before the start parties want to know."""
        return settings.NOTICE_EMERGENCY_HOURS if self.is_emergency else settings.NOTICE_HOURS

    @property
    def due_at(self) -> datetime:
        """Return until when it is submitted in time."""
        return self.starts_at - timedelta(hours=self.needed_hours)

    @property
    def is_late(self) -> bool:
        """Return whether it was submitted too late, or can only be submitted so now."""
        return (self.submitted_at or timezone.now()) > self.due_at


@tracked()
class MovementRequest(Journey):
    """A request to let a movement pass, and the answer to it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        PENDING = "pending", _("Pending")
        FACILITATED = "facilitated", _("Facilitated")
        DENIED = "denied", _("Denied")
        POSTPONED = "postponed", _("Postponed")
        UNKNOWN = "unknown", _("Unknown")

    segments = models.ManyToManyField("core.RouteSegment", blank=True, related_name="movements")
    state = FSMField(_("state"), default=MOVEMENT.initial, choices=State.choices, protected=True)

    class Meta(Journey.Meta):
        constraints = (
            models.CheckConstraint(
                name="movement_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        )
        triggers = (MOVEMENT.trigger(),)

    def get_absolute_url(self) -> str:
        """Return the address of the request's page."""
        return reverse("movement", args=(self.operation.slug, self.pk))


class AccessOutcome(models.TextChoices):
    """Whether a movement was let through (OCHA's categories)."""

    FACILITATED = "facilitated", _("Facilitated")
    PARTIAL = "partial", _("Partially facilitated")
    IMPEDED = "impeded", _("Facilitated at first, then impeded")
    DENIED = "denied", _("Denied")
    WITHDRAWN = "withdrawn", _("Postponed or withdrawn by the organiser")


class DeliveryOutcome(models.TextChoices):
    """Whether the movement did what it set out for."""

    FULL = "full", _("Accomplished")
    PARTIAL = "partial", _("Accomplished in part")
    NONE = "none", _("Not accomplished")


@tracked()
class MovementOutcome(AppendOnly, Fact):
    """How a requested movement went, by one source; a later one stands beside it."""

    movement = models.ForeignKey(MovementRequest, models.PROTECT, related_name="outcomes")
    access_outcome = models.CharField(_("access"), max_length=12, choices=AccessOutcome.choices)
    delivery_outcome = models.CharField(
        _("delivery"), max_length=8, choices=DeliveryOutcome.choices
    )

    class Meta(AppendOnly.Meta):
        ordering = ("-occurred_at", "-recorded_at")

    def __str__(self) -> str:
        return f"{self.get_access_outcome_display()}, {self.get_delivery_outcome_display()}"
