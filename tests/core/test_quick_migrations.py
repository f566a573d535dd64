"""Migrations render few models, and those that they have are as if all were rendered anew."""

import pgtrigger
import pytest
from django.apps.registry import Apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger


def picture(apps: Apps) -> dict[str, set[str]]:
    """Return what a model refers to and is referred to by; each class must be the current one."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            if isinstance(other := field.related_model, type):
                assert other is apps.get_model(other._meta.label), (model._meta.label, field.name)
        found[model._meta.label] = {
            f"{field.name} {getattr(field.related_model, '__name__', '')}"
            for field in model._meta.get_fields(include_hidden=True)
        }
    return found


def test_models_kept_through_all_migrations_are_as_if_rendered_anew() -> None:
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    assert picture(state.apps) is not None  # rendered from here on
    done = set()
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            if key not in done:
                done.add(key)
                state = loader.graph.nodes[key].mutate_state(state, preserve=False)
    anew = ProjectState(models=state.models, real_apps=loader.unmigrated_apps)
    assert picture(state.apps) == picture(anew.apps)


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
