"""Trans-shipment: two legs, a loss on each, a return; four people drive it to a closed account."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
HERE = "/o/demo"
MARK = "journey"
NAME = f"Two-leg convoy ({MARK})"
FIRST = "Western warehouse (invented)"
HUB = "Eastern hub (invented)"
LAST = "Southern distribution point (invented)"
WHY = "Seen by the team (journey)"
SENDER, TAKER = "WFP", "IFRC"


def send(page: Page, button: str, **fields: Any) -> None:
    """Fill a form by the names of its fields, lists by a part of an option's text, and send it."""
    for name, value in fields.items():
        field = page.locator(f"main [name={name}]")
        if value is True:
            field.check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            option = field.locator("option", has_text=str(value)).first
            field.select_option(value=option.get_attribute("value") or "")
        else:
            field.fill(str(value))
    page.locator("main").get_by_role("button", name=button, exact=True).click()


class Desk:
    """Somebody's browser at the tabs of the convoy."""

    def __init__(self, page: Page, run: str):
        self.page, self.run = page, run

    def tab(self, name: str) -> Page:
        """Open a tab."""
        self.page.goto(f"{self.run}{name}/")
        return self.page

    def do(self, tab: str, link: str, *, on: str = "", **fields: Any) -> None:
        """Follow a link on a tab, in the part that holds ``on``, and send the form behind it."""
        page = self.tab(tab)
        within = page.locator("main tr, main li, main section, main p", has_text=on)
        place = within.filter(has=page.get_by_role("link", name=link)).last if on else page
        place.get_by_role("link", name=link).first.click()
        send(page, link, **fields)
        expect(page.get_by_text("Recorded.").first).to_be_visible()


def english(page: Page) -> Page:
    """Let the pages speak English, whatever their reader has chosen."""
    page.locator("summary", has=page.locator("[href$='#globe']")).first.click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    return page


def at(moment: datetime) -> str:
    """Return a moment as the browser's own field takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M")


def planned(page: Page) -> Desk:
    """Plan a convoy over the hub with two lorries and 10 t of cement for the first of them."""
    page.goto(f"{HERE}/cargo/consignments/new/")
    ends = {"origin": FIRST, "destination": LAST}
    send(page, "Add a consignment", consignor=SENDER, consignee=TAKER, **ends)
    page.get_by_role("link", name="Add a line").click()
    send(page, "Add a line", item="Cement", qty=200)
    for plate in ("A", "B"):
        page.goto(f"{HERE}/cargo/vehicles/new/")
        room = {"tare_kg": 8000, "payload_kg": 12_000, "volume_m3": 40, "axles": 3}
        send(
            page, "Add a vehicle", label=f"Lorry {plate} ({MARK})", plate=f"{MARK} {plate}", **room
        )
    page.goto(f"{HERE}/convoys/plan/")
    leaves = timezone.now() + timedelta(hours=2)
    when = {"etd": at(leaves), "eta": at(leaves + timedelta(hours=9))}
    stops = {"origin": FIRST, "by_way_of": HUB, "destination": LAST}
    send(page, "Plan it", name=NAME, lead_org=SENDER, **when, **stops)
    page.wait_for_url("**/runs/*/plan/")
    desk = Desk(page, page.url.removesuffix("plan/"))
    for plate, start, end in (("A", FIRST, HUB), ("B", HUB, LAST)):
        truck = {"vehicle": f"Lorry {plate} ({MARK})", "from_stop": start, "to_stop": end}
        desk.do("plan", "Add a vehicle", **truck)
    return desk


def dispatched(lars: Desk, aida: Desk, carmen: Desk) -> None:
    """Clear, load and dispatch the first lorry; it leaves."""
    lars.do("plan", "The plan is ready")
    lars.do("plan", "Ask for clearance")
    aida.do("plan", "Cleared")
    lars.do("load", "Begin loading")
    lars.do("load", "Open a waybill", on="Lorry A", to_stop=HUB, consignee=TAKER)
    lars.do("load", "Load", on="Lorry A", line="Cement", qty=200)
    lars.do("waybills", "Issue", on="Lorry A", loader="Lars", driver="Dina", seals="J1, J2")
    lars.do("load", "Loading is finished")
    carmen.do("plan", "Dispatch", override="The road was driven yesterday (journey)")
    lars.do("movement", "Report from the road", kind="Departed", occurred_at=at(timezone.now()))


def test_trans_shipment_over_two_legs_with_a_loss_on_each_and_a_return_closes(
    visit: Visit,
) -> None:
    lars = planned(visit("logistics"))
    aida, rauf, carmen = (
        Desk(english(visit(who)), lars.run) for who in ("access", "receiver", "coordinator")
    )
    dispatched(lars, aida, carmen)

    # On the first leg 10 sacks are taken; at the hub 20 go back and 170 change lorries.
    told = {"reason": WHY, "load": "Cement"}
    evidence = "Report 12 (journey)"
    rauf.do("closes", "Record a loss", kind="Taken by force", qty=10, evidence=evidence, **told)
    for kind, qty in (("Returned", 20), ("Forwarded", 170)):
        lars.do("closes", "Forward, redirect or return", kind=kind, qty=qty, **told)
    report = {"occurred_at": at(timezone.now())}
    lars.do("movement", "Report from the road", kind="Arrived", leg=f"Lorry A ({MARK})", **report)
    expect(lars.page.locator(".lead-line")).to_contain_text("Arrived in part")
    lars.do("load", "Open a waybill", on="Lorry B", to_stop=LAST, consignee=TAKER)
    lars.do("load", "Load what goes on", on="Lorry B", entry="(Forwarded", qty=170)
    lars.do("waybills", "Issue", on="Lorry B", loader="Lars", driver="Dmitri")
    carmen.do("plan", "Let it go", on="Lorry B", override="The hub's road is clear (journey)")
    lars.do("movement", "Report from the road", kind="Departed", leg=f"Lorry B ({MARK})", **report)

    # On the second leg 5 are spoiled; 160 arrive, and 5 are missing.
    rauf.do("closes", "Record a loss", kind="Spoiled", qty=5, evidence=evidence, **told)
    lars.do("movement", "Report from the road", kind="Arrived", leg=f"Lorry B ({MARK})", **report)
    counted = {"occurred_at": at(timezone.now()), "receiver": "Rauf", "good_0": 160}
    rauf.do("receipts", "Record a receipt", on=TAKER, final=True, **counted)
    expect(rauf.tab("closes").get_by_text("Not yet").first).to_be_visible()
    lars.do("closes", "Investigate", on="5 sack")
    carmen.do("closes", "Write off", on="5 sack", reason=WHY, evidence=evidence)
    lars.do("closes", "Close the discrepancy", on="5 sack")
    lars.do("closes", "Reconcile")
    carmen.do("closes", "Close the convoy")

    page = carmen.tab("closes")
    expect(page.locator(".lead-line")).to_contain_text("Closed")
    row = page.locator("main tbody tr", has_text="Cement").first
    expect(row).to_contain_text("Yes")
    assert_by_the_api(page, int(carmen.run.rstrip("/").rpartition("/")[2]))


def assert_by_the_api(page: Page, run: int) -> None:
    """Compare the quantities of the convoy, and its entries, with what was done."""
    found = page.request.get("/api/v1/convoys/?operation=demo&origin=operated&limit=1000").json()
    (convoy,) = (one for one in found["results"] if one["id"] == run)
    assert (convoy["name"], convoy["state"]) == (NAME, "closed")
    ledger = page.request.get("/api/v1/ledger/?operation=demo&limit=1000").json()["results"]
    mine = [one for one in ledger if one["convoy"] == convoy["number"]]
    sums: dict[str, float] = {}
    for one in mine:
        sums[one["kind"]] = sums.get(one["kind"], 0) + one["qty"]
    assert sums == {
        "intercepted_forced": 10,
        "returned": 20,
        "forwarded": 170,
        "spoiled": 5,
        "received_good": 160,
        "short_missing": 5,
    }
    assert sum(one["kg"] for one in mine if one["kind"] != "forwarded") == 10_000
