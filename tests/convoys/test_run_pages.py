"""The pages of our own convoys: from the plan to the closed account, each step by its form."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from convoys.models import Consignment, Discrepancy, Leg, OperatedConvoy, Receipt, Vehicle, Waybill
from core.models import ReliefItem
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.factories.access import SiteFactory
from tests.factories.convoys import shelter

TABS = ("plan", "load", "waybills", "movement", "receipts", "closes")


@pytest.fixture
def road(cast: Cast) -> Road:
    """Give a convoy of 10 t that has arrived."""
    made = begin(cast)
    made.carry([10])
    return made.go().arrive()


class Desk:
    """Somebody's browser on one convoy's pages."""

    def __init__(self, cast: Cast, who: str):
        self.client = Client()
        self.client.force_login(cast.people[who])

    def do(self, run: OperatedConvoy, action: str, on: Any = None, **typed: Any) -> str:
        """Send an action's form; return the page that follows, or the form with its errors."""
        path = f"/o/caucasus/runs/{run.pk}/do/{action}/"
        address = f"{path}?on={quote(str(on.pk))}" if on else path
        assert self.client.get(address).status_code == 200
        answer = self.client.post(address, typed, follow=True)
        assert answer.status_code == 200, action
        return str(answer.content.decode())

    def look(self, run: OperatedConvoy, tab: str) -> str:
        """Return a tab."""
        answer = self.client.get(f"/o/caucasus/runs/{run.pk}/{tab}/")
        assert answer.status_code == 200
        return str(answer.content.decode())


@pytest.fixture
def lars(cast: Cast) -> Desk:
    """Give the logistics officer's browser."""
    return Desk(cast, "lars")


def test_cargo_is_kept_from_the_catalogue_to_a_picked_line(cast: Cast, lars: Desk) -> None:
    shelter()
    here, there = SiteFactory(operation=cast.operation), SiteFactory(operation=cast.operation)
    base = "/o/caucasus/cargo"
    item = {"code": "TARP", "name": "Tarpaulin", "sector": "SHL", "unit": "piece"}
    client = lars.client
    client.post(f"{base}/items/new/", item | {"unit_kg": "4.5", "unit_m3": "0.02"})
    tarp = ReliefItem.objects.get()
    lot = {"warehouse": here.pk, "item": tarp.pk, "owner": cast.organisations["WFP"].pk}
    client.post(f"{base}/new/", lot | {"qty": "100", "expires_on": "2040-01-01"})
    way = {"origin": here.pk, "destination": there.pk}
    orgs = {"consignor": cast.organisations["WFP"].pk, "consignee": cast.organisations["OCHA"].pk}
    client.post(f"{base}/consignments/new/", way | orgs)
    consignment = Consignment.objects.get()
    wish = {"item": tarp.pk, "from_stock": "1"}
    add = f"{base}/consignments/{consignment.pk}/add/"
    page = client.post(add, wish | {"qty": "120"}).content.decode()
    assert "has 100 piece of Tarpaulin free" in page
    client.post(add, wish | {"qty": "60"})
    (line,) = consignment.lines.all()
    client.post(f"{base}/consignments/{consignment.pk}/pick/", {"line": line.pk})
    line.balance.refresh_from_db()
    assert (line.gross_kg, line.balance.picked) == (270, 60)
    for address in ("", "items/", "requests/", "consignments/", "vehicles/"):
        assert client.get(f"{base}/{address}").status_code == 200


def test_a_convoy_goes_from_plan_to_dispatch_by_its_pages(cast: Cast, lars: Desk) -> None:
    here, there = SiteFactory(operation=cast.operation), SiteFactory(operation=cast.operation)
    leaves = timezone.now() + timedelta(days=3)
    typed = {
        "name": "Spring convoy",
        "lead_org": cast.organisations["WFP"].pk,
        "escort": "none",
        "etd": leaves.strftime("%Y-%m-%dT%H:%M"),
        "eta": (leaves + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M"),
        "origin": here.pk,
        "destination": there.pk,
    }
    lars.client.post("/o/caucasus/convoys/plan/", typed)
    run = OperatedConvoy.objects.get()
    made = begin(cast)
    made.carry([5])
    ends = dict(zip(("from_stop", "to_stop"), run.stops.values_list("pk", flat=True), strict=True))
    lars.do(run, "leg", vehicle=made.run.legs.get().vehicle_id, **ends)
    leg = Leg.objects.get(convoy=run)
    page = lars.look(run, "plan")
    assert "is planned for convoy" in page
    lars.do(run, "waybill", leg, to_stop=leg.to_stop_id, consignee=cast.organisations["OCHA"].pk)
    waybill = Waybill.objects.get(leg=leg)
    made.lines[0].balance.refresh_from_db()
    assert "No vehicle has" not in lars.look(run, "load")
    page = lars.do(run, "issue", waybill, loader="Lars", driver="Dina")
    assert "empty" in page
    for tab in TABS:
        lars.look(run, tab)
    page = lars.do(run, "cancel", reason="Bridge down")
    assert OperatedConvoy.objects.get(pk=run.pk).state == "cancelled"
    assert Waybill.objects.get(pk=waybill.pk).state == "void"


def test_receipt_discrepancy_write_off_and_closing_by_the_pages(cast: Cast, road: Road) -> None:
    rauf, lars, carmen = (Desk(cast, who) for who in ("rauf", "lars", "carmen"))
    waybill = road.waybills[0]
    typed = {"occurred_at": "2030-05-02T10:00", "receiver": "Rauf", "final": "1", "good_0": "9"}
    page = rauf.do(road.run, "receive", waybill, **typed)
    assert Receipt.objects.get().number in page
    (missing,) = Discrepancy.objects.all()
    assert missing.qty == 1
    assert "Not yet" in rauf.look(road.run, "closes")
    lars.do(road.run, "investigate", missing)
    carmen.do(road.run, "write_off", missing, reason="Stolen at a halt", evidence="Police 12/3")
    lars.do(road.run, "settle", missing)
    lars.do(road.run, "reconcile")
    carmen.do(road.run, "close")
    assert road.fresh().state == "closed"
    for tab in TABS:
        carmen.look(road.run, tab)
    assert carmen.client.get("/o/caucasus/convoys/closes/").status_code == 200
    assert carmen.client.get("/o/caucasus/convoys/").status_code == 200
    for one in (waybill, Receipt.objects.get()):
        assert carmen.client.get(one.get_absolute_url()).status_code == 200


def test_partners_see_their_own_waybill_and_neither_plan_nor_plate(cast: Cast, road: Road) -> None:
    paula = Client()
    paula.force_login(cast.paula)
    leg = road.run.legs.get()
    assert paula.get(f"/o/caucasus/runs/{road.run.pk}/plan/").status_code == 404
    page = paula.get(f"/o/caucasus/convoys/{road.run.pk}/").content.decode()
    own = paula.get(road.waybills[0].get_absolute_url()).content.decode()
    for secret in (leg.vehicle.plate, leg.driver.name):
        assert secret not in page + own


def test_a_loaded_vehicle_keeps_room_for_what_it_carries(cast: Cast, lars: Desk) -> None:
    road = begin(cast)
    vehicle = road.carry([10]).leg.vehicle
    address = f"/o/caucasus/cargo/vehicles/{vehicle.pk}/"
    assert address in lars.client.get("/o/caucasus/cargo/vehicles/").content.decode()
    typed = {"label": "Truck A", "plate": vehicle.plate, "axles": 3, "tare_kg": 8000}
    small = typed | {"payload_kg": 9000, "volume_m3": 40}
    page = lars.client.post(address, small).content.decode()
    assert f"{vehicle} carries 10000 kg and 10 m³ with convoy {road.run}" in page
    assert "Truck A" in page  # nothing typed is lost
    flat = typed | {"payload_kg": 12_000, "volume_m3": 9}
    assert "more than 12000 kg, 9 m³" in lars.client.post(address, flat).content.decode()
    lars.client.post(address, typed | {"payload_kg": 12_000, "volume_m3": 40})
    vehicle.refresh_from_db()
    assert (vehicle.label, vehicle.payload_kg) == ("Truck A", 12_000)
    road.waybills[0].leg.balance.refresh_from_db()
    assert road.waybills[0].leg.balance.max_kg == 12_000


def test_forms_of_a_new_operation_say_what_is_needed_first(cast: Cast, client: Client) -> None:
    client.force_login(cast.lars)
    for path, words in (
        ("convoys/plan/", "There is no site yet."),
        ("cargo/new/", "There is no warehouse yet."),
        ("cargo/new/", "The catalogue has no item yet."),
        ("cargo/requests/new/", "There is no site yet."),
    ):
        assert words in client.get(f"/o/caucasus/{path}").content.decode(), path
    SiteFactory(operation=cast.operation)
    assert "There is no site yet." not in client.get("/o/caucasus/convoys/plan/").content.decode()
    run = begin(cast).run
    Vehicle.objects.all().delete()
    page = client.get(f"/o/caucasus/runs/{run.pk}/do/leg/").content.decode()
    assert "There is no vehicle yet." in page
