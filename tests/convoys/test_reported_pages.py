"""The pages of reported convoys, as their users meet them."""

from typing import Any

from django.test import Client

from convoys import claims
from convoys.models import Claim, Convoy
from tests.cast import Cast

AT = "/o/caucasus"


def test_lars_reports_a_convoy_and_carmen_adopts_his_claim(cast: Cast, client: Client) -> None:
    client.force_login(cast.lars)
    assert b"No convoys yet" in client.get(f"{AT}/convoys/").content
    made = client.post(f"{AT}/convoys/new/", {"name": "Second convoy", "organiser": "", "note": ""})
    convoy = Convoy.objects.get()
    assert made.headers["Location"] == f"{AT}/convoys/{convoy.pk}/"
    claim = {
        "convoys": [convoy.pk],
        "attribute": "cargo",
        "value": "300",
        "upper": "",
        "source": "Agency",
        "reliability": "C",
        "credibility": "3",
    }
    client.post(f"{AT}/claims/new/", claim)
    kept = Claim.objects.get()
    assert kept.low == kept.high == 300_000
    assert client.post(f"{AT}/claims/{kept.pk}/adopt/", {"reason": "x"}).status_code == 403
    client.force_login(cast.carmen)
    client.post(f"{AT}/claims/{kept.pk}/adopt/", {"reason": "The only source."})
    page = client.get(f"{AT}/convoys/").content.decode()
    assert "300 t" in page
    assert "0 t without a receipt" in page


def test_what_was_decided_before_and_what_is_said_of_several_stays_in_sight(
    cast: Cast, client: Client
) -> None:
    lars, carmen = cast.actor("lars"), cast.actor("carmen")
    one, two = (claims.report(cast.operation, actor=lars, name=name) for name in ("One", "Two"))
    given: dict[str, Any] = {"actor": lars, "attribute": "vehicles", "source": "Agency"}
    claims.adopt(claims.record([one], value=5, **given), actor=carmen, reason="The first word.")
    claims.adopt(claims.record([one], value=6, **given), actor=carmen, reason="Counted again.")
    both = claims.record([one, two], value=11, **given)
    client.force_login(cast.lars)
    page = client.get(f"{AT}/convoys/{one.pk}/").content.decode()
    assert "1 earlier decision" in page
    assert "The first word." in page
    assert f"{AT}/claims/{both.pk}/withdraw/" in page


def test_an_unreadable_value_is_explained_and_nothing_is_lost(cast: Cast, client: Client) -> None:
    client.force_login(cast.lars)
    client.post(f"{AT}/convoys/new/", {"name": "First"})
    convoy = Convoy.objects.get()
    typed = {
        "convoys": [convoy.pk],
        "attribute": "arrived",
        "value": "last Friday",
        "source": "A very long name that nobody wants to type twice",
        "reliability": "F",
        "credibility": "6",
    }
    page = client.post(f"{AT}/claims/new/", typed).content.decode()
    assert "Write a date as year-month-day" in page
    assert "last Friday" in page
    assert "nobody wants to type twice" in page
    assert not Claim.objects.exists()


def test_nothing_exists_for_an_outsider(cast: Cast, client: Client) -> None:
    client.force_login(cast.outsider)
    assert client.get(f"{AT}/convoys/").status_code == 404
