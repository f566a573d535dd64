"""Where a window holds: drawn or typed as corners, shown on its page and on the map of access."""

from typing import Any

import pytest
from django.contrib.gis.geos import Polygon
from django.test import Client
from django.utils import timezone

from core.access import plans
from core.errors import Problem
from core.models import AccessWindow
from tests.cast import Cast
from tests.factories.access import WindowFactory

HOME = "/o/caucasus/access/"
CORNERS = "39.5, 45\n39.5; 45.2\n\n39.7, 45.2"
SENT = {
    "kind": "pause",
    "title": "Pause in the north",
    "starts_at": "2030-11-20T08:00",
    "ends_at": "2030-11-25T08:00",
    "occurred_at": "2020-11-19T08:00",
    "source": "Announcement",
    "reliability": "B",
    "credibility": "2",
    "sensitivity": "internal",
}


def test_corners_become_the_area_that_the_maps_show(cast: Cast, client: Client) -> None:
    client.force_login(cast.aida)
    form = client.get(f"{HOME}windows/new/").content.decode()
    assert ('data-pencil-form="area"' in form, 'name="points"' in form) == (True, True)
    answer = client.post(f"{HOME}windows/new/", SENT | {"points": CORNERS})
    window = AccessWindow.objects.get()
    assert answer["Location"] == window.get_absolute_url()
    ring = [(45, 39.5), (45.2, 39.5), (45.2, 39.7), (45, 39.5)]
    assert window.geometry.coords == (tuple(ring),)
    for page in (HOME, window.get_absolute_url()):
        text = client.get(page).content.decode()
        assert ("Polygon" in text, "[45.2, 39.7]" in text) == (True, True)
    assert "window-area" in client.get(HOME).content.decode()


def test_a_window_needs_no_area(cast: Cast, client: Client) -> None:
    client.force_login(cast.aida)
    client.post(f"{HOME}windows/new/", SENT)
    window = AccessWindow.objects.get()
    assert window.geometry is None
    assert "access-map" not in client.get(window.get_absolute_url()).content.decode()
    assert "window-area" not in client.get(HOME).content.decode()


@pytest.mark.parametrize(
    ("corners", "told"),
    [
        ("39.5, 45\n39.5, 45.2", "3 to 1000 different corners"),
        ("39.5, 45\n39.7, 45.2\n39.5, 45.2\n39.7, 45", "The edges cross"),
        ("39.5, 45\n39.6, 45\n39.7, 45", "The edges cross"),
        ("39.5, 45\n99, 45\n39.7, 45", "is not between -90 and 90"),
        ("39.5, 45\nnowhere", "Line 2"),
    ],
)
def test_what_is_no_area_is_told_beside_the_corners(
    cast: Cast, client: Client, corners: str, told: str
) -> None:
    client.force_login(cast.aida)
    answer = client.post(f"{HOME}windows/new/", SENT | {"points": corners})
    page = answer.content.decode()
    assert (answer.status_code, told in page, "Pause in the north" in page) == (400, True, True)
    assert corners.splitlines()[-1] in page
    assert not AccessWindow.objects.exists()


def test_the_map_shows_windows_that_are_not_over_to_who_may_read_them(
    cast: Cast, client: Client
) -> None:
    here: dict[str, Any] = {
        "operation": cast.operation,
        "geometry": Polygon.from_bbox((45, 39, 46, 40)),
    }
    WindowFactory(**here, title="Going on", state="active")
    WindowFactory(**here, title="Was called off", state="cancelled")
    WindowFactory(**here, title="Not for all", state="active", sensitivity="restricted")
    WindowFactory(**here, title="Ran out", state="active", ends_at=timezone.now())
    client.force_login(cast.olga)
    page = client.get(HOME).content.decode()
    shown = [name in page for name in ("Going on", "Was called off", "Not for all", "Ran out")]
    assert shown == [True, False, False, False]


def test_only_who_manages_access_gives_a_window_its_area(cast: Cast) -> None:
    with pytest.raises(Problem, match="forbidden"):
        plans.announce(
            cast.operation,
            actor=cast.actor("olga"),
            points=[[45, 39], [46, 39], [46, 40]],
            title="Pause",
        )
