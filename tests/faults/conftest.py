"""One web server for all tests of faults of a process; each test finds it running."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.assessments.desk import Desk, open_desk
from tests.faults.live import Live

__all__ = ["media", "open_desk"]


@pytest.fixture
def media(settings: Any, server: Live) -> Path:
    """Keep files where the server keeps them."""
    settings.MEDIA_ROOT = server.folder / "media"
    return server.folder / "media"


@pytest.fixture(scope="session")
def running(django_db_setup: None) -> Iterator[Live]:
    """Give the server of this process."""
    live = Live("faults")
    try:
        yield live
    finally:
        live.stop()


@pytest.fixture
def server(transactional_db: None, running: Live) -> Live:
    """Give the server, up, on an empty database."""
    running.up()
    return running


@pytest.fixture
def field(server: Live, open_desk: Callable[[], Desk]) -> Desk:
    """Give the cast with a published form, committed, so that the server sees it."""
    return open_desk()
