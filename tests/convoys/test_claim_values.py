"""Numbers and days as they are written in sheets of several countries; nothing is guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from convoys import claim_values, claims
from convoys.models import Claim, Convoy
from core.models import TableImport
from tests.cast import Cast

HEADS = ("convoys", "attribute", "value", "upper", "unit", "source", "published_on", "credibility")
ROWS: tuple[tuple[Any, ...], ...] = (
    ("Առաջին շարասյուն", "cargo", "45,5", "", "տ", "Armenpress", "21.11.2020", "3"),
    ("Первая  колонна", "arrived", "44155", "44156", "", "Новости", "2020-11-21", "3"),
    ("первая колонна; Вторая колонна", "Cargo", "1 345,5", "", "\u0442.", "Новости", "", "3"),
    ("Первая колонна", "cargo", "40\u201345", "", "t", "Agency", "", "3"),
    ("Первая колонна", "cargo", "40\u201345", "", "t", "Agency", "", "3"),
    ("Первая колонна", "cargo", "1,200", "", "t", "Agency", "", "3"),
    ("Первая колонна", "vehicles", "5.5", "", "", "Agency", "", "3"),
    ("Первая колонна", "cargo", "999999999999", "", "t", "Agency", "", "3"),
    ("Первая колонна", "arrived", "31.11.2020", "", "", "Agency", "", "3"),
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("45", "45"),
        ("45.5", "45.5"),
        ("45,5", "45.5"),
        ("0,125", "0.125"),
        ("1 200,5", "1200.5"),
        ("1\u00a0234\u202f567", "1234567"),
        (345, "345"),
        (1.25, "1.25"),
    ],
)
def test_an_amount_is_read_as_it_is_written(given: Any, expected: str) -> None:
    assert claim_values.number(given) == Decimal(expected)


@pytest.mark.parametrize("given", ["1,200", "", "-1", "many", "1e9", True, None, "1.2.3", "9" * 20])
def test_what_is_no_amount_or_two_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="Write"):
        claim_values.number(given)


@pytest.mark.parametrize(
    "given",
    [
        "2020-11-20",
        "20.11.2020",
        "44155",
        44155,
        date(2020, 11, 20),
        datetime(2020, 11, 20, 8, tzinfo=UTC),
    ],
)
def test_a_day_is_read_as_it_is_written(given: Any) -> None:
    assert claim_values.day(given) == date(2020, 11, 20)


@pytest.mark.parametrize("given", ["11/20/2020", "20.13.2020", "Friday", "", "5", "999999"])
def test_what_is_no_day_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="year-month-day"):
        claim_values.day(given)


def test_a_sheet_of_several_countries_is_read_and_what_is_unclear_is_named(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.lars)
    lines = ["\t".join(map(str, row)) for row in (HEADS, *ROWS)]
    file = SimpleUploadedFile("claims.csv", "\n".join(lines).encode("utf-16"))
    assert client.post("/o/caucasus/claims/import/", {"file": file}).status_code == 302
    found = TableImport.objects.get()
    told = {one["row"]: one["message"] for one in found.findings}
    assert sorted(told) == [6, 7, 8, 9, 10]
    assert "the same words" in told[6]
    assert "two ways" in told[7]
    assert "whole number" in told[8]
    assert "more than can be meant" in told[9]
    client.post(f"{found.get_absolute_url()}confirm/", {"leave_out": "yes"})
    assert Convoy.objects.count() == 3
    kept = Claim.objects.filter(attribute="cargo").order_by("low").values_list("low", "high")
    assert list(kept) == [(40_000, 45_000), (45_500, 45_500), (1_345_500, 1_345_500)]
    arrived = Claim.objects.get(attribute="arrived")
    assert (arrived.first_day, arrived.last_day) == (date(2020, 11, 20), date(2020, 11, 21))


def test_a_claim_that_is_sent_off_twice_is_kept_once(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.lars)
    convoy = claims.report(cast.operation, actor=cast.actor("lars"), name="First")
    typed = {
        "convoys": [convoy.pk],
        "attribute": "cargo",
        "value": "40 - 45,5",
        "source": "Agency",
        "reliability": "F",
        "credibility": "6",
    }
    for _time in range(2):
        page = client.post("/o/caucasus/claims/new/", typed)
    assert "on record already" in page.content.decode()
    kept = Claim.objects.get()
    assert (kept.low, kept.high) == (40_000, 45_500)


def test_a_name_that_is_taken_loses_nothing_that_was_typed(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.lars)
    claims.report(cast.operation, actor=cast.actor("lars"), name="First convoy")
    typed = {"name": "first  Convoy", "organiser": "A ministry", "note": "Seen at dawn"}
    page = client.post("/o/caucasus/convoys/new/", typed).content.decode()
    assert "A convoy of this name is on record" in page
    assert "Seen at dawn" in page
    assert Convoy.objects.count() == 1
