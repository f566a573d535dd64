"""Convoy reports: what was counted and what is claimed apart, alike in every door."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from convoys import claims
from convoys.models import OperatedConvoy
from core import jobs
from core.errors import Problem
from core.models import PopulationFigure, PopulationGroup
from situation import convoy_wording, publication, reports
from situation.demo import convoys as demo
from situation.models import Report
from tests.acceptance import asserts
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.factories.access import WindowFactory
from tests.factories.core import AreaFactory

SUMS = ("reported_kg", "loaded_kg", "received_kg", "lost_kg", "outstanding_kg")


@pytest.fixture(autouse=True)
def worker(settings: Any, tmp_path: Path) -> None:
    """Know the kinds of jobs that a worker knows, and keep files apart."""
    current_app.loader.import_default_modules()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give the two reported convoys, and one that has arrived with losses and was released."""
    demo.reported(
        cast.operation, {"logistics": cast.actor("lars"), "coordinator": cast.actor("carmen")}
    )
    road = begin(cast)
    road.carry([300])
    road.go().arrive()
    road.receive({"good": 280, "damaged": 5, "missing": 3}, final=True)
    OperatedConvoy.objects.filter(pk=road.run.pk).update(released_at=timezone.now())
    return road


@pytest.fixture
def made(cast: Cast) -> Callable[..., Report]:
    """Give a function that asks for a convoy report as Lars, runs its job, and returns it."""

    def make(language: str = "en", who: str = "lars") -> Report:
        report = reports.request_on_convoys(
            cast.operation, actor=cast.actor(who), language=language
        )
        assert report.job is not None
        jobs.run(str(report.job.pk))
        return Report.objects.select_related("job").get(pk=report.pk)

    return make


def text_of(report: Report) -> str:
    """Return the words of a report's PDF, each run of blanks as one."""
    with report.file.open("rb") as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def secrets(road: Road) -> list[str]:
    """Return what no partner may read: drivers, plates, and the planned way and its times."""
    legs = list(road.run.legs.select_related("driver", "vehicle"))
    stops = road.run.stops.select_related("site").exclude(position=2)
    return [
        *(one.driver.name for one in legs if one.driver),
        *(one.vehicle.plate for one in legs),
        *(one.site.name for one in stops),
        road.run.etd.isoformat()[:16],
        road.run.eta.isoformat()[:16],
    ]


def test_a_report_says_what_was_counted_and_beside_it_what_is_claimed(
    road: Road, made: Callable[..., Report]
) -> None:
    WindowFactory(operation=road.run.operation, title="Pause", sensitivity="partner")
    WindowFactory(operation=road.run.operation, title="Ours alone")
    report = made()
    assert (report.state, report.failure) == ("ready", "")
    text = text_of(report)
    assert "285 t of 300 t dispatched are confirmed by receipts; 3 t are lost." in text
    assert "345 t reported arrived, 0 t receipt-confirmed, 345 t without a receipt." in text
    assert "≤ 300 t of it are unallocated" in text
    assert "300,000 0 280,000 5,000 3,000 0 0 12,000" in text
    assert "sources differ on Arrived, and none is adopted" in text
    assert "Window ends Pause" in text
    assert "Ours alone" not in text
    (row,) = report.figures["convoys"]
    assert Decimal(row["balance_kg"]) == 0


def test_a_convoy_is_in_no_report_before_its_release(
    road: Road, made: Callable[..., Report]
) -> None:
    OperatedConvoy.objects.update(released_at=None)
    report = made()
    assert report.figures["convoys"] == []
    assert str(road.run.convoy.name) not in text_of(report)
    assert "A convoy counts once its route and times are released." in text_of(report)


def test_reports_on_convoys_supersede_each_other_and_no_other(
    cast: Cast, made: Callable[..., Report]
) -> None:
    carmen = cast.actor("carmen")
    first, second, other = made(), made(), made("ru")
    publication.publish(first, actor=carmen)
    publication.publish(other, actor=carmen)
    publication.publish(second, actor=carmen)
    states = {one.pk: one.state for one in Report.objects.all()}
    assert states == {first.pk: "superseded", second.pk: "published", other.pk: "published"}


def test_the_newest_draft_on_convoys_waits_for_its_publication(
    cast: Cast, made: Callable[..., Report]
) -> None:
    made()
    newest = made()
    assert list(publication.waiting(cast.operation, cast.actor("carmen"))) == [newest]


def test_convoy_reports_are_made_by_those_whom_the_matrix_names(cast: Cast) -> None:
    with pytest.raises(Problem, match="forbidden"):
        reports.request_on_convoys(cast.operation, actor=cast.actor("olga"), language="en")
    with pytest.raises(Problem, match="not_found"):
        reports.request_on_convoys(cast.operation, actor=cast.actor("outsider"), language="en")
    with pytest.raises(Problem, match="report_language"):
        reports.request_on_convoys(cast.operation, actor=cast.actor("lars"), language="tlh")


def test_a_convoy_report_is_asked_for_from_the_list_and_read_on_its_page(
    client: Client, road: Road
) -> None:
    client.force_login(road.cast.lars)
    assert "Make a convoy report" in client.get("/o/caucasus/reports/").content.decode()
    asked = client.post("/o/caucasus/reports/convoys/", {"language": "en"})
    report = Report.objects.get()
    assert asked["Location"] == f"/o/caucasus/reports/{report.pk}/"
    jobs.run(str(report.job_id))
    page = client.get(asked["Location"]).content.decode()
    assert "Convoys and access: Caucasus 2020" in page
    assert "285 t of 300 t dispatched are confirmed by receipts" in page
    assert f"/o/caucasus/reports/{report.pk}/annex/" in page


def rows_of(answer: Any, form: str) -> list[dict[str, Any]]:
    """Return the rows of a table in one of the formats."""
    body = answer.getvalue() if answer.streaming else answer.content
    if form == "csv":
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    if form == "xlsx":
        head, *rows = load_workbook(io.BytesIO(body), read_only=True).active.values
        return [dict(zip(head, row, strict=True)) for row in rows]
    content = json.loads(body)
    if form == "geojson":
        return [one["properties"] for one in content["features"]]
    return list(content["results"])


@asserts(
    "A partner's GET of convoys in JSON, CSV, XLSX and GeoJSON gives the same totals as "
    "the convoy report PDF, and no driver, plate or planned route in any of them."
)
def test_a_partner_gets_the_same_everywhere(
    client: Client, road: Road, made: Callable[..., Report]
) -> None:
    """Acceptance 10."""
    begin(road.cast).carry([50])  # under way to nowhere yet: in none of them
    report = made()
    (row,) = report.figures["convoys"]
    received = Decimal(row["good_kg"]) + Decimal(row["damaged_kg"])
    told = report.figures["picture"]["reported"]["totals"]
    expected = {
        "reported_kg": Decimal(told["kg"]),
        "loaded_kg": Decimal(row["loaded_kg"]),
        "received_kg": received,
        "lost_kg": Decimal(row["lost_kg"]),
        "outstanding_kg": Decimal(row["outstanding_kg"]),
    }
    assert expected == {
        "reported_kg": 345_000,
        "loaded_kg": 300_000,
        "received_kg": 285_000,
        "lost_kg": 3000,
        "outstanding_kg": 12_000,
    }
    text = text_of(report)
    assert "345 t" in text
    assert "300,000 0 280,000 5,000 3,000 0 0 12,000" in text
    hidden = secrets(road)
    assert len(hidden) == 5
    assert not [one for one in hidden if one in text]
    assert not [one for one in hidden if one in json.dumps(report.figures)]
    client.force_login(road.cast.paula)
    for form in ("json", "csv", "xlsx", "geojson"):
        answer = client.get("/api/v1/convoys/", {"operation": "caucasus", "format": form})
        assert answer.status_code == 200, form
        rows = rows_of(answer, form)
        sums = {key: sum(Decimal(one[key] or 0) for one in rows) for key in SUMS}
        assert sums == expected, form
        assert not [one for one in hidden if one in json.dumps(rows, default=str)], form
        assert not {"driver", "plate", "route", "etd", "eta", "leader"} & set(rows[0]), form
    annex = client.get(f"/o/caucasus/reports/{report.pk}/annex/")
    book = load_workbook(io.BytesIO(annex.content), read_only=True)
    head, *rows = book["Convoys"].values
    assert {
        key: dict(zip(head, rows[0], strict=True))[key] for key in ("loaded_kg", "lost_kg")
    } == {
        "loaded_kg": 300_000,
        "lost_kg": 3000,
    }


@asserts("90,000, 40,000 and 4,000 never auto-summed or netted.")
def test_counts_of_people_stay_apart(
    client: Client, road: Road, made: Callable[..., Report]
) -> None:
    """Acceptance 9: figures of different sources and groups stand side by side."""
    area = AreaFactory(operation=road.run.operation, name="Whole")
    for people, group, source in (
        (90_000, PopulationGroup.IDPS, "Armenia"),
        (40_000, PopulationGroup.IDPS, "ACAPS, Azerbaijan"),
        (4_000, PopulationGroup.RETURNED_IDPS, "Count of 21 Nov"),
    ):
        PopulationFigure.objects.create(
            area=area, people=people, group=group, source=source, dated="2020-11-21"
        )
    report = made()
    client.force_login(road.cast.carmen)
    area_page = client.get(f"/o/caucasus/areas/{area.pcode}/").content.decode()
    for shown in ("90,000", "40,000", "4,000"):
        assert shown in area_page
    given = client.get("/o/caucasus/export/population.csv")
    export = b"".join(given.streaming_content).decode()
    overview = client.get("/o/caucasus/").content.decode()
    invented = (130_000, 134_000, 94_000, 86_000, 50_000, 46_000, 44_000, 36_000, 126_000)
    for text in (area_page, export, overview, text_of(report), json.dumps(report.figures)):
        for number in invented:
            assert f"{number:,}" not in text
            assert str(number) not in text


def test_the_words_come_in_the_language_of_the_report(
    road: Road, made: Callable[..., Report]
) -> None:
    report = made("ru")
    assert report.figures["language"] == "ru"
    assert convoy_wording.page(report.figures)["convoys"]
    assert "300 000" in text_of(report).replace("\xa0", " ").replace("\u202f", " ")


def test_every_reported_convoy_stands_in_the_report(
    cast: Cast, made: Callable[..., Report]
) -> None:
    names = [f"Convoy {number}" for number in range(30)]
    for name in names:
        claims.report(cast.operation, actor=cast.actor("lars"), name=name)
    text = text_of(made())
    assert [name for name in names if name not in text] == []
