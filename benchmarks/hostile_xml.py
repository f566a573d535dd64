"""How soon hostile XML is refused: by the reader alone, and over HTTP with its transport."""

import http.client
import time
from collections.abc import Callable

from assessments import intake, xml
from benchmarks.intake import BOUNDARY, HEAD, TOKEN, prepare, serving
from core.errors import Problem
from tests.assessments.hostile import HOSTILE

Report = Callable[..., None]
TRIES = 5


def measure(report: Report) -> None:
    """Print the median time of each kind's refusal, in ms."""
    for name, content in HOSTILE.items():
        report(f"refusing {name}", median(lambda content=content: refuse(content)), "ms", "≤ 50")
    version, cookie = prepare()
    with serving() as site:
        address = f"/field/api/forms/{version.pk}/submissions"
        for name, content in HOSTILE.items():
            post = poster(site.port, address, cookie, content)
            megabytes = len(content) / 1_000_000
            report(f"over HTTP, {name} ({megabytes:.1f} MB)", median(post), "ms")


def median(act: Callable[[], None]) -> float:
    """Return the median of some tries, in ms."""
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - began))
    return sorted(times)[TRIES // 2]


def refuse(content: bytes) -> None:
    """Have a record refused as intake does."""
    try:
        xml.parse(content, most_bytes=intake.MOST_XML)
    except Problem:
        return
    raise AssertionError("it was taken")


def poster(port: int, address: str, cookie: str, content: bytes) -> Callable[[], None]:
    """Return a function that sends a record and has it refused."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Cookie": cookie,
        "X-CSRFToken": TOKEN,
    }
    body = f"--{BOUNDARY}\r\n{HEAD}\r\n\r\n".encode() + content + f"\r\n--{BOUNDARY}--".encode()

    def post() -> None:
        link.request("POST", address, body, headers)
        answer = link.getresponse()
        answer.read()
        assert answer.status in {400, 413}, answer.status

    return post
