"""What stands around a record fails: the broker, the disk for photos, the clock, other readers."""

import os
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.models import FormVersion, Submission, SubmissionFile
from core.models import Area, Job
from tests.assessments.desk import PNG, Desk
from tests.assessments.workbooks import needs_form, record
from tests.faults.cluster import fill, mount, unmount
from tests.faults.live import Broker, Live, at_once, is_root, until
from tests.faults.test_intake import receipt
from tests.phone import BOUNDARY, Answer, Phone

READERS = 24
ROWS = 25_000


@pytest.fixture
def broker() -> Iterator[Broker]:
    """Give a broker of the test's own."""
    running = Broker()
    try:
        running.start()
        yield running
    finally:
        running.stop()


def test_the_broker_is_killed(field: Desk, broker: Broker) -> None:
    """Fault 4: Redis dies while a record comes in; its receipt does not wait, nor does work."""
    live = Live("broker", TESSERA_REDIS_URL=broker.url, TESSERA_JOB_LEASE="6")
    try:
        live.up()
        phone = live.phone(field)
        live.order("before-commit", "hold")
        answers: list[Answer] = []
        sending = threading.Thread(target=lambda: answers.append(phone.send(record())))
        sending.start()
        live.reached("before-commit")
        broker.kill()
        live.release("before-commit")
        sending.join()
        assert receipt(answers[0])
        assert upload(live, field).status == 302
        assert Job.objects.get().state == Job.State.QUEUED
        broker.start()
        live.start_celery()
        until(lambda: Job.objects.get().state == Job.State.DONE)
        assert FormVersion.objects.filter(version="2", state="draft").exists()
    finally:
        live.stop()


def upload(live: Live, field: Desk) -> Answer:
    """Upload a form as Anna does in her browser: it is converted by a job."""
    head = 'Content-Disposition: form-data; name="file"; filename="needs.xlsx"\r\n\r\n'
    body = f"--{BOUNDARY}\r\n{head}".encode() + needs_form("2") + f"\r\n--{BOUNDARY}--\r\n".encode()
    anna = live.phone(field, "anna")
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return anna.ask("POST", "/o/caucasus/forms/upload/", body, Content_Type=kind)


@pytest.mark.skipif(not is_root(), reason="only root can mount a small file system")
def test_the_disk_for_photos_is_full(server: Live, field: Desk) -> None:
    """Fault 12: a photo does not fit; no record points to a file that is not there."""
    phone, content = server.phone(field), record("<photo>a.bin</photo>")
    folder = server.folder / "media"
    folder.mkdir(exist_ok=True)
    mount(folder, 8)
    try:
        ballast = fill(folder)
        answer = phone.send(content, {"a.bin": os.urandom(3_000_000)})
        assert (answer.status, answer.json()["code"]) == (507, "storage_full")
        assert Submission.objects.count() == SubmissionFile.objects.count() == 0
        assert phone.ask("GET", "/field/api/forms").status == 200
        ballast.unlink()
        assert receipt(phone.send(content, {"a.bin": os.urandom(3_000_000)}))["missing"] == []
        assert all(one.file.storage.exists(one.file.name) for one in SubmissionFile.objects.all())
    finally:
        unmount(folder)


def test_the_servers_clock_goes_back(field: Desk) -> None:
    """Fault 14: an hour back changes no order, and a reader that follows by cursor misses none."""
    reader = Client()
    reader.force_login(field.cast.anna, backend=settings.AUTHENTICATION_BACKENDS[-1])
    sent, now = [], timezone.now()
    address = "/api/v1/submissions/?operation=caucasus&limit=1"
    for hours in (0, -1, -2, 1):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            sent.append(field.send(record()).submission)
    rows = list(Submission.objects.order_by("pk").values_list("uid", flat=True))
    assert rows == [one.uid for one in sent]
    seen: list[str] = []
    following: str | None = address
    while following:
        page = reader.get(following).json()
        seen += [one["uid"] for one in page["results"]]
        following = page["next"]
    assert sorted(seen) == sorted(str(one.uid) for one in sent)


def test_slow_downloads_leave_room_for_the_field(server: Live, field: Desk) -> None:
    """Fault 36: readers who take their time over large tables do not keep a record out."""
    widen()
    anna = server.phone(field, "anna")
    links = [slow(anna) for _ in range(READERS)]
    try:
        phone = server.phone(field)
        sent = at_once(16, lambda _: phone.send(record(), {"a.png": PNG}))
        assert len([receipt(one) for one in sent]) == 16
        assert table(anna).json()["code"] == "downloads_busy"
    finally:
        for link in links:
            link.close()
    until(lambda: table(anna).status == 200)


def table(phone: Phone) -> Answer:
    """Download the large table."""
    return phone.ask("GET", "/o/caucasus/export/areas.csv", Accept="application/json")


def slow(phone: Phone) -> socket.socket:
    """Ask for a large table, and read nothing of the answer."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect(("127.0.0.1", phone.port))
    head = f"GET /o/caucasus/export/areas.csv HTTP/1.1\r\nHost: localhost:{phone.port}\r\n"
    link.sendall(f"{head}Cookie: {phone.headers['Cookie']}\r\n\r\n".encode())
    link.settimeout(60)
    link.recv(20)
    return link


def widen() -> None:
    """Make the table of areas larger than what a connection holds in its buffers."""
    names = [
        field.column
        for field in Area._meta.concrete_fields
        if field.column not in {"id", "pcode", "path", "name", "geometry"}
    ]
    kept = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_area DISABLE TRIGGER USER")  # an audit of it is not asked
        cursor.execute(
            f"INSERT INTO core_area (pcode, path, name, {kept}) "  # noqa: S608 - our own columns
            f"SELECT 'XX' || n, path || n || '/', repeat('x', 190), {kept} "
            "FROM core_area, generate_series(1000, %s) n WHERE pcode = 'XX100'",
            [ROWS],
        )
        cursor.execute("ALTER TABLE core_area ENABLE TRIGGER USER")
