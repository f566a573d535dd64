"""Receipts as they were written, discrepancies, and what was given out afterwards."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from convoys.models.columns import Identified, kilograms, quantity
from convoys.models.states import DISCREPANCY, RECEIPT
from convoys.models.waybills import LoadLine, Waybill
from core.audit import tracked
from core.models import PopulationGroup
from core.models.facts import AppendOnly, Fact
from core.quantities import amount


@tracked(leave_out=("body",))
class Receipt(Fact):
    """A goods received note, kept whatever it says; posting it to the ledger is another step.

    ``body`` is what the receiver sent: lines with the quantities received good, damaged and
    missing, seals seen, a signature. Only its state changes.
    """

    changeable = ("state", "state_reason", "pdf")

    class State(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        POSTED = "posted", _("Posted")
        NEEDS_RESOLUTION = "needs_resolution", _("Needs a decision")
        SET_ASIDE = "set_aside", _("Set aside")

    waybill = models.ForeignKey(Waybill, models.PROTECT, related_name="receipts")
    number = models.CharField(_("number (GRN)"), max_length=40)
    receiver = models.CharField(_("received by"), max_length=150)
    is_final = models.BooleanField(_("nothing more is to come"), default=False)
    seals_seen = models.CharField(_("seals seen"), max_length=200, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=150, blank=True)
    body = models.JSONField()
    body_sha256 = models.CharField(max_length=64)
    state = FSMField(_("state"), default=RECEIPT.initial, choices=State.choices, protected=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    pdf = models.FileField(upload_to="receipts/%Y/%m/", max_length=200, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("operation", "number"), name="receipt_number_once"),
        )
        triggers = (
            RECEIPT.trigger(),
            pgtrigger.ReadOnly(name="kept_as_written", exclude=["state", "state_reason", "pdf"]),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the receipt's page."""
        return reverse("receipt", args=(self.operation.slug, self.pk))


class ReceiptPhoto(AppendOnly, Identified):
    """A picture of what arrived, or the signature: kept without its place and camera.

    ``sha256`` is of the bytes as they came, which the receipt names; the file is content-addressed.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", _("Photo")
        SIGNATURE = "signature", _("Signature")

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="photos")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("file name"), max_length=100)
    file = models.FileField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("size"))
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ("kind", "recorded_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("receipt", "name"), name="receipt_photo_once"),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class Discrepancy(Identified):
    """A shortfall of one load line, opened when its waybill was declared final."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        INVESTIGATING = "investigating", _("Under investigation")
        EXPLAINED = "explained", _("Explained")
        WRITTEN_OFF = "written_off", _("Written off")
        CLOSED = "closed", _("Closed")

    operation = models.ForeignKey("core.Operation", models.PROTECT, related_name="discrepancies")
    load = models.ForeignKey(LoadLine, models.PROTECT, related_name="discrepancies")
    qty = quantity(_("quantity"))
    kg = kilograms(_("nominal weight (kg)"))
    state = FSMField(_("state"), default=DISCREPANCY.initial, choices=State.choices, protected=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    investigated_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    decided_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("opened_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(qty__gt=0, kg__gt=0), name="discrepancy_of_something"
            ),
            models.UniqueConstraint(
                fields=("load",),
                condition=Q(state__in=("open", "investigating")),
                name="discrepancy_one_open_for_a_line",
            ),
        )
        triggers = (
            DISCREPANCY.trigger(),
            pgtrigger.ReadOnly(
                name="kept_as_opened",
                fields=["operation", "load", "qty", "kg", "opened_at"],
            ),
            pgtrigger.Protect(name="never_removed", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.load.item}: {amount(self.qty)} {self.load.item.unit}"


class Distribution(AppendOnly, Fact):
    """What was given out of a received line, and how many people it reached; a later fact."""

    load = models.ForeignKey(LoadLine, models.PROTECT, related_name="distributions")
    site = models.ForeignKey(
        "core.Site", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("at")
    )
    area = models.ForeignKey(
        "core.Area", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("area")
    )
    qty = quantity(_("quantity given out"))
    people = models.PositiveIntegerField(_("people reached"))
    group = models.CharField(
        _("population group"), max_length=3, choices=PopulationGroup.choices, default="all"
    )

    class Meta(AppendOnly.Meta):
        ordering = ("occurred_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(qty__gt=0), name="distribution_of_something"),
        )

    def __str__(self) -> str:
        return f"{self.load.item}: {amount(self.qty)} {self.load.item.unit}"
