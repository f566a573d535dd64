"""Makers of cargo, vehicles, operated convoys and waybills, without the rules in between."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory

from convoys.models import (
    Consignment,
    ConsignmentLine,
    Convoy,
    Driver,
    Leg,
    LoadLine,
    OperatedConvoy,
    ServiceRequest,
    StockLot,
    Stop,
    Vehicle,
    Waybill,
)
from core.models import ReliefItem, Sector
from tests.factories.access import SiteFactory
from tests.factories.core import OperationFactory, OrganisationFactory

DEPARTURE = datetime(2030, 5, 1, 6, tzinfo=UTC)
ARRIVAL = DEPARTURE + timedelta(hours=8)


def shelter() -> Sector:
    """Return the sector of shelter."""
    return Sector.objects.get_or_create(code="SHL")[0]


class ReliefItemFactory(factory.django.DjangoModelFactory[ReliefItem]):
    """A sack of 50 kg that fills a tenth of a cubic metre."""

    class Meta:
        model = ReliefItem

    operation = factory.SubFactory(OperationFactory)
    code = factory.Sequence(lambda n: f"ITEM-{n}")
    name = factory.Sequence(lambda n: f"Cement {n}")
    sector = factory.LazyFunction(shelter)
    unit = "sack"
    unit_kg = Decimal(50)
    unit_m3 = Decimal("0.040")


class ServiceRequestFactory(factory.django.DjangoModelFactory[ServiceRequest]):
    """A draft request between two sites."""

    class Meta:
        model = ServiceRequest

    operation = factory.SubFactory(OperationFactory)
    number = factory.Sequence(lambda n: f"SR-{n}")
    requester = factory.SubFactory(OrganisationFactory)
    origin = factory.SubFactory(SiteFactory, operation=factory.SelfAttribute("..operation"))
    destination = factory.SubFactory(SiteFactory, operation=factory.SelfAttribute("..operation"))
    ready_date = DEPARTURE.date()


class ConsignmentFactory(factory.django.DjangoModelFactory[Consignment]):
    """A consignment without lines."""

    class Meta:
        model = Consignment

    operation = factory.SubFactory(OperationFactory)
    number = factory.Sequence(lambda n: f"CN-{n}")
    consignor = factory.SubFactory(OrganisationFactory)
    consignee = factory.SubFactory(OrganisationFactory)
    origin = factory.SubFactory(SiteFactory, operation=factory.SelfAttribute("..operation"))
    destination = factory.SubFactory(SiteFactory, operation=factory.SelfAttribute("..operation"))


class LineFactory(factory.django.DjangoModelFactory[ConsignmentLine]):
    """A line of a hundred sacks, 5 t in all."""

    class Meta:
        model = ConsignmentLine

    consignment = factory.SubFactory(ConsignmentFactory)
    position = factory.Sequence(lambda n: n % 30_000 + 100)
    item = factory.SubFactory(
        ReliefItemFactory, operation=factory.SelfAttribute("..consignment.operation")
    )
    qty = Decimal(100)
    unit = "sack"
    gross_kg = factory.LazyAttribute(lambda one: one.qty * one.item.unit_kg)
    volume_m3 = factory.LazyAttribute(lambda one: one.qty * one.item.unit_m3)


class LotFactory(factory.django.DjangoModelFactory[StockLot]):
    """An empty lot."""

    class Meta:
        model = StockLot

    operation = factory.SubFactory(OperationFactory)
    warehouse = factory.SubFactory(SiteFactory, operation=factory.SelfAttribute("..operation"))
    item = factory.SubFactory(ReliefItemFactory, operation=factory.SelfAttribute("..operation"))
    owner = factory.SubFactory(OrganisationFactory)
    lot_number = factory.Sequence(lambda n: f"L{n}")


class VehicleFactory(factory.django.DjangoModelFactory[Vehicle]):
    """A lorry for 10 t."""

    class Meta:
        model = Vehicle

    operation = factory.SubFactory(OperationFactory)
    plate = factory.Sequence(lambda n: f"35 PL {n:03}")
    label = factory.Sequence(lambda n: f"Truck {n}")
    tare_kg = Decimal(8000)
    payload_kg = Decimal(10_000)
    volume_m3 = Decimal(40)
    axles = 3


class DriverFactory(factory.django.DjangoModelFactory[Driver]):
    """Somebody who drives."""

    class Meta:
        model = Driver

    operation = factory.SubFactory(OperationFactory)
    name = factory.Sequence(lambda n: f"Driver {n}")


class ConvoyFactory(factory.django.DjangoModelFactory[Convoy]):
    """What a run belongs to."""

    class Meta:
        model = Convoy

    operation = factory.SubFactory(OperationFactory)
    origin = Convoy.Origin.OPERATED
    name = factory.Sequence(lambda n: f"Convoy {n}")


class RunFactory(factory.django.DjangoModelFactory[OperatedConvoy]):
    """An operated convoy in draft, without stops."""

    class Meta:
        model = OperatedConvoy

    operation = factory.SubFactory(OperationFactory)
    convoy = factory.SubFactory(ConvoyFactory, operation=factory.SelfAttribute("..operation"))
    number = factory.Sequence(lambda n: f"CY-{n}")
    lead_org = factory.SubFactory(OrganisationFactory)
    etd = DEPARTURE
    eta = ARRIVAL


class StopFactory(factory.django.DjangoModelFactory[Stop]):
    """A stop at a site of its own."""

    class Meta:
        model = Stop

    convoy = factory.SubFactory(RunFactory)
    position = factory.Sequence(lambda n: n % 30_000 + 100)
    site = factory.SubFactory(SiteFactory, operation=factory.SelfAttribute("..convoy.operation"))


class LegFactory(factory.django.DjangoModelFactory[Leg]):
    """A run of a lorry between two stops of a convoy."""

    class Meta:
        model = Leg

    convoy = factory.SubFactory(RunFactory)
    vehicle = factory.SubFactory(
        VehicleFactory, operation=factory.SelfAttribute("..convoy.operation")
    )
    from_stop = factory.SubFactory(StopFactory, convoy=factory.SelfAttribute("..convoy"))
    to_stop = factory.SubFactory(StopFactory, convoy=factory.SelfAttribute("..convoy"))
    period = (DEPARTURE, ARRIVAL)


class WaybillFactory(factory.django.DjangoModelFactory[Waybill]):
    """A draft waybill without loads, for the whole leg."""

    class Meta:
        model = Waybill

    leg = factory.SubFactory(LegFactory)
    operation = factory.SelfAttribute("leg.convoy.operation")
    number = factory.Sequence(lambda n: f"WB-{n}")
    to_stop = factory.SelfAttribute("leg.to_stop")
    consignee = factory.SubFactory(OrganisationFactory)


def loaded(waybill: Waybill, line: ConsignmentLine, qty: int | Decimal) -> LoadLine:
    """Load a quantity of a line whose units weigh alike."""
    part = Decimal(qty) / line.qty
    return LoadLine.objects.create(
        waybill=waybill,
        item=line.item,
        line=line,
        root=line,
        qty=qty,
        kg=line.gross_kg * part,
        m3=line.volume_m3 * part,
    )


def made(count: int, factory_class: Any, **given: Any) -> list[Any]:
    """Make several of a kind."""
    return [factory_class(**given) for _ in range(count)]
