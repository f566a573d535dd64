"""A convoy from plan to closed account by four people; its cargo is received without a network."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.phone import Phone
from tests.wire import Wire

Visit = Callable[..., Page]
NAME = "Journey of tarpaulins"
TRUCK = "Truck 1"
HUB = "Western warehouse (invented)"
POINT = "Southern distribution point (invented)"
TARPS, SACKS = 100, 10
LEAVES_IN = timedelta(days=3)
# What is counted at the end, in units: of tarpaulins, and of sacks of cement
TOLD = {
    "TARP": {"received_good": 90, "received_damaged": 2, "short_missing": 3, "destroyed": 5},
    "CEMENT": {"destroyed": 10},
}
KG = {"TARP": Decimal("4.6"), "CEMENT": Decimal(50)}


def fill(page: Page, **fields: str) -> None:
    """Fill fields by their names; a list is chosen from by a value or a part of an option's text.

    People read the pages in their own languages, so that no label can be gone by.
    """
    for field, text in fields.items():
        control = page.locator(f"main [name={field}]")
        kind = control.first.evaluate("one => one.type")
        if kind == "radio":
            page.locator(f"main [name={field}][value={text}]").check()
        elif kind.startswith("select"):
            by_value = control.locator(f'option[value="{text}"]')
            option = by_value if by_value.count() else control.locator("option", has_text=text)
            control.select_option(option.first.get_attribute("value"))
        else:
            control.fill(text)


class Run:
    """The convoy's pages, as one person sees them."""

    def __init__(self, page: Page, address: str):
        self.page = page
        self.address = address

    def open(self, tab: str) -> Page:
        """Open a tab."""
        self.page.goto(f"{self.address}{tab}/")
        return self.page

    def do(self, tab: str, action: str, **fields: str) -> None:
        """Go to an action from its button, fill its form and carry it out."""
        page = self.open(tab)
        page.locator(f'main a[href*="/do/{action}/"]').first.click()
        fill(page, **fields)
        page.locator("main .form-actions button").click()
        page.wait_for_url(re.compile(r"/runs/\d+/\w+/$"))

    def state(self) -> str:
        """Return the word for the convoy's state."""
        return self.open("plan").locator(".lead-line .state").inner_text()


def consign(page: Page) -> None:
    """Put tarpaulins and cement into a consignment, from no stock."""
    page.goto("/o/demo/cargo/consignments/new/")
    fill(page, consignor="WFP", consignee="IFRC", origin=HUB, destination=POINT)
    page.locator("main .form-actions button").click()
    for item, qty in (("TARP", TARPS), ("CEMENT", SACKS)):
        page.get_by_role("link", name="Add a line").click()
        fill(page, item=item, qty=str(qty))
        page.locator("main .form-actions button").click()


def plan(page: Page) -> str:
    """Plan the convoy with one vehicle; return the address of its pages."""
    page.goto("/o/demo/convoys/plan/")
    leaves = datetime.now(UTC) + LEAVES_IN
    fill(
        page,
        name=NAME,
        lead_org="WFP",
        etd=f"{leaves:%Y-%m-%dT%H:%M}",
        eta=f"{leaves + timedelta(hours=8):%Y-%m-%dT%H:%M}",
        origin=HUB,
        destination=POINT,
    )
    page.locator("main .form-actions button").click()
    page.wait_for_url(re.compile(r"/runs/\d+/plan/"))
    return page.url.rsplit("plan/", 1)[0]


def load(run: Run) -> None:
    """Load everything under one waybill and issue it."""
    run.do("load", "waybill", consignee="IFRC")
    for item, qty in (("Tarpaulin", TARPS), ("Cement", SACKS)):
        run.open("load").locator('main a[href*="/do/load/"]').first.click()
        lines = run.page.locator("[name=line] option", has_text=re.compile(f"{item}.* - {qty} "))
        value = lines.last.get_attribute("value")
        run.do("load", "load", line=str(value), qty=str(qty))
    run.do("waybills", "issue", seals="J-1, J-2", loader="Invented loader", driver="Somebody")


def receive(phone: Phone, photo: Path) -> str:
    """Write the receipt of the waybill that is known on the phone; return its id."""
    page = phone.open("/field/#/")
    page.get_by_role("link", name=re.compile("^WB-")).last.click()
    tarps = page.locator(".cargo__line", has_text="Tarpaulin")
    tarps.get_by_role("button", name="All arrived good").click()
    expect(tarps.get_by_text("Everything is accounted for.")).to_be_visible()
    for name, text in (("Good", "90"), ("Damaged", "2"), ("Missing", "3")):
        tarps.get_by_label(name, exact=True).fill(text)
    expect(tarps.get_by_text("5 piece not accounted for yet")).to_be_visible()
    page.get_by_role("button", name="Finish and send").click()
    expect(page.get_by_text("Say what happened: others will ask.")).to_be_visible()
    tarps.get_by_label("What happened to what is damaged or missing").fill("A torn side")
    page.get_by_role("group", name="Seal J-1").get_by_label("Intact").check()
    page.get_by_role("group", name="Seal J-2").get_by_label("Broken").check()
    page.locator("#photo-1").set_input_files(photo)
    page.get_by_alt_text("Photo 1").wait_for()
    page.get_by_role("button", name="Sign", exact=True).click()
    board = page.locator("canvas").bounding_box()
    assert board is not None
    page.mouse.move(board["x"] + 40, board["y"] + 40)
    page.mouse.down()
    page.mouse.move(board["x"] + 160, board["y"] + 90)
    page.mouse.up()
    page.get_by_role("button", name="Use this").click()
    page.get_by_alt_text("Signature").wait_for()
    page.get_by_label("Signed by").fill("Invented receiver")
    page.get_by_role("textbox", name="Remarks").fill("The tarpaulin of the lorry was cut (journey)")
    page.get_by_label("Nothing more is to come of this waybill").check()
    expect(page.get_by_text("Saved on this device")).to_be_visible()
    page.get_by_role("button", name="Finish and send").click()
    page.locator(".receipt__title").wait_for()
    return page.url.rsplit("/", 1)[1]


def choose_way(run: Run) -> None:
    """Choose roads on the map by mouse and by keyboard; the list of them follows."""
    page = run.open("do/route")
    road = page.locator("#access-map .leaflet-marker-icon[title^='Southern road']")
    boxes = page.locator("main [name=segments]")
    road.click()
    expect(boxes.and_(page.locator(":checked"))).to_have_count(1)
    page.keyboard.press("Enter")
    expect(boxes.and_(page.locator(":checked"))).to_have_count(0)
    road.click()
    expect(page.locator("[data-map-note]")).to_have_text(re.compile(r"^1 .* 31"))
    page.locator("main .form-actions button").click()
    page.wait_for_url(re.compile(r"/runs/\d+/plan/$"))
    expect(page.locator("main dl")).to_contain_text("Southern road")


def search(run: Run, now: str) -> None:
    """Report a search at a place that is clicked on the map."""
    page = run.open("do/event")
    page.locator("#access-map[data-state=ready]").wait_for()
    page.locator("#access-map .map").click(position={"x": 200, "y": 60})
    expect(page.locator("main [name=latitude]")).to_have_value(re.compile(r"^39\.\d{6}$"))
    fill(page, kind="searched", occurred_at=now, custody="Guards")
    page.locator("main .form-actions button").click()
    page.wait_for_url(re.compile(r"/runs/\d+/movement/$"))
    expect(page.get_by_text(re.compile(r"^39\.\d{4}, 46\.\d{4}$"))).to_be_visible()


def account(run: Run, other: Run) -> None:
    """Say what became of what is missing, each step by whom it takes, and close the convoy."""
    expect(run.open("closes").get_by_text("Not yet").first).to_be_visible()
    for item, qty in (("Tarpaulin", "5"), ("Cement", "10")):
        other.do(
            "closes",
            "loss",
            load=item,
            kind="destroyed",
            qty=qty,
            reason="Fell into the river (journey)",
            evidence="Report of the driver",
        )
    for _line in TOLD:
        run.do("closes", "investigate")
    for _line in TOLD:
        run.do("closes", "explain", reason="The road was flooded", evidence="Photo")
    for _line in TOLD:
        run.do("closes", "settle")
    run.do("closes", "reconcile")
    other.do("closes", "close")


def ledger(page: Page, number: str) -> dict[str, dict[str, Decimal]]:
    """Return by item and kind what the API says of the units of a convoy."""
    rows = page.request.get("/api/v1/ledger/?operation=demo&limit=500").json()["results"]
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        if row["convoy"] == number:
            kinds = found.setdefault(row["item"], {})
            kinds[row["kind"]] = kinds.get(row["kind"], Decimal(0)) + Decimal(str(row["qty"]))
            assert Decimal(str(row["kg"])) == Decimal(str(row["qty"])) * KG[row["item"]]
    return found


def test_a_convoy_from_plan_to_closed_account(
    visit: Visit, phone: Phone, wire: Wire, photos: list[Path]
) -> None:
    logistics = visit("logistics")
    consign(logistics)
    run = Run(logistics, plan(logistics))
    mine = {who: Run(visit(who), run.address) for who in ("access", "coordinator")}
    choose_way(run)
    run.do("plan", "leg", vehicle=TRUCK, driver=f"Driver of {TRUCK}")
    mine["access"].do("plan", "brief", decision="go", adviser="Invented adviser")
    run.do("plan", "plan")
    run.do("plan", "ask_access")
    mine["access"].do("plan", "clear")
    run.do("load", "start_loading")
    load(run)
    run.do("load", "finish_loading")
    number = run.open("plan").locator(".lead-line").inner_text().split(" ")[0]
    mine["coordinator"].do("plan", "dispatch", override="The road was driven yesterday (journey)")
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M}"
    run.do("movement", "event", kind="departed", occurred_at=now)
    search(run, now)

    phone.sign_in("receiver")
    phone.page.locator(".language__select").select_option("en")
    expect(phone.page.get_by_role("heading", name="Cargo to receive", level=1)).to_be_visible()
    wire.become("down")
    phone.close()
    receipt = receive(phone, photos[0])
    expect(phone.page.get_by_text("Finished, waiting to be sent")).to_be_visible()
    assert phone.records()[receipt]["kind"] == "receipt"
    wire.become("open")
    phone.press_send(tries=3)
    phone.open(f"/field/#/record/{receipt}")
    expect(phone.page.get_by_role("heading", name="Received")).to_be_visible()
    phone.page.get_by_role("link", name="See the receipt").click()
    expect(phone.page.locator("main dl")).to_contain_text("J-1, J-2")
    expect(phone.page.locator(".pictures img")).to_have_count(2)

    account(run, mine["coordinator"])

    assert ledger(logistics, number) == TOLD
    closes = run.open("closes")
    expect(closes.locator("tbody").first.get_by_text("Yes")).to_have_count(2)
    assert mine["coordinator"].state() == "Closed"
