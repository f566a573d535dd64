"""Triggers reach the database through migrations, and cost no rendering of models."""

import pgtrigger
import pytest
from django.db.migrations.loader import MigrationLoader
from pgtrigger.migrations import AddTrigger, RemoveTrigger


@pytest.mark.django_db
def test_every_declared_trigger_is_in_the_database_as_declared() -> None:
    found = {
        f"{model._meta.label} {trigger.name}": trigger.get_installation_status(model)
        for model, trigger in pgtrigger.registered()
    }
    assert len(found) > 100
    assert {name: status for name, status in found.items() if status != ("INSTALLED", True)} == {}


def test_a_trigger_changes_the_state_and_no_model() -> None:
    state = MigrationLoader(None).project_state([("core", "0001_initial")])
    made, model = state.models["core", "membership"], state.apps.get_model("core", "Membership")
    trigger = made.options["triggers"][0]

    RemoveTrigger("membership", trigger.name).state_forwards("core", state)
    assert trigger not in made.options["triggers"]
    AddTrigger("membership", trigger).state_forwards("core", state)
    assert trigger in made.options["triggers"]
    assert state.apps.get_model("core", "Membership") is model
