"""The ledger's points by direct SQL with the application's role: the database refuses by itself."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import errors

from convoys import dispositions, loading
from convoys.ledger import Wanted
from convoys.models import Entry, LoadBalance, LoadLine
from tests.cast import assemble
from tests.convoys.road import REASON, Road, begin
from tests.factories.convoys import LineFactory, VehicleFactory, WaybillFactory

ENTRY = (
    "INSERT INTO convoys_entry (id, posting_id, load_id, kind, qty, kg, sign, reverses_id, reason,"
    " recorded_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '', now())"
)


@pytest.fixture
def road(transactional_db: None) -> Road:
    """Give a convoy of 30 t in two lines that has arrived, one ton of it received."""
    made = begin(assemble())
    made.carry([10, 20])
    made.go().arrive()
    made.receive({"good": 1})
    return made


@pytest.fixture
def role(road: Road) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection as the application's role, in which nothing stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DO $$ BEGIN CREATE ROLE tessera_app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL;"
            " END $$"
        )
    call_command("grant_application_role", verbosity=0)
    facts = connection.get_connection_params()
    wanted = {key: facts[key] for key in ("dbname", "host", "port") if facts.get(key)}
    with psycopg.connect(**wanted, user="tessera_app", autocommit=True) as opened:
        yield opened


def write(role: psycopg.Connection[Any], road: Road, *rows: tuple[Any, ...]) -> None:
    """Insert entries (load, kind, qty, kg, sign, reverses) in one transaction."""
    posting = Entry.objects.earliest("recorded_at").posting_id
    with role.transaction():
        for load, kind, qty, kg, sign, reverses in rows:
            role.execute(
                ENTRY, [uuid4(), posting, load.pk, kind, qty, kg, sign, reverses and reverses.pk]
            )


def refused(error: pytest.ExceptionInfo[psycopg.Error]) -> str:
    """Return the constraint that spoke."""
    return str(error.value.diag.constraint_name)


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        (("spoiled", 10, 10_000, 1, None), "load_outstanding_ends_in_units_and_kg"),
        (("received_good", 10, 10_000, 1, None), "load_good_not_above_sent"),
        (("received_good", 9, 8_999, 1, None), "load_outstanding_ends_in_units_and_kg"),
        (("received_good", 8, 9_000, 1, None), "load_outstanding_ends_in_units_and_kg"),
        (("short_missing", 0, 1, 1, None), "entry_moves_something"),
        (("short_missing", 1, -1, 1, None), "entry_moves_something"),
        (("received_good", 1, 1000, -1, None), "entry_sign_tells_a_reversal"),
        (("overage", 1, 1000, 1, None), "overage_while_outstanding"),
        (("short_missing", "NaN", "NaN", 1, None), "entry_in_numbers"),
        (("vanished", 1, 1000, 1, None), "entry_of_a_known_kind"),
    ],
)
def test_an_entry_that_does_not_add_up_is_refused(
    road: Road, role: psycopg.Connection[Any], row: tuple[Any, ...], constraint: str
) -> None:
    with pytest.raises(errors.CheckViolation) as error:
        write(role, road, (road.loads()[0], *row))
    assert refused(error) == constraint
    assert LoadBalance.objects.get(pk=road.loads()[0].pk).outstanding_kg == 9000


def test_a_reversal_mirrors_exactly_one_entry_once_and_never_a_reversal(
    road: Road, role: psycopg.Connection[Any]
) -> None:
    first, other = road.loads()
    entry = Entry.objects.get()
    for wrong in (
        (first, "received_good", 1, 999, -1, entry),
        (first, "received_damaged", 1, 1000, -1, entry),
        (other, "received_good", 1, 1000, -1, entry),
    ):
        with pytest.raises(errors.ForeignKeyViolation) as mirror:
            write(role, road, wrong)
        assert refused(mirror) == "entry_mirrors_one"
    write(role, road, (first, "received_good", 1, 1000, -1, entry))
    with pytest.raises(errors.UniqueViolation):
        write(role, road, (first, "received_good", 1, 1000, -1, entry))
    mirrored = Entry.objects.get(sign=-1)
    with pytest.raises(errors.ForeignKeyViolation):
        write(role, road, (first, "received_good", 1, 1000, -1, mirrored))
    assert LoadBalance.objects.get(pk=first.pk).outstanding_qty == 10


def test_the_role_adds_facts_reads_balances_and_changes_no_more(
    road: Road, role: psycopg.Connection[Any]
) -> None:
    for statement in (
        "UPDATE convoys_entry SET qty = 1",
        "DELETE FROM convoys_entry",
        "TRUNCATE convoys_entry CASCADE",
        "UPDATE convoys_loadbalance SET disposed_qty = 0",
        "INSERT INTO convoys_lotbalance VALUES (gen_random_uuid(), 1, 0, 0)",
        "DELETE FROM convoys_loadbalance",
        "UPDATE convoys_loadline SET kg = 1",
        "UPDATE convoys_consignmentline SET qty = 1",
        "UPDATE convoys_receipt SET body = '{}'",
        "UPDATE convoys_receipt SET waybill_id = gen_random_uuid()",
        "DELETE FROM convoys_receipt",
        "UPDATE convoys_posting SET reason = ''",
        "ALTER TABLE convoys_entry DISABLE TRIGGER ALL",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            role.execute(statement)
    row = role.execute("SELECT sum(outstanding_kg) FROM convoys_loadbalance").fetchone()
    assert row == (29_000,)


def test_a_discrepancy_stays_as_it_was_opened_and_a_leg_with_its_convoy(
    road: Road, role: psycopg.Connection[Any]
) -> None:
    road.receive({"good": 1}, final=True)
    other = [begin(road.cast).run.pk]
    for statement, given in (
        ("UPDATE convoys_discrepancy SET qty = 0.001", []),
        ("UPDATE convoys_discrepancy SET load_id = gen_random_uuid()", []),
        ("DELETE FROM convoys_discrepancy", []),
        ("UPDATE convoys_leg SET convoy_id = %s", other),
    ):
        with pytest.raises(errors.RaiseException):
            role.execute(statement, given)


def test_an_issued_waybill_stays_as_it_is(road: Road, role: psycopg.Connection[Any]) -> None:
    with pytest.raises(errors.RaiseException):
        role.execute("UPDATE convoys_waybill SET seals = 'B9'")
    with pytest.raises(errors.RaiseException):
        role.execute("UPDATE convoys_waybill SET state = 'draft'")
    line = LineFactory(consignment=road.consignment)
    with pytest.raises(errors.CheckViolation) as frozen:
        role.execute(
            "INSERT INTO convoys_loadline (id, waybill_id, item_id, line_id, root_id, is_return,"
            " qty, kg, m3, recorded_at) VALUES (%s, %s, %s, %s, %s, false, 1, 50, 0, now())",
            [uuid4(), road.waybills[0].pk, line.item_id, line.pk, line.pk],
        )
    assert refused(frozen) == "waybill_frozen_once_issued"


def test_nothing_enters_a_closed_convoy(road: Road, role: psycopg.Connection[Any]) -> None:
    first, other = road.loads()
    write(
        role,
        road,
        (first, "destroyed", 9, 9000, 1, None),
        (other, "received_damaged", 20, 20_000, 1, None),
    )
    role.execute("UPDATE convoys_operatedconvoy SET state = 'receiving' WHERE state = 'arrived'")
    for state in ("received", "reconciled", "closed"):
        role.execute("UPDATE convoys_operatedconvoy SET state = %s", [state])
    for rows in (
        [(first, "overage", 1, 1000, 1, None), (first, "received_good", 1, 1000, 1, None)],
        [(first, "received_good", 1, 1000, -1, Entry.objects.earliest("recorded_at"))],
    ):
        with pytest.raises(errors.CheckViolation) as error:
            write(role, road, *rows)
        assert refused(error) == "convoy_is_closed"
    role.execute("UPDATE convoys_operatedconvoy SET state = 'reopened'")
    write(role, road, (first, "received_good", 1, 1000, -1, Entry.objects.earliest("recorded_at")))
    with pytest.raises(errors.CheckViolation) as error:
        role.execute("UPDATE convoys_operatedconvoy SET state = 'closed'")
    assert refused(error) == "load_closed_with_nothing_outstanding"


def test_nothing_is_added_to_carry_in_a_closed_convoy(
    road: Road, role: psycopg.Connection[Any]
) -> None:
    first, other = road.loads()
    write(
        role,
        road,
        (first, "destroyed", 9, 9000, 1, None),
        (other, "received_good", 20, 20_000, 1, None),
    )
    role.execute("UPDATE convoys_operatedconvoy SET state = 'receiving' WHERE state = 'arrived'")
    for state in ("received", "reconciled", "closed"):
        role.execute("UPDATE convoys_operatedconvoy SET state = %s", [state])
    vehicle = VehicleFactory(operation=road.run.operation)
    leg = (
        "INSERT INTO convoys_leg (id, convoy_id, vehicle_id, from_stop_id, to_stop_id, period)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s, '[2030-01-01, 2030-01-02)')"
    )
    paper = (
        "INSERT INTO convoys_waybill (id, operation_id, number, version, leg_id, to_stop_id,"
        " consignee_id, seals, signed_by_loader, signed_by_driver, state, state_reason, sha256,"
        " pdf, created_at) SELECT gen_random_uuid(), operation_id, 'WB-X', 1, leg_id, to_stop_id,"
        " consignee_id, '', '', '', 'draft', '', '', '', now() FROM convoys_waybill LIMIT 1"
    )
    ends = [road.run.pk, vehicle.pk, road.stop(1).pk, road.stop(2).pk]
    for statement, given in ((leg, ends), (paper, [])):
        with pytest.raises(errors.CheckViolation) as error:
            role.execute(statement, given)
        assert refused(error) == "convoy_is_closed"
    role.execute("UPDATE convoys_operatedconvoy SET state = 'reopened'")
    role.execute(leg, ends)
    role.execute(paper)


def test_a_forward_cannot_be_taken_back_once_its_children_are_loaded(
    road: Road, role: psycopg.Connection[Any]
) -> None:
    load = road.loads()[1]
    dispositions.hand_on(
        [Wanted(load, "forwarded", Decimal(20))], actor=road.actor("lars"), reason=REASON
    )
    entry = Entry.objects.get(kind="forwarded")
    draft = WaybillFactory(leg__convoy=road.run)
    loading.load(draft, [loading.Part(entry, Decimal(5))], actor=road.actor("lars"))
    with pytest.raises(errors.CheckViolation) as error:
        write(role, road, (load, "forwarded", 20, 20_000, -1, entry))
    assert refused(error) == "forward_empty_in_units_and_kg"
    loading.take_off(LoadLine.objects.get(source_entry=entry), actor=road.actor("lars"))
    write(role, road, (load, "forwarded", 20, 20_000, -1, entry))
    assert LoadBalance.objects.get(pk=load.pk).outstanding_qty == 20
