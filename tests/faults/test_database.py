"""The database dies or fills up under a record: never a part of it, and it goes on by itself."""

import os
import secrets
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.assessments.desk import Desk
from tests.assessments.workbooks import record
from tests.faults.cluster import Cluster, fill
from tests.faults.live import Live, is_root, until
from tests.phone import Answer, Phone

MEGABYTES = 400
pytestmark = pytest.mark.skipif(not is_root(), reason="only root can mount a small file system")


@pytest.fixture
def signed_in(server: Live, field: Desk) -> Phone:
    """Give Olga's phone, signed in."""
    return server.phone(field)


@pytest.fixture
def cluster(signed_in: Phone) -> Iterator[Cluster]:
    """Give a database server of the test's own, with the cast, its form and Olga's session."""
    running = Cluster(MEGABYTES)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def apart(cluster: Cluster) -> Iterator[Live]:
    """Give a web server on it."""
    live = Live("apart", TESSERA_DATABASE_URL=cluster.url)
    try:
        live.up()
        yield live
    finally:
        live.stop()


@pytest.fixture
def phone(signed_in: Phone, apart: Live) -> Phone:
    """Give Olga's phone, which sends to the web server apart."""
    return replace(signed_in, port=apart.port)


def count(cluster: Cluster) -> object:
    """Return how many records are kept."""
    return cluster.ask("SELECT count(*) FROM assessments_submission")[0][0]


def test_killed_in_the_middle_of_a_transaction(cluster: Cluster, apart: Live, phone: Phone) -> None:
    """Fault 3: PostgreSQL's process is killed before the commit; it recovers by itself."""
    content = record("<member><name>A</name></member>")
    apart.order("before-commit", "hold")
    answers: list[Answer] = []
    sending = threading.Thread(target=lambda: answers.append(phone.send(content)))
    sending.start()
    apart.reached("before-commit")
    busy = "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'"
    for (pid,) in cluster.ask(busy):
        os.kill(int(str(pid)), signal.SIGKILL)
    apart.release("before-commit")
    sending.join()
    assert answers[0].status == 503
    assert int(answers[0].headers["Retry-After"]) > 0
    assert answers[0].json()["code"] == "unavailable"
    assert until(lambda: phone.send(content).status == 201)
    assert count(cluster) == 1
    assert cluster.ask("SELECT count(*) FROM assessments_repeatrow")[0][0] == 1


def test_its_disk_is_full(cluster: Cluster, phone: Phone) -> None:
    """Fault 11: nothing fits into the database; reading goes on, and writing once there is room."""
    assert phone.send(record()).status == 201
    ballast = fill(cluster.places.data)
    sent = [phone.send(record(f"<head>{secrets.token_hex(200_000)}</head>")) for _ in range(3)]
    assert {one.status for one in sent} <= {503, 507}
    assert {one.json()["code"] for one in sent} <= {"storage_full", "unavailable"}
    assert phone.ask("GET", "/field/api/forms").status == 200
    ballast.unlink()
    assert until(lambda: phone.send(record()).status == 201)
    assert count(cluster) == 2
