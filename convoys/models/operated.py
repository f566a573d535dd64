"""Operated convoys: the run itself, its stops, its legs and the people on it.

A convoy known from others' words has no row here, and so no gate, waybill or ledger.
"""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from convoys.models.columns import Identified, cubic_metres, kilograms
from convoys.models.reported import Convoy
from convoys.models.states import CONVOY
from core.audit import tracked
from core.models.movements import AccessOutcome


@tracked()
class OperatedConvoy(models.Model):
    """A convoy with an account: one that members run, or that is reconstructed from claims.

    Live position, planned route and times are not for partners.

    ``released_at`` is when its route and times were released to partners. The movement states
    (in transit to received) follow from its legs and waybills.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PLANNED = "planned", _("Planned")
        ACCESS_PENDING = "access_pending", _("Waiting for clearance")
        CLEARED = "cleared", _("Cleared")
        LOADING = "loading", _("Loading")
        LOADED = "loaded", _("Loaded")
        DISPATCHED = "dispatched", _("Dispatched")
        IN_TRANSIT = "in_transit", _("On the road")
        HELD = "held", _("Held")
        DIVERTED = "diverted", _("Diverted")
        PART_ARRIVED = "part_arrived", _("Arrived in part")
        ARRIVED = "arrived", _("Arrived")
        RECEIVING = "receiving", _("Being received")
        RECEIVED = "received", _("Received")
        ABORTED = "aborted", _("Aborted")
        RETURNING = "returning", _("Returning")
        RETURNED = "returned", _("Returned")
        LOST = "lost", _("Lost")
        RECONCILED = "reconciled", _("Reconciled")
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Reopened")
        CANCELLED = "cancelled", _("Cancelled")
        RECONSTRUCTED = "reconstructed", _("Reconstructed from claims")

    class Escort(models.TextChoices):
        NONE = "none", _("No escort")
        UN = "un", _("UN escort")
        ICRC = "icrc", _("Red Cross or Red Crescent escort")
        CIVIL = "civil", _("Escort by civil authorities")
        ARMED = "armed", _("Armed escort, as a last resort")

    convoy = models.OneToOneField(Convoy, models.CASCADE, primary_key=True, related_name="operated")
    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="runs")
    number = models.CharField(_("number"), max_length=40)
    lead_org = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("lead organisation")
    )
    leader = models.CharField(_("convoy leader"), max_length=150, blank=True)
    escort = models.CharField(
        _("escort"), max_length=10, choices=Escort.choices, default=Escort.NONE
    )
    etd = models.DateTimeField(_("planned departure"))
    eta = models.DateTimeField(_("planned arrival"))
    distance_km = models.DecimalField(
        _("distance (km)"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    segments = models.ManyToManyField(
        "core.RouteSegment", through="convoys.RouteStep", related_name="+"
    )
    is_emergency = models.BooleanField(_("emergency (24 h notice instead of 48 h)"), default=False)
    check_minutes = models.PositiveSmallIntegerField(
        _("minutes between communication checks"), default=60
    )
    state = FSMField(_("state"), default=CONVOY.initial, choices=State.choices, protected=True)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    access_outcome = models.CharField(
        _("access outcome"), max_length=12, choices=AccessOutcome.choices, blank=True
    )
    planned_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    dispatched_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    departed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-etd", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("operation", "number"),
                name="convoy_number_once",
                violation_error_message=_("Another convoy has this number."),
            ),
            models.CheckConstraint(
                condition=Q(eta__gt=F("etd")),
                name="convoy_arrives_after_it_leaves",
                violation_error_message=_("The arrival is not after the departure."),
            ),
        )
        triggers = (CONVOY.trigger(),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the convoy's page."""
        return reverse("run", args=(self.operation.slug, self.pk, "plan"))


class RouteStep(models.Model):
    """One segment of a convoy's planned route, in the order in which it is driven."""

    convoy = models.ForeignKey(OperatedConvoy, models.CASCADE, related_name="route_steps")
    segment = models.ForeignKey("core.RouteSegment", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("convoy", "position")
        constraints = (
            models.UniqueConstraint(fields=("convoy", "position"), name="route_step_once"),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.segment}"


@tracked()
class Stop(Identified):
    """A site where a convoy stops, in order; the first is where it starts."""

    convoy = models.ForeignKey(OperatedConvoy, models.CASCADE, related_name="stops")
    position = models.PositiveSmallIntegerField(_("position"))
    site = models.ForeignKey("core.Site", models.PROTECT, related_name="+", verbose_name=_("site"))
    eta = models.DateTimeField(_("planned arrival"), null=True, blank=True)

    class Meta:
        ordering = ("convoy", "position")
        constraints = (
            models.UniqueConstraint(fields=("convoy", "position"), name="stop_position_once"),
        )

    def __str__(self) -> str:
        return f"{self.position}. {self.site}"


ON_THE_ROAD = Q(departed_at__isnull=False, arrived_at=None)


class LegQuerySet(models.QuerySet["Leg"]):
    """Moves of many legs."""

    def arrive(self, at: datetime) -> int:
        """Record the arrival of those that are on the road; return how many."""
        return self.filter(ON_THE_ROAD).update(arrived_at=at, period=_until(at))

    def give_up(self, at: datetime) -> int:
        """Free vehicles and drivers of those that will not arrive; return how many."""
        return self.filter(ON_THE_ROAD).update(period=_until(at))


def _until(at: datetime) -> models.Func:
    """Return the period from the departure to ``at``; none where a clock was wrong."""
    start = F("departed_at")
    return models.Func(
        start,
        Greatest(start, models.Value(at)),
        function="tstzrange",
        output_field=DateTimeRangeField(),
    )


@tracked()
class Leg(Identified):
    """One run of a vehicle, from the stop where it is loaded to the last one that it serves.

    ``dispatched_at`` is when the gate let it go. From its departure on ``period`` has no end until
    it arrives, which keeps vehicle and driver from being on two at once.
    """

    convoy = models.ForeignKey(OperatedConvoy, models.CASCADE, related_name="legs")
    vehicle = models.ForeignKey("convoys.Vehicle", models.PROTECT, related_name="legs")
    driver = models.ForeignKey(
        "convoys.Driver", models.PROTECT, related_name="legs", null=True, blank=True
    )
    from_stop = models.ForeignKey(Stop, models.PROTECT, related_name="legs_from")
    to_stop = models.ForeignKey(Stop, models.PROTECT, related_name="legs_to")
    period = DateTimeRangeField(_("from departure to arrival"))
    dispatched_at = models.DateTimeField(null=True, blank=True)
    departed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)

    objects = LegQuerySet.as_manager()

    class Meta:
        ordering = ("convoy", "from_stop__position", "vehicle__label", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(from_stop=F("to_stop")), name="leg_leads_elsewhere"
            ),
            ExclusionConstraint(
                name="vehicle_on_one_leg_at_a_time",
                expressions=[
                    ("vehicle", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=ON_THE_ROAD,
            ),
            ExclusionConstraint(
                name="driver_on_one_leg_at_a_time",
                expressions=[
                    ("driver", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=ON_THE_ROAD,
            ),
        )
        # What it carries is its convoy's account.
        triggers = (pgtrigger.ReadOnly(name="of_one_convoy", fields=["convoy"]),)

    def __str__(self) -> str:
        return f"{self.vehicle}: {self.from_stop.site} - {self.to_stop.site}"


class LegBalance(models.Model):
    """What a leg was loaded with, against what its vehicle may carry; written by triggers alone."""

    kept_by_triggers = True

    leg = models.OneToOneField(Leg, models.PROTECT, primary_key=True, related_name="balance")
    kg = kilograms()
    m3 = cubic_metres()
    max_kg = kilograms()
    max_m3 = cubic_metres()
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="leg_within_payload", condition=Q(kg__gte=0, kg__lte=F("max_kg"))
            ),
            models.CheckConstraint(
                name="leg_within_space", condition=Q(m3__gte=0, m3__lte=F("max_m3"))
            ),
        )

    def __str__(self) -> str:
        return str(self.leg_id)


@tracked(leave_out=("phone",))
class CrewMember(Identified):
    """Somebody on the personnel manifest; never shown outside the operation's own staff."""

    convoy = models.ForeignKey(OperatedConvoy, models.CASCADE, related_name="crew")
    name = models.CharField(_("name"), max_length=150)
    task = models.CharField(_("task"), max_length=80)
    organisation = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    vehicle = models.ForeignKey(
        "convoys.Vehicle",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("vehicle"),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    left_at = models.DateTimeField(_("no longer on it since"), null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name
