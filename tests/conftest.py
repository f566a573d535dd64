"""Fixtures that many tests share."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests import database
from tests.cast import Cast, assemble


@pytest.fixture(autouse=True, scope="session")
def plain_settings() -> Iterator[None]:
    """Serve static files under their own names, and hash passwords fast: tests make many users."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = settings.STORAGES | {"staticfiles": plain}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(STORAGES=storages, PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Give each worker its own copy of the migrated template, in place of its own migration."""
    home = settings.DATABASES["default"]["NAME"]
    name = settings.DATABASES["default"]["TEST"]["NAME"] or f"test_{home}"
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    name = f"{name}_{worker}" if worker else name
    with django_db_blocker.unblock():
        database.create(name)
        database.use(name)
        yield
        database.use(home)
        database.drop(name)


@pytest.fixture
def cast(db: None) -> Cast:
    """Give the named cast of tests/cast.py."""
    return assemble()


@pytest.fixture
def assertion(request: pytest.FixtureRequest) -> str:
    """Give the words by which ``tests.acceptance.asserts`` names a test."""
    return str(request.param)
