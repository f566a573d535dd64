"""Lists from other people's spreadsheets: packing lists, catalogues and stock."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from openpyxl import Workbook

from convoys import cargo, stock
from convoys.models import Consignment, ConsignmentLine, StockLot
from core import table_imports
from core.errors import Problem
from core.models import ReliefItem, TableImport
from tests.cast import Cast
from tests.factories.access import SiteFactory
from tests.factories.convoys import ConsignmentFactory, LineFactory, LotFactory, ReliefItemFactory


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Give a consignment, an item in kits and a warehouse."""
    ConsignmentFactory(operation=cast.operation, number="CN-001")
    ReliefItemFactory(operation=cast.operation, code="KIT-1", name="Hygiene kit", unit="kit")
    SiteFactory(operation=cast.operation, name="Goris hub", kind="warehouse")
    return cast


def workbook(*rows: list[Any], merged: str = "", sheet: str = "") -> bytes:
    """Return a workbook as people send it: perhaps with a cover sheet before the list."""
    book = Workbook()
    page: Any = book.active
    if sheet:
        page.append(["Please see the other sheet"])
        page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    if merged:
        page.merge_cells(merged)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def received(cast: Cast, kind: str, content: bytes | str, **more: Any) -> TableImport:
    """Upload a list."""
    data = content.encode() if isinstance(content, str) else content
    lars = cast.actor("lars")
    return table_imports.receive(
        cast.operation, actor=lars, kind=kind, content=data, name="list", **more
    )


def against(found: TableImport) -> set[tuple[int, str]]:
    """Return which columns of which rows something stands against."""
    return {(one["row"], one["where"]) for one in found.findings}


def recorded(cast: Cast, found: TableImport) -> None:
    """Confirm a list against which nothing stands."""
    assert found.findings == []
    table_imports.confirm(found, actor=cast.actor("lars"))


def test_a_list_is_found_below_its_title_on_the_second_sheet(world: Cast) -> None:
    content = workbook(
        ["PACKING LIST No 17", None, None, None, None],
        ["Consignor: X", None, None, "Date", datetime(2026, 1, 5, tzinfo=UTC).date()],
        [],
        ["Lot ", "QTY", "Consignment*", "Item", "Expires_on", "Remarks"],
        ["A-1", 120, "CN-001", "KIT-1", datetime(2030, 6, 1, tzinfo=UTC).date(), "fragile"],
        [None, None, None, None, None, None],
        ["A-2", "1 200,5", "cn-001 ", "hygiene KIT", "01.07.2030", None],
        merged="A1:E1",
        sheet="List",
    )
    found = received(world, "packing", content)
    assert [row["number"] for row in found.rows] == [5, 7]
    assert found.remarks == [["unused", "Remarks"], ["sheet", "List"]]
    recorded(world, found)
    lines = ConsignmentLine.objects.order_by("position")
    assert [(one.qty, one.lot_number, one.expires_on) for one in lines] == [
        (120, "A-1", date(2030, 6, 1)),
        (Decimal("1200.5"), "A-2", date(2030, 7, 1)),
    ]


def test_headers_in_the_readers_language_and_semicolons_are_read(world: Cast) -> None:
    with override("ru"):
        words = [str(table_imports.KINDS["packing"].labels[key]) for key in ("item", "qty")]
    assert all(not word.isascii() for word in words)
    table = f"\ufeffconsignment;{';'.join(words)}\nCN-001;KIT-1;12,5\n"
    recorded(world, received(world, "packing", table))
    assert ConsignmentLine.objects.get().qty == Decimal("12.5")


def test_all_that_stands_against_a_row_is_told_together(world: Cast) -> None:
    table = (
        "consignment;item;qty;unit;gross_kg;hu_count;expires_on;value;currency\n"
        "CN-9;KIT-9;-5;;0;2.5;soon;100;\n"
        "CN-001;KIT-1;1,200;carton;heavy;1;2030-01-01;;\n"
        "CN-001;KIT-1;0;kit;;;;12;usd\n"
    )
    assert against(received(world, "packing", table)) == {
        *((2, where) for where in ("consignment", "item", "qty", "gross_kg", "hu_count")),
        *((2, where) for where in ("expires_on", "currency")),
        *((3, where) for where in ("qty", "unit", "gross_kg")),
        (4, "qty"),
    }


def test_an_amount_that_no_column_can_hold_is_told_and_breaks_nothing(world: Cast) -> None:
    table = "consignment,item,qty,hu_kind\nCN-001,KIT-1,9999999999," + "x" * 40 + "\n"
    found = received(world, "packing", table)
    assert against(found) >= {(2, "gross_kg"), (2, "hu_kind")}


def test_a_column_that_comes_twice_is_refused_and_not_guessed(world: Cast) -> None:
    with pytest.raises(Problem) as refused:
        received(world, "packing", "consignment,item,qty,Qty\nCN-001,KIT-1,5,50\n")
    assert "qty" in refused.value.detail


def test_the_same_file_again_is_told_before_it_counts_twice(world: Cast) -> None:
    table = "consignment,item,qty\nCN-001,KIT-1,5\n"
    recorded(world, received(world, "packing", table))
    (remark,) = received(world, "packing", table).remarks
    assert remark[0] == "again"


def test_from_a_consignments_page_rows_need_not_name_it(world: Cast) -> None:
    client = Client()
    client.force_login(world.lars)
    number = Consignment.objects.get().number
    page = client.get(Consignment.objects.get().get_absolute_url()).content.decode()
    address = f"/o/caucasus/cargo/import/?consignment={number}"
    assert address in page
    file = io.BytesIO(b"item,qty,Colour\nKIT-1,5,red\n")
    file.name = "list.csv"
    preview = client.post(address, {"file": file}, follow=True).content.decode()
    assert "Colour" in preview, "that it was not read is told"
    found = TableImport.objects.get()
    recorded(world, found)
    assert ConsignmentLine.objects.get().consignment.number == number


def test_a_catalogue_comes_from_a_file_with_every_column_checked(world: Cast) -> None:
    table = (
        "code;name;sector;unit;unit_kg;unit_m3;people_per_unit;days_per_unit;temp_min;temp_max\n"
        "VAC;Vaccine;shl;vial;0,02;0,001;1;;2;8\n"
        "kit-1;Hygiene kit;SHL;kit;5;;;;;\n"
        "BAD;Bad;XXX;;0;-1;many;1.5;8;2\n"
    )
    found = received(world, "items", table)
    assert {row for row, _where in against(found)} == {3, 4}
    assert {(4, where) for where in ("sector", "unit", "unit_m3", "people_per_unit")} <= against(
        found
    )
    table_imports.confirm(found, actor=world.actor("lars"), leave_out=True)
    vaccine = ReliefItem.objects.get(code="VAC")
    assert (vaccine.unit_kg, vaccine.temp_min, vaccine.temp_max) == (Decimal("0.02"), 2, 8)


def test_stock_comes_from_a_file_by_lot_and_expiry(world: Cast) -> None:
    table = (
        "warehouse;item;owner;qty;lot_number;expires_on\n"
        "goris HUB;KIT-1;wfp;40;L1;2030-01-31\n"
        "Goris hub;KIT-1;WFP;60;L1;31.01.2030\n"
        "Goris hub;KIT-1;WFP;7;;\n"
        "Nowhere;KIT-1;Nobody;7;;\n"
    )
    found = received(world, "stock", table)
    assert against(found) == {(5, "warehouse"), (5, "owner")}
    table_imports.confirm(found, actor=world.actor("lars"), leave_out=True)
    lots = StockLot.objects.first_expired_first().select_related("balance")
    assert [(one.lot_number, one.balance.on_hand) for one in lots] == [("L1", 100), ("", 7)]


def test_an_item_is_changed_and_retired_and_its_unit_stays_while_stock_counts_in_it(
    world: Cast,
) -> None:
    client = Client()
    client.force_login(world.lars)
    item = ReliefItem.objects.get()
    address = f"/o/caucasus/cargo/items/{item.pk}/"
    page = client.get(address).content.decode()
    assert 'value="50"' in page
    assert f"{address}retire/" in page
    facts = {"code": "KIT-1", "name": "Hygiene kit, family", "sector": "SHL", "unit": "kit"}
    client.post(address, facts | {"unit_kg": "6", "unit_m3": "0.1"})
    item.refresh_from_db()
    assert (item.name, item.unit_kg) == ("Hygiene kit, family", 6)
    LotFactory(operation=world.operation, item=item)
    page = client.post(address, facts | {"unit": "box", "unit_kg": "6", "unit_m3": "0.1"})
    assert "Stock is counted in “kit”" in page.content.decode()
    client.post(f"{address}retire/")
    assert "is out of the catalogue" in client.get("/o/caucasus/cargo/items/").content.decode()
    assert "Hygiene kit" not in client.get("/o/caucasus/cargo/items/").content.decode()
    assert client.get(address).status_code == 404


def test_a_line_by_hand_says_lot_expiry_worth_and_handling_units(world: Cast) -> None:
    client = Client()
    client.force_login(world.lars)
    consignment, item = Consignment.objects.get(), ReliefItem.objects.get()
    address = f"/o/caucasus/cargo/consignments/{consignment.pk}/add/"
    told = {"lot_number": "B-1", "expires_on": "2031-01-01", "hu_count": 3, "hu_kind": "pallet"}
    typed = {"item": item.pk, "qty": 10} | told
    page = client.post(address, typed | {"value": "900"}).content.decode()
    assert "A value needs its currency" in page
    client.post(address, typed | {"value": "900", "currency": "eur", "gross_kg": "444.5"})
    line = ConsignmentLine.objects.get()
    assert (line.gross_kg, line.value, line.currency) == (Decimal("444.5"), 900, "EUR")
    assert (line.lot_number, line.hu_count, line.hu_kind) == ("B-1", 3, "pallet")
    page = client.get(consignment.get_absolute_url()).content.decode()
    assert "900 EUR" in page
    assert "3 pallet" in page
    page = client.post(address, typed | {"from_stock": "1"}).content.decode()
    assert "This comes from the stock" in page


def test_what_is_consigned_for_a_request_goes_its_way(world: Cast) -> None:
    line = LineFactory(consignment__operation=world.operation)
    way = line.consignment
    client = Client()
    client.force_login(world.lars)
    here, there = (SiteFactory(operation=world.operation) for _ in range(2))
    base = "/o/caucasus/cargo/requests"
    wfp = world.organisations["WFP"].pk
    asked = {"requester": wfp, "origin": here.pk, "destination": there.pk, "priority": 3}
    asked |= {"ready_date": "2030-02-01"}
    page = client.post(f"{base}/new/", asked | {"needed_by": "2030-01-01"}).content.decode()
    assert "It is needed before it is ready" in page
    address = client.post(f"{base}/new/", asked | {"needed_by": "2030-02-09"})["Location"]
    client.post(f"{address}do/submit/", {"sent": 1})
    client.post(f"{address}do/verify/", {"sent": 1})
    client.force_login(world.carmen)
    assert 'btn-outline-danger" href="' in client.get(address).content.decode()
    client.post(f"{address}do/accept/", {"sent": 1})
    page = client.get(address).content.decode()
    new = f"/o/caucasus/cargo/consignments/new/?request={address.split('/')[-2]}"
    assert new in page
    form = client.get(new).content.decode()
    assert f'<option value="{here.pk}" selected' in form
    wrong = {"request": address.split("/")[-2], "consignor": wfp, "consignee": wfp}
    wrong |= {"origin": way.origin.pk, "destination": there.pk}
    page = client.post(new, wrong).content.decode()
    assert "is about" in page
    right = client.post(new, wrong | {"origin": here.pk})
    assert right.status_code == 302


@pytest.mark.parametrize(
    ("dataset", "kind"),
    [("relief-items", "items"), ("stock", ""), ("consignment-lines", "packing")],
)
def test_cargo_is_taken_out_as_it_can_be_sent_in(world: Cast, dataset: str, kind: str) -> None:
    line = {"operation": world.operation, "number": "CN-002"}
    item = ReliefItem.objects.get()
    LineFactory(consignment=ConsignmentFactory(**line), item=item, unit=item.unit)
    LotFactory(operation=world.operation, item=item)
    LotFactory()
    client = Client()
    client.force_login(world.lars)
    page = "/o/caucasus/cargo/"
    assert "/o/caucasus/export/stock.csv" in client.get(page).content.decode()
    answer = client.get(f"/o/caucasus/export/{dataset}.csv")
    content = b"".join(answer.streaming_content)
    assert content.decode().count("\r\n") == 2, "a header and what is of this operation"
    if kind:
        found = received(world, kind, content)
        told = {one["message"] for one in found.findings}
        assert told <= {"Another item has this code."}
    client.force_login(world.paula)
    seen = client.get(f"/o/caucasus/export/{dataset}.csv")
    shown = b"".join(seen.streaming_content).decode()
    assert shown.count("\r\n") == (2 if dataset == "relief-items" else 1)


@pytest.mark.parametrize("page", ["", "items/", "requests/", "consignments/", "vehicles/"])
def test_each_list_of_cargo_can_be_searched(world: Cast, page: str) -> None:
    client = Client()
    client.force_login(world.lars)
    answer = client.get(f"/o/caucasus/cargo/{page}?q=zz-nothing")
    assert answer.status_code == 200
    assert "Nothing matches" in answer.content.decode()


def test_a_lots_page_tells_all_that_became_of_it(world: Cast) -> None:
    table = "warehouse,item,owner,qty\nGoris hub,KIT-1,WFP,40\n"
    recorded(world, received(world, "stock", table))
    lot = StockLot.objects.get()
    lars = world.actor("lars")
    way = Consignment.objects.get()
    Consignment.objects.filter(pk=way.pk).update(origin=lot.warehouse)
    way = Consignment.objects.get()
    cargo.add_from_stock(way, actor=lars, item=lot.item, qty=Decimal(15))
    stock.count(lot, actor=lars, qty=Decimal(38), reason="Two were wet")
    client = Client()
    client.force_login(world.lars)
    assert lot.get_absolute_url() in client.get("/o/caucasus/cargo/").content.decode()
    page = client.get(lot.get_absolute_url()).content.decode()
    for told in ("Received", "Reserved", "Missing in a count", "Two were wet", "CN-001 / 1"):
        assert told in page
    assert "23 kit" in page, "what is free"
