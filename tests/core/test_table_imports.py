"""Files of access events: what stands against which row, and that confirming records once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import table_imports
from core.errors import Problem
from core.models import AccessConstraint, AccessScore, StatusObservation, TableImport
from tests.cast import Cast
from tests.factories.access import SegmentFactory
from tests.factories.core import AreaFactory

TABLE = """event;pcode;segment;type;title;impact;started_on;status;valid_until;score;as_of;source
constraint;AA01;;3;Road blocked;X;2020-11-10;;;;;Team
status;;Corridor;;;;;closed;2999-01-01T10:00Z;;;Team
status;;Nowhere;;;;;closed;2999-01-01T10:00Z;;;Team
score;AA01;;;;;;;2999-01-01;4;2020-11-20;Team
constraint;AA01;;12;Road blocked;5;yesterday;;;;;Team
"""


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Give an operation with an area and a road."""
    AreaFactory(operation=cast.operation, pcode="AA01")
    SegmentFactory(operation=cast.operation, name="Corridor")
    return cast


def received(cast: Cast, who: str, table: str = TABLE) -> TableImport:
    """Upload a table."""
    return table_imports.receive(
        cast.operation,
        actor=cast.actor(who),
        kind="access",
        content=table.encode(),
        name="events.csv",
    )


def counts() -> tuple[int, int, int]:
    """Return how many facts of each kind there are."""
    models = (AccessConstraint, StatusObservation, AccessScore)
    one, two, three = (model._default_manager.count() for model in models)
    return one, two, three


def test_the_preview_names_row_and_column_and_records_nothing(world: Cast) -> None:
    found = received(world, "aida")
    against = {(one["row"], one["where"]) for one in found.findings}
    assert against == {(4, "segment"), (6, "type"), (6, "impact"), (6, "started_on")}
    assert counts() == (0, 0, 0)


def test_who_may_not_score_is_told_so_by_the_row(world: Cast) -> None:
    found = received(world, "olga")
    assert {one["row"] for one in found.findings} == {4, 5, 6}


def test_rows_are_recorded_once_and_only_without_the_bad_ones(world: Cast) -> None:
    aida = world.actor("aida")
    found = received(world, "aida")
    with pytest.raises(Problem, match="table_import_findings"):
        table_imports.confirm(found, actor=aida)
    assert counts() == (0, 0, 0)
    assert table_imports.confirm(found, actor=aida, leave_out=True).recorded == 3
    assert counts() == (1, 1, 1)
    with pytest.raises(Problem, match="table_import_done"):
        table_imports.confirm(found, actor=aida, leave_out=True)
    assert AccessConstraint.objects.get().impact == "X"


def test_a_file_is_its_uploaders(world: Cast) -> None:
    found = received(world, "aida")
    with pytest.raises(Problem, match="not_found"):
        table_imports.confirm(found, actor=world.actor("carmen"))
    with pytest.raises(Problem, match="forbidden"):
        received(world, "anna")


@pytest.mark.parametrize("table", ["", "a,b\n1,2\n", "event,source\n"])
def test_what_is_no_table_of_events_is_refused(world: Cast, table: str) -> None:
    with pytest.raises(Problem, match="file_refused"):
        received(world, "aida", table)


@pytest.mark.parametrize("content", [b"%PDF-1.4", b'{"type":"FeatureCollection"}', b" "])
def test_what_is_no_table_is_told_what_would_be_one(world: Cast, content: bytes) -> None:
    with pytest.raises(Problem) as refused:
        table_imports.receive(
            world.operation, actor=world.actor("aida"), kind="access", content=content, name="x"
        )
    told = f"{refused.value.detail} {refused.value.how}"
    assert "CSV" in told
    assert "GeoJSON" not in told


def test_the_page_takes_a_file_and_gives_an_empty_one(world: Cast, client: Client) -> None:
    client.force_login(world.olga)
    empty = client.get("/o/caucasus/access/import/empty.csv").content.decode()
    assert "valid_until" in empty
    file = SimpleUploadedFile("events.csv", TABLE.encode())
    answer = client.post("/o/caucasus/access/import/", {"file": file})
    page = client.get(answer["Location"]).content.decode()
    assert "Nowhere" in page
    assert client.post("/o/caucasus/access/import/", {}).status_code == 400


@pytest.mark.parametrize("address", ["access/import/", "claims/import/", "cargo/import/"])
def test_the_empty_table_and_the_next_file_are_of_the_same_kind(
    world: Cast, client: Client, address: str
) -> None:
    client.force_login(world.carmen)
    page = f"/o/caucasus/{address}"
    assert f'href="{page}empty.csv"' in client.get(page).content.decode()
    columns = client.get(f"{page}empty.csv").content.decode("utf-8-sig")
    file = SimpleUploadedFile("a.csv", (columns + "x" + "," * columns.count(",")).encode())
    preview = client.post(page, {"file": file}, follow=True).content.decode()
    assert f'href="{page}">' in preview, "to upload another file"
