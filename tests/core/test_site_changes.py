"""Changing a site: what it is called, what it is, where; and what would strand what is known."""

import pytest
from django.test import Client

from core.access import roads
from core.models import Site
from tests.cast import Cast
from tests.factories.access import ObservationFactory
from tests.factories.core import AreaFactory

HOME = "/o/caucasus/access/sites/"
SENT = {"name": "Hub", "kind": "hub", "latitude": "39.5", "longitude": "45", "source": "Team"}


@pytest.fixture
def site(cast: Cast) -> Site:
    """A hub with a name that no page offers a field for."""
    return roads.add_site(
        cast.operation,
        actor=cast.actor("lars"),
        longitude=45,
        latitude=39.5,
        name="Hub",
        kind="hub",
        names={"ka": "ჰაბი", "ru": "Узел"},
        source="Team",
    )


def test_a_site_is_renamed_moved_and_told_in_its_history(
    cast: Cast, client: Client, site: Site
) -> None:
    area = AreaFactory(operation=cast.operation, pcode="AA02")
    middle = area.centre
    client.force_login(cast.lars)
    page = client.get(site.get_absolute_url()).content.decode()
    assert f"{HOME}{site.pk}/edit/" in page
    form = client.get(f"{HOME}{site.pk}/edit/").content.decode()
    assert ("Узел" in form, 'value="45.0"' in form) == (True, True)
    place = {"latitude": str(middle.y), "longitude": str(middle.x)}
    sent = SENT | place | {"name": "Depot", "kind": "warehouse", "name_hy": "Պահեստ"}
    answer = client.post(f"{HOME}{site.pk}/edit/", sent)
    assert answer["Location"] == site.get_absolute_url()
    site.refresh_from_db()
    assert (site.name, site.kind, site.point.coords) == ("Depot", "warehouse", middle.coords)
    assert site.names == {"ka": "ჰაბი", "hy": "Պահեստ"}
    assert site.area == area
    history = client.get(f"/o/caucasus/history/core.site/{site.pk}/").content.decode()
    assert "Depot" in history


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "Other"}, "There is a site of this name already."),
        ({"latitude": "91"}, "less than or equal to 90"),
        ({"latitude": "38"}, "would end"),
        ({"source": ""}, "required"),
    ],
)
def test_what_cannot_be_is_told_and_keeps_what_was_typed(
    cast: Cast, client: Client, site: Site, change: dict[str, str], told: str
) -> None:
    Site.objects.create(operation=cast.operation, name="Other", kind="hub", point=site.point)
    points = [[45.3, 39.5], [45.0, 39.5]]
    roads.draw(cast.operation, actor=cast.actor("lars"), name="Road", points=points, end=site)
    client.force_login(cast.lars)
    sent = SENT | {"name_hy": "Հանգույց"} | change
    answer = client.post(f"{HOME}{site.pk}/edit/", sent)
    page = answer.content.decode()
    assert (answer.status_code, told in page, "Հանգույց" in page) == (400, True, True)
    site.refresh_from_db()
    assert (site.name, site.names["ru"], site.point.y) == ("Hub", "Узел", 39.5)


def test_a_checkpoint_that_was_observed_stays_a_passage(
    cast: Cast, client: Client, site: Site
) -> None:
    Site.objects.filter(pk=site.pk).update(kind="checkpoint")
    ObservationFactory(operation=cast.operation, segment=None, site=site)
    client.force_login(cast.lars)
    refused = client.post(f"{HOME}{site.pk}/edit/", SENT | {"kind": "warehouse"})
    assert "Its status was observed" in refused.content.decode()
    assert client.post(f"{HOME}{site.pk}/edit/", SENT | {"kind": "crossing"}).status_code == 302


def test_only_who_keeps_routes_changes_a_site_in_use(
    cast: Cast, client: Client, site: Site
) -> None:
    client.force_login(cast.olga)
    assert "/edit/" not in client.get(site.get_absolute_url()).content.decode()
    assert client.post(f"{HOME}{site.pk}/edit/", SENT).status_code == 403
    roads.retire_site(site, actor=cast.actor("lars"))
    client.force_login(cast.lars)
    refused = client.post(f"{HOME}{site.pk}/edit/", SENT)
    assert "out of use" in refused.content.decode()
