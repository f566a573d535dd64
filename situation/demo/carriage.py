"""One convoy of our own, invented from end to end: asked for, loaded, received with losses, closed.

Every step is taken by the rules that the pages use, by whoever may take it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.contrib.gis.geos import Point

from convoys import (
    cargo,
    closing,
    dispatch,
    dispositions,
    loading,
    movement,
    planning,
    receipt,
    stock,
)
from convoys.fleet import add
from convoys.ledger import Wanted
from convoys.loading import Part
from convoys.models import (
    Consignment,
    Discrepancy,
    Driver,
    Entry,
    LoadLine,
    OperatedConvoy,
    Vehicle,
    Waybill,
)
from core import relief_items
from core.models import Operation, Organisation, ReliefItem, Sector, Site
from core.policy import Actor

NAME = "Winter shelter convoy (invented)"
WAY = ("Western warehouse (invented)", "Southern distribution point (invented)")
# Longitude and latitude: at the hill checkpoint, and further on
HELD_AT = Point(46.640, 39.715, srid=4326)
CHECKED_AT = Point(46.83, 39.69, srid=4326)
LEFT = datetime(2020, 12, 7, 6, tzinfo=UTC)
GO = "Invented: the road was driven the day before."
# code, name, unit, kg and m³ of a unit, people it is enough for, quantity in stock
ITEMS: tuple[tuple[str, str, str, str, str, str, int], ...] = (
    ("TARP", "Tarpaulin, 4 x 6 m", "piece", "4.6", "0.015", "5", 4000),
    ("BLANKET", "Blanket, high thermal", "piece", "1.6", "0.010", "1", 12_000),
    ("CEMENT", "Cement, sack of 50 kg", "sack", "50", "0.036", "", 400),
)
LOADED = {"TARP": 3000, "BLANKET": 10_000, "CEMENT": 200}
VEHICLES = (("Truck 1", "INV 001", 18_000), ("Truck 2", "INV 002", 26_000))


def operated(
    operation: Operation,
    actors: Mapping[str, Actor],
    organisations: Mapping[str, Organisation],
) -> OperatedConvoy:
    """Run the convoy from the request to the closed account; return it."""
    logistics = actors["logistics"]
    hub, point = (Site.objects.get(operation=operation, name=name) for name in WAY)
    goods = _goods(operation, hub, organisations["WFP"], logistics)
    consignment = _consignment(operation, actors, organisations, hub, point, goods)
    run = planning.plan(
        operation,
        actor=logistics,
        name=NAME,
        sites=[hub, point],
        etd=LEFT,
        eta=LEFT + timedelta(hours=9),
        lead_org=organisations["WFP"],
        leader="Invented leader",
        is_demo=True,
    )
    waybills = _load(run, consignment, organisations["IFRC"], logistics)
    _dispatch(run, waybills, actors)
    _receive([Waybill.objects.get(pk=one.pk) for one in waybills], actors["receiver"])
    return _settle(run, actors)


def _goods(
    operation: Operation, hub: Site, owner: Organisation, logistics: Actor
) -> dict[str, ReliefItem]:
    sector, _made = Sector.objects.get_or_create(code="SHL")
    goods = {}
    for code, name, unit, kg, m3, people, qty in ITEMS:
        goods[code] = relief_items.add(
            operation,
            actor=logistics,
            code=code,
            name=name,
            sector=sector,
            unit=unit,
            unit_kg=Decimal(kg),
            unit_m3=Decimal(m3),
            people_per_unit=Decimal(people) if people else None,
            is_demo=True,
        )
        stock.take_in(
            operation,
            actor=logistics,
            warehouse=hub,
            item=goods[code],
            owner=owner,
            qty=Decimal(qty),
            lot_number=f"{code}-1",
            is_demo=True,
        )
    return goods


def _consignment(
    operation: Operation,
    actors: Mapping[str, Actor],
    organisations: Mapping[str, Organisation],
    hub: Site,
    point: Site,
    goods: Mapping[str, ReliefItem],
) -> Consignment:
    logistics, coordinator = actors["logistics"], actors["coordinator"]
    asked = cargo.ask(
        operation,
        actor=logistics,
        requester=organisations["IFRC"],
        origin=hub,
        destination=point,
        ready_date=LEFT.date(),
        priority=2,
        note="Shelter for the winter (invented).",
    )
    for step, actor in (("submit", logistics), ("verify", logistics), ("accept", coordinator)):
        asked = cargo.move(asked, step, actor=actor)
    consignment = cargo.consign(
        operation,
        actor=logistics,
        request=asked,
        consignor=organisations["WFP"],
        consignee=organisations["IFRC"],
        origin=hub,
        destination=point,
        is_demo=True,
    )
    for code, qty in LOADED.items():
        for line in cargo.add_from_stock(
            consignment, actor=logistics, item=goods[code], qty=Decimal(qty)
        ):
            stock.pick(line, actor=logistics)
    return consignment


def _load(
    run: OperatedConvoy, consignment: Consignment, consignee: Organisation, logistics: Actor
) -> list[Waybill]:
    """Load shelter material on the first vehicle, the rest on the second."""
    waybills = []
    lines = {line.item.code: line for line in consignment.lines.select_related("item")}
    for (label, plate, payload), codes in zip(
        VEHICLES, (("TARP",), ("BLANKET", "CEMENT")), strict=True
    ):
        vehicle = add(
            Vehicle,
            run.operation,
            actor=logistics,
            label=label,
            plate=plate,
            tare_kg=Decimal(9000),
            payload_kg=Decimal(payload),
            volume_m3=Decimal(120),
            axles=5,
            is_demo=True,
        )
        driver = add(
            Driver, run.operation, actor=logistics, name=f"Driver of {label}", is_demo=True
        )
        leg = planning.add_leg(run, actor=logistics, vehicle=vehicle, driver=driver)
        waybill = loading.open_waybill(
            leg, actor=logistics, to_stop=leg.to_stop, consignee=consignee
        )
        parts = [Part(lines[code], lines[code].qty) for code in codes]
        loading.load(waybill, parts, actor=logistics)
        waybills.append(waybill)
    return waybills


def _dispatch(run: OperatedConvoy, waybills: list[Waybill], actors: Mapping[str, Actor]) -> None:
    logistics, access, coordinator = actors["logistics"], actors["access"], actors["coordinator"]
    planning.brief(run, actor=access, decision="go", adviser="Invented adviser")
    for step, actor in (
        ("plan", logistics),
        ("ask_access", logistics),
        ("clear", access),
        ("start_loading", logistics),
    ):
        run = dispatch.move(run, step, actor=actor)
    for number, waybill in enumerate(waybills, start=1):
        loading.issue(
            waybill,
            actor=logistics,
            seals=f"INV-{number}A, INV-{number}B",
            loader="Invented loader",
            driver="Invented driver",
        )
    run = dispatch.move(run, "finish_loading", actor=logistics)
    dispatch.dispatch(run, actor=coordinator, override=GO)
    for kind, hours, point, note in (
        ("departed", 0, None, ""),
        ("held", 4, HELD_AT, "Searched at a checkpoint (invented)."),
        ("resumed", 5, HELD_AT, ""),
        ("check", 7, CHECKED_AT, ""),
        ("arrived", 10, None, ""),
    ):
        at = LEFT + timedelta(hours=hours)
        movement.report(run, actor=logistics, kind=kind, occurred_at=at, note=note, point=point)


def _receive(waybills: list[Waybill], receiver: Actor) -> None:
    """Receive less than was loaded: some taken on the way, some damaged, some missing."""
    first, second = waybills
    blankets = LoadLine.objects.get(waybill=second, item__code="BLANKET")
    dispositions.record_loss(
        [Wanted(blankets, Entry.Kind.INTERCEPTED_UNFORCED, Decimal(120))],
        actor=receiver,
        reason="People on the road took them (invented).",
        evidence="Driver's report",
        occurred_at=LEFT + timedelta(hours=4),
    )
    for waybill, said in (
        (first, {"TARP": (2960, 25, 0)}),
        (second, {"BLANKET": (9860, 0, 0), "CEMENT": (190, 10, 0)}),
    ):
        loads = {load.item.code: load for load in loading.live_loads(waybill)}
        receipt.record(
            waybill,
            actor=receiver,
            occurred_at=LEFT + timedelta(hours=12),
            body={
                "receiver": "Invented receiver",
                "final": True,
                "lines": [
                    {"load": str(loads[code].pk), "good": good, "damaged": bad, "missing": gone}
                    for code, (good, bad, gone) in said.items()
                ],
            },
        )
    tarpaulins = LoadLine.objects.get(waybill=first, item__code="TARP")
    dispositions.distribute(
        tarpaulins,
        actor=receiver,
        qty=Decimal(1800),
        people=8400,
        occurred_at=LEFT + timedelta(days=3),
    )


def _settle(run: OperatedConvoy, actors: Mapping[str, Actor]) -> OperatedConvoy:
    """Look for what is missing, write it off by another, reconcile and close."""
    logistics, coordinator = actors["logistics"], actors["coordinator"]
    for missing in Discrepancy.objects.filter(load__waybill__leg__convoy=run):
        looked_for = closing.investigate(missing, actor=logistics)
        closing.write_off(
            looked_for,
            actor=coordinator,
            reason="Counted twice; not found (invented).",
            evidence="Count sheet",
        )
        closing.settle(Discrepancy.objects.get(pk=missing.pk), actor=logistics)
    now = OperatedConvoy.objects.get(pk=run.pk)
    closing.reconcile(now, actor=logistics)
    return closing.close(OperatedConvoy.objects.get(pk=run.pk), actor=coordinator)
