"""From the plan to the road: clearing, loading, the gate, dispatch."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys import clearance, loading, planning, stock
from convoys.ledger import needs_reason, safely
from convoys.models import GateRecord, Leg, OperatedConvoy, Waybill
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
    facts = loading_facts(convoy) | {"approver": actor.user and actor.user.pk}
    return advance(convoy, name, actor=actor, facts=facts, state_reason=reason.strip())


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


def dispatch(
    convoy: OperatedConvoy,
    *,
    actor: Actor,
    leg: Leg | None = None,
    override: str = "",
    client_id: UUID | None = None,
) -> OperatedConvoy:
    """Let the convoy go, if the gate is open or its soft findings are overridden with a reason.

    With a ``leg`` that vehicle goes on by itself, from a later stop or later than the others. What
    the gate saw is kept, whether it opens or not; where it opens, under ``client_id``, so that
    the same again changes nothing. Raises Problem ``gate_closed`` with a finding each in
    ``errors``, ``wrong_state`` before loading is finished, ``forbidden`` for others than
    coordinators, ``replay_conflict`` for an id that let another convoy go or for another reason.
    """
    policy.check(actor, "run.dispatch", convoy)
    if leg and leg.convoy_id != convoy.pk:
        raise Problem("not_found")
    who = Who(convoy, leg, actor, override.strip()[:300], client_id)
    answer = _at_the_gate(who)
    if isinstance(answer, Problem):
        raise answer
    return answer


@dataclass(frozen=True)
class Who:
    """Who asks the gate to let what go, and why all the same."""

    convoy: OperatedConvoy
    leg: Leg | None
    actor: Actor
    override: str
    key: UUID | None


@safely
def _at_the_gate(who: Who) -> OperatedConvoy | Problem:
    """Look and let go under one lock, so that no plan leaves but the one that was looked at.

    A refusal is returned, not raised: what the gate saw is kept with it.
    """
    held = OperatedConvoy.objects.select_for_update(of=("self",)).get(pk=who.convoy.pk)
    if _is_gone(held, who):
        return held
    planning.held(held, planning.ON_THE_WAY if who.leg else planning.BEFORE_DISPATCH)
    found = clearance.gate(held, who.leg)
    hard = [one for one in found if one.is_hard]
    if hard or (found and not who.override):
        keep(who, found, opened=False)
        return _closed(hard or found, is_hard=bool(hard))
    return _let_go(held, found, who)


def _is_gone(convoy: OperatedConvoy, who: Who) -> bool:
    """Return whether it was let go already, by this sending or another."""
    known = GateRecord.objects.filter(pk=who.key).first() if who.key else None
    asked = (convoy.pk, who.leg and who.leg.pk, who.override)
    if known and (known.convoy_id, known.leg_id, known.override_reason) != asked:
        raise Problem("replay_conflict", id=known.pk)
    if who.leg:
        return Leg.objects.filter(pk=who.leg.pk, dispatched_at__isnull=False).exists()
    return known is not None or convoy.state == OperatedConvoy.State.DISPATCHED


def _let_go(convoy: OperatedConvoy, found: list[Finding], who: Who) -> OperatedConvoy:
    gone, now = convoy, timezone.now()
    if who.leg is None:
        gone = advance(
            convoy,
            "dispatch",
            actor=who.actor,
            facts={"gate": True},
            dispatched_at=now,
            dispatched_by=who.actor.user,
            state_reason=who.override,
        )
    keep(who, found, opened=True, override=who.override, key=who.key)
    legs = clearance.waiting(convoy, who.leg)
    stock.release(loading.on_issued(legs), actor=who.actor)
    Leg.objects.filter(pk__in=[leg.pk for leg in legs]).update(dispatched_at=now)
    return gone


def keep(
    who: Who,
    found: list[Finding],
    *,
    opened: bool,
    override: str = "",
    key: UUID | None = None,
) -> GateRecord:
    """Keep what the gate saw."""
    return GateRecord.objects.create(
        pk=key or uuid4(),
        convoy=who.convoy,
        leg=who.leg,
        inputs=[one.as_json() for one in found],
        opened=opened,
        override_reason=override,
        recorded_by=who.actor.user,
    )


def _closed(found: list[Finding], *, is_hard: bool) -> Problem:
    errors = [{"where": one.subject, **one.as_json()} for one in found]
    if is_hard:
        fix = _("None of these can be overridden. What would change each is said beside it.")
    else:
        fix = _("A coordinator can override them with a reason; each says what would change it.")
    names = ", ".join(dict.fromkeys(one.code for one in found))
    return Problem("gate_closed", inputs=names, fix=fix, errors=errors)
