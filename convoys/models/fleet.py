"""Vehicles and drivers: whom and what a convoy runs with."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convoys.models.columns import Identified, cubic_metres, kilograms
from core.audit import tracked


@tracked()
class Vehicle(Identified):
    """A vehicle; its plate is never shown outside the operation's own staff."""

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="vehicles")
    plate = models.CharField(_("plate"), max_length=20)
    label = models.CharField(
        _("label"),
        max_length=40,
        help_text=_("What may be shown to others in place of the plate, for example “Truck 3”."),
    )
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    owner = models.ForeignKey(
        "core.Organisation",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("owner"),
    )
    tare_kg = kilograms(_("weight when empty (kg)"))
    payload_kg = kilograms(_("payload (kg)"))
    volume_m3 = cubic_metres(_("loading space (m³)"))
    axles = models.PositiveSmallIntegerField(_("axles"), default=2)
    axle_limit_kg = kilograms(_("most on one axle (kg)"), null=True)
    temp_min = models.DecimalField(
        _("can cool to (°C)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    temp_max = models.DecimalField(
        _("can keep below (°C)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True)

    class Meta:
        ordering = ("label", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "plate"),
                name="vehicle_plate_once",
                violation_error_message=_("Another vehicle has this plate."),
            ),
            models.UniqueConstraint(
                fields=("operation", "label"),
                name="vehicle_label_once",
                violation_error_message=_("Another vehicle has this label."),
            ),
            models.CheckConstraint(
                condition=Q(tare_kg__gt=0, payload_kg__gt=0, volume_m3__gt=0, axles__gte=1),
                name="vehicle_has_room",
                violation_error_message=_("Weight, payload, space and axles are above nothing."),
            ),
            models.CheckConstraint(
                condition=Q(temp_min=None, temp_max=None) | Q(temp_max__gte=F("temp_min")),
                name="vehicle_temperatures_in_order",
                violation_error_message=_("Give both temperatures, the lower one first."),
            ),
        )

    def __str__(self) -> str:
        return self.label


@tracked(leave_out=("phone", "licence"))
class Driver(Identified):
    """Somebody who drives; name, telephone and licence never leave the operation's own staff."""

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="drivers")
    name = models.CharField(_("name"), max_length=150)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    licence = models.CharField(_("licence"), max_length=60, blank=True)
    employer = models.ForeignKey(
        "core.Organisation",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("employer"),
    )
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name
