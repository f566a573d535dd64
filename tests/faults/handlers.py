"""Kinds of jobs that only the fault tests know; their worker is told to include this module."""

import os
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from core import jobs
from core.models import Operation


@jobs.handler("fault.slow")
def slow(progress: jobs.Progress, *, seconds: float) -> dict[str, Any]:
    """Work for a while, telling how far it is, and leave one mark at the end."""
    steps = int(seconds * 10)
    for step in range(steps):
        progress.tell(step, steps)
        time.sleep(0.1)
    Operation.objects.create(
        slug=f"made-{progress.job.pk}",
        name="Made by a job",
        countries=["ARM"],
        languages=["en"],
        starts_on="2020-11-23",
    )
    return {"url": "/done/"}


@jobs.handler("fault.quick")
def quick(progress: jobs.Progress, *, number: int) -> dict[str, Any]:
    """Do next to nothing."""
    return {"number": number}


@jobs.handler("fault.breaks")
def breaks(progress: jobs.Progress) -> None:
    """Fail each time."""
    raise RuntimeError("this never works")


@jobs.handler("fault.poison")
def poison(progress: jobs.Progress) -> None:
    """Kill the process that does it, each time."""
    os.kill(os.getpid(), signal.SIGKILL)


@jobs.handler("fault.endless")
def endless(progress: jobs.Progress) -> None:
    """Write a temporary file, and hear nothing more."""
    Path(tempfile.mkstemp()[1]).write_text("half of a report")
    while True:
        with suppress(Exception):
            time.sleep(0.1)
