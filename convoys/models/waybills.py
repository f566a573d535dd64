"""Waybills and what is loaded under them: documents apart from the balances they leave."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from convoys.models.columns import (
    Identified,
    cubic_metres,
    in_numbers,
    kept_sum,
    kilograms,
    quantity,
)
from convoys.models.operated import Leg, Stop
from convoys.models.reported import Claim
from convoys.models.states import WAYBILL
from core.audit import tracked
from core.models.facts import AppendOnly
from core.quantities import amount

FIXED_ONCE_ISSUED = (
    "operation_id",
    "number",
    "version",
    "leg_id",
    "to_stop_id",
    "consignee_id",
    "claim_id",
    "seals",
    "signed_by_loader",
    "signed_by_driver",
    "issued_at",
    "issued_by_id",
    "sha256",
)


def _all_of(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in FIXED_ONCE_ISSUED)


@tracked()
class Waybill(Identified):
    """What one vehicle carries on one leg for one consignee; fixed once it is issued.

    A reissue is a new row with the same number and the next ``version``; ``sha256`` is of what was
    issued. Of a convoy that others reported it is reconstructed from a ``claim`` on its cargo.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        IN_TRANSIT = "in_transit", _("On the road")
        PART_RECEIVED = "part_received", _("Received in part")
        RECEIVED = "received", _("Received")
        LOST = "lost", _("Lost")
        RETURNED = "returned", _("Returned")
        REDIRECTED = "redirected", _("Redirected")
        RECONCILED = "reconciled", _("Reconciled")
        VOID = "void", _("Void")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="waybills")
    number = models.CharField(_("number"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    leg = models.ForeignKey(Leg, models.PROTECT, related_name="waybills")
    to_stop = models.ForeignKey(Stop, models.PROTECT, related_name="waybills", verbose_name=_("to"))
    consignee = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("consignee")
    )
    claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        related_name="waybills",
        null=True,
        blank=True,
        verbose_name=_("reconstructed from"),
    )
    seals = models.CharField(
        _("seals"), max_length=200, blank=True, help_text=_("Numbers, separated by commas.")
    )
    signed_by_loader = models.CharField(_("signed by (loader)"), max_length=150, blank=True)
    signed_by_driver = models.CharField(_("signed by (driver)"), max_length=150, blank=True)
    state = FSMField(_("state"), default=WAYBILL.initial, choices=State.choices, protected=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    finalised_at = models.DateTimeField(_("declared final"), null=True, blank=True)
    finalised_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    pdf = models.FileField(upload_to="waybills/%Y/%m/", max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("number", "version")
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "number", "version"), name="waybill_version_once"
            ),
            models.UniqueConstraint(
                fields=("operation", "number"),
                condition=~Q(state="void"),
                name="waybill_one_valid_version",
            ),
        )
        triggers = (
            WAYBILL.trigger(),
            pgtrigger.Protect(
                name="issued_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state <> 'draft' AND ({_all_of('OLD')})"
                    f" IS DISTINCT FROM ({_all_of('NEW')})"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"

    def get_absolute_url(self) -> str:
        """Return the address of the waybill's page."""
        return reverse("waybill", args=(self.operation.slug, self.pk))


class WaybillBalance(models.Model):
    """What is loaded under a waybill; an issued one is frozen. Written by triggers alone."""

    kept_by_triggers = True

    waybill = models.OneToOneField(
        Waybill, models.PROTECT, primary_key=True, related_name="balance"
    )
    kg = kilograms()
    m3 = cubic_metres()
    lines = models.PositiveIntegerField()
    frozen = models.BooleanField(default=False)
    frozen_kg = kilograms(null=True)
    frozen_lines = models.PositiveIntegerField(null=True)
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="waybill_not_below_nothing", condition=Q(kg__gte=0, m3__gte=0)
            ),
            models.CheckConstraint(
                name="waybill_frozen_once_issued",
                condition=Q(frozen=False)
                | Q(kg=F("frozen_kg"), lines=F("frozen_lines"), frozen_kg__gt=0),
            ),
        )

    def __str__(self) -> str:
        return str(self.waybill_id)


class LoadLine(AppendOnly, Identified):
    """A quantity loaded under a waybill, drawn from a consignment line or a forwarded entry.

    ``root`` is the consignment line that it was first drawn from. An item that stands on no
    waybill has a line of nothing, so that what arrived of it is overage that names both.
    """

    waybill = models.ForeignKey(Waybill, models.PROTECT, related_name="loads")
    item = models.ForeignKey("core.ReliefItem", models.PROTECT, related_name="+")
    line = models.ForeignKey(
        "convoys.ConsignmentLine", models.PROTECT, related_name="loads", null=True, blank=True
    )
    source_entry = models.ForeignKey(
        "convoys.Entry", models.PROTECT, related_name="loads", null=True, blank=True
    )
    root = models.ForeignKey(
        "convoys.ConsignmentLine", models.PROTECT, related_name="all_loads", null=True, blank=True
    )
    is_return = models.BooleanField(_("on the way back"), default=False)
    qty = quantity(_("quantity"))
    kg = kilograms(_("nominal weight (kg)"))
    m3 = cubic_metres(_("volume (m³)"))
    recorded_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ("recorded_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="load_has_one_source",
                condition=Q(
                    line__isnull=False, source_entry=None, root=F("line"), qty__gt=0, kg__gt=0
                )
                | Q(line=None, source_entry__isnull=False, qty__gt=0, kg__gt=0)
                | Q(line=None, source_entry=None, root=None, qty=0, kg=0, m3=0),
            ),
            in_numbers("load_in_numbers", "qty", "kg", "m3"),
            models.CheckConstraint(name="load_volume_not_negative", condition=Q(m3__gte=0)),
        )

    def __str__(self) -> str:
        return f"{self.item}: {amount(self.qty)} {self.item.unit}"

    @property
    def is_unmanifested(self) -> bool:
        """Return whether it came without standing on the waybill."""
        return self.line_id is None and self.source_entry_id is None


class Unload(AppendOnly, Identified):
    """Takes a loaded quantity off again, before its waybill is issued or when that is voided."""

    load = models.OneToOneField(LoadLine, models.PROTECT, related_name="unload")
    recorded_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True, db_default=models.functions.Now())

    class Meta(AppendOnly.Meta):
        ordering = ("recorded_at",)

    def __str__(self) -> str:
        return str(self.load_id)


class LoadBalance(models.Model):
    """What has become of a load line, in units and kg; written by triggers alone.

    outstanding = loaded + over - disposed, never below nothing, in both at once. What arrived
    damaged and what was lost is disposed, too; these columns have the names of the kinds of Entry.
    """

    kept_by_triggers = True

    load = models.OneToOneField(LoadLine, models.PROTECT, primary_key=True, related_name="balance")
    loaded_qty = quantity()
    loaded_kg = kilograms()
    over_qty = quantity()
    over_kg = kilograms()
    good_qty = quantity()
    good_kg = kilograms()
    disposed_qty = quantity()
    disposed_kg = kilograms()
    outstanding_qty = quantity()
    outstanding_kg = kilograms()
    received_damaged_qty = kept_sum()
    received_damaged_kg = kept_sum()
    short_missing_qty = kept_sum()
    short_missing_kg = kept_sum()
    intercepted_unforced_qty = kept_sum()
    intercepted_unforced_kg = kept_sum()
    intercepted_forced_qty = kept_sum()
    intercepted_forced_kg = kept_sum()
    removed_by_authority_qty = kept_sum()
    removed_by_authority_kg = kept_sum()
    destroyed_qty = kept_sum()
    destroyed_kg = kept_sum()
    spoiled_qty = kept_sum()
    spoiled_kg = kept_sum()
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="load_equation",
                condition=Q(outstanding_qty=F("loaded_qty") + F("over_qty") - F("disposed_qty"))
                & Q(outstanding_kg=F("loaded_kg") + F("over_kg") - F("disposed_kg")),
            ),
            models.CheckConstraint(
                name="load_outstanding_not_below_nothing",
                condition=Q(outstanding_qty__gte=0, outstanding_kg__gte=0),
            ),
            models.CheckConstraint(
                name="load_outstanding_ends_in_units_and_kg",
                condition=Q(outstanding_qty=0, outstanding_kg=0)
                | Q(outstanding_qty__gt=0, outstanding_kg__gt=0),
            ),
            models.CheckConstraint(
                name="load_good_not_above_sent",
                condition=Q(good_qty__gte=0, good_kg__gte=0, over_qty__gte=0, over_kg__gte=0)
                & Q(good_qty__lte=F("loaded_qty") + F("over_qty")),
            ),
            models.CheckConstraint(
                name="load_closed_with_nothing_outstanding",
                condition=Q(closed=False) | Q(outstanding_qty=0),
            ),
        )
        indexes = (
            models.Index(
                fields=("load",), condition=Q(outstanding_qty__gt=0), name="load_outstanding"
            ),
        )

    def __str__(self) -> str:
        return str(self.load_id)
