"""Sites, and the road between them cut into segments: what access and convoys speak of."""

from typing import TypeVar

from django.contrib.gis.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import tracked

Row = TypeVar("Row", bound=models.Model)


class CurrentQuerySet(models.QuerySet[Row]):
    """Rows that are taken out of use, not deleted: facts and convoys refer to them."""

    def current(self) -> "CurrentQuerySet[Row]":
        """Keep what is in use."""
        return self.filter(retired_at__isnull=True)


@tracked()
class Site(models.Model):
    """A place with a purpose: where aid is kept, changes hands, passes or is given out.

    ``names`` maps a language code to a name; ``point`` is in EPSG:4326.
    """

    class Kind(models.TextChoices):
        WAREHOUSE = "warehouse", _("Warehouse")
        HUB = "hub", _("Hub")
        TRANSSHIPMENT = "transshipment", _("Trans-shipment point")
        CROSSING = "crossing", _("Crossing")
        CHECKPOINT = "checkpoint", _("Checkpoint")
        DISTRIBUTION = "distribution", _("Distribution point")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="sites")
    area = models.ForeignKey(
        "core.Area", models.PROTECT, null=True, blank=True, related_name="sites"
    )
    name = models.CharField(_("name"), max_length=200)
    names = models.JSONField(default=dict, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    point = models.PointField(_("location"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "name"),
                condition=Q(retired_at__isnull=True),
                name="site_name_once",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the site's page."""
        return reverse("site", args=(self.operation.slug, self.pk))

    @property
    def is_passage(self) -> bool:
        """Return whether one passes it on the way, so that it can be open or closed."""
        return self.kind in {self.Kind.CROSSING, self.Kind.CHECKPOINT}

    def name_in(self, language: str) -> str:
        """Return the name in ``language``, or the default name."""
        return str(self.names.get(language) or self.name)


@tracked(leave_out=("line",))
class RouteSegment(models.Model):
    """A stretch of road, from one site or bend to the next, that is open or closed as a whole.

    ``line`` is in EPSG:4326; ``length_km`` is measured on the spheroid; the limits are tonnes.
    A segment is never redrawn under the facts about it: a change retires it and makes new ones.
    """

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="segments")
    name = models.CharField(_("name"), max_length=200)
    line = models.LineStringField(_("line"))
    start = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="segments_from"
    )
    end = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="segments_to")
    length_km = models.DecimalField(_("length (km)"), max_digits=8, decimal_places=3)
    max_gross_t = models.DecimalField(
        _("largest gross weight (t)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    max_axle_t = models.DecimalField(
        _("largest axle load (t)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(_("out of use since"), null=True, blank=True)
    made_from = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="made_into"
    )

    objects = CurrentQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "name"),
                condition=Q(retired_at__isnull=True),
                name="segment_name_once",
            ),
            models.CheckConstraint(
                condition=~Q(start=F("end")) | Q(start__isnull=True),
                name="segment_leads_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(length_km__gt=0)
                & (Q(max_gross_t__isnull=True) | Q(max_gross_t__gt=0))
                & (Q(max_axle_t__isnull=True) | Q(max_axle_t__gt=0)),
                name="segment_measures_positive",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the segment's page."""
        return reverse("segment", args=(self.operation.slug, self.pk))
