"""Submissions per second over real HTTP with durable commits, beside what the disk alone allows.

Each record has 35 answers, a P-code, a place and two members of a repeat: about 4 kB.
"""

import http.client
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client

from assessments import publish
from assessments.models import FormVersion, Submission
from assessments.publish import Upload
from benchmarks.programs import processor_seconds
from core.models import Role
from core.policy import SYSTEM
from tests.assessments.workbooks import workbook
from tests.factories.assessments import AssessmentFactory
from tests.factories.core import AreaFactory, MembershipFactory, UserFactory, square
from tests.site import Site

Report = Callable[..., None]
SECONDS = 6.0
CONCURRENCIES = (1, 8, 32)
ANSWERS = 31
AREAS = 40
TOKEN = "t" * 32
BOUNDARY = "tessera-benchmark"
HEAD = 'Content-Disposition: form-data; name="xml_submission_file"; filename="s.xml"'
TABLE = """
    CREATE TABLE IF NOT EXISTS bare (id bigint GENERATED ALWAYS AS IDENTITY, body bytea NOT NULL)
"""


@dataclass
class Outcome:
    """How long each request took, in seconds, and how long all of them together."""

    times: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Return requests a second."""
        return len(self.times) / self.elapsed

    def at(self, percent: int) -> float:
        """Return a percentile in milliseconds."""
        return statistics.quantiles(self.times, n=100)[percent - 1] * 1000


def measure(report: Report) -> None:
    """Print submissions a second at several concurrencies, and the share of bare inserts."""
    version, cookie = prepare()
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    with serving() as site:
        address = f"/field/api/forms/{version.pk}/submissions"
        post = partial(poster, site.port, address, cookie)
        repeat(8, 2.0, post)  # warms pools, caches and the disk
        for workers in CONCURRENCIES:
            before = processor_seconds(site, "web")
            taken = repeat(workers, SECONDS, post)
            work = processor_seconds(site, "web") - before
            bare = repeat(workers, SECONDS / 2, inserter)
            report(f"intake, {workers} at once", taken.rate, "/s")
            goal = "≥ 6" if workers > 1 else ""
            for percent in (50, 95, 99):
                report(f"intake, {workers} at once: p{percent}", taken.at(percent), "ms")
            report(f"bare single-row inserts, {workers} at once", bare.rate, "/s")
            report(
                "processor time of the web server for each", 1000 * work / len(taken.times), "ms"
            )
            report(f"intake, {workers} at once: share", 100 * taken.rate / bare.rate, "%", goal)
    report("records stored", Submission.objects.count(), "")


def prepare() -> tuple[FormVersion, str]:
    """Make an operation, a published form and a signed-in officer; return form and cookie."""
    assessment = AssessmentFactory()
    for number in range(AREAS):
        place = square(40 + number % 10, 30 + number // 10)
        AreaFactory(operation=assessment.operation, pcode=f"XX{number:03}", geometry=place)
    officer = UserFactory(username="officer")
    MembershipFactory(
        user=officer,
        operation=assessment.operation,
        organisation=assessment.lead,
        role=Role.FIELD_OFFICER,
    )
    rows = [
        ["type", "name", "label", "hxl"],
        ["text", "pcode", "P-code", "#adm1+code"],
        ["geopoint", "place", "Place", ""],
        *(["text" if n % 2 else "integer", f"q{n}", f"Question {n}", ""] for n in range(ANSWERS)),
        ["begin repeat", "member", "Member", ""],
        ["text", "name", "Name", ""],
        ["integer", "age", "Age", ""],
        ["end repeat", "", "", ""],
    ]
    book = workbook(survey=rows, settings=[["form_id", "version"], ["bench", "1"]])
    version = publish.add(
        assessment.operation,
        actor=SYSTEM,
        file=Upload("bench.xlsx", book),
        assessment=assessment,
    )
    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[-1])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return publish.publish(version, actor=SYSTEM), f"sessionid={session}; csrftoken={TOKEN}"


def body() -> bytes:
    """Return a multipart body with a record that nobody has sent before."""
    answers = "".join(
        f"<q{n}>{n if n % 2 == 0 else 'An answer of about forty characters, or so'}</q{n}>"
        for n in range(ANSWERS)
    )
    members = "".join(f"<member><name>Name {n}</name><age>{n}</age></member>" for n in (1, 2))
    number = uuid4().int % AREAS
    place = f"{30.5 + number // 10} {40.5 + number % 10} 0 0"
    xml = (
        f'<data id="bench" version="1"><pcode>XX{number:03}</pcode><place>{place}</place>{answers}'
        f"{members}<meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>"
    )
    return f"--{BOUNDARY}\r\n{HEAD}\r\n\r\n{xml}\r\n--{BOUNDARY}--\r\n".encode()


def poster(port: int, address: str, cookie: str) -> Callable[[], None]:
    """Return a function that sends one record over a connection of its own, kept alive."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Cookie": cookie,
        "X-CSRFToken": TOKEN,
    }

    def post() -> None:
        link.request("POST", address, body(), headers)
        answer = link.getresponse()
        content = answer.read()
        assert answer.status == 201, content

    return post


def inserter() -> Callable[[], None]:
    """Return a function that commits one row of a record's size over a connection of its own."""
    parameters = connection.get_connection_params()
    chosen = {
        key: parameters[key]
        for key in ("dbname", "user", "password", "host", "port")
        if parameters.get(key)
    }
    link = psycopg.connect(**chosen, autocommit=True)
    content = body()

    def insert() -> None:
        link.execute("INSERT INTO bare (body) VALUES (%s)", [content])

    return insert


def repeat(workers: int, seconds: float, make: Callable[[], Callable[[], None]]) -> Outcome:
    """Do something again and again, ``workers`` at once, and return how long each time took."""
    outcome = Outcome()
    doers = [make() for _ in range(workers)]
    began = time.perf_counter()

    def work(do: Callable[[], None]) -> None:
        while (start := time.perf_counter()) - began < seconds:
            do()
            outcome.times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=work, args=(do,)) for do in doers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.elapsed = time.perf_counter() - began
    return outcome


@contextmanager
def serving() -> Iterator[Site]:
    """Run the web server as production does."""
    site = Site("bench_intake_web")
    site.environment = dict(os.environ)
    try:
        site.start_web()
        site.wait("/healthz")
        yield site
    finally:
        site.stop()
