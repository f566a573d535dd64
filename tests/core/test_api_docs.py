"""The API's description: the committed document is the current one, the page needs nobody else."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def test_the_committed_document_is_the_current_one(tmp_path: Path) -> None:
    made = tmp_path / "openapi.json"
    call_command(
        "spectacular", format="openapi-json", file=str(made), validate=True, fail_on_warn=True
    )
    hint = "docs/openapi.json is stale: run `make docs`"
    assert json.loads(made.read_text()) == json.loads(DOCUMENT.read_text()), hint


@pytest.mark.django_db
def test_the_page_names_every_address(client: Client) -> None:
    page = client.get("/api/v1/").content.decode()
    for path in json.loads(DOCUMENT.read_text())["paths"]:
        assert path in page


@pytest.mark.django_db
def test_the_schema_is_openapi_3_1(client: Client) -> None:
    answer = client.get("/api/v1/schema/")
    assert json.loads(answer.content)["openapi"].startswith("3.1")
