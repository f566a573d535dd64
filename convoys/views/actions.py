"""What an action on a convoy of our own is: who may, which form, which rule, which tab."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from convoys import dispatch, run_forms
from convoys.models import Discrepancy, OperatedConvoy, Receipt, Waybill
from core.policy import Actor

ROAD = ("in_transit", "held", "part_arrived")
WAYBILL: dict[str, Any] = {"target": Waybill, "path": "leg__convoy"}
DISCREPANCY: dict[str, Any] = {"target": Discrepancy, "path": "load__waybill__leg__convoy"}
RECEIPT: dict[str, Any] = {"target": Receipt, "path": "waybill__leg__convoy"}


@dataclass(frozen=True)
class Call:
    """What an action is carried out with; ``target`` is the part of the convoy that it is about."""

    run: OperatedConvoy
    actor: Actor
    target: Any
    given: dict[str, Any]
    form: Any


@dataclass(frozen=True)
class Action:
    """One action. Without ``states`` it depends on ``target``, whose page offers it.

    ``draws`` says what is chosen on a map beside the form: ``segments`` or a ``place``.
    """

    label: str | Promise
    verb: str
    tab: str
    act: Callable[[Call], Any]
    form: type[run_forms.ActionForm] = run_forms.SureForm
    states: tuple[str, ...] = ()
    target: Any = None
    path: str = ""
    text: str | Promise = ""
    is_danger: bool = False
    draws: str = ""


def step(name: str) -> Callable[[Call], Any]:
    """Return the rule that takes a step before dispatch."""

    def act(call: Call) -> Any:
        return dispatch.move(call.run, name, actor=call.actor, reason=call.given.get("reason", ""))

    return act


def with_reason(rule: Callable[..., Any]) -> Callable[[Call], Any]:
    """Return an action that hands the form's answers to a rule about the target, or the convoy."""

    def act(call: Call) -> Any:
        return rule(call.target or call.run, actor=call.actor, **call.given)

    return act
