"""Reported convoys: known from others' words, kept claim by claim, side by side.

A reported convoy has no waybill and no ledger; its figures are claims, each with its source, and
the coordinator adopts one with a reason. They never mix with tonnes that Tessera has counted.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.audit import tracked

AMOUNTS = ("cargo", "vehicles", "staff", "unallocated", "sequence", "so_far")
DAYS = ("departed", "arrived")
WEIGHTS = ("cargo", "unallocated")
WORDS = ("destination", "content", "route")


@tracked()
class Convoy(models.Model):
    """A convoy; ``origin`` tells whether we run it or only hear of it."""

    class Origin(models.TextChoices):
        REPORTED = "reported", _("Reported by others")
        OPERATED = "operated", _("Operated by members")

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="convoys")
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices)
    name = models.CharField(_("name"), max_length=200)
    organiser = models.CharField(_("run by, as reported"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("operation", "name"), name="convoy_name_once"),
        )

    def __str__(self) -> str:
        return self.name


@tracked()
class Claim(models.Model):
    """What one source says about one attribute of one convoy, or of several together.

    Amounts are kilograms for ``cargo`` and ``unallocated``, counts for ``vehicles`` and ``staff``;
    days are calendar days at the place; a single value has equal low and high. ``segments`` are the
    roads that a source means by its words on a ``route``, where that is clear. Never changed: a
    wrong one is withdrawn and recorded again.
    """

    class Attribute(models.TextChoices):
        CARGO = "cargo", _("Cargo")
        VEHICLES = "vehicles", _("Vehicles")
        STAFF = "staff", _("Staff")
        DEPARTED = "departed", _("Departed")
        ARRIVED = "arrived", _("Arrived")
        DESTINATION = "destination", _("Destination")
        ROUTE = "route", _("Road it took")
        CONTENT = "content", _("What it carries")
        UNALLOCATED = "unallocated", _("Cargo whose split is not stated")
        SEQUENCE = "sequence", _("Which convoy of its series")
        SO_FAR = "so_far", _("Convoys of the series so far")

    class Reliability(models.TextChoices):
        A = "A", _("A: completely reliable")
        B = "B", _("B: usually reliable")
        C = "C", _("C: fairly reliable")
        D = "D", _("D: not usually reliable")
        E = "E", _("E: unreliable")
        F = "F", _("F: cannot be judged")

    class Credibility(models.IntegerChoices):
        CONFIRMED = 1, _("1: confirmed by others")
        PROBABLE = 2, _("2: probably true")
        POSSIBLE = 3, _("3: possibly true")
        DOUBTFUL = 4, _("4: doubtful")
        IMPROBABLE = 5, _("5: improbable")
        UNKNOWN = 6, _("6: cannot be judged")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="claims")
    convoys = models.ManyToManyField(Convoy, related_name="claims")
    attribute = models.CharField(_("about"), max_length=12, choices=Attribute.choices)
    low = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)
    segments = models.ManyToManyField("core.RouteSegment", blank=True, related_name="+")
    source = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    reliability = models.CharField(
        _("reliability of the source"), max_length=1, choices=Reliability.choices, default="F"
    )
    credibility = models.PositiveSmallIntegerField(
        _("credibility of the claim"), choices=Credibility.choices, default=6
    )
    recorded_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="claim_value_of_its_kind",
                condition=Q(
                    attribute__in=AMOUNTS, low__gte=0, high__gte=F("low"), first_day=None, text=""
                )
                | Q(
                    attribute__in=DAYS,
                    first_day__isnull=False,
                    last_day__gte=F("first_day"),
                    low=None,
                    text="",
                )
                | (Q(attribute__in=WORDS, low=None, first_day=None) & ~Q(text="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_attribute_display()} ({self.source})"

    @property
    def roads(self) -> frozenset[int]:
        """Return the keys of the roads that it names."""
        return frozenset(one.pk for one in self.segments.all())

    def agrees_with(self, other: "Claim") -> bool:
        """Return whether two claims on one attribute can both be true (their ranges overlap)."""
        for one, two in ((self, other), (other, self)):
            if one.low is not None and two.high is not None and one.low > two.high:
                return False
            if one.first_day and two.last_day and one.first_day > two.last_day:
                return False
        if self.roads and other.roads:
            return self.roads == other.roads
        return self.text.casefold() == other.text.casefold()


@tracked()
class Adoption(models.Model):
    """The coordinator's word on which claim the operation goes by, with the reason."""

    convoy = models.ForeignKey(Convoy, models.CASCADE, related_name="adoptions")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="adoptions")
    attribute = models.CharField(max_length=12, choices=Claim.Attribute.choices)
    reason = models.TextField(_("reason"))
    adopted_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    adopted_at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-adopted_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("convoy", "attribute"),
                condition=Q(superseded_at__isnull=True),
                name="adoption_one_live",
            ),
        )

    def __str__(self) -> str:
        return f"{self.convoy}: {self.get_attribute_display()}"
