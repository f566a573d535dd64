"""One world for all the generated tests: it is made once a module, and each test is undone."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.architecture.matrix import World, build
from tests.cast import assemble


@pytest.fixture(scope="module")
def whole_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Give one object of each kind, made once a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(assemble())
        transaction.set_rollback(True)


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """Give the world, and undo what the test does to it."""
    with transaction.atomic():
        yield whole_world
        transaction.set_rollback(True)
