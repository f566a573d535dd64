"""Makers of sites, segments, and what is known of access to them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.contrib.gis.geos import LineString, Point
from django.utils import timezone

from core.models import (
    AccessConstraint,
    AccessScore,
    AccessWindow,
    Clearance,
    ClearanceRequirement,
    DeconflictionNotice,
    MovementOutcome,
    MovementRequest,
    RouteSegment,
    Site,
    StatusObservation,
)
from tests.factories.core import AreaFactory, OperationFactory


class SiteFactory(factory.django.DjangoModelFactory[Site]):
    """A warehouse."""

    class Meta:
        model = Site

    operation = factory.SubFactory(OperationFactory)
    name = factory.Sequence(lambda n: f"Site {n}")
    kind = Site.Kind.WAREHOUSE
    point = factory.Sequence(lambda n: Point(45 + n % 50 / 100, 39.5, srid=4326))
    source = "invented for tests"


class SegmentFactory(factory.django.DjangoModelFactory[RouteSegment]):
    """A stretch of road of a tenth of a degree, between two bends."""

    class Meta:
        model = RouteSegment

    operation = factory.SubFactory(OperationFactory)
    name = factory.Sequence(lambda n: f"Segment {n}")
    line = factory.Sequence(
        lambda n: LineString((45 + n % 50 / 100, 39.5), (45.1 + n % 50 / 100, 39.5), srid=4326)
    )
    length_km = Decimal("8.600")
    source = "invented for tests"


def hours(number: float) -> Any:
    """Return what gives the moment so many hours from now."""
    return factory.LazyFunction(lambda: timezone.now() + timedelta(hours=number))


def of_operation(maker: Any) -> Any:
    """Return what makes a part in the same operation."""
    return factory.SubFactory(maker, operation=factory.SelfAttribute("..operation"))


class FactFactory(factory.django.DjangoModelFactory[Any]):
    """What every fact has."""

    class Meta:
        abstract = True

    operation = factory.SubFactory(OperationFactory)
    occurred_at = hours(-1)
    source = "invented for tests"


class ConstraintFactory(FactFactory):
    """A restriction in an area that goes on."""

    class Meta:
        model = AccessConstraint

    type = 3
    title = factory.Sequence(lambda n: f"Constraint {n}")
    area = of_operation(AreaFactory)
    impact = "2"
    started_on = date(2020, 11, 10)


class ScoreFactory(FactFactory):
    """A score of an area."""

    class Meta:
        model = AccessScore

    area = of_operation(AreaFactory)
    score = "3"
    as_of = factory.LazyFunction(timezone.localdate)
    valid_until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))


class ObservationFactory(FactFactory):
    """A segment seen open, for a day."""

    class Meta:
        model = StatusObservation

    segment = of_operation(SegmentFactory)
    status = "open"
    valid_until = hours(24)


class WindowFactory(FactFactory):
    """A pause from now on."""

    class Meta:
        model = AccessWindow

    kind = "pause"
    title = factory.Sequence(lambda n: f"Window {n}")
    starts_at = hours(-1)
    ends_at = hours(12)


class RequirementFactory(factory.django.DjangoModelFactory[ClearanceRequirement]):
    """A clearance that any cargo needs everywhere."""

    class Meta:
        model = ClearanceRequirement

    operation = factory.SubFactory(OperationFactory)
    authority = "Road authority"
    kind = "Facilitation letter"
    since = date(2020, 11, 1)
    source = "invented for tests"


class ClearanceFactory(FactFactory):
    """A clearance that was requested."""

    class Meta:
        model = Clearance

    authority = "Road authority"
    kind = "Facilitation letter"
    purpose = "Winter kits"
    valid_from = hours(-1)
    valid_to = hours(72)


class NoticeFactory(FactFactory):
    """A draft of a notice."""

    class Meta:
        model = DeconflictionNotice

    addressee = "All parties"
    purpose = "Two trucks with winter kits"
    starts_at = hours(60)
    ends_at = hours(72)


class MovementFactory(FactFactory):
    """A draft of a movement request."""

    class Meta:
        model = MovementRequest

    addressee = "Road authority"
    purpose = "Two trucks with winter kits"
    starts_at = hours(60)
    ends_at = hours(72)


class OutcomeFactory(FactFactory):
    """A movement that went well."""

    class Meta:
        model = MovementOutcome

    movement = of_operation(MovementFactory)
    access_outcome = "facilitated"
    delivery_outcome = "full"
