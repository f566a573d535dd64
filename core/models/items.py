"""Relief items: what aid consists of, in the words that needs, stock and deliveries share."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.audit import tracked


@tracked()
class ReliefItem(models.Model):
    """A kind of goods, in one inventory unit, with what a unit weighs, fills and is enough for.

    ``unit_kg`` is the gross weight of one unit in kilograms, ``unit_m3`` its volume in cubic
    metres, packing included. One unit is enough for ``people_per_unit`` people during
    ``days_per_unit`` days (empty: it lasts), as ``coverage_source`` says, for example a Sphere
    standard. Temperatures are in degrees Celsius; ``un_number`` and ``un_class`` are those of the
    UN Recommendations on the Transport of Dangerous Goods.
    """

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="items")
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=200)
    sector = models.ForeignKey(
        "core.Sector", models.PROTECT, related_name="items", verbose_name=_("sector")
    )
    unit = models.CharField(_("unit"), max_length=20)
    unit_kg = models.DecimalField(_("gross weight of a unit (kg)"), max_digits=14, decimal_places=3)
    unit_m3 = models.DecimalField(
        _("volume of a unit (m³)"), max_digits=12, decimal_places=3, default=0
    )
    people_per_unit = models.DecimalField(
        _("people that a unit is enough for"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
    )
    days_per_unit = models.PositiveSmallIntegerField(
        _("for how many days"), null=True, blank=True, help_text=_("Leave empty for what lasts.")
    )
    coverage_source = models.CharField(_("according to"), max_length=200, blank=True)
    temp_min = models.DecimalField(
        _("lowest temperature (°C)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    temp_max = models.DecimalField(
        _("highest temperature (°C)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    un_number = models.CharField(_("UN number"), max_length=6, blank=True)
    un_class = models.CharField(_("UN class"), max_length=5, blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "code"),
                name="relief_item_code_once",
                violation_error_message=_("Another item has this code."),
            ),
            models.CheckConstraint(
                condition=Q(unit_kg__gt=0, unit_m3__gte=0),
                name="relief_item_weighs_something",
                violation_error_message=_("A unit weighs more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(temp_min=None) | Q(temp_max=None) | Q(temp_max__gte=F("temp_min")),
                name="relief_item_temperatures_in_order",
                violation_error_message=_("The highest temperature lies below the lowest."),
            ),
        )

    def __str__(self) -> str:
        return self.name
