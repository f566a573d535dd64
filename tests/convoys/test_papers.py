"""Papers: a waybill's and a receipt's PDF say what the database says, to whom may have them."""

import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from celery import current_app
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from convoys import loading, papers
from convoys.models import Receipt, Waybill
from core import jobs
from core.models import Job
from tests.cast import Cast
from tests.convoys.road import Road, begin


@pytest.fixture(autouse=True)
def worker(settings: Any, tmp_path: Path) -> None:
    """Know the kinds of jobs that a worker knows, and keep files apart."""
    current_app.loader.import_default_modules()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give a convoy of 10 t and 7 t on one waybill that has arrived."""
    made = begin(cast)
    made.carry([10, 7])
    return made.go().arrive()


def browser(cast: Cast, who: str) -> Client:
    """Return somebody's browser."""
    client = Client()
    client.force_login(cast.people[who])
    return client


def fetched(client: Client, document: Any) -> bytes:
    """Press the button, let the job run, and return the file."""
    address = document.get_absolute_url()
    assert client.post(f"{address}print/").status_code == 302
    job = Job.objects.filter(kind=papers.JOB).latest("created_at")
    jobs.run(str(job.pk))
    answer: Any = client.get(f"{address}pdf/")
    assert answer["Content-Type"] == "application/pdf", Job.objects.get(pk=job.pk).error
    return b"".join(answer.streaming_content)


def text_of(content: bytes) -> str:
    """Return the words of a PDF, each run of blanks as one."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def code_of(content: bytes) -> str:
    """Return what a decoder reads from the first page as it is printed."""
    page = pypdfium2.PdfDocument(content)[0]
    (code,) = zxingcpp.read_barcodes(page.render(scale=2).to_pil())
    return code.text


def test_a_waybill_names_its_parties_loads_seals_and_plate(cast: Cast, road: Road) -> None:
    waybill = road.waybills[0]
    leg = road.run.legs.select_related("vehicle", "driver").get()
    content = fetched(browser(cast, "lars"), waybill)
    text = text_of(content)
    said = [waybill.number, "version 1", leg.vehicle.plate, leg.driver.name, "A1, A2"]
    said += [str(cast.organisations["WFP"]), str(cast.organisations["UNHCR"])]
    said += [str(stop.site) for stop in road.run.stops.select_related("site")]
    said += [load.item.name for load in road.loads()]
    said += ["10,000", "7,000", "17,000", "Date and signature"]
    assert [one for one in said if one not in text] == []


def test_the_code_of_a_waybill_is_read_back_with_its_number_and_id(cast: Cast, road: Road) -> None:
    waybill = road.waybills[0]
    read = code_of(fetched(browser(cast, "lars"), waybill))
    page = f"http://testserver{waybill.get_absolute_url()}"
    assert str(waybill.pk) in page
    assert read == f"{page}#{waybill.number}-v1"


def test_a_receipt_names_good_damaged_lost_by_kind_and_outstanding(cast: Cast, road: Road) -> None:
    receipt = road.receive({"good": 6, "damaged": 1, "missing": 2, "reason": "Wet sacks"})
    content = fetched(browser(cast, "rauf"), receipt)
    text = text_of(content)
    leg = road.run.legs.select_related("vehicle", "driver").get()
    for one in ("Rauf", "Wet sacks", "6,000", "8,000"):
        assert one in text, one
    for secret in (leg.vehicle.plate, leg.driver.name):
        assert secret not in text
    assert code_of(content).endswith(f"{receipt.get_absolute_url()}#{receipt.number}")


def test_a_paper_is_set_in_the_language_of_whoever_asks_and_replaces_the_one_before(
    cast: Cast, road: Road, django_capture_on_commit_callbacks: Any
) -> None:
    waybill = Waybill.objects.get(pk=road.waybills[0].pk)
    for language in ("hy", "ar"):
        with translation.override(language):
            job = papers.request(waybill, actor=cast.actor("lars"), address="https://x.org/")
        with django_capture_on_commit_callbacks(execute=True):
            jobs.run(str(job.pk))
        assert Job.objects.get(pk=job.pk).state == "done", Job.objects.get(pk=job.pk).error
    waybill = Waybill.objects.get(pk=waybill.pk)
    with waybill.pdf.open("rb") as file:
        assert PdfReader(io.BytesIO(file.read())).trailer["/Root"]["/Lang"].startswith("ar")
    assert len(list(Path(waybill.pdf.path).parent.iterdir())) == 1


def test_a_paper_being_made_is_not_made_twice(cast: Cast, road: Road) -> None:
    given = {"actor": cast.actor("lars"), "address": "https://x.org/"}
    waybill = Waybill.objects.get(pk=road.waybills[0].pk)
    assert papers.request(waybill, **given) == papers.request(waybill, **given)


def test_who_may_have_which_paper(cast: Cast, road: Road) -> None:
    receipt, waybill = road.receive({"good": 10}), road.waybills[0]
    fetched(browser(cast, "lars"), waybill)
    fetched(browser(cast, "lars"), receipt)
    for who in cast.people:
        client = browser(cast, who)
        got = [
            client.get(f"{one.get_absolute_url()}pdf/").status_code == 200
            for one in (waybill, receipt)
        ]
        plates = who in ("lars", "aida", "carmen", "rauf")
        assert got == [plates, who not in ("oscar", "adam", "outsider")], who
    page = browser(cast, "paula").get(waybill.get_absolute_url()).content.decode()
    assert "/print/" not in page


def test_a_draft_has_no_paper_and_a_void_waybill_loses_it(cast: Cast) -> None:
    made = begin(cast)
    waybill = made.carry([3])
    client = browser(cast, "lars")
    assert client.post(f"{waybill.get_absolute_url()}print/").status_code == 409
    assert client.get(f"{waybill.get_absolute_url()}pdf/").status_code == 409
    issued = loading.issue(waybill, actor=cast.actor("lars"), loader="Lars", driver="D")
    fetched(client, issued)
    loading.void(Waybill.objects.get(pk=waybill.pk), actor=cast.actor("lars"), reason="Wrong truck")
    assert client.get(f"{waybill.get_absolute_url()}pdf/").status_code == 409
    assert "Void" in text_of(fetched(client, issued))


def test_a_paper_set_before_a_decision_is_not_kept_after_it(cast: Cast, road: Road) -> None:
    receipt = road.receive({"good": 11})
    assert receipt.state == Receipt.State.NEEDS_RESOLUTION
    Receipt.objects.filter(pk=receipt.pk).update(state_reason="Decided meanwhile")
    read = Receipt.objects.get(pk=receipt.pk)
    read.__dict__["state"] = Receipt.State.RECORDED
    assert not papers.keep(read, b"%PDF").pdf


def test_tabs_offer_progress_and_then_the_file(cast: Cast, road: Road) -> None:
    road.receive({"good": 10})
    client = browser(cast, "lars")
    for tab, document in (("waybills", road.waybills[0]), ("receipts", Receipt.objects.get())):
        address = f"/o/caucasus/runs/{road.run.pk}/{tab}/"
        assert "Make PDF" in client.get(address).content.decode()
        answer = client.post(f"{document.get_absolute_url()}print/", {"back": "tab"})
        assert answer["Location"] == address
        assert "job-progress" in client.get(address).content.decode()
        jobs.run(str(Job.objects.latest("created_at").pk))
        assert f"{document.get_absolute_url()}pdf/" in client.get(address).content.decode()


def test_a_paper_that_cannot_be_set_says_so_beside_the_button(
    cast: Cast, road: Road, tmp_path: Path, settings: Any
) -> None:
    waybill, client = road.waybills[0], browser(cast, "lars")
    (tmp_path / "full").write_text("not a folder")
    settings.MEDIA_ROOT = tmp_path / "full"
    client.post(f"{waybill.get_absolute_url()}print/")
    job = Job.objects.latest("created_at")
    for _attempt in range(Job.MAX_ATTEMPTS):
        jobs.run(str(job.pk))
    page = client.get(waybill.get_absolute_url()).content.decode()
    assert "Make PDF" in page
    assert "NotADirectory" in page or "FileExists" in page
