"""A trigger changes no model, so migrations that add or remove one need not render the models anew.

pgtrigger lets Django render the model and all around it again for each trigger. With three audit
triggers a table, that was half of the time in which all migrations are applied.
"""

from collections.abc import Callable
from typing import Any

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

FORWARDS = "state_forwards"
Forwards = Callable[[Any, str, ProjectState], None]


def keep_rendered_models() -> None:
    """Let both operations of pgtrigger change the state of the project and nothing else."""
    for operation in (AddTrigger, RemoveTrigger):
        setattr(operation, FORWARDS, _without_rendering(operation.state_forwards))


def _without_rendering(forwards: Forwards) -> Forwards:
    def state_forwards(operation: Any, app_label: str, state: ProjectState) -> None:
        rendered = vars(state).pop("apps", None)  # a state without it has nothing to render again
        forwards(operation, app_label, state)
        if rendered is not None:
            vars(state)["apps"] = rendered

    return state_forwards
