"""Makers of sites and segments."""

from decimal import Decimal

import factory
from django.contrib.gis.geos import LineString, Point

from core.models import RouteSegment, Site
from tests.factories.core import OperationFactory


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
