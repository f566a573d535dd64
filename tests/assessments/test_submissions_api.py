"""Submissions over REST: who reads what, files by form, decisions by tokens that may write."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments import review
from assessments.models import ReviewDecision, Submission
from core import tokens
from core.api.throttles import Throttle
from tests.assessments.records import Records, release

URL = "/api/v1/submissions/"
READERS = {
    "olga": {"olgas"},
    "tigran": {"olgas"},
    "carmen": {"olgas", "farids"},
    "nils": {"farids"},
    "paula": set(),
    "oscar": set(),
}


def bearer(records: Records, who: str, *scopes: str) -> dict[str, str]:
    """Return the header of a token."""
    _, secret = tokens.make(
        records.cast.operation,
        actor=records.cast.actor(who),
        name="test",
        scopes=list(scopes) or ["read"],
        days=1,
    )
    return {"Authorization": f"Bearer {secret}"}


def url_of(row: Submission, name: str = "") -> str:
    """Return the address of one submission."""
    return f"{URL}{row.uid}/{name}"


def post(client: Client, url: str, body: Any, headers: dict[str, str]) -> Any:
    """Send JSON."""
    return client.post(url, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("who", sorted(READERS))
def test_a_token_reads_what_its_owner_reads(who: str, records: Records, client: Client) -> None:
    headers = bearer(records, who)
    answer = client.get(URL, headers=headers)
    rows = {"olgas": records.olgas, "farids": records.farids}
    expected = {str(rows[name].uid) for name in READERS[who]}
    assert {row["uid"] for row in answer.json()["results"]} == expected
    for name, row in rows.items():
        status = 200 if name in READERS[who] else 404
        assert client.get(url_of(row), headers=headers).status_code == status
        assert client.get(url_of(row, "record.xml"), headers=headers).status_code == status


def test_outside_the_operation_nothing_exists(records: Records, client: Client) -> None:
    client.force_login(records.cast.outsider)
    assert client.get(URL).json()["results"] == []
    assert client.get(f"{URL}?operation=caucasus").status_code == 404
    assert client.get(url_of(records.olgas)).status_code == 404


def test_a_partner_reads_what_was_released_and_no_more(records: Records, client: Client) -> None:
    release(records.olgas)
    headers = bearer(records, "paula")
    (row,) = client.get(URL, headers=headers).json()["results"]
    assert row["answers"] == {"house/damage": "heavy"}
    assert (row["longitude"], row["latitude"]) == records.area.centre.coords
    assert not {"submitted_by", "device_id", "instance_id"} & set(row)
    document = client.get(url_of(records.olgas), headers=headers).json()
    assert {"files", "decisions"}.isdisjoint(document)
    assert [member["answers"] for member in document["repeats"]] == [{}, {}]
    assert client.get(url_of(records.olgas, "record.xml"), headers=headers).status_code == 403
    found = client.get(f"{URL}?q=stove", headers=headers)
    assert found.json()["results"] == []


def test_one_record_comes_with_members_and_decisions(records: Records, client: Client) -> None:
    review.decide(records.olgas, "approve", actor=records.cast.actor("tigran"))
    client.force_login(records.cast.anna)
    document = client.get(url_of(records.olgas)).json()
    assert document["answers"]["house/people"] == 4
    assert [member["answers"]["member/age"] for member in document["repeats"]] == [34, 5]
    (decision,) = document["decisions"]
    assert (decision["action"], decision["by"]) == ("approve", "tigran")
    assert document["seen"] == decision["id"]


def test_a_form_comes_as_a_file(records: Records, client: Client) -> None:
    client.force_login(records.cast.carmen)
    answer = client.get(f"{URL}?form=rapid&format=csv&heads=labels")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["Damage"] for row in rows] == ["Heavy damage", "No damage"]
    answer = client.get(f"{URL}members/?form=rapid&repeat=member&format=csv")
    assert b"34" in b"".join(answer.streaming_content)
    members = client.get(f"{URL}members/?form=rapid&repeat=member").json()["results"]
    assert [row["member/sex"] for row in members] == ["f", "m"]


@pytest.mark.parametrize(
    "query",
    [
        "fields=user__password",
        "ordering=-submitted_by__password",
        "state=lost",
        "area=nowhere",
        "limit=1001",
        "limit=-1",
        "cursor=abc",
        "q=%00",
        "format=exe",
        "format=csv&heads=wide",
        "since=tomorrow",
        "updated_since=never",
        "access_token=x",
        "organisation=nobody",
    ],
)
def test_what_cannot_be_used_is_refused(query: str, records: Records, client: Client) -> None:
    client.force_login(records.cast.carmen)
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["how"]


def test_a_token_in_an_address_is_refused_and_says_so(records: Records, client: Client) -> None:
    secret = bearer(records, "carmen")["Authorization"].split()[1]
    answer = client.get(f"{URL}?q={secret}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "token_in_address"


def test_a_reading_token_decides_nothing(records: Records, client: Client) -> None:
    url = url_of(records.olgas, "decisions/")
    answer = post(client, url, {"action": "approve"}, bearer(records, "carmen"))
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only_token")
    assert not ReviewDecision.objects.exists()


def test_a_writing_token_decides_and_undoes(records: Records, client: Client) -> None:
    headers = bearer(records, "carmen", "read", "write")
    uids = [str(records.olgas.uid), str(records.farids.uid), str(uuid.uuid4())]
    answer = post(client, f"{URL}decisions/", {"action": "approve", "uids": uids}, headers).json()
    assert (answer["decided"], answer["skipped"]) == (2, 1)
    undone = post(client, f"{URL}decisions/{answer['batch']}/undo/", {}, headers)
    assert undone.json()["decided"] == 2
    again = post(client, f"{URL}decisions/{answer['batch']}/undo/", {}, headers)
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_undo")


@pytest.mark.parametrize(
    ("who", "row", "status"),
    [("olga", "olgas", 403), ("nils", "olgas", 404), ("nils", "farids", 200)],
)
def test_decisions_follow_the_policy(
    who: str, row: str, status: int, records: Records, client: Client
) -> None:
    headers = bearer(records, who, "read", "write")
    url = url_of(getattr(records, row), "decisions/")
    assert post(client, url, {"action": "approve"}, headers).status_code == status


def test_a_stale_decision_is_a_conflict(records: Records, client: Client) -> None:
    review.decide(records.olgas, "start_review", actor=records.cast.actor("tigran"))
    headers = bearer(records, "anna", "read", "write")
    body = {"action": "approve", "seen": 0}
    answer = post(client, url_of(records.olgas, "decisions/"), body, headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "review_stale")
    assert "Tigran" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "delete"},
        {"action": "flag"},
        {"action": "approve", "seen": "x"},
        {"action": "approve", "seen": 10**30},
        {"action": "flag", "reason": "\ud800"},
        {"action": "flag", "reason": "a\0b"},
        [],
        "approve",
    ],
)
def test_a_body_that_cannot_be_used_is_refused(body: Any, records: Records, client: Client) -> None:
    headers = bearer(records, "carmen", "read", "write")
    answer = post(client, url_of(records.olgas, "decisions/"), body, headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 100_000, "{", "\xff", "NaN", '{"action": Infinity}', ""]
)
def test_json_that_is_none_is_refused(body: str, records: Records, client: Client) -> None:
    headers = bearer(records, "carmen", "read", "write")
    url = url_of(records.olgas, "decisions/")
    raw = body.encode("latin-1")
    answer = client.post(url, raw, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_session_needs_the_pages_protection(records: Records) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(records.cast.carmen)
    url = url_of(records.olgas, "decisions/")
    answer = post(client, url, {"action": "approve"}, {})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_other_methods_and_types_are_refused(records: Records, client: Client) -> None:
    headers = bearer(records, "carmen", "read", "write")
    assert client.delete(URL, headers=headers).status_code == 405
    url = url_of(records.olgas, "decisions/")
    answer = client.post(url, "a=1", content_type="text/plain", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


def test_too_many_requests_are_told_to_wait(
    records: Records, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setattr(Throttle, "rate", "2/min", raising=False)
    headers = bearer(records, "carmen")
    answers = [client.get(URL, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert answers[2].json()["code"] == "too_many_requests"
    cache.clear()


def test_an_unchanged_record_is_not_sent_again(records: Records, client: Client) -> None:
    client.force_login(records.cast.carmen)
    for url in (URL, url_of(records.olgas)):
        etag = client.get(url).headers["ETag"]
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    etag = client.get(url_of(records.olgas)).headers["ETag"]
    review.decide(records.olgas, "approve", actor=records.cast.actor("carmen"))
    answer = client.get(url_of(records.olgas), headers={"If-None-Match": etag})
    assert answer.status_code == 200


def test_what_changed_is_found_by_its_time(records: Records, client: Client) -> None:
    client.force_login(records.cast.carmen)
    assert len(client.get(f"{URL}?updated_since=2020-11-01").json()["results"]) == 2
    assert client.get(f"{URL}?updated_since=2999-01-01T00:00:00Z").json()["results"] == []


def test_a_page_asks_the_database_a_fixed_number_of_times(records: Records, client: Client) -> None:
    headers = bearer(records, "carmen")
    client.get(URL, headers=headers)
    with CaptureQueriesContext(connection) as few:
        client.get(URL, headers=headers)
    for _ in range(20):
        records.send("farid", "IFRC")
    with CaptureQueriesContext(connection) as many:
        client.get(URL, headers=headers)
    assert len(many) == len(few) <= 20


def test_pages_of_records_follow_each_other(records: Records, client: Client) -> None:
    for _ in range(9):
        records.send("farid", "IFRC")
    client.force_login(records.cast.carmen)
    seen, url = [], f"{URL}?limit=4&organisation=IFRC"
    while url:
        page = client.get(url).json()
        seen += [row["uid"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 10
