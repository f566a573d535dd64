"""What keeps people and aid apart: access constraints, and scores of access by area."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import tracked
from core.models.facts import AppendOnly, Fact

# What may be added to a constraint later; all else stays as it was reported.
LATER = ("ended_on", "ended_reason", "ended_by", "withdrawn_at", "withdrawn_reason")


@tracked()
class AccessConstraint(Fact):
    """One obstacle, in an area, on a segment or at a site, from a day until it ends.

    Types are the nine of OCHA's Access Monitoring and Reporting Framework; the impact is ACAPS's
    scale, where X, an information gap, is not nought. ``people_affected`` is a count of people.
    """

    class Type(models.IntegerChoices):
        DENIAL = 1, _("Denial of existence of needs or of entitlements to assistance")
        INTO = 2, _("Restriction of movement into the country")
        WITHIN = 3, _("Restriction of movement within the country")
        HOSTILITIES = 4, _("Military operations and ongoing hostilities")
        VIOLENCE = 5, _("Violence against personnel, assets and facilities")
        INTERFERENCE = 6, _("Interference in the implementation of activities")
        MINES = 7, _("Mines and unexploded ordnance")
        ENVIRONMENT = 8, _("Physical environment")
        PEOPLE = 9, _("Restriction of people's access to services and assistance")

    class ActorKind(models.TextChoices):
        STATE = "state", _("State authority")
        FORCES = "forces", _("Armed forces")
        GROUP = "group", _("Armed group")
        DE_FACTO = "de_facto", _("De facto authority")
        COMMUNITY = "community", _("Community")
        CRIMINAL = "criminal", _("Criminals")
        NATURE = "nature", _("Nature or infrastructure")
        UNKNOWN = "unknown", _("Not known")

    class Impact(models.TextChoices):
        NONE = "0", _("0: no impact")
        LOW = "1", _("1: low")
        MODERATE = "2", _("2: moderate")
        HIGH = "3", _("3: high")
        GAP = "X", _("X: information gap")

    type = models.PositiveSmallIntegerField(_("type"), choices=Type.choices)
    title = models.CharField(_("title"), max_length=200)
    area = models.ForeignKey(
        "core.Area", models.PROTECT, null=True, blank=True, related_name="constraints"
    )
    segment = models.ForeignKey(
        "core.RouteSegment", models.PROTECT, null=True, blank=True, related_name="constraints"
    )
    site = models.ForeignKey(
        "core.Site", models.PROTECT, null=True, blank=True, related_name="constraints"
    )
    actor_kind = models.CharField(
        _("who restricts"), max_length=10, choices=ActorKind.choices, default="unknown"
    )
    impact = models.CharField(_("impact"), max_length=1, choices=Impact.choices)
    people_affected = models.PositiveIntegerField(_("people affected"), null=True, blank=True)
    sectors = models.ManyToManyField("core.Sector", blank=True, related_name="+")
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    ended_reason = models.CharField(_("how it ended"), max_length=300, blank=True)
    ended_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-started_on", "pk")
        indexes = (models.Index(fields=("operation", "-started_on"), name="constraint_newest"),)
        constraints = (
            models.CheckConstraint(
                name="constraint_one_place",
                condition=Q(area__isnull=False, segment=None, site=None)
                | Q(area=None, segment__isnull=False, site=None)
                | Q(area=None, segment=None, site__isnull=False),
            ),
            models.CheckConstraint(
                name="constraint_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
        )
        triggers = (pgtrigger.ReadOnly(name="facts_stay", exclude=list(LATER)),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the constraint's page."""
        return reverse("constraint", args=(self.operation.slug, self.pk))

    @property
    def place(self) -> models.Model | None:
        """Return the area, segment or site that it lies on."""
        return self.area or self.segment or self.site


@tracked()
class AccessScore(AppendOnly, Fact):
    """How hard it is to reach people in an area, from 0 (no constraints) to 5, or X: not known."""

    class Score(models.TextChoices):
        NONE = "0", _("0: no significant constraints")
        LOW = "1", _("1: low constraints")
        MODERATE = "2", _("2: moderate constraints")
        HIGH = "3", _("3: high constraints")
        VERY_HIGH = "4", _("4: very high constraints")
        EXTREME = "5", _("5: extreme constraints")
        GAP = "X", _("X: information gap")

    area = models.ForeignKey("core.Area", models.PROTECT, related_name="access_scores")
    score = models.CharField(_("score"), max_length=1, choices=Score.choices)
    as_of = models.DateField(_("as of"))
    valid_until = models.DateField(_("valid until"))

    class Meta(AppendOnly.Meta):
        ordering = ("-as_of", "-recorded_at")
        constraints = (
            models.CheckConstraint(
                name="score_valid_after", condition=Q(valid_until__gte=F("as_of"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.area}: {self.get_score_display()}"


@tracked()
class ScoreAdoption(models.Model):
    """The access officer's word on which score of an area counts on which days, with the reason."""

    score = models.ForeignKey(AccessScore, models.PROTECT, related_name="adoptions")
    area = models.ForeignKey("core.Area", models.PROTECT, related_name="+")
    days = DateRangeField(_("days"))
    reason = models.CharField(_("reason"), max_length=300)
    adopted_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-adopted_at",)
        constraints = (
            ExclusionConstraint(
                name="score_of_an_area_adopted_once",
                expressions=(("area", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)),
                condition=Q(superseded_at=None),
            ),
        )

    def __str__(self) -> str:
        return str(self.score)
