"""REST tables: pages by cursor, files, and refusals that name what is wrong."""

import csv
import io

import pytest
from django.test import Client

from core import tokens
from tests.cast import Cast
from tests.factories.core import MembershipFactory, OperationFactory

URL = "/api/v1/operations/"


def bearer(cast: Cast, name: str = "paula") -> dict[str, str]:
    """Return the header of a reading token in the cast's operation."""
    actor = cast.actor(name)
    _, secret = tokens.make(cast.operation, actor=actor, name="portal", scopes=["read"], days=1)
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_sees_its_operation_and_no_other(cast: Cast, client: Client) -> None:
    MembershipFactory(
        user=cast.paula,
        operation=cast.elsewhere,
        organisation=cast.organisations["UNHCR"],
        role="partner",
    )
    answer = client.get(URL, headers=bearer(cast)).json()
    assert [row["slug"] for row in answer["results"]] == ["caucasus"]
    assert answer["next"] is None


def test_without_a_token_the_answer_says_what_to_send(client: Client, db: None) -> None:
    answer = client.get(URL)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in answer.json()["how"]


def test_pages_follow_each_other_without_a_gap(cast: Cast, client: Client) -> None:
    client.force_login(cast.adam)
    for number in range(7):
        OperationFactory(slug=f"page-{number}")
    seen, url = [], f"{URL}?limit=2"
    while url:
        page = client.get(url).json()
        seen += [row["slug"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 9


@pytest.mark.parametrize(
    ("query", "code", "named"),
    [
        ("?fields=user__password", "unknown_parameter", "fields"),
        ("?ordering=-user__password", "unknown_parameter", "ordering"),
        ("?limit=0", "bad_parameter", "limit"),
        ("?limit=²", "bad_parameter", "limit"),
        ("?format=exe", "bad_parameter", "format"),
        ("?format=geojson", "bad_parameter", "format"),
        ("?cursor=%%%", "bad_request", ""),
        ("?access_token=secret", "token_in_address", "no longer secret"),
        ("?slug=tess_secret", "token_in_address", "no longer secret"),
        ("?slug=%00", "bad_parameter", "slug"),
    ],
)
def test_what_is_not_known_is_refused_by_name(
    query: str, code: str, named: str, cast: Cast, client: Client
) -> None:
    client.force_login(cast.carmen)
    answer = client.get(URL + query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert named in answer.json()["detail"]


def test_csv_has_the_same_rows_as_json(cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    answer = client.get(f"{URL}?format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    listed = client.get(URL).json()["results"]
    assert [row["slug"] for row in rows] == [row["slug"] for row in listed] == ["caucasus"]


def test_an_unchanged_page_is_not_sent_again(cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    etag = client.get(URL).headers["ETag"]
    again = client.get(URL, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    cast.operation.name = "Renamed"
    cast.operation.save()
    assert client.get(URL, headers={"If-None-Match": etag}).status_code == 200
