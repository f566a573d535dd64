"""Redaction: what partners may not know of a convoy before its release, no door tells them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from convoys import claims, movement
from convoys.models import Driver, OperatedConvoy, Vehicle
from core import tokens
from tests.cast import Cast
from tests.convoys.road import Road, begin

OUTSIDE = ("paula", "oscar")
PLATE, LABEL, DRIVER = "35 ZZ 987", "Blue lorry", "Driver of the lorry"


def browser(cast: Cast, who: str) -> Client:
    """Return somebody's browser."""
    client = Client()
    client.force_login(cast.people[who])
    return client


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give a convoy on its way to UNHCR, whose partner Paula is."""
    made = begin(cast)
    made.carry([10])
    leg = made.run.legs.select_related("vehicle", "driver").get()
    Vehicle.objects.filter(pk=leg.vehicle_id).update(plate=PLATE, label=LABEL)
    Driver.objects.filter(pk=leg.driver_id).update(name=DRIVER)
    return made.go()


def told(road: Road) -> list[str]:
    """Return what would tell who drives what, and when it is where."""
    run = road.fresh()
    stops = [str(stop.site) for stop in run.stops.select_related("site")]
    return [PLATE, LABEL, DRIVER, run.number, run.eta.isoformat()[:16], "On the road", *stops]


def test_a_consignee_learns_of_its_waybill_no_more_than_its_load(cast: Cast, road: Road) -> None:
    waybill = road.waybills[0]
    for who, sees in (("paula", False), ("rauf", True)):
        page = browser(cast, who).get(waybill.get_absolute_url()).content.decode()
        assert str(road.loads()[0].item) in page
        assert (LABEL in page) is sees, who
        assert ("On the road" in page) is sees, who
    mine = browser(cast, "paula")
    assert [one for one in told(road) if one in page_of(mine, waybill.get_absolute_url())] == []


def page_of(client: Client, path: str) -> str:
    """Return a page's text."""
    return client.get(path).content.decode()


def test_the_history_of_a_waybill_is_its_staffs_alone(cast: Cast, road: Road) -> None:
    path = f"/o/caucasus/history/convoys.waybill/{road.waybills[0].pk}/"
    assert browser(cast, "paula").get(path).status_code == 403
    assert LABEL in page_of(browser(cast, "rauf"), path)


def test_what_is_under_way_is_told_to_no_partners_device(cast: Cast, road: Road) -> None:
    assert browser(cast, "paula").get("/field/api/waybills").json()["waybills"] == []


def test_what_sources_say_of_our_own_convoy_is_told_at_its_release(cast: Cast, road: Road) -> None:
    own, other = road.run.convoy, claims.report(cast.operation, actor=cast.actor("lars"), name="X")
    given: dict[str, Any] = {"actor": cast.actor("lars"), "source": "Agency Zzyzx"}
    day = timezone.now().date()
    said = claims.record([own], attribute="departed", value=day, **given)
    claims.adopt(said, actor=cast.actor("carmen"), reason="Seen")
    claims.record([own, other], attribute="destination", value="Hill Zzyzx", **given)
    paths = [
        "/o/caucasus/",
        "/o/caucasus/convoys/",
        f"/o/caucasus/convoys/?since={day}",
        f"/o/caucasus/convoys/{own.pk}/",
        f"/o/caucasus/convoys/{other.pk}/",
        f"/o/caucasus/history/convoys.claim/{said.pk}/",
        "/api/v1/claims/",
    ]
    for who in OUTSIDE:
        client = browser(cast, who)
        assert [one for one in paths if "Zzyzx" in page_of(client, one)] == [], who
        assert own.name not in page_of(client, paths[2])
        (row,) = [
            one for one in client.get("/api/v1/convoys/").json()["results"] if one["id"] == own.pk
        ]
        assert row["reported_departed"] is None
    OperatedConvoy.objects.update(released_at=timezone.now())
    assert "Zzyzx" in page_of(browser(cast, "paula"), f"/o/caucasus/convoys/{own.pk}/")
    assert own.name in page_of(browser(cast, "paula"), paths[2])
    assert len(browser(cast, "paula").get("/api/v1/claims/").json()["results"]) == 2


def by_token(cast: Cast, who: str) -> Client:
    """Return somebody's program."""
    scopes = ["read", "write"]
    _token, secret = tokens.make(
        cast.operation, actor=cast.actor(who), name="P", scopes=scopes, days=1
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def addresses(keys: dict[str, str]) -> Iterator[str]:
    """Yield every address that needs no more than the operation and some keys."""
    for route in routes(get_resolver()):
        path = route.replace("<slug:slug>", "caucasus")
        for name, key in keys.items():
            path = re.sub(rf"\b({name}/)<(int|uuid):\w+>", rf"\g<1>{key}", path)
        if not re.search(r"[<(\\]|logout", path):
            yield f"/{path}"


def routes(resolver: Any, prefix: str = "") -> Iterator[str]:
    """Yield the routes below a resolver."""
    for one in resolver.url_patterns:
        route = f"{prefix}{one.pattern}"
        if isinstance(one, URLPattern):
            yield route.replace("<slug:tab>", "movement")
        else:
            yield from routes(one, route)


@pytest.mark.parametrize("who", OUTSIDE)
def test_no_address_tells_who_drives_what_or_when_it_is_where(
    cast: Cast, road: Road, who: str
) -> None:
    at = Point(46.123457, 39.765432, srid=4326)
    movement.report(
        road.fresh(), actor=cast.actor("lars"), kind="check", note="Note Zzyzx", point=at
    )
    receipt = road.receive({"good": 3})
    run = road.fresh()
    secrets = [PLATE, LABEL, DRIVER, run.number, "Zzyzx", "46.123457", "39.765432"]
    secrets += [moment.isoformat()[:16] for moment in (run.etd, run.eta)]
    keys = {
        "convoys": str(run.pk),
        "runs": str(run.pk),
        "waybills": str(road.waybills[0].pk),
        "receipts": str(receipt.pk),
    }
    found, opened = [], 0
    for client in (browser(cast, who), by_token(cast, who)):
        for path in addresses(keys):
            answer: Any = client.get(path, raise_request_exception=False)
            content = answer.getvalue().decode("utf-8", "replace")
            opened += answer.status_code == 200
            found += [(path, secret) for secret in secrets if secret in content]
    assert found == []
    assert opened > 80
