"""Clearances: what an authority must grant before something moves, step by step, and which are due.

A clearance permits. A notice (core.models.movements) only informs; the two are never one thing.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core.audit import tracked
from core.models.access_states import CLEARANCE
from core.models.facts import Fact


@tracked()
class ClearanceRequirement(models.Model):
    """Whose clearance a load needs on a segment, so that a missing one can be seen.

    Without a segment it holds on all of them; without a sector for any cargo.
    """

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="requirements")
    authority = models.CharField(_("authority"), max_length=200)
    kind = models.CharField(
        _("kind of clearance"),
        max_length=100,
        help_text=_("As the authority calls it, for example facilitation letter."),
    )
    segment = models.ForeignKey(
        "core.RouteSegment", models.PROTECT, null=True, blank=True, related_name="requirements"
    )
    sector = models.ForeignKey(
        "core.Sector", models.PROTECT, null=True, blank=True, related_name="+"
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("authority", "kind", "pk")
        constraints = (
            models.CheckConstraint(
                name="requirement_ends_after_start",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.authority}: {self.kind}"


@tracked()
class Clearance(Fact):
    """One request to one authority, and what it granted: where, from when to when, what not.

    ``excluded_items`` are codes of sectors or items that may not be loaded.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        GRANTED = "granted", _("Granted")
        GRANTED_WITH_CONDITIONS = "granted_with_conditions", _("Granted with conditions")
        DENIED = "denied", _("Denied")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")

    authority = models.CharField(_("authority"), max_length=200)
    kind = models.CharField(_("kind of clearance"), max_length=100)
    purpose = models.CharField(_("for what"), max_length=200)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    segments = models.ManyToManyField("core.RouteSegment", blank=True, related_name="clearances")
    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid until"))
    conditions = models.TextField(_("conditions"), blank=True)
    excluded_items = ArrayField(
        models.CharField(max_length=100), verbose_name=_("not allowed"), default=list, blank=True
    )
    state = FSMField(_("state"), default=CLEARANCE.initial, choices=State.choices, protected=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        ordering = ("-valid_from", "pk")
        constraints = (
            models.CheckConstraint(
                name="clearance_ends_after_start", condition=Q(valid_to__gt=F("valid_from"))
            ),
        )
        triggers = (CLEARANCE.trigger(),)

    def __str__(self) -> str:
        return f"{self.authority}: {self.purpose}"

    def get_absolute_url(self) -> str:
        """Return the address of the clearance's page."""
        return reverse("clearance", args=(self.operation.slug, self.pk))


@tracked()
class ClearanceStep(models.Model):
    """One office on the way to a clearance; practice adds steps that no agreement names."""

    clearance = models.ForeignKey(Clearance, models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField(_("step"))
    office = models.CharField(_("office"), max_length=200)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("clearance", "number"), name="clearance_step_once"),
        )

    def __str__(self) -> str:
        return self.office
