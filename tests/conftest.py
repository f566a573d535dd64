"""Fixtures that many tests share."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings

from tests.cast import Cast, assemble


@pytest.fixture(autouse=True, scope="session")
def plain_static_files() -> Iterator[None]:
    """Serve static files under their own names: tests do not collect them first."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """Give the named cast of tests/cast.py."""
    return assemble()
