"""The pages of reported convoys, as their users meet them."""

from datetime import date, timedelta
from typing import Any

from django.test import Client

from convoys import claims, reported
from convoys.models import Adoption, Claim, Convoy
from convoys.templatetags.convoys import settled
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


def test_where_no_source_is_preferred_the_range_of_all_is_adopted(
    cast: Cast, client: Client
) -> None:
    lars, day = cast.actor("lars"), date(2020, 11, 20)
    one = claims.report(cast.operation, actor=lars, name="One")
    said = [
        claims.record([one], actor=lars, attribute="arrived", value=when, source=source)
        for when, source in ((day, "Azatutyun"), (day + timedelta(days=1), "Armenews"))
    ]
    client.force_login(cast.carmen)
    path = f"{AT}/claims/{said[0].pk}/adopt/"
    assert "20 \u2013 21 Nov 2020" in client.get(path).content.decode()
    for _time in range(2):
        client.post(path, {"reason": "Both are near the place.", "whole_range": "on"})
    adopted = Adoption.objects.get(superseded_at=None).claim
    assert (adopted.first_day, adopted.last_day) == (day, day + timedelta(days=1))
    assert adopted.source == "Azatutyun; Armenews"
    assert Claim.objects.count() == 3
    (arrived,) = reported.picture(one)
    assert settled(arrived) == "20 \u2013 21 Nov 2020"
    assert "Disputed" in client.get(f"{AT}/convoys/{one.pk}/").content.decode()
    assert "Go by the range" not in client.get(f"{AT}/claims/{adopted.pk}/adopt/").content.decode()
    cargo = claims.record([one], actor=lars, attribute="cargo", value=45_000, source="Agency")
    client.post(f"{AT}/claims/{cargo.pk}/adopt/", {"reason": "Alone.", "whole_range": "on"})
    assert Adoption.objects.get(attribute="cargo").claim == cargo


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
