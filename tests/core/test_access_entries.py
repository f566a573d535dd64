"""Windows and outcomes from files and programs: what is taken out can be sent in again."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.gis.geos import Polygon
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from core import table_imports
from core.access.plans import move_window as move
from core.models import (
    AccessConstraint,
    AccessWindow,
    MovementOutcome,
    MovementRequest,
    TableImport,
)
from core.tokens import make
from tests.cast import Cast
from tests.factories.access import (
    ConstraintFactory,
    MovementFactory,
    SegmentFactory,
    WindowFactory,
)
from tests.factories.core import AreaFactory

KEY = "1f3c8f6e-3f0b-4b8a-9d55-6f0c2b6b7a10"
WINDOW: dict[str, Any] = {
    "kind": "pause",
    "title": "Pause in the north",
    "segments": ["north road", "Corridor; east"],
    "starts_at": "2030-11-20T08:00Z",
    "ends_at": "2030-11-25T08:00Z",
    "terms": "Aid and the sick may pass.",
    "corners": ["-39.5, 45", "-39.5, 45.2", "-39.7, 45.2"],
    "source": "Announcement",
}
OUTCOME: dict[str, Any] = {
    "movement": "Winter kits",
    "access": "impeded",
    "delivery": "full",
    "source": "Team",
}


def send(client: Client, path: str, body: Any, **headers: str) -> Any:
    """POST JSON."""
    kind = "application/json"
    return client.post(f"/api/v1/{path}/", json.dumps(body), content_type=kind, headers=headers)


@pytest.fixture
def roads(cast: Cast) -> None:
    """Give two roads, of which one has a semicolon in its name."""
    SegmentFactory(operation=cast.operation, name="North road")
    SegmentFactory(operation=cast.operation, name="Corridor; east")


@pytest.fixture
def aida(cast: Cast) -> Client:
    """Give an access officer's client."""
    client = Client()
    client.force_login(cast.aida)
    return client


def received(cast: Cast, who: str, rows: list[dict[str, Any]]) -> TableImport:
    """Upload rows as CSV."""
    text = io.StringIO()
    names = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return table_imports.receive(
        cast.operation,
        actor=cast.actor(who),
        kind="access",
        content=text.getvalue().encode(),
        name="events.csv",
    )


def exported(client: Client, path: str) -> list[dict[str, Any]]:
    """Return a table's rows as its CSV file has them."""
    answer: Any = client.get(f"/api/v1/{path}/?format=csv")
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


@pytest.mark.usefixtures("roads")
def test_a_window_sent_twice_is_recorded_once(cast: Cast, aida: Client) -> None:
    first, second = (
        send(aida, "access-windows", WINDOW, **{"Idempotency-Key": KEY}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 200), first.content
    assert (first.json(), first.json()["id"]) == (second.json(), KEY)
    made = first.json()
    assert (made["state"], made["segments"]) == ("announced", ["Corridor; east", "North road"])
    assert made["corners"] == ["-39.5, 45.0", "-39.5, 45.2", "-39.7, 45.2"]
    other = send(aida, "access-windows", WINDOW | {"terms": "none"}, **{"Idempotency-Key": KEY})
    assert (other.status_code, other.json()["code"]) == (409, "fact_conflict")
    # The same again, from the table's own row
    assert send(aida, "access-windows", made | {"title": "And another"}).status_code == 201
    assert AccessWindow.objects.count() == 2


@pytest.mark.usefixtures("roads")
@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"kind": "truce"}, "kind"),
        ({"title": ""}, "title"),
        ({"segments": ["Nowhere"]}, "segments"),
        ({"ends_at": "2030-11-20T07:00Z"}, "ends_at"),
        ({"corners": ["39.5, 45", "nowhere"]}, "corners"),
        ({"corners": ["39.5, 45", "39.6, 45"]}, "corners"),
        ({"corners": ["39.5, 45", "99, 45", "39.7, 45"]}, "corners"),
    ],
)
def test_what_is_no_window_is_named(aida: Client, facts: dict[str, Any], where: str) -> None:
    answer = send(aida, "access-windows", WINDOW | facts)
    assert answer.status_code == 400
    assert [one["where"] for one in answer.json()["errors"]] == [where], answer.json()
    assert not AccessWindow.objects.exists()


@pytest.mark.usefixtures("roads")
def test_only_who_manages_access_announces(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    assert send(client, "access-windows", WINDOW).status_code == 403
    row = {"event": "window"} | WINDOW | {"segments": "North road", "corners": ""}
    assert [one["where"] for one in received(cast, "olga", [row]).findings] == [""]


def test_windows_taken_out_are_sent_in_again(cast: Cast, aida: Client) -> None:
    road = SegmentFactory(operation=cast.operation, name="North road")
    east = SegmentFactory(operation=cast.operation, name="East road")
    shape = Polygon(((45, -39.5), (45.25, -39.5), (45.2, -39.75), (45, -39.5)), srid=4326)
    one = WindowFactory(
        operation=cast.operation, state="active", geometry=shape, terms="Two lines:\nand more"
    )
    one.segments.set([road, east])
    rows = exported(aida, "access-windows")
    assert (rows[0]["segments"], rows[0]["state"]) == ("East road; North road", "active")
    assert rows[0]["corners"] == "'-39.5, 45.0; -39.5, 45.25; -39.75, 45.2"
    changed = {"event": "Window"} | rows[0] | {"title": "The next pause"}
    found = received(cast, "aida", [changed])
    assert found.findings == []
    table_imports.confirm(found, actor=cast.actor("aida"))
    made = AccessWindow.objects.get(title="The next pause")
    assert (made.geometry, made.state, made.terms) == (shape, "announced", one.terms)
    assert set(made.segments.all()) == {road, east}
    same = ("kind", "starts_at", "ends_at", "occurred_at", "sensitivity", "source")
    assert [getattr(made, name) for name in same] == [getattr(one, name) for name in same]


def test_a_file_names_row_and_column(cast: Cast) -> None:
    AreaFactory(operation=cast.operation, pcode="AA01")
    MovementFactory(operation=cast.operation, purpose="Winter kits")
    window = WINDOW | {"event": "window", "segments": "", "corners": "39.5, 45; 39.5, 45.2"}
    rows = [
        window,
        window | {"corners": "", "ends_at": "2030-11-19T08:00Z", "kind": "truce"},
        window | {"corners": "", "segments": "Nowhere; North road"},
        window | {"corners": "", "delivery": "full"},
        OUTCOME | {"event": "outcome"},
        OUTCOME | {"event": "outcome", "movement": "Nothing"},
        OUTCOME | {"event": "outcome", "movement": "", "source": "Team"},
        OUTCOME | {"event": "outcome", "access": "permitted"},
        OUTCOME | {"event": "opening"},
    ]
    found = received(cast, "aida", rows)
    assert [(one["row"], one["where"]) for one in found.findings] == [
        (2, "corners"),
        (3, "kind"),
        (3, "ends_at"),
        (4, "segments"),
        (5, "delivery"),
        (7, "movement"),
        (8, "movement"),
        (9, "access"),
        (10, "event"),
    ]


def test_outcomes_taken_out_are_sent_in_again(cast: Cast, aida: Client) -> None:
    asked = MovementFactory(operation=cast.operation, purpose="Winter kits", addressee="Centre")
    first, second = (
        send(aida, "movement-outcomes", OUTCOME, **{"Idempotency-Key": KEY}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 200), first.content
    rows = exported(aida, "movement-outcomes")
    later = {"event": "outcome"} | rows[0] | {"source": "Driver", "delivery": "partial"}
    found = received(cast, "aida", [later])
    assert found.findings == []
    table_imports.confirm(found, actor=cast.actor("aida"))
    kept = asked.outcomes.order_by("recorded_at").values_list("source", "delivery_outcome")
    assert list(kept) == [("Team", "full"), ("Driver", "partial")]


def test_of_two_requests_the_one_that_is_meant_is_named(cast: Cast, aida: Client) -> None:
    here = {"operation": cast.operation, "purpose": "Winter kits"}
    centre, _other, twin = (MovementFactory(**here, addressee=who) for who in ("Centre", "A", "A"))

    def sent(**facts: Any) -> Any:
        return send(aida, "movement-outcomes", OUTCOME | facts)

    refused = sent()
    assert (refused.status_code, refused.json()["errors"][0]["where"]) == (400, "movement")
    assert sent(addressee="A").status_code == 400
    assert sent(addressee="centre").status_code == 201
    assert sent(movement=str(twin.pk)).status_code == 201
    told = MovementOutcome.objects.order_by("recorded_at").values_list("movement", flat=True)
    assert list(told) == [centre.pk, twin.pk]


def test_nobody_tells_of_a_request_that_is_not_theirs_to_know(cast: Cast) -> None:
    MovementFactory(operation=cast.operation, purpose="Winter kits", sensitivity="internal")
    MovementFactory(operation=cast.elsewhere, purpose="Summer kits")
    _, secret = make(
        cast.operation, actor=cast.actor("paula"), name="portal", scopes=["read", "write"], days=7
    )
    partner = {"Authorization": f"Bearer {secret}"}
    for purpose in ("Winter kits", "Summer kits"):
        body = OUTCOME | {"movement": purpose, "sensitivity": "partner"}
        answer = send(Client(), "movement-outcomes", body, **partner)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), purpose
    MovementRequest.objects.update(sensitivity="partner")
    body = OUTCOME | {"sensitivity": "partner"}
    assert send(Client(), "movement-outcomes", body, **partner).status_code == 201


def test_a_program_corrects_what_it_gives_and_nothing_else(cast: Cast, aida: Client) -> None:
    old = SegmentFactory(operation=cast.operation, name="Old road", retired_at=timezone.now())
    SegmentFactory(operation=cast.operation, name="New road")
    shape = Polygon(((45, 39), (46, 39), (46, 40), (45, 39)), srid=4326)
    window = WindowFactory(
        operation=cast.operation, state="active", geometry=shape, parties="Both", terms="By day"
    )
    window.segments.set([old])

    def patch(client: Client = aida, **body: Any) -> Any:
        address = f"/api/v1/access-windows/{window.pk}/"
        return client.patch(address, json.dumps(body), content_type="application/json")

    one = patch(parties="", segments=["old road", "new road"])
    assert (one.status_code, one.json()["parties"], one.json()["terms"]) == (200, "", "By day")
    assert one.json()["segments"] == ["New road", "Old road"]
    assert one.json()["corners"] == ["39.0, 45.0", "39.0, 46.0", "40.0, 46.0"]
    assert patch(corners=[], segments=[]).json()["corners"] == []
    assert [str(road) for road in window.segments.all()] == ["Old road"]
    wrong: tuple[tuple[str, Any], ...] = (
        ("segments", ["Nowhere"]),
        ("corners", ["39, 45"]),
        ("title", ""),
    )
    for where, value in wrong:
        answer = patch(**{where: value})
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (400, where)
    # Its times and state are not a correction
    patch(title="Right", state="ended", ends_at="2040-01-01T00:00Z")
    assert AccessWindow.objects.get().ends_at == window.ends_at
    assert (AccessWindow.objects.get().title, AccessWindow.objects.get().state) == (
        "Right",
        "active",
    )
    olga, paula = Client(), Client()
    olga.force_login(cast.olga)
    paula.force_login(cast.paula)
    assert [patch(who, title="Other").status_code for who in (olga, paula)] == [403, 404]
    move(window, "end", actor=cast.actor("aida"))
    assert (patch(title="Other").status_code, AccessWindow.objects.get().title) == (409, "Right")


def test_a_workbook_keeps_the_time_of_day_and_words_in_any_case(cast: Cast) -> None:
    SegmentFactory(operation=cast.operation, name="Corridor")
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Event", "Kind", "Title", "Segments", "starts at", "Ends_at ", "Source"])
    days = [datetime(2030, 1, 5, hour, 30, tzinfo=UTC).replace(tzinfo=None) for hour in (8, 18)]
    sheet.append(["Window", "CORRIDOR", "Convoy hours", "corridor", *days, "Centre"])
    content = io.BytesIO()
    book.save(content)
    found = table_imports.receive(
        cast.operation,
        actor=cast.actor("aida"),
        kind="access",
        content=content.getvalue(),
        name="windows.xlsx",
    )
    assert found.findings == []
    table_imports.confirm(found, actor=cast.actor("aida"))
    window = AccessWindow.objects.get()
    assert [window.starts_at.hour, window.ends_at.hour, window.ends_at.minute] == [8, 18, 30]


def test_an_export_sent_in_again_records_only_what_was_changed(cast: Cast, aida: Client) -> None:
    AreaFactory(operation=cast.operation, pcode="AA01")
    for title in ("Road blocked", "Bridge gone"):
        ConstraintFactory(operation=cast.operation, title=title)
    rows = exported(aida, "access-constraints")
    assert {row["event"] for row in rows} == {"constraint"}
    rows[1]["title"] = "Bridge is out"
    found = received(cast, "aida", rows)
    assert found.findings == []
    table_imports.confirm(found, actor=cast.actor("aida"))
    titles = AccessConstraint.objects.values_list("title", flat=True)
    assert len(titles) == 3
    assert set(titles) == {"Road blocked", "Bridge gone", "Bridge is out"}
