"""Times come from the database as Django's own loader would give them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, connection
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg.types.datetime import TimestamptzLoader

pytestmark = pytest.mark.django_db


def loaded(text: str, zone: str = "UTC") -> Any:
    """Return what a time given as text is read as, over a connection in a time zone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
        cursor.execute("SELECT %s::timestamptz", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2020-11-01 00:01:00+00", datetime(2020, 11, 1, 0, 1, tzinfo=UTC)),
        ("2020-11-01 04:01:00.5+04", datetime(2020, 11, 1, 0, 1, 0, 500_000, tzinfo=UTC)),
        ("2020-11-01 00:01:00.000007+00", datetime(2020, 11, 1, 0, 1, 0, 7, tzinfo=UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_to_its_last_digit(text: str, time: datetime) -> None:
    found = loaded(text)
    assert found == time
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["infinity", "-infinity", "0044-03-15 12:00+00 BC", "12020-01-01"])
def test_what_python_has_no_time_for_is_refused_as_before(text: str) -> None:
    with pytest.raises(DataError):
        loaded(text)


def test_a_connection_elsewhere_is_left_to_the_loader_before(monkeypatch: Any) -> None:
    asked = []
    before = TimestamptzLoader.load
    monkeypatch.setattr(
        TimestamptzLoader, "load", lambda loader, data: asked.append(data) or before(loader, data)
    )
    assert issubclass(BaseTzLoader, TimestamptzLoader)
    loaded("2020-11-01 00:01:00+00", zone="Asia/Yerevan")
    assert len(asked) == 1
    loaded("2020-11-01 00:01:00+00")
    assert len(asked) == 1
