"""Lets migrations render only the models that a change concerns, which is most of their time.

Django renders a changed model again, and with it whatever is related to what it is related to. Here
nearly all tables refer to users and operations: each operation would render nearly all models.
"""

from collections.abc import Callable
from typing import Any

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

Key = tuple[str, str]
Forwards = Callable[[Any, str, ProjectState], None]
FORWARDS = "state_forwards"
FIND = "_find_reload_model"


def install() -> None:
    """Change how all migrations of this process keep their models."""
    setattr(ProjectState, FIND, _find_changed)
    for operation in (AddTrigger, RemoveTrigger):
        setattr(operation, FORWARDS, _without_rendering(operation.state_forwards))


def _find_changed(
    state: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[Key]:
    """Return a model and those that refer to it or build on it, directly or not.

    Their classes hold its class. Those that it refers to stay: Django tells them of it.
    """
    state.is_delayed = state.is_delayed or delay
    found: set[Key] = set()
    left = [(app_label, model_name.lower())]
    while left:
        key = left.pop()
        if key not in found:
            found.add(key)
            left += state.relations.get(key, ())
            left += _heirs(state, key)
    return found


def _heirs(state: ProjectState, key: Key) -> list[Key]:
    name = ".".join(key)
    return [
        heir
        for heir, model in state.models.items()
        if any(isinstance(base, str) and base.lower() == name for base in model.bases)
    ]


def _without_rendering(forwards: Forwards) -> Forwards:
    """Return a state change that renders nothing: a trigger changes no model."""

    def state_forwards(operation: Any, app_label: str, state: ProjectState) -> None:
        rendered = vars(state).pop("apps", None)  # a state without it has nothing to render again
        forwards(operation, app_label, state)
        if rendered is not None:
            vars(state)["apps"] = rendered

    return state_forwards
