"""Where a window holds: drawn or typed as corners, shown on its page and on the map of access."""

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from django.utils import timezone

from core.access import plans
from core.errors import Problem
from core.models import AccessWindow
from tests.cast import Cast
from tests.factories.access import SegmentFactory, WindowFactory

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


def corrected(client: Client, window: AccessWindow, **facts: Any) -> Any:
    """Send the form for corrections as it begins, with some facts changed."""
    address = f"{window.get_absolute_url()}correct/"
    form = client.get(address).context["form"]
    sent = {name: value for name, value in form.initial.items() if name != "segments"}
    sent["segments"] = [one.pk for one in form.initial["segments"]]
    return client.post(address, sent | facts)


def test_a_window_is_corrected_and_its_history_keeps_what_was_there(
    cast: Cast, client: Client
) -> None:
    north, south = (SegmentFactory(operation=cast.operation, name=f"{n} road") for n in "NS")
    shape = Polygon(((45, 39), (46, 39), (46, 40), (45, 39)), srid=4326)
    window = WindowFactory(
        operation=cast.operation, title="Pause", state="active", geometry=shape, parties="Both"
    )
    window.segments.set([north])
    times = (window.starts_at, window.ends_at)
    client.force_login(cast.carmen)
    assert "Correct" in client.get(window.get_absolute_url()).content.decode()
    answer = corrected(
        client, window, title="Pause in the south", points=CORNERS, segments=[south.pk], parties=""
    )
    assert answer["Location"] == window.get_absolute_url()
    window = AccessWindow.objects.get()
    assert (window.title, window.parties, window.state) == ("Pause in the south", "", "active")
    assert (window.starts_at, window.ends_at) == times
    assert window.geometry.coords[0][0] == (45, 39.5)
    assert [str(one) for one in window.segments.all()] == ["S road"]
    told = client.get(f"/o/caucasus/history/core.accesswindow/{window.pk}/").content.decode()
    for words in ("39.0, 45.0; 39.0, 46.0", "39.5, 45.0; 39.5, 45.2", "N road", "S road", "Both"):
        assert words in told, words
    entries = client.get(f"/o/caucasus/history/core.accesswindow/{window.pk}/").context["entries"]
    changes = {one.label: (one.before, one.after) for one in entries[0].changes}
    assert changes["Segments"] == ("N road", "S road")
    assert (entries[0].who, changes["Title"]) == (
        str(cast.carmen),
        ("Pause", "Pause in the south"),
    )


def test_roads_alone_are_corrected_and_those_out_of_use_stay(cast: Cast, client: Client) -> None:
    old, new = (SegmentFactory(operation=cast.operation, name=f"{n} road") for n in ("Old", "New"))
    old.retired_at = timezone.now()
    old.save()
    # Two areas cannot be drawn as one: what the form does not show, it does not change.
    parts = [Polygon.from_bbox((x, 39, x + 0.5, 40)) for x in (45, 46)]
    window = WindowFactory(
        operation=cast.operation, geometry=MultiPolygon(parts, srid=4326), corrected_at=None
    )
    window.segments.set([old])
    client.force_login(cast.aida)
    assert corrected(client, window, segments=[new.pk]).status_code == 302
    window = AccessWindow.objects.get()
    assert set(window.segments.all()) == {old, new}
    assert window.geometry.geom_type == "MultiPolygon"
    entries = client.get(f"/o/caucasus/history/core.accesswindow/{window.pk}/").context["entries"]
    changes = {one.label: (one.before, one.after) for one in entries[0].changes}
    assert changes["Segments"] == ("Old road", "New road; Old road")
    assert set(changes) == {"Corrected at", "Segments"}


def test_what_is_no_area_changes_nothing(cast: Cast, client: Client) -> None:
    window = WindowFactory(operation=cast.operation, title="Pause")
    client.force_login(cast.aida)
    answer = corrected(client, window, title="Other", points="39.5, 45\n39.5, 45.2")
    assert (answer.status_code, "3 to 1000" in answer.content.decode()) == (400, True)
    assert corrected(client, window, title="").status_code == 400
    away = SegmentFactory(operation=cast.elsewhere)
    assert corrected(client, window, segments=[away.pk]).status_code == 400
    with pytest.raises(Problem, match="not_found"):
        plans.correct(window, actor=cast.actor("aida"), segments=[away])
    window = AccessWindow.objects.get()
    assert (window.title, window.corrected_at) == ("Pause", None)


@pytest.mark.parametrize("state", ["ended", "cancelled"])
def test_what_is_over_stays_as_it_was(cast: Cast, client: Client, state: str) -> None:
    window = WindowFactory(operation=cast.operation, state=state, title="Pause")
    client.force_login(cast.aida)
    assert "/correct/" not in client.get(window.get_absolute_url()).content.decode()
    for method in (client.get, client.post):
        answer = method(f"{window.get_absolute_url()}correct/", {"title": "Other"})
        assert (answer.status_code, "stays as it was" in answer.content.decode()) == (409, True)
    window = AccessWindow.objects.get()
    assert window.title == "Pause"


def test_only_who_manages_access_corrects(cast: Cast, client: Client) -> None:
    window = WindowFactory(operation=cast.operation)
    client.force_login(cast.olga)
    assert "/correct/" not in client.get(window.get_absolute_url()).content.decode()
    assert client.get(f"{window.get_absolute_url()}correct/").status_code == 403
    with pytest.raises(Problem, match="forbidden"):
        plans.correct(window, actor=cast.actor("olga"), title="Other")
