"""The submissions' pages as the cast meets them: who sees what, decisions, exports, counts."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import ReviewDecision, Submission, SubmissionFile
from core.models import Job
from tests.assessments.records import RUSSIAN, Records, release

SEEN_BY = {
    "olga": {"olgas"},
    "tigran": {"olgas"},
    "anna": {"olgas", "farids"},
    "carmen": {"olgas", "farids"},
    "farid": {"farids"},
    "leyla": {"farids"},
    "nils": {"farids"},
    "paula": set(),
    "oscar": set(),
    "lars": set(),
}


def ids_on(page: bytes, records: Records) -> set[str]:
    """Return which of the two submissions a page shows."""
    rows = {"olgas": records.olgas, "farids": records.farids}
    return {name for name, row in rows.items() if f'data-pk="{row.pk}"' in page.decode()}


def state(row: Submission) -> str:
    """Return a submission's state as the database has it."""
    return Submission.objects.get(pk=row.pk).state


@pytest.mark.parametrize("who", sorted(SEEN_BY))
def test_everybody_sees_their_own_part(who: str, records: Records, client: Client) -> None:
    client.force_login(records.cast.people[who])
    answer = client.get(records.url())
    assert answer.status_code == 200
    assert ids_on(answer.content, records) == SEEN_BY[who]
    for name in ("olgas", "farids"):
        row = getattr(records, name)
        expected = 200 if name in SEEN_BY[who] else 404
        assert client.get(records.url(f"{row.pk}/")).status_code == expected
        assert client.get(records.url(f"{row.pk}/xml/")).status_code == expected
        assert client.get(records.url(f"{row.pk}/record.xml")).status_code == expected


def test_outside_the_operation_nothing_exists(records: Records, client: Client) -> None:
    client.force_login(records.cast.outsider)
    for name in ("", "export/", f"{records.olgas.pk}/", f"{records.olgas.pk}/record.xml"):
        assert client.get(records.url(name)).status_code == 404
    answer = client.post(records.url("review/"), {"action": "approve", "id": records.olgas.pk})
    assert answer.status_code == 404


def test_a_partner_sees_a_released_record_without_what_is_restricted(
    records: Records, client: Client
) -> None:
    release(records.olgas)
    client.force_login(records.cast.paula)
    assert ids_on(client.get(records.url()).content, records) == {"olgas"}
    page = client.get(records.url(f"{records.olgas.pk}/")).content.decode()
    assert "Heavy damage" in page
    for hidden in ("no stove", "39.5678", "Olga", records.olgas.xml_sha256, "Age"):
        assert hidden not in page
    assert client.get(records.url(f"{records.olgas.pk}/record.xml")).status_code == 403
    history = f"/o/caucasus/history/assessments.Submission/{records.olgas.pk}/"
    assert client.get(history).status_code == 403
    found = client.get(records.url(), {"q": "stove"})
    assert ids_on(found.content, records) == set()


def test_an_officer_sees_what_came_back_and_why(records: Records, client: Client) -> None:
    client.force_login(records.cast.tigran)
    url = records.url(f"{records.olgas.pk}/review/")
    client.post(url, {"action": "flag", "reason": "Count the children too."})
    client.force_login(records.cast.olga)
    page = client.get(records.url()).content.decode()
    assert "came back to be corrected" in page
    assert "Count the children too." in page
    detail = client.get(records.url(f"{records.olgas.pk}/")).content.decode()
    assert "Count the children too." in detail
    assert 'value="approve"' not in detail


def test_answers_are_read_in_the_language_of_ones_choice(records: Records, client: Client) -> None:
    client.force_login(records.cast.anna)
    url = records.url(f"{records.olgas.pk}/")
    assert "Damage" in client.get(url).content.decode()
    assert "Ущерб" in client.get(url, {"language": RUSSIAN}).content.decode()
    page = client.get(records.url(), {"column": ["house/damage", "member"]}).content.decode()
    assert "Heavy damage" in page
    assert "Female" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "stove"}, {"olgas", "farids"}),
        ({"q": "none"}, {"farids"}),
        ({"organisation": "IFRC"}, {"farids"}),
        ({"area": "AZ01"}, {"olgas"}),
        ({"area": "agdam"}, {"olgas"}),
        ({"state": "approved"}, set()),
        ({"state": "waiting"}, {"olgas", "farids"}),
        ({"form": "rapid", "version": "1"}, {"olgas", "farids"}),
        ({"version": "2"}, set()),
        ({"since": "2001-01-01", "until": "2001-01-02"}, set()),
        ({"flag": "files"}, {"olgas"}),
        ({"mine": "on"}, set()),
        ({"test": "on"}, set()),
    ],
)
def test_filters_live_in_the_address(
    query: dict[str, str], found: set[str], records: Records, client: Client
) -> None:
    SubmissionFile.objects.create(submission=records.olgas, file_name="roof.jpg")
    client.force_login(records.cast.carmen)
    answer = client.get(records.url(), query)
    assert ids_on(answer.content, records) == found
    assert "chip-clear" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"area": "nowhere"},
        {"state": "lost"},
        {"since": "yesterday"},
        {"form": "x' OR 1=1"},
        {"q": "a\0b"},
        {"organisation": "99999999999999999999"},
        {"sort": "user__password"},
    ],
)
def test_a_filter_that_cannot_be_used_is_said(
    query: dict[str, str], records: Records, client: Client
) -> None:
    client.force_login(records.cast.carmen)
    answer = client.get(records.url(), query)
    assert answer.status_code == 200
    if "sort" not in query:
        assert 'role="alert"' in answer.content.decode()
        assert client.get(records.url("export/"), query).status_code == 400


def test_many_are_approved_and_undone_again(records: Records, client: Client) -> None:
    client.force_login(records.cast.carmen)
    ids = [records.olgas.pk, records.farids.pk]
    page = client.post(records.url("review/"), {"action": "approve", "id": ids}, follow=True)
    assert "2 submissions approved." in page.content.decode()
    batch = ReviewDecision.objects.first().batch
    assert str(batch) in page.content.decode()
    shown = client.get(records.url(f"review/{batch}/"))
    assert "Undo 2 decisions" in shown.content.decode()
    client.post(records.url(f"review/{batch}/"))
    states = set(Submission.objects.values_list("state", flat=True))
    assert states == {"received"}


def test_all_that_match_are_decided(records: Records, client: Client) -> None:
    client.force_login(records.cast.carmen)
    sent = {"action": "approve", "all": "1", "query": "organisation=IFRC"}
    client.post(records.url("review/"), sent)
    assert (state(records.olgas), state(records.farids)) == ("received", "approved")


def test_very_many_are_decided_by_a_job(
    records: Records, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.review_jobs.AT_ONCE", 1)
    client.force_login(records.cast.carmen)
    answer = client.post(records.url("review/"), {"action": "approve", "all": "1"})
    job = Job.objects.get()
    assert str(job.pk) in answer.headers["Location"]
    assert job.title == "Approve 2 submissions"
    assert sorted(job.arguments["ids"]) == sorted([records.olgas.pk, records.farids.pk])


def test_a_reason_is_asked_for_and_nothing_is_lost(records: Records, client: Client) -> None:
    client.force_login(records.cast.carmen)
    sent = {"action": "reject", "id": [records.olgas.pk], "query": "sort=area"}
    page = client.post(records.url("review/"), sent)
    content = page.content.decode()
    assert "Reject 1 submission" in content
    assert f'name="id" value="{records.olgas.pk}"' in content
    again = client.post(records.url("review/"), sent | {"reason": " ", "confirmed": "1"})
    assert 'role="alert"' in again.content.decode()
    done = client.post(records.url("review/"), sent | {"reason": "Twice the same."})
    assert done.headers["Location"].endswith("?sort=area")
    assert state(records.olgas) == "rejected"


def test_the_second_reviewer_gets_a_page_that_says_so(records: Records, client: Client) -> None:
    url = records.url(f"{records.olgas.pk}/review/")
    client.force_login(records.cast.tigran)
    client.post(url, {"action": "approve", "seen": "0"})
    client.force_login(records.cast.anna)
    answer = client.post(url, {"action": "reject", "reason": "No.", "seen": "0"})
    assert answer.status_code == 409
    assert "Tigran" in answer.content.decode()


def read_csv(answer: Any) -> list[dict[str, str]]:
    """Return the rows of a streamed CSV file."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_an_export_has_what_the_filters_find(records: Records, client: Client) -> None:
    client.force_login(records.cast.carmen)
    sent = {"format": "csv", "form": "rapid", "organisation": "OCHA"}
    (row,) = read_csv(client.get(records.url("export/"), sent))
    assert row["uid"] == str(records.olgas.uid)
    assert (row["house/damage"], row["house/people"], row["area_pcode"]) == ("heavy", "4", "AZ01")
    (worded,) = read_csv(client.get(records.url("export/"), sent | {"heads": "labels"}))
    assert (worded["Damage"], worded["People"]) == ("Heavy damage", "4")
    members = read_csv(client.get(records.url("export/"), sent | {"repeat": "member"}))
    assert [row["member/age"] for row in members] == ["34", "5"]
    assert {row["submission"] for row in members} == {str(records.olgas.uid)}


def test_a_partners_export_is_coarse(records: Records, client: Client) -> None:
    release(records.olgas)
    client.force_login(records.cast.paula)
    (row,) = read_csv(client.get(records.url("export/"), {"format": "csv", "form": "rapid"}))
    assert row["house/damage"] == "heavy"
    assert not {"house/remarks", "house/people", "submitted_by", "device_id"} & set(row)
    centre = records.area.centre
    assert (float(row["longitude"]), float(row["latitude"])) == (centre.x, centre.y)
    answer = client.get(records.url("export/"), {"format": "geojson", "form": "rapid"})
    feature = json.loads(b"".join(answer.streaming_content))["features"][0]
    assert feature["geometry"]["coordinates"] == [centre.x, centre.y]


@pytest.mark.parametrize("name", ["csv", "xlsx", "json", "geojson", "hxl"])
def test_every_format_comes_with_and_without_rows(
    name: str, records: Records, client: Client
) -> None:
    client.force_login(records.cast.carmen)
    for query in ({}, {"state": "approved"}, {"repeat": "member"}):
        answer = client.get(records.url("export/"), {"format": name, **query})
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)


def test_the_table_asks_the_database_a_fixed_number_of_times(
    records: Records, client: Client
) -> None:
    client.force_login(records.cast.carmen)
    columns = {"column": ["house/damage", "house/people", "member"]}
    client.get(records.url(), columns)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(records.url(), columns)
    for _ in range(20):
        records.send("farid", "IFRC")
    with CaptureQueriesContext(connection) as many:
        client.get(records.url(), columns)
    assert len(many) == len(few) <= 35
