"""The areas' pages and maps as people of the cast see them."""

import json
from typing import Any

import brotli
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from core import jobs
from core.areas import maps as area_map
from core.models import Area, AreaImport, Job, PopulationFigure
from tests.cast import Cast
from tests.factories.core import AreaFactory, square

HERE = "/o/caucasus/areas/"


@pytest.fixture
def country(cast: Cast) -> Area:
    made: Area = AreaFactory(
        operation=cast.operation, pcode="AM", level=0, name="Armenia", geometry=None
    )
    names = {"en": "Syunik", "hy": "Սյունիք"}
    AreaFactory(
        operation=cast.operation,
        pcode="AM09",
        parent=made,
        name="Syunik",
        names=names,
        search="AM09 · Syunik · Սյունիք",
        geometry=square(46, 39),
    )
    AreaFactory(operation=cast.operation, pcode="AM10", parent=made, geometry=square(45, 39))
    AreaFactory(operation=cast.elsewhere, pcode="ZZ", name="Elsewhere", geometry=square(10, 10))
    return made


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, name))
    return client


def test_the_tree_unfolds_and_is_searched(cast: Cast, country: Area) -> None:
    olga = signed_in(cast, "olga")
    page = olga.get(HERE).content.decode()
    assert "Armenia" in page
    assert "Syunik" in page
    assert "Elsewhere" not in page
    assert "Import a file" not in page
    for text in ("սյուն", "am09", "SYUNIK am"):
        found = olga.get(HERE, {"q": text})
        assert [area.pcode for area in found.context["rows"]] == ["AM09"], text
    assert "No area matches" in olga.get(HERE, {"q": "xyz"}).content.decode()
    assert [one.pcode for one in olga.get(HERE, {"level": "0"}).context["rows"]] == ["AM"]
    assert olga.get(HERE, {"level": "x", "after": "broken"}).status_code == 200


def test_children_come_one_page_after_another(cast: Cast, country: Area) -> None:
    for number in range(120):
        AreaFactory(operation=cast.operation, pcode=f"AM2{number:03}", parent=country)
    olga = signed_in(cast, "olga")
    first = olga.get(f"{HERE}AM/below/")
    assert len(first.context["rows"]) == 100
    rest = olga.get(f"{HERE}AM/below/{first.context['next']}")
    assert len(rest.context["rows"]) == 22
    assert rest.context["next"] is None
    # More than a few: they are fetched when the reader unfolds the country.
    AreaFactory.create_batch(40, operation=cast.operation, parent=country)
    assert [area.pcode for area in olga.get(HERE).context["rows"]] == ["AM"]


def test_the_page_of_an_area(cast: Cast, country: Area) -> None:
    area = Area.objects.get(pcode="AM09")
    PopulationFigure.objects.create(area=area, people=141_700, source="Census", dated="2011-10-12")
    page = signed_in(cast, "olga").get(f"{HERE}AM09/").content.decode()
    for words in ("Սյունիք", "AM09", "Armenia", "141,700", "Census", "invented for tests"):
        assert words in page
    assert signed_in(cast, "outsider").get(f"{HERE}AM09/").status_code == 404
    assert signed_in(cast, "olga").get(f"{HERE}ZZ/").status_code == 404


def test_an_area_that_is_no_longer_in_use_has_a_page(cast: Cast, country: Area) -> None:
    AreaFactory(operation=cast.operation, pcode="OLD", name="Was", valid_to="2020-05-01")
    page = signed_in(cast, "olga").get(f"{HERE}OLD/").content.decode()
    assert "valid until 1 May 2020" in page


def test_names_follow_the_reader(cast: Cast, country: Area) -> None:
    view = area_map.View(Area.objects.filter(operation=cast.operation), 1, "low", "hy")
    assert "Սյունիք".encode() in area_map.collection(view)
    with translation.override("hy"):
        assert Area.objects.get(pcode="AM09").name_in("hy") == "Սյունիք"


def test_the_map_is_compressed_and_kept_by_its_version(cast: Cast, country: Area) -> None:
    olga = signed_in(cast, "olga")
    first = olga.get(f"{HERE}map.geojson", headers={"Accept-Encoding": "gzip, br"})
    assert first["Content-Encoding"] == "br"
    text = brotli.decompress(first.content).decode()
    assert '"pcode":"AM09"' in text
    assert "ZZ" not in text
    again = olga.get(f"{HERE}map.geojson", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    Area.objects.filter(pcode="AM10").update(fingerprint="changed")
    assert olga.get(f"{HERE}map.geojson")["ETag"] != first["ETag"]
    assert "Content-Encoding" not in olga.get(f"{HERE}map.geojson")
    east = olga.get(f"{HERE}map.geojson", {"bbox": "46.5,39,47,40", "detail": "mid"}).json()
    assert [one["properties"]["pcode"] for one in east["features"]] == ["AM09"]


@pytest.mark.parametrize(
    "query",
    [
        {"bbox": "1,2,3"},
        {"bbox": "0,0,0,900"},
        {"detail": "geometry"},
        {"level": "-1"},
        {"level": "1 OR 1"},
        {"level": "999"},
    ],
)
def test_a_map_that_nobody_can_draw(cast: Cast, country: Area, query: dict[str, str]) -> None:
    answer = signed_in(cast, "olga").get(f"{HERE}map.geojson", query)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", ""), ("identity", "")],
)
def test_encodings(accepted: str, encoding: str) -> None:
    assert area_map.encoding_for(accepted) == encoding


def test_the_field_client_gets_the_boundaries_of_its_operation(cast: Cast, country: Area) -> None:
    address = "/field/api/areas.geojson"
    olga = signed_in(cast, "olga")
    found = olga.get(address, {"operation": "caucasus"})
    assert {one["properties"]["pcode"] for one in found.json()["features"]} == {"AM09", "AM10"}
    assert olga.get(address, {"operation": "elsewhere"}).status_code == 404
    assert olga.get(address).status_code == 404
    assert Client().get(address, {"operation": "caucasus"}).status_code == 401


def test_an_import_by_the_pages(cast: Cast) -> None:
    anna = signed_in(cast, "anna")
    text = "ADM1_PCODE,ADM1_EN,comment\nAM09,Syunik,Սյունիք\n,Blank,\n"
    upload = {
        "file": SimpleUploadedFile("a.csv", text.encode()),
        "kind": "areas",
        "source": "COD",
        "valid_from": "2020-01-01",
    }
    answer = anna.post(f"{HERE}imports/", upload)
    found = AreaImport.objects.get()
    address = f"{HERE}imports/{found.pk}/"
    assert answer["Location"] == address
    assert "Check of a.csv" in anna.get(address).content.decode()
    jobs.run(str(found.job_id))
    page = anna.get(address)
    assert "Leave out the 1 row" in page.content.decode()
    form = page.context["form"]
    columns = {name: field.value() or "" for name, field in ((one.name, one) for one in form)}
    columns |= {"name_1": "comment", "language_1": "hy", "note": ""}
    anna.post(address, columns)
    found.refresh_from_db()
    jobs.run(str(found.job_id))
    refused = anna.post(f"{address}confirm/")
    assert refused.status_code == 409
    anna.post(f"{address}confirm/", {"leave_out": "yes"})
    found.refresh_from_db()
    jobs.run(str(found.job_id))
    assert Area.objects.get().names == {"en": "Syunik", "hy": "Սյունիք"}
    assert "Imported." in anna.get(address).content.decode()
    assert anna.post(f"{address}confirm/", {"leave_out": "yes"}).status_code == 409


def test_a_file_that_cannot_be_read_says_why(cast: Cast) -> None:
    anna = signed_in(cast, "anna")
    upload = {"file": SimpleUploadedFile("a.geojson", b"%PDF-1.7"), "kind": "areas", "source": "x"}
    anna.post(f"{HERE}imports/", upload)
    found = AreaImport.objects.get()
    jobs.run(str(found.job_id))
    found.refresh_from_db()
    assert found.state == AreaImport.State.REFUSED
    assert Job.objects.get().state == Job.State.FAILED
    page = anna.get(f"{HERE}imports/{found.pk}/").content.decode()
    assert "neither a table nor boundaries" in page


def test_what_is_typed_is_not_lost(cast: Cast) -> None:
    answer = signed_in(cast, "anna").post(f"{HERE}imports/", {"source": "My source", "level": "77"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "My source" in page
    assert AreaImport.objects.count() == 0


def test_who_may_import(cast: Cast, country: Area) -> None:
    assert signed_in(cast, "olga").get(f"{HERE}imports/").status_code == 403
    assert signed_in(cast, "outsider").get(f"{HERE}imports/").status_code == 404
    found = AreaImport.objects.create(
        operation=cast.operation, file_name="a", sha256="0" * 64, created_by=cast.anna
    )
    for path in ("", "confirm/", "outline.geojson"):
        address = f"{HERE}imports/{found.pk}/{path}"
        method = "post" if path == "confirm/" else "get"
        assert getattr(signed_in(cast, "olga"), method)(address).status_code == 404
        assert getattr(signed_in(cast, "outsider"), method)(address).status_code == 404


def test_exports(cast: Cast, country: Area) -> None:
    olga = signed_in(cast, "olga")
    found = olga.get("/o/caucasus/export/areas.csv", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in found, "a stream that is compressed comes late"
    assert "caucasus-areas.csv" in found["Content-Disposition"]
    text = b"".join(found.streaming_content).decode()
    assert "AM09" in text
    assert "ZZ" not in text
    shapes: Any = olga.get("/o/caucasus/export/areas.geojson")
    assert json.loads(b"".join(shapes))["type"] == "FeatureCollection"
    for wrong in ("nothing.csv", "areas.exe", "population.geojson"):
        assert olga.get(f"/o/caucasus/export/{wrong}").status_code == 404
    assert signed_in(cast, "outsider").get("/o/caucasus/export/areas.csv").status_code == 404


def test_the_tree_asks_the_database_seldom(
    cast: Cast, country: Area, django_assert_max_num_queries: Any
) -> None:
    AreaFactory.create_batch(30, operation=cast.operation, parent=country)
    olga = signed_in(cast, "olga")
    olga.get(HERE)
    with django_assert_max_num_queries(22):
        olga.get(HERE)
