"""What time alone does: windows begin and end, clearances and notices expire, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.access import clock
from core.tasks import access_clock
from tests.cast import Cast
from tests.factories.access import ClearanceFactory, NoticeFactory, WindowFactory


def ago(hours: float) -> Any:
    """Return the moment so many hours ago."""
    return timezone.now() - timedelta(hours=hours)


def state(row: Any) -> str:
    """Return a row's state as it is stored."""
    return str(type(row).objects.get(pk=row.pk).state)


@pytest.mark.parametrize(
    ("before", "starts", "ends", "after"),
    [
        ("announced", 2, -2, "announced"),
        ("announced", 3, 1, "cancelled"),
        ("confirmed", -1, -2, "confirmed"),
        ("confirmed", 2, -2, "active"),
        ("confirmed", 3, 1, "ended"),
        ("active", 3, 1, "ended"),
        ("extended", 3, -1, "extended"),
        ("broken", 3, 1, "ended"),
        ("cancelled", 3, 1, "cancelled"),
    ],
)
def test_windows(cast: Cast, before: str, starts: float, ends: float, after: str) -> None:
    window = WindowFactory(
        operation=cast.operation, state=before, starts_at=ago(starts), ends_at=ago(ends)
    )
    access_clock()
    assert state(window) == after
    assert clock.tick() == 0


@pytest.mark.parametrize(
    ("before", "ends", "after"),
    [
        ("granted", 1, "expired"),
        ("granted_with_conditions", 1, "expired"),
        ("granted", -1, "granted"),
        ("requested", 1, "requested"),
        ("denied", 1, "denied"),
    ],
)
def test_clearances(cast: Cast, before: str, ends: float, after: str) -> None:
    paper = ClearanceFactory(
        operation=cast.operation, state=before, valid_from=ago(9), valid_to=ago(ends)
    )
    clock.tick()
    assert state(paper) == after


@pytest.mark.parametrize(("before", "after"), [("submitted", "expired"), ("draft", "draft")])
def test_notices(cast: Cast, before: str, after: str) -> None:
    notice = NoticeFactory(operation=cast.operation, state=before, starts_at=ago(9), ends_at=ago(1))
    clock.tick()
    assert state(notice) == after
