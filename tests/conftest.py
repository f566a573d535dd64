"""Fixtures that many tests share."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from tests.cast import Cast, assemble


@pytest.fixture(autouse=True, scope="session")
def plain_settings() -> Iterator[None]:
    """Serve static files under their own names, and hash passwords fast: tests make many users."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = settings.STORAGES | {"staticfiles": plain}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(STORAGES=storages, PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """Give the named cast of tests/cast.py."""
    return assemble()
