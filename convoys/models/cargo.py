"""Cargo on its way from a request to a vehicle: requests, consignments and their lines."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from convoys.models.columns import Identified, cubic_metres, in_numbers, kilograms, quantity
from convoys.models.states import REQUEST
from core.audit import tracked
from core.models.facts import AppendOnly


@tracked()
class ServiceRequest(Identified):
    """What an organisation asks to have carried: one origin, one destination, one date."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        VERIFIED = "verified", _("Verified")
        ACCEPTED = "accepted", _("Accepted")
        ON_HOLD = "on_hold", _("On hold")
        REJECTED = "rejected", _("Rejected")
        PART_FULFILLED = "part_fulfilled", _("Fulfilled in part")
        FULFILLED = "fulfilled", _("Fulfilled")
        CANCELLED = "cancelled", _("Cancelled")

    class Priority(models.IntegerChoices):
        LIFE_SAVING = 1, _("1: life-saving")
        HIGH = 2, _("2: high")
        NORMAL = 3, _("3: normal")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="requests")
    number = models.CharField(_("number"), max_length=40)
    requester = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    origin = models.ForeignKey(
        "core.Site", models.PROTECT, related_name="+", verbose_name=_("origin")
    )
    destination = models.ForeignKey(
        "core.Site", models.PROTECT, related_name="+", verbose_name=_("destination")
    )
    ready_date = models.DateField(_("ready for collection on"))
    needed_by = models.DateField(_("needed by"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    requested_kg = kilograms(_("weight asked for (kg)"), null=True)
    note = models.TextField(_("what it is about"), blank=True)
    state = FSMField(_("state"), default=REQUEST.initial, choices=State.choices, protected=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("operation", "number"), name="request_number_once"),
            models.CheckConstraint(
                condition=~Q(origin=F("destination")),
                name="request_goes_somewhere",
                violation_error_message=_("Origin and destination are the same place."),
            ),
        )
        triggers = (REQUEST.trigger(),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the request's page."""
        return reverse("service_request", args=(self.operation.slug, self.pk))


@tracked()
class Consignment(Identified):
    """Goods that one organisation sends to another, from one site to another."""

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="consignments")
    number = models.CharField(_("number"), max_length=40)
    request = models.ForeignKey(
        ServiceRequest,
        models.PROTECT,
        related_name="consignments",
        null=True,
        blank=True,
        verbose_name=_("service request"),
    )
    consignor = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("consignor")
    )
    consignee = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("consignee")
    )
    donor = models.ForeignKey(
        "core.Organisation",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("donor"),
    )
    origin = models.ForeignKey(
        "core.Site", models.PROTECT, related_name="+", verbose_name=_("origin")
    )
    destination = models.ForeignKey(
        "core.Site", models.PROTECT, related_name="+", verbose_name=_("destination")
    )
    note = models.TextField(_("note"), blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("operation", "number"), name="consignment_number_once"),
        )

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the consignment's page."""
        return reverse("consignment", args=(self.operation.slug, self.pk))


@tracked()
class ConsignmentLine(AppendOnly, Identified):
    """One kind of goods of a consignment, of one lot; never changed once it is written.

    ``gross_kg`` and ``volume_m3`` are of the whole line. ``hu_count`` handling units (pallets,
    sacks) hold the ``qty`` inventory units.
    """

    consignment = models.ForeignKey(Consignment, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    item = models.ForeignKey(
        "core.ReliefItem", models.PROTECT, related_name="+", verbose_name=_("item")
    )
    lot = models.ForeignKey(
        "convoys.StockLot",
        models.PROTECT,
        related_name="lines",
        null=True,
        blank=True,
        verbose_name=_("stock lot"),
    )
    qty = quantity(_("quantity"))
    unit = models.CharField(_("unit"), max_length=20)
    hu_count = models.PositiveIntegerField(_("handling units"), null=True, blank=True)
    hu_kind = models.CharField(_("kind of handling unit"), max_length=30, blank=True)
    gross_kg = kilograms(_("gross weight (kg)"))
    volume_m3 = cubic_metres(_("volume (m³)"))
    temp_min = models.DecimalField(
        _("lowest temperature (°C)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    temp_max = models.DecimalField(
        _("highest temperature (°C)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    un_number = models.CharField(_("UN number"), max_length=6, blank=True)
    un_class = models.CharField(_("UN class"), max_length=5, blank=True)
    lot_number = models.CharField(_("lot"), max_length=60, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ("consignment", "position")
        constraints = (
            models.UniqueConstraint(fields=("consignment", "position"), name="line_position_once"),
            in_numbers("line_in_numbers", "qty", "gross_kg", "volume_m3"),
            models.CheckConstraint(
                condition=Q(qty__gt=0, gross_kg__gt=0, volume_m3__gte=0),
                name="line_holds_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.consignment} / {self.position}"


class LineWithdrawal(AppendOnly, Identified):
    """Takes out what is left of a line and will not be carried: all of a wrong one, or the rest."""

    line = models.ForeignKey(ConsignmentLine, models.PROTECT, related_name="withdrawals")
    qty = quantity(_("quantity"))
    reason = models.CharField(_("reason"), max_length=300)
    recorded_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ("recorded_at",)
        constraints = (
            models.CheckConstraint(condition=Q(qty__gt=0), name="withdrawal_of_something"),
        )

    def __str__(self) -> str:
        return str(self.line_id)


class LineBalance(models.Model):
    """What of a consignment line is not loaded yet, and how far its stock has come.

    Written by the ledger's triggers alone, apart from the line, which others refer to. It is closed
    with the last of the convoys that carry it, once nothing is left of it.
    """

    kept_by_triggers = True

    line = models.OneToOneField(
        ConsignmentLine, models.PROTECT, primary_key=True, related_name="balance"
    )
    qty = quantity()
    free_qty = quantity()
    free_kg = kilograms()
    free_m3 = cubic_metres()
    from_stock = models.BooleanField()
    reserved = quantity()
    picked = quantity()
    released = quantity()
    closed = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="line_closed_with_nothing_left", condition=Q(closed=False) | Q(free_qty=0)
            ),
            models.CheckConstraint(
                name="line_not_overdrawn",
                condition=Q(free_qty__gte=0, free_kg__gte=0, free_m3__gte=0),
            ),
            models.CheckConstraint(
                name="line_empty_in_units_and_kg",
                condition=Q(free_qty=0, free_kg=0) | Q(free_qty__gt=0, free_kg__gt=0),
            ),
            models.CheckConstraint(
                name="line_stock_in_order",
                condition=Q(reserved__gte=0, picked__gte=0, released__gte=0)
                & Q(qty__gte=F("reserved") + F("picked") + F("released")),
            ),
            models.CheckConstraint(
                name="line_loaded_from_what_is_picked",
                condition=Q(from_stock=False)
                | Q(qty__lte=F("free_qty") + F("picked") + F("released")),
            ),
        )

    def __str__(self) -> str:
        return str(self.line_id)
