"""A convoy of our own on its way, made by the rules: what many tests begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from convoys import cargo, dispatch, loading, movement, planning, receipt
from convoys.loading import Part
from convoys.models import (
    Consignment,
    ConsignmentLine,
    LoadLine,
    OperatedConvoy,
    Receipt,
    Stop,
    Waybill,
)
from tests.cast import Cast
from tests.factories.access import SiteFactory
from tests.factories.convoys import DriverFactory, ReliefItemFactory, VehicleFactory

REASON = "Said by the tests"
GO = "The route was driven yesterday"


@dataclass
class Road:
    """A convoy with its waybills and the lines that they were loaded from."""

    cast: Cast
    run: OperatedConvoy
    consignment: Consignment
    lines: list[ConsignmentLine] = field(default_factory=list)
    waybills: list[Waybill] = field(default_factory=list)

    def actor(self, who: str) -> Any:
        """Return a person of the cast as an actor."""
        return self.cast.actor(who)

    def fresh(self) -> OperatedConvoy:
        """Return the convoy as it is now."""
        return OperatedConvoy.objects.get(pk=self.run.pk)

    def stop(self, position: int) -> Stop:
        """Return a stop by its position."""
        return self.run.stops.get(position=position)

    def loads(self, waybill: Waybill | None = None) -> list[LoadLine]:
        """Return the loads of a waybill, the first by default."""
        return list(loading.live_loads(waybill or self.waybills[0]))

    def carry(self, tonnes: Sequence[int | Decimal], *, payload: int = 400) -> Waybill:
        """Load a new vehicle with a line of so many tonnes each, under a waybill of its own."""
        lars = self.actor("lars")
        vehicle = VehicleFactory(
            operation=self.run.operation, payload_kg=payload * 1000, volume_m3=2000, axles=8
        )
        leg = planning.add_leg(
            self.fresh(),
            actor=lars,
            vehicle=vehicle,
            driver=DriverFactory(operation=self.run.operation),
        )
        waybill = loading.open_waybill(
            leg, actor=lars, to_stop=leg.to_stop, consignee=self.cast.organisations["UNHCR"]
        )
        item = ReliefItemFactory(operation=self.run.operation, unit="t", unit_kg=1000, unit_m3=1)
        added = [
            cargo.add_line(self.consignment, actor=lars, item=item, qty=Decimal(one))
            for one in tonnes
        ]
        loading.load(waybill, [Part(one, one.qty) for one in added], actor=lars)
        self.lines += added
        self.waybills.append(waybill)
        return waybill

    def ready(self) -> "Road":
        """Clear the convoy and issue what is loaded: all that comes before dispatch."""
        lars, aida = self.actor("lars"), self.actor("aida")
        dispatch.move(self.fresh(), "plan", actor=lars)
        dispatch.move(self.fresh(), "ask_access", actor=lars)
        dispatch.move(self.fresh(), "clear", actor=aida)
        dispatch.move(self.fresh(), "start_loading", actor=lars)
        for waybill in self.waybills:
            loading.issue(waybill, actor=lars, seals="A1, A2", loader="Lars", driver="D")
        dispatch.move(self.fresh(), "finish_loading", actor=lars)
        return self

    def go(self) -> "Road":
        """Make the convoy ready, dispatch it and let it depart."""
        self.ready()
        dispatch.dispatch(self.fresh(), actor=self.actor("carmen"), override=GO)
        movement.report(self.fresh(), actor=self.actor("lars"), kind="departed")
        return self

    def arrive(self) -> "Road":
        """Report that everything that is on the road has arrived."""
        movement.report(self.fresh(), actor=self.actor("lars"), kind="arrived")
        return self

    def receive(
        self,
        *lines: Mapping[str, Any],
        waybill: Waybill | None = None,
        final: bool = False,
        who: str = "rauf",
        client_id: Any = None,
    ) -> Receipt:
        """Record a receipt; a line without ``load`` is of the waybill's first load."""
        chosen = waybill or self.waybills[0]
        first = str(self.loads(chosen)[0].pk)
        body = {
            "receiver": "Rauf",
            "final": final,
            "lines": [{"load": first} | dict(one) if "item" not in one else one for one in lines],
        }
        return receipt.record(
            Waybill.objects.get(pk=chosen.pk),
            actor=self.actor(who),
            body=body,
            client_id=client_id or uuid4(),
        )


def begin(cast: Cast, *, stops: int = 2) -> Road:
    """Begin a convoy in draft, with an empty consignment."""
    lars = cast.actor("lars")
    sites = [SiteFactory(operation=cast.operation) for _number in range(stops)]
    leaves = timezone.now() + timedelta(days=3)
    run = planning.plan(
        cast.operation,
        actor=lars,
        name=f"Convoy {uuid4().hex[:6]}",
        sites=sites,
        etd=leaves,
        eta=leaves + timedelta(hours=8),
        lead_org=cast.organisations["WFP"],
    )
    consignment = cargo.consign(
        cast.operation,
        actor=lars,
        consignor=cast.organisations["WFP"],
        consignee=cast.organisations["UNHCR"],
        origin=sites[0],
        destination=sites[-1],
    )
    return Road(cast, run, consignment)
