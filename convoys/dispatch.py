"""From the plan to the road: clearing, loading, the gate, dispatch."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys import clearance
from convoys.ledger import facts_of, needs_reason, safely
from convoys.models import GateRecord, LoadLine, OperatedConvoy, StockMove, Waybill
from core import policy
from core.access.inputs import Finding
from core.errors import Problem, declare
from core.policy import Actor
from core.transitions import advance

declare(
    "gate_closed",
    409,
    gettext_lazy("The convoy may not leave"),
    gettext_lazy("These inputs stand against it: {inputs}."),
    gettext_lazy("{fix}"),
)


def move(convoy: OperatedConvoy, name: str, *, actor: Actor, reason: str = "") -> OperatedConvoy:
    """Take a step before dispatch that needs no more than its table and guards."""
    return advance(
        convoy, name, actor=actor, facts=loading_facts(convoy), state_reason=reason.strip()
    )


def loading_facts(convoy: OperatedConvoy) -> dict[str, Any]:
    """Return what the guards of planning and loading need to know."""
    legs = convoy.legs.filter(from_stop__position=clearance.first_stop(convoy))
    waybills = Waybill.objects.filter(leg__in=legs).exclude(state="void")
    return {
        "stops": convoy.stops.count(),
        "vehicles": legs.count(),
        "unissued": [str(one) for one in waybills.filter(state="draft")],
        "issued": waybills.filter(state="issued").count(),
    }


def cancel(convoy: OperatedConvoy, *, actor: Actor, reason: str) -> OperatedConvoy:
    """Cancel a convoy before dispatch; its waybills become void and their loads free again."""
    needs_reason(reason)
    policy.check(actor, "run.plan", convoy)
    return _cancel(convoy, actor=actor, reason=reason)


@safely
def _cancel(convoy: OperatedConvoy, *, actor: Actor, reason: str) -> OperatedConvoy:
    for waybill in Waybill.objects.filter(leg__convoy=convoy, state__in=("draft", "issued")):
        advance(waybill, "void", actor=actor, state_reason=reason.strip(), pdf="")
    return advance(convoy, "cancel", actor=actor, state_reason=reason.strip())


def dispatch(convoy: OperatedConvoy, *, actor: Actor, override: str = "") -> OperatedConvoy:
    """Let the convoy go, if the gate is open or its soft findings are overridden with a reason.

    What the gate saw is kept, whether it opens or not. Raises Problem ``gate_closed`` with a
    finding each in ``errors``, ``forbidden`` for others than coordinators.
    """
    policy.check(actor, "run.dispatch", convoy)
    found = clearance.gate(convoy)
    hard = [one for one in found if one.is_hard]
    is_open = not hard and (not found or bool(override.strip()))
    if not is_open:
        keep(convoy, found, actor=actor, opened=False)
        raise _closed(hard or found, is_hard=bool(hard))
    return _let_go(convoy, found, actor=actor, override=override.strip())


@safely
def _let_go(
    convoy: OperatedConvoy, found: list[Finding], *, actor: Actor, override: str
) -> OperatedConvoy:
    gone = advance(
        convoy,
        "dispatch",
        actor=actor,
        facts={"gate": True},
        dispatched_at=timezone.now(),
        dispatched_by=actor.user,
        state_reason=override[:300],
    )
    keep(convoy, found, actor=actor, opened=True, override=override)
    _release_stock(convoy, actor)
    return gone


@transaction.atomic
def keep(
    convoy: OperatedConvoy,
    found: list[Finding],
    *,
    actor: Actor,
    opened: bool,
    override: str = "",
) -> GateRecord:
    """Keep what the gate saw."""
    return GateRecord.objects.create(
        convoy=convoy,
        inputs=[one.as_json() for one in found],
        opened=opened,
        override_reason=override[:300],
        recorded_by=actor.user,
    )


def _closed(found: list[Finding], *, is_hard: bool) -> Problem:
    errors = [{"where": one.subject, **one.as_json()} for one in found]
    if is_hard:
        fix = _("None of these can be overridden. What would change each is said beside it.")
    else:
        fix = _("A coordinator can override them with a reason; each says what would change it.")
    names = ", ".join(dict.fromkeys(one.code for one in found))
    return Problem("gate_closed", inputs=names, fix=fix, errors=errors)


def _release_stock(convoy: OperatedConvoy, actor: Actor) -> None:
    """Let what is loaded from stock leave the warehouse."""
    loads = LoadLine.objects.filter(
        waybill__leg__convoy=convoy, waybill__state="issued", unload=None, line__lot__isnull=False
    )
    loads = loads.filter(waybill__leg__from_stop__position=clearance.first_stop(convoy))
    StockMove.objects.bulk_create(
        [
            StockMove(
                lot=load.line.lot,
                line=load.line,
                kind=StockMove.Kind.RELEASED,
                qty=load.qty,
                **facts_of(actor, convoy.operation),
            )
            for load in loads.select_related("line__lot")
            if load.line and load.line.lot
        ]
    )
