"""What /readyz says of the parts behind the web server."""

import json

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from core.views import health

pytestmark = pytest.mark.django_db


def test_readiness_names_each_part(client: Client) -> None:
    answer = client.get("/readyz")
    states = json.loads(answer.content)
    assert set(states) == {"database", "broker", "worker", "migrations", "storage"}
    assert states["database"] == states["migrations"] == "ok"
    ready = all(state == "ok" for state in states.values())
    assert answer.status_code == (200 if ready else 503)


def test_the_migrations_at_hand_are_those_that_django_knows() -> None:
    known = MigrationLoader(connection).disk_migrations
    assert known
    assert health.migrations_at_hand() == set(known)


def test_a_migration_that_waits_is_told_until_it_is_applied(client: Client) -> None:
    health.waiting_migrations.cache_clear()
    last = MigrationRecorder.Migration.objects.filter(app="core").latest("pk")
    last.delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["migrations"] == "1 migrations wait"
    last.save()
    assert json.loads(client.get("/readyz").content)["migrations"] == "ok"
