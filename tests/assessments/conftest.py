"""Fixtures of the tests of forms and submissions."""

from pathlib import Path
from typing import Any

import pytest

from tests.assessments.desk import desk, open_desk

__all__ = ["desk", "media", "open_desk"]


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> Path:
    """Keep uploaded files in a directory of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
