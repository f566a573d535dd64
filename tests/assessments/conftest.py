"""Fixtures of the tests of forms and submissions."""

from pathlib import Path
from typing import Any

import pytest

from tests.assessments.desk import desk, open_desk
from tests.assessments.households import households
from tests.assessments.records import Records, build
from tests.cast import Cast

__all__ = ["desk", "households", "media", "open_desk", "records"]


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """Keep uploaded files in a directory of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def records(cast: Cast) -> Records:
    """Give a form with two submissions."""
    return build(cast)
