"""Convoys at 10,000 with 500,000 ledger entries: the list, a convoy's page, "does it close?"."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from convoys import equation
from convoys.models import OperatedConvoy
from core.models import Operation, Role, User
from core.policy import Actor
from situation import convoy_picture
from tests.factories.access import SiteFactory
from tests.factories.convoys import ConsignmentFactory, ReliefItemFactory, VehicleFactory
from tests.factories.core import (
    MembershipFactory,
    OperationFactory,
    OrganisationFactory,
    UserFactory,
)

CONVOYS = 10_000
LINES = 10
ENTRIES = 5
ROUNDS = 9
GOAL = "≤ 500"
PAGES = ("plan", "load", "waybills", "movement", "receipts", "closes")

# What the rules would write, in the order in which the triggers want it. Each line of 100 units is
# received in five entries: 90 good in three, 6 damaged, 4 missing.
STEPS = (
    """INSERT INTO convoys_convoy
        (operation_id, origin, name, organiser, note, is_demo, created_by_id, created_at)
    SELECT %(operation)s, 'operated', 'Convoy ' || n, '', '', false, %(user)s,
        now() - n * interval '1 hour'
    FROM generate_series(1, %(convoys)s) n""",
    """INSERT INTO convoys_operatedconvoy (convoy_id, operation_id, number, lead_org_id, leader,
        escort, etd, eta, is_emergency, check_minutes, state, state_reason, access_outcome,
        planned_by_id, departed_at, arrived_at)
    SELECT id, operation_id, 'CY-' || id, %(organisation)s, '', 'none', created_at,
        created_at + interval '8 hours', false, 60, 'draft', '', '', %(user)s,
        created_at, created_at + interval '8 hours'
    FROM convoys_convoy WHERE operation_id = %(operation)s""",
    """INSERT INTO convoys_stop (id, convoy_id, position, site_id)
    SELECT gen_random_uuid(), convoy_id, position, (%(sites)s::bigint[])[position]
    FROM convoys_operatedconvoy, generate_series(1, 2) position
    WHERE operation_id = %(operation)s""",
    """INSERT INTO convoys_leg
        (id, convoy_id, vehicle_id, from_stop_id, to_stop_id, period, departed_at, arrived_at)
    SELECT gen_random_uuid(), c.convoy_id, %(vehicle)s, a.id, b.id, tstzrange(c.etd, c.eta),
        NULL, c.eta
    FROM convoys_operatedconvoy c
    JOIN convoys_stop a ON a.convoy_id = c.convoy_id AND a.position = 1
    JOIN convoys_stop b ON b.convoy_id = c.convoy_id AND b.position = 2
    WHERE c.operation_id = %(operation)s""",
    """INSERT INTO convoys_waybill (id, operation_id, number, version, leg_id, to_stop_id,
        consignee_id, seals, signed_by_loader, signed_by_driver, state, state_reason, sha256, pdf,
        created_at)
    SELECT gen_random_uuid(), %(operation)s, 'WB-' || convoy_id, 1, id, to_stop_id,
        %(organisation)s, '', '', '', 'draft', '', '', '', now() FROM convoys_leg""",
    """INSERT INTO convoys_consignmentline (id, consignment_id, position, item_id, qty, unit,
        hu_kind, gross_kg, volume_m3, un_number, un_class, lot_number, currency)
    SELECT gen_random_uuid(), %(consignment)s, n, (%(items)s::bigint[])[n], 1000000000, 'sack', '',
        1000000000, 1000000, '', '', '', '' FROM generate_series(1, %(lines)s) n""",
    """INSERT INTO convoys_loadline (id, waybill_id, item_id, line_id, root_id, is_return, qty, kg,
        m3, recorded_by_id, recorded_at)
    SELECT gen_random_uuid(), w.id, l.item_id, l.id, l.id, false, 100, 100, 0.1, %(user)s, now()
    FROM convoys_waybill w CROSS JOIN convoys_consignmentline l""",
    "UPDATE convoys_waybill SET state = 'issued'",
    "UPDATE convoys_waybill SET state = 'in_transit'",
    """INSERT INTO convoys_posting (id, operation_id, convoy_id, kind, occurred_at, recorded_at,
        source, source_url, reporter_id, reliability, credibility, sensitivity, note, is_demo,
        reason, evidence, body_sha256)
    SELECT gen_random_uuid(), %(operation)s, convoy_id, 'loss', eta, eta, 'benchmark', '',
        %(user)s, 'A', 1, 'internal', '', true, 'benchmark', '', ''
    FROM convoys_operatedconvoy""",
    """INSERT INTO convoys_entry
        (id, posting_id, load_id, kind, qty, kg, sign, reason, recorded_at)
    SELECT gen_random_uuid(), p.id, l.id, part.kind, part.qty, part.qty, 1, '', now()
    FROM convoys_posting p JOIN convoys_leg g ON g.convoy_id = p.convoy_id
    JOIN convoys_waybill w ON w.leg_id = g.id JOIN convoys_loadline l ON l.waybill_id = w.id
    CROSS JOIN (VALUES ('received_good', 50), ('received_good', 30), ('received_good', 10),
        ('received_damaged', 6), ('short_missing', 4)) part (kind, qty)""",
)
# The columns of a state go from one to the next only; the database holds that for the owner, too.
WAY = (
    "planned",
    "access_pending",
    "cleared",
    "loading",
    "loaded",
    "dispatched",
    "in_transit",
    "arrived",
    "receiving",
    "received",
)


def measure(report: Callable[..., None]) -> None:
    """Report medians in milliseconds of server time, from request to answer."""
    began = time.monotonic()
    operation, user = fill()
    report(f"filling {CONVOYS:,} convoys", time.monotonic() - began, "s")
    prove(operation)
    report("entries in the ledger", counted(), "rows", f"{CONVOYS * LINES * ENTRIES:,}")
    slug = operation.slug
    last = OperatedConvoy.objects.filter(operation=operation).order_by("-pk")[CONVOYS // 2].pk
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        pages = {
            "the list": reverse("convoys", args=(slug,)),
            "the list, searched": reverse("convoys", args=(slug,)) + "?q=999",
            **{f"a convoy: {tab}": reverse("run", args=(slug, last, tab)) for tab in PAGES},
            "“does it close?” for the whole operation": reverse("closes", args=(slug,)),
        }
        for name, address in pages.items():
            report(name, median(lambda to=address: seen(client, to)), "ms", GOAL)
        actor = Actor(user=user)
        taken = median(lambda: convoy_picture.take(operation, actor))
        report("picture of convoys", taken, "ms", GOAL)
        overview = reverse("overview", args=(slug,))
        report("the overview", median(lambda: seen(client, overview)), "ms", GOAL)


def fill() -> tuple[Operation, User]:
    """Make the convoys and return their operation and its coordinator."""
    operation, organisation = OperationFactory(slug="convoys"), OrganisationFactory()
    user = UserFactory()
    MembershipFactory(
        user=user, operation=operation, organisation=organisation, role=Role.COORDINATOR
    )
    items = [ReliefItemFactory(operation=operation, unit_kg=1) for _ in range(LINES)]
    given: dict[str, Any] = {
        "operation": operation.pk,
        "organisation": organisation.pk,
        "user": user.pk,
        "sites": [SiteFactory(operation=operation).pk for _ in range(2)],
        "vehicle": VehicleFactory(operation=operation).pk,
        "consignment": ConsignmentFactory(operation=operation).pk,
        "items": [one.pk for one in items],
        "convoys": CONVOYS,
        "lines": LINES,
    }
    states = [f"UPDATE convoys_operatedconvoy SET state = '{state}'" for state in WAY]  # noqa: S608
    # A transaction for each statement: the audit's triggers roll a subtransaction back for each
    # row, and each time PostgreSQL goes through all that is deferred to the commit.
    with connection.cursor() as cursor:
        for statement in (*STEPS, *states):
            cursor.execute(statement, given if "%(" in statement else None)
            # Without statistics the triggers' own queries read whole tables, row by row.
            cursor.execute("ANALYZE")
        cursor.execute("VACUUM ANALYZE")
    return operation, user


def prove(operation: Operation) -> None:
    """Raise AssertionError unless the balances that the triggers kept are those of the entries."""
    rows = equation.of_operation(operation)
    assert all(one.closes for one in rows)
    kinds = ("loaded", "good", "damaged", "lost")
    told = [equation.total_kg(rows)[kind] for kind in kinds]
    loads = CONVOYS * LINES
    assert told == [loads * part for part in (100, 90, 6, 4)], told


def counted() -> str:
    """Return how many entries there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM convoys_entry")
        (number,) = cursor.fetchone()
    return f"{number:,}"


def seen(client: Client, address: str) -> None:
    """Ask for a page, which must be there."""
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"


def median(work: Callable[[], object]) -> float:
    """Return the median of ROUNDS runs after a first one, in milliseconds."""
    work()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)
