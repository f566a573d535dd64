"""The promise of the job ledger: kill what you like, each job ends once, and visibly.

Real worker and scheduler processes work on the test's database. The first test keeps the product's
own times (a lease of 30 seconds, a sweep each 20); the others take a fifth of them.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection

from core import env, jobs
from core.models import Job, Operation
from core.policy import SYSTEM

ROOT = Path(__file__).resolve().parents[2]
PROMISE = 60.0
SHORT_LEASE = "6"
# One broker database for each of pytest's parallel processes, away from the sites' (9).
BROKER = 10 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 5


class Workers:
    """A worker and a scheduler on the test's database and a broker database of their own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.redis_url = f"{settings.REDIS_URL.partition('?')[0]}?db={BROKER}"
        self.programs: dict[str, subprocess.Popen[bytes]] = {}
        parts = connection.get_connection_params()
        options = "&".join(
            f"{key}={quote(str(parts[key]))}" for key in ("host", "port") if parts.get(key)
        )
        user = quote(str(parts.get("user", "")))
        secret = quote(str(parts.get("password", "")))
        who = f"{user}:{secret}" if secret else user
        self.environment = os.environ | {
            "TESSERA_DATABASE_URL": f"postgresql://{who}@/{parts['dbname']}?{options}",
            "TESSERA_REDIS_URL": self.redis_url,
            "TESSERA_DATA_DIR": str(folder),
        }

    def hurry(self) -> None:
        """Let what starts from now on hand jobs on after a fifth of the usual time."""
        self.environment["TESSERA_JOB_LEASE"] = SHORT_LEASE

    def start(self, name: str) -> None:
        """Start ``worker`` or ``beat`` in a process group of its own."""
        wanted = {
            "worker": [
                "core.celery:app",
                "worker",
                "--concurrency=1",
                "--include=tests.faults.handlers",
            ],
            "beat": ["core.beat:app", "beat", "--pidfile=", f"--schedule={self.folder / 'beat'}"],
        }[name]
        command = [sys.executable, "-m", "celery", "--quiet", "--app"]
        log = (self.folder / f"{name}.log").open("ab")
        self.programs[name] = subprocess.Popen(  # noqa: S603
            [*command, *wanted, "--loglevel=info"],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """Kill a program and all its children with -9."""
        program = self.programs.pop(name)
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()

    def child(self) -> int:
        """Return the process that does the worker's jobs."""
        parent = self.programs["worker"].pid
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return int(listed.split()[0])

    def forget(self) -> None:
        """Empty the broker, as a restart without persistence does."""
        redis.Redis.from_url(self.redis_url).flushdb()

    def logs(self) -> str:
        """Return the ends of the logs, for a failing test."""
        return "\n".join(path.read_text()[-3000:] for path in self.folder.glob("*.log"))


@pytest.fixture
def workers(
    transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workers]:
    """Give programs that are stopped at the end; jobs enqueued here go to their broker."""
    running = Workers(tmp_path)
    running.forget()
    broker = env.celery_broker(running.redis_url)
    with current_app.connection_for_write(broker) as theirs:
        publish = current_app.send_task
        monkeypatch.setattr(
            current_app,
            "send_task",
            lambda *args, **options: publish(*args, connection=theirs, **options),
        )
        yield running
    for name in list(running.programs):
        running.kill(name)
    running.forget()


def until(met: Callable[[], bool], workers: Workers, seconds: float) -> float:
    """Wait until something holds; return how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if met():
            return time.monotonic() - began
        time.sleep(0.1)
    rows = list(Job.objects.values("kind", "state", "attempts", "error", "lease_until"))
    raise AssertionError(f"not within {seconds} s: {rows}\n{workers.logs()}")


def enqueue(kind: str, **arguments: object) -> Job:
    """Ask for a job as the system."""
    return jobs.enqueue(kind, title=kind, actor=SYSTEM, **arguments)


def state(job: Job) -> str:
    """Return a job's state now."""
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_killing_the_whole_worker_leads_to_one_finished_result_within_a_minute(
    workers: Workers,
) -> None:
    """Fault 7: the whole worker is killed; its job runs again within lease and sweep."""
    job = enqueue("fault.slow", seconds=2)
    workers.start("beat")
    workers.start("worker")
    until(lambda: Job.objects.get(pk=job.pk).done_units > 2, workers, 30)
    workers.kill("worker")
    workers.start("worker")
    until(lambda: state(job) == Job.State.DONE, workers, PROMISE)
    job.refresh_from_db()
    assert (job.attempts, job.result_url) == (2, "/done/")
    assert Operation.objects.filter(slug=f"made-{job.pk}").count() == 1


def test_killing_the_child_that_works_leads_to_one_finished_result(workers: Workers) -> None:
    """Fault 6: the process that works is killed; the job runs again, with one result."""
    workers.hurry()
    job = enqueue("fault.slow", seconds=2)
    workers.start("beat")
    workers.start("worker")
    until(lambda: Job.objects.get(pk=job.pk).done_units > 2, workers, 30)
    os.kill(workers.child(), signal.SIGKILL)
    until(lambda: state(job) == Job.State.DONE, workers, PROMISE)
    assert Operation.objects.filter(slug=f"made-{job.pk}").count() == 1


def test_three_failing_attempts_lead_to_a_visible_dead_letter(workers: Workers) -> None:
    workers.hurry()
    job = enqueue("fault.breaks")
    workers.start("worker")
    until(lambda: state(job) == Job.State.FAILED, workers, PROMISE)
    job.refresh_from_db()
    assert (job.attempts, job.error) == (3, "RuntimeError: this never works")


def test_a_job_that_kills_its_worker_ends_and_lets_others_pass(workers: Workers) -> None:
    """Fault 8: a job kills its worker each time: three attempts, then a dead letter."""
    workers.hurry()
    poison = enqueue("fault.poison")
    workers.start("beat")
    workers.start("worker")
    until(lambda: Job.objects.get(pk=poison.pk).attempts == 1, workers, 30)
    other = enqueue("fault.quick", number=1)
    until(lambda: state(other) == Job.State.DONE, workers, 30)
    until(lambda: state(poison) == Job.State.FAILED, workers, 4 * PROMISE)
    poison.refresh_from_db()
    assert poison.attempts == 3
    assert "died 3 times" in poison.error


def test_a_job_that_takes_too_long_ends_with_its_reason_and_without_its_files(
    workers: Workers, tmp_path: Path
) -> None:
    """Fault 9: a job that hears nothing is over when its time is, and others are done."""
    workers.hurry()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    workers.environment |= {"TESSERA_JOB_SECONDS": "5", "TMPDIR": str(scratch)}
    job, other = enqueue("fault.endless"), enqueue("fault.quick", number=1)
    workers.start("beat")
    workers.start("worker")
    until(lambda: [*scratch.glob("tessera-job-*/*")] != [], workers, 30)
    until(lambda: state(job) == Job.State.FAILED, workers, 30)
    until(lambda: state(other) == Job.State.DONE, workers, PROMISE)
    job.refresh_from_db()
    assert (job.attempts, job.error[:30]) == (1, "It took longer than 1 minute a")
    assert [*scratch.glob("tessera-job-*")] == []


def test_an_emptied_broker_loses_no_job(workers: Workers) -> None:
    """Fault 5: the broker is emptied with a hundred jobs waiting; the sweeper hands on all."""
    workers.hurry()
    asked = [enqueue("fault.quick", number=number) for number in range(100)]
    workers.forget()
    workers.start("beat")
    workers.start("worker")
    done = Job.objects.filter(state=Job.State.DONE, attempts=1)
    until(lambda: done.count() == len(asked), workers, PROMISE)
    assert [Job.objects.get(pk=job.pk).result for job in asked] == [
        {"number": number} for number in range(100)
    ]


def test_a_second_scheduler_does_no_work_twice(workers: Workers) -> None:
    """Fault 10: two schedulers run; what was asked for once is done once."""
    workers.hurry()
    workers.start("beat")
    workers.programs["first beat"] = workers.programs.pop("beat")
    workers.start("beat")
    job = enqueue("fault.slow", seconds=1)
    for _again in range(5):
        jobs.publish(job.pk)
    workers.start("worker")
    until(lambda: state(job) == Job.State.DONE, workers, PROMISE)
    time.sleep(2)
    job.refresh_from_db()
    assert job.attempts == 1
    assert Operation.objects.filter(slug=f"made-{job.pk}").count() == 1
