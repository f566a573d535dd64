"""Access windows: times in which parties say that people and aid may pass."""

from datetime import datetime

from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core.audit import tracked
from core.models.access_states import WINDOW, WINDOW_OVER
from core.models.facts import Fact


@tracked()
class AccessWindow(Fact):
    """A ceasefire, pause or corridor between ``starts_at`` and ``ends_at``.

    ``parties`` are named as they name themselves; ``terms`` are what they agreed. ``geometry``
    (EPSG:4326) or ``segments`` say where.
    """

    class Kind(models.TextChoices):
        CEASEFIRE = "ceasefire", _("Ceasefire")
        PAUSE = "pause", _("Humanitarian pause")
        CORRIDOR = "corridor", _("Corridor")

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        CONFIRMED = "confirmed", _("Confirmed")
        ACTIVE = "active", _("Active")
        EXTENDED = "extended", _("Extended")
        BROKEN = "broken", _("Broken")
        RESUMED = "resumed", _("Resumed")
        ENDED = "ended", _("Ended")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    parties = models.CharField(_("parties"), max_length=300, blank=True)
    terms = models.TextField(_("terms"), blank=True)
    geometry = models.GeometryField(_("where"), null=True, blank=True)
    segments = models.ManyToManyField("core.RouteSegment", blank=True, related_name="windows")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    state = FSMField(_("state"), default=WINDOW.initial, choices=State.choices, protected=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    corrected_at = models.DateTimeField(_("corrected at"), null=True, blank=True)

    class Meta:
        ordering = ("-starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="window_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        )
        triggers = (WINDOW.trigger(),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Return whether it stays as it is recorded: it ended, or never came to be."""
        return self.state in WINDOW_OVER

    def clean(self) -> None:
        """Refuse an end that is not after the start; what is no moment, its field has refused."""
        start, end = self.starts_at, self.ends_at
        if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
            raise ValidationError({"ends_at": _("The end cannot be before the start.")})

    def get_absolute_url(self) -> str:
        """Return the address of the window's page."""
        return reverse("window", args=(self.operation.slug, self.pk))
