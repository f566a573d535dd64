"""Makers of operations, organisations, people and areas."""

import datetime
from functools import cache
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.gis.geos import MultiPolygon, Polygon

from core.models import Area, Membership, Operation, Organisation, User


class OperationFactory(factory.django.DjangoModelFactory[Operation]):
    """An active operation."""

    class Meta:
        model = Operation
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"operation-{n}")
    name = factory.Sequence(lambda n: f"Operation {n}")
    countries = ("ARM", "AZE")
    languages = ("en", "ru", "hy", "az")
    starts_on = datetime.date(2020, 11, 1)


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    """An organisation."""

    class Meta:
        model = Organisation
        django_get_or_create = ("acronym",)

    acronym = factory.Sequence(lambda n: f"ORG{n}")
    name = factory.LazyAttribute(lambda one: f"Organisation {one.acronym}")


@cache
def hashed_password() -> str:
    """Return the hash of ``secret-for-tests``, made once: the real hasher is slow on purpose."""
    return make_password("secret-for-tests")


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person without roles; the password is ``secret-for-tests``."""

    class Meta:
        model = User
        django_get_or_create = ("username",)

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.LazyAttribute(lambda one: one.username.title())
    password = factory.LazyFunction(hashed_password)


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """A role."""

    class Meta:
        model = Membership


def square(west: float, south: float, size: float = 1.0) -> MultiPolygon:
    """Return a square, in degrees of EPSG:4326."""
    east, north = west + size, south + size
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return MultiPolygon(Polygon(ring), srid=4326)


class AreaFactory(factory.django.DjangoModelFactory[Area]):
    """A current area of level 1 with a square of one degree."""

    class Meta:
        model = Area

    operation = factory.SubFactory(OperationFactory)
    pcode = factory.Sequence(lambda n: f"XX{n:03}")
    level = 1
    name = factory.LazyAttribute(lambda one: f"Area {one.pcode}")
    names = factory.LazyAttribute(lambda one: {"en": one.name})
    search = factory.LazyAttribute(lambda one: f"{one.name} {one.pcode}")
    path = factory.LazyAttribute(lambda one: f"{one.parent.path if one.parent else ''}{one.pcode}/")
    parent: Any = None
    geometry = factory.Sequence(lambda n: square(40 + n % 50, 38))
    centre = factory.LazyAttribute(lambda one: one.geometry and one.geometry.point_on_surface)
    valid_from = datetime.date(2020, 1, 1)
    source = "invented for tests"
