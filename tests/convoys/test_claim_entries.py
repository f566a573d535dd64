"""Claims by file and by program: previewed, recorded once, and refused by row and column."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from convoys.models import Claim, Convoy
from core.models import TableImport
from tests.cast import Cast

KEY = "7b0d6c2e-1c1b-4f0e-9a57-0b2f5f3f9d11"
TABLE = """convoys,attribute,value,upper,unit,source,published_on
First convoy,cargo,45,,t,Armenews,2020-11-21
First convoy,arrived,2020-11-20,2020-11-21,,Armradio,
First convoy; Second convoy,cargo,345000,,kg,Armenews,
Second convoy,cargo,300,,,Armradio,
Second convoy,colour,red,,,Armradio,
"""


@pytest.fixture
def lars(cast: Cast) -> Client:
    """Give a logistics officer's client."""
    client = Client()
    client.force_login(cast.lars)
    return client


def send(client: Client, body: Any, key: str = "") -> Any:
    """POST a claim."""
    headers = {"Idempotency-Key": key} if key else {}
    path = "/api/v1/claims/"
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def claim(**facts: Any) -> dict[str, Any]:
    """Return a body that can be sent."""
    return {
        "convoys": ["First convoy"],
        "attribute": "cargo",
        "value": "45",
        "unit": "t",
        "source": "Armenews",
    } | facts


def test_a_claim_posted_twice_is_recorded_once(lars: Client) -> None:
    first, second = send(lars, claim(), KEY), send(lars, claim(), KEY)
    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.json()["id"], first.json()["low"]) == (KEY, 45_000)
    assert send(lars, claim(value="46"), KEY).json()["code"] == "claim_conflict"
    assert (Claim.objects.count(), Convoy.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"unit": ""}, "unit"),
        ({"value": "many"}, "value"),
        ({"value": "-1"}, "value"),
        ({"upper": "40"}, "value"),
        ({"attribute": "colour"}, "attribute"),
        ({"convoys": []}, "convoys"),
        ({"attribute": "arrived", "value": "Friday"}, "value"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
    ],
)
def test_what_is_no_claim_is_named(lars: Client, facts: Any, where: str) -> None:
    answer = send(lars, claim(**facts))
    assert answer.status_code == 400
    assert where in [one["where"] for one in answer.json()["errors"]]
    assert (Claim.objects.count(), Convoy.objects.count()) == (0, 0)


def test_what_is_wrong_is_said_in_words_with_its_place(cast: Cast, lars: Client) -> None:
    for body, where, words in (
        ([claim()], "", "Expected a dictionary"),
        (claim(source="a\0b"), "source", "Null characters"),
        (claim(convoys=["First", "x" * 201]), "convoys.1", "no more than 200"),
        (claim(published_on="2020-13-01"), "published_on", "Date has wrong format"),
        (claim(value="1,200"), "value", "two ways"),
        (claim(values="45"), "values", "Not known. Use one of: convoys, attribute, value"),
    ):
        (found,) = send(lars, body).json()["errors"]
        assert (found["where"], words in found["message"]) == (where, True), found
        assert "ErrorDetail" not in found["message"]
    assert send(lars, claim(low=7, about="a column of the table")).status_code == 400
    assert send(lars, claim(low=7, withdrawn_at=None)).status_code == 201
    Claim.objects.all().delete()
    client = Client()
    client.force_login(cast.lars)
    path = "/api/v1/claims/?operation=elsewhere"
    answer = client.post(path, json.dumps(claim()), content_type="application/json")
    assert answer.status_code == 404
    assert not Claim.objects.exists()


def test_only_those_who_report_convoys_post_claims(cast: Cast) -> None:
    for who, status in (("olga", 403), ("paula", 403), ("aida", 201)):
        client = Client()
        client.force_login(cast.people[who])
        assert send(client, claim()).status_code == status, who


def test_a_file_is_previewed_row_by_row_and_recorded_once(cast: Cast, lars: Client) -> None:
    file = SimpleUploadedFile("claims.csv", TABLE.encode())
    answer = lars.post("/o/caucasus/claims/import/", {"file": file})
    found = TableImport.objects.get()
    assert answer["Location"] == found.get_absolute_url()
    assert [(one["row"], one["where"]) for one in found.findings] == [
        (5, "unit"),
        (6, "attribute"),
    ]
    assert (Claim.objects.count(), Convoy.objects.count()) == (0, 0)
    page = lars.get(answer["Location"])
    assert "Record 3 rows" in page.content.decode()
    confirm = f"{found.get_absolute_url()}confirm/"
    assert lars.post(confirm).status_code == 409
    assert lars.post(confirm, {"leave_out": "yes"}).status_code == 302
    assert lars.post(confirm, {"leave_out": "yes"}).status_code == 409
    kept = Claim.objects.filter(attribute="cargo").values_list("low", flat=True)
    assert sorted(kept) == [Decimal(45_000), Decimal(345_000)]
    assert Convoy.objects.count() == 2
    cast_nils = Client()
    cast_nils.force_login(cast.nils)
    assert cast_nils.get(found.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\x00\x01", TABLE.splitlines()[0].encode()]
)
def test_what_is_no_table_of_claims_is_refused(lars: Client, content: bytes) -> None:
    file = SimpleUploadedFile("claims.csv", content)
    answer = lars.post("/o/caucasus/claims/import/", {"file": file})
    assert answer.status_code == 400
    assert TableImport.objects.count() == 0
