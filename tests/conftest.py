"""Fixtures that many tests share."""

import pytest

from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """Give the named cast of tests/cast.py."""
    return assemble()
