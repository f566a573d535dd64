"""A humanitarian operation: the wall inside which everything else is shared."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.audit import tracked


@tracked()
class Operation(models.Model):
    """One response, with its countries, languages and default map view."""

    class Status(models.TextChoices):
        PREPARING = "preparing", _("Preparing")
        ACTIVE = "active", _("Active")
        CLOSED = "closed", pgettext_lazy("operation", "Closed")

    slug = models.SlugField(_("short name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    glide = models.CharField(
        "GLIDE",
        max_length=20,
        blank=True,
        help_text=_("As on glidenumber.net, for example CE-2020-000220-AZE."),
        validators=[RegexValidator(r"^[A-Z]{2}-\d{4}-\d{6}-[A-Z]{3}$")],
    )
    countries = ArrayField(
        models.CharField(max_length=3), verbose_name=_("countries (ISO 3166, three letters)")
    )
    languages = ArrayField(models.CharField(max_length=10), verbose_name=_("languages"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.ACTIVE
    )
    map_view = models.PolygonField(_("default map view"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="operation_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.name
