"""Areas: administrative units with P-codes, their names, borders over time, and population."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import tracked
from core.models.sectors import PopulationGroup


class AreaQuerySet(models.QuerySet["Area"]):
    """Questions about many areas."""

    def current(self) -> "AreaQuerySet":
        """Keep the versions that have not been superseded."""
        return self.filter(valid_to__isnull=True)

    def within(self, area: "Area") -> "AreaQuerySet":
        """Keep ``area`` and all below it."""
        return self.filter(path__startswith=area.path)


@tracked(leave_out=("geometry", "geometry_low", "geometry_mid", "search"))
class Area(models.Model):
    """One version of an administrative unit.

    ``path`` is the P-codes from the top, each followed by a slash. ``geometry`` is in EPSG:4326;
    ``geometry_mid`` and ``geometry_low`` are simplified for closer and wider map views.
    ``names`` maps a language code to a name; ``area_km2`` is measured on the spheroid. ``search``
    holds all names and the P-code, also without accents. ``fingerprint`` is 32 digits for what the
    area is called and belongs to, and 32 for its border; an import compares them.
    """

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="areas")
    pcode = models.CharField("P-code", max_length=30)
    level = models.PositiveSmallIntegerField(_("level"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=255)
    name = models.CharField(_("name"), max_length=200)
    names = models.JSONField(default=dict)
    search = models.TextField(blank=True, editable=False)
    geometry = models.MultiPolygonField(null=True, blank=True)
    geometry_mid = models.MultiPolygonField(null=True, blank=True, spatial_index=False)
    geometry_low = models.MultiPolygonField(null=True, blank=True, spatial_index=False)
    centre = models.PointField(null=True, blank=True)
    area_km2 = models.FloatField(null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    source = models.CharField(_("source"), max_length=300)
    note = models.CharField(_("note"), max_length=300, blank=True)
    fingerprint = models.CharField(max_length=64, editable=False, default="")

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "pcode", "valid_from"), name="area_version_once"
            ),
            models.UniqueConstraint(
                fields=("operation", "pcode"),
                condition=models.Q(valid_to__isnull=True),
                name="area_one_current_version",
            ),
        )
        indexes = (
            models.Index(
                OpClass("path", name="text_pattern_ops"), "operation", name="area_path_prefix"
            ),
            models.Index(fields=("operation", "level", "name"), name="area_level_name"),
            GinIndex(OpClass(Upper("search"), name="gin_trgm_ops"), name="area_search_trigram"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the area's page."""
        return reverse("area", args=(self.operation.slug, self.pcode))

    @property
    def depth(self) -> int:
        """Return how many areas it lies in."""
        return max(0, self.path.count("/") - 1)

    def name_in(self, language: str) -> str:
        """Return the name in ``language``, or the default name."""
        return str(self.names.get(language) or self.name)


@tracked(leave_out=("preview", "outline"))
class AreaImport(models.Model):
    """An uploaded boundary, gazetteer or population file on its way in: upload, check, confirm.

    ``mapping`` is a Mapping of core.areas.columns or core.areas.population_columns, ``preview``
    the report of the last check, ``outline`` the file's borders for a small map.
    """

    class Kind(models.TextChoices):
        AREAS = "areas", _("Areas")
        POPULATION = "population", _("Population")

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("Refused")
        DONE = "done", _("Imported")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="area_imports")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.AREAS)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    file = models.FileField(upload_to="imports/%Y/%m/", max_length=300)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    preview = models.JSONField(default=dict)
    outline = models.JSONField(default=dict)
    source = models.CharField(_("source"), max_length=300, blank=True)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the address of the import's page."""
        return reverse("area_import", args=(self.operation.slug, self.pk))

    @property
    def is_open(self) -> bool:
        """Return whether it can still be checked again or confirmed."""
        return self.state in {self.State.UPLOADED, self.State.CHECKED, self.State.REFUSED}


@tracked()
class PopulationFigure(models.Model):
    """People in an area, of one group, sex and age range, by one source at one date."""

    class Sex(models.TextChoices):
        ALL = "all", _("All")
        FEMALE = "f", _("Female")
        MALE = "m", _("Male")

    area = models.ForeignKey(Area, models.CASCADE, related_name="population")
    group = models.CharField(
        _("population group"), max_length=3, choices=PopulationGroup.choices, default="all"
    )
    sex = models.CharField(_("sex"), max_length=3, choices=Sex.choices, default=Sex.ALL)
    age_from = models.PositiveSmallIntegerField(_("age from (years)"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("age to (years)"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"))
    source = models.CharField(_("source"), max_length=300)
    dated = models.DateField(_("as of"))

    class Meta:
        ordering = ("area", "source", "group", "sex", "age_from")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "group", "sex", "age_from", "age_to", "source", "dated"),
                nulls_distinct=False,
                name="population_figure_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.area}: {self.people}"
