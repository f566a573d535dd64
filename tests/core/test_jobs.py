"""The job ledger: attempts, dead letters, retries, and the pages that show them."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone

from core import jobs
from core.errors import Problem
from core.models import Job
from core.policy import SYSTEM
from tests.cast import Cast

CALLS: list[dict[str, Any]] = []


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Register kinds of jobs that only these tests know, and tell no worker."""
    CALLS.clear()

    def works(progress: jobs.Progress, **arguments: Any) -> dict[str, Any]:
        progress.tell(1, 2, "half-way")
        CALLS.append(arguments)
        return {"url": "/o/caucasus/areas/"}

    def breaks(progress: jobs.Progress, **arguments: Any) -> None:
        CALLS.append(arguments)
        raise RuntimeError("the disk is on fire")

    def refuses(progress: jobs.Progress, **arguments: Any) -> None:
        raise Problem("invalid")

    jobs.HANDLERS |= {"test.works": works, "test.breaks": breaks, "test.refuses": refuses}
    jobs.FAILURES["test.breaks"] = lambda **facts: CALLS.append({"failed": facts["error"]})
    yield
    for kind in ("test.works", "test.breaks", "test.refuses"):
        del jobs.HANDLERS[kind]
    del jobs.FAILURES["test.breaks"]


def make(kind: str, cast: Cast, **changes: Any) -> Job:
    """Write a job of Anna's into the ledger."""
    return Job.objects.create(
        kind=kind, title="Test", operation=cast.operation, created_by=cast.anna, **changes
    )


def test_a_job_ends_with_its_result(cast: Cast) -> None:
    job = make("test.works", cast, arguments={"number": 7})
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.percent) == ("done", 1, 100)
    assert job.result_url == "/o/caucasus/areas/"
    assert CALLS == [{"number": 7}]


def test_a_result_never_leads_to_another_site(cast: Cast) -> None:
    for url in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert make("test.works", cast, result={"url": url}).result_url == ""


def test_a_message_that_comes_twice_does_the_work_once(cast: Cast) -> None:
    job = make("test.works", cast)
    jobs.run(str(job.pk))
    jobs.run(str(job.pk))
    assert len(CALLS) == 1


def test_a_job_under_lease_is_left_alone(cast: Cast) -> None:
    soon = timezone.now() + datetime.timedelta(seconds=20)
    job = make("test.works", cast, state="running", attempts=1, lease_until=soon)
    jobs.run(str(job.pk))
    assert CALLS == []


def test_three_failing_attempts_lead_to_a_dead_letter_that_is_told_once(cast: Cast) -> None:
    job = make("test.breaks", cast)
    for _attempt in range(5):
        jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 3)
    assert job.error == "RuntimeError: the disk is on fire"
    assert CALLS == [{}, {}, {}, {"failed": "RuntimeError: the disk is on fire"}]


def test_a_refusal_is_not_tried_again(cast: Cast) -> None:
    job = make("test.refuses", cast)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 1)
    assert "Nothing was saved" in job.error


def test_the_sweeper_ends_what_has_used_all_its_attempts(cast: Cast) -> None:
    past = timezone.now() - datetime.timedelta(seconds=1)
    job = make("test.breaks", cast, state="running", attempts=3, lease_until=past)
    jobs.sweep()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "died 3 times" in job.error


def test_a_dead_broker_fails_no_request(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    with current_app.connection_for_write("redis+socket:///nowhere/redis.sock") as dead:
        monkeypatch.setattr(
            current_app, "send_task", lambda *a, **k: dead.ensure_connection(max_retries=1)
        )
        with django_capture_on_commit_callbacks(execute=True):
            job = jobs.enqueue("test.works", title="Test", actor=SYSTEM)
    assert Job.objects.get(pk=job.pk).state == "queued"


def test_the_same_key_gives_the_same_job(cast: Cast) -> None:
    first = jobs.enqueue("test.works", title="Test", actor=SYSTEM, key="once")
    assert jobs.enqueue("test.works", title="Test", actor=SYSTEM, key="once") == first


def test_a_job_acts_in_the_name_of_who_asked_for_it(cast: Cast) -> None:
    def renames(progress: jobs.Progress) -> None:
        cast.operation.name = "Renamed"
        cast.operation.save()

    jobs.HANDLERS["test.works"] = lambda progress, **arguments: renames(progress)
    job = make("test.works", cast)
    jobs.run(str(job.pk))
    facts = cast.operation.events.latest("pgh_id").pgh_context.metadata
    assert facts == {"user": cast.anna.pk, "job": str(job.pk)}


def test_the_page_offers_a_retry_of_what_failed(cast: Cast, client: Client) -> None:
    job = make("test.breaks", cast, state="failed", attempts=3, error="the disk is on fire")
    client.force_login(cast.anna)
    page = client.get("/o/caucasus/jobs/").content.decode()
    assert "the disk is on fire" in page
    assert "hx-trigger" not in page
    client.post(f"/o/caucasus/jobs/{job.pk}/retry/")
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("queued", 0, "")
    again = client.post(f"/o/caucasus/jobs/{job.pk}/retry/")
    assert again.status_code == 409


def test_the_page_polls_while_something_is_under_way(cast: Cast, client: Client) -> None:
    make("test.works", cast, state="running", done_units=1, total_units=4, message="half-way")
    client.force_login(cast.carmen)
    page = client.get("/o/caucasus/jobs/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert 'value="25"' in page


def test_one_sees_own_jobs_and_a_coordinator_sees_all(cast: Cast, client: Client) -> None:
    job = make("test.works", cast)
    for who, status in (("anna", 200), ("carmen", 200), ("olga", 404), ("outsider", 404)):
        client.force_login(cast.people[who])
        assert client.get(f"/o/caucasus/jobs/{job.pk}/").status_code == status, who
        assert client.get(f"/jobs/{job.pk}/progress/").status_code == status, who


def test_filters_and_search_find_jobs(cast: Cast, client: Client) -> None:
    make("test.works", cast, state="done", message="the finished one")
    client.force_login(cast.carmen)
    assert "No job matches" in client.get("/o/caucasus/jobs/?state=failed").content.decode()
    assert "the finished one" in client.get("/o/caucasus/jobs/?q=ANNA").content.decode()


@pytest.mark.parametrize(
    ("state", "onward", "header", "value"),
    [
        ("running", "/profile/", None, None),
        ("done", "/profile/", "HX-Redirect", "/profile/"),
        ("done", "", "HX-Refresh", "true"),
        ("done", "https://example.org/", "HX-Refresh", "true"),
        ("failed", "/profile/", None, None),
        ("failed", "", "HX-Refresh", "true"),
    ],
)
def test_a_page_that_waits_goes_on_when_the_job_ends(
    state: str, onward: str, header: str | None, value: str | None, cast: Cast, client: Client
) -> None:
    job = make("test.works", cast, state=state)
    client.force_login(cast.anna)
    answer = client.get(f"/jobs/{job.pk}/progress/", {"next": onward} if onward else {})
    sent = {name: answer.get(name) for name in ("HX-Redirect", "HX-Refresh") if name in answer}
    assert sent == ({header: value} if header else {})


def test_a_stranger_who_polls_is_sent_to_sign_in(cast: Cast, client: Client) -> None:
    job = make("test.works", cast, state="running")
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/o/caucasus/jobs/?q=a"}
    answer = client.get(f"/jobs/{job.pk}/progress/", headers=headers)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login/?next=/o/caucasus/jobs/%3Fq%3Da"
