"""Operations, organisations, areas and population over REST."""

import json

import pytest
from django.test import Client

from core.models import PopulationFigure
from tests.cast import Cast
from tests.factories.core import AreaFactory, MembershipFactory


@pytest.fixture
def areas(cast: Cast) -> Cast:
    """Give a province with two districts, a population figure, and an area elsewhere."""
    top = AreaFactory(operation=cast.operation, pcode="AZ01", name="Karabakh")
    for pcode, name in (("AZ0101", "Agdam"), ("AZ0102", "Barda")):
        area = AreaFactory(operation=cast.operation, pcode=pcode, name=name, level=2, parent=top)
    PopulationFigure.objects.create(area=area, people=9, source="Census", dated="2019-01-01")
    AreaFactory(operation=cast.elsewhere, pcode="ZZ01", name="Far away")
    return cast


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"AZ01", "AZ0101", "AZ0102"}),
        ("level=2", {"AZ0101", "AZ0102"}),
        ("parent=AZ01", {"AZ0101", "AZ0102"}),
        ("within=AZ01", {"AZ01", "AZ0101", "AZ0102"}),
        ("within=ZZ01", set()),
        ("pcode=AZ01,AZ0102", {"AZ01", "AZ0102"}),
        ("q=agd", {"AZ0101"}),
        ("updated_since=2999-01-01", set()),
        ("operation=caucasus&level=1", {"AZ01"}),
    ],
)
def test_areas_are_narrowed(query: str, found: set[str], areas: Cast, client: Client) -> None:
    client.force_login(areas.oscar)
    answer = client.get(f"/api/v1/areas/?{query}")
    assert {row["pcode"] for row in answer.json()["results"]} == found


@pytest.mark.parametrize(
    "query",
    [
        "level=two",
        "level=-1",
        "level=99999999999",
        "updated_since=soon",
        "updated_since=2020-13-45",
        "bbox=1,2",
        "bbox=a,b,c,d",
        "bbox=0,0,0,900",
        "name=Agdam",
    ],
)
def test_a_bad_filter_is_refused(query: str, areas: Cast, client: Client) -> None:
    client.force_login(areas.oscar)
    assert client.get(f"/api/v1/areas/?{query}").status_code == 400


def test_areas_come_as_geojson(areas: Cast, client: Client) -> None:
    client.force_login(areas.oscar)
    answer = client.get("/api/v1/areas/?format=geojson&pcode=AZ01")
    (feature,) = json.loads(b"".join(answer.streaming_content))["features"]
    assert feature["properties"]["name"] == "Karabakh"
    assert feature["geometry"]["type"] == "MultiPolygon"


def test_one_area_by_its_pcode(areas: Cast, client: Client) -> None:
    client.force_login(areas.oscar)
    assert client.get("/api/v1/areas/AZ0101/").json()["parent_pcode"] == "AZ01"
    assert client.get("/api/v1/areas/ZZ01/").status_code == 404
    assert client.get("/api/v1/areas/AZ01/?operation=elsewhere").status_code == 404


def test_whoever_sees_several_operations_says_which(areas: Cast, client: Client) -> None:
    MembershipFactory(
        user=areas.oscar,
        operation=areas.elsewhere,
        organisation=areas.organisations["DONOR"],
        role="observer",
    )
    client.force_login(areas.oscar)
    answer = client.get("/api/v1/areas/")
    assert (answer.status_code, answer.json()["code"]) == (400, "operation_needed")
    assert "caucasus" in answer.json()["how"]
    assert len(client.get("/api/v1/areas/?operation=elsewhere").json()["results"]) == 1


def test_a_null_character_in_an_address_is_no_servers_fault(areas: Cast, client: Client) -> None:
    client.force_login(areas.oscar)
    for path in ("/api/v1/areas/%00/", "/o/caucasus/areas/%00/"):
        assert client.get(path).status_code in {400, 404}


def test_population_stands_with_its_source(areas: Cast, client: Client) -> None:
    client.force_login(areas.paula)
    (figure,) = client.get("/api/v1/population/?within=AZ01").json()["results"]
    assert (figure["people"], figure["source"]) == (9, "Census")


def test_organisations_are_those_of_ones_operations(areas: Cast, client: Client) -> None:
    client.force_login(areas.oscar)
    rows = client.get("/api/v1/organisations/").json()["results"]
    acronyms = [row["acronym"] for row in rows]
    assert sorted(acronyms) == ["DONOR", "IFRC", "OCHA", "UNHCR", "WFP"]
    one = client.get("/api/v1/operations/caucasus/").json()
    assert one["name"] == "Caucasus 2020"
    assert client.get("/api/v1/operations/elsewhere/").status_code == 404
