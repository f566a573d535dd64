"""Inside an app, imports run from doors to datasets to rules to transitions to policy to models."""

import grimp
import pytest

APPS = ("core", "assessments", "convoys", "situation")
MODELS, POLICY, TRANSITIONS, RULES, DATASETS, DOORS = range(6)
NAMES = ("models", "policy", "transitions", "rules", "datasets", "doors")
# Modules that are not rules, by the first part of their name inside the app. What nothing of ours
# stands above (errors, machines, audit, settings) sits with the models.
RANKS = {
    "models": MODELS,
    "migrations": MODELS,
    "errors": MODELS,
    "machines": MODELS,
    "audit": MODELS,
    "env": MODELS,
    "logs": MODELS,
    "policy": POLICY,
    "verbs": POLICY,
    "transitions": TRANSITIONS,
    "datasets": DATASETS,
    "writers": DATASETS,
    "views": DOORS,
    "api": DOORS,
    "openrosa": DOORS,
    "tasks": DOORS,
    "management": DOORS,
    "templatetags": DOORS,
    "pages": DOORS,
    "field_urls": DOORS,
    "urls": DOORS,
    "forms": DOORS,
    "middleware": DOORS,
    "context": DOORS,
    "navigation": DOORS,
    "accounts": DOORS,
}


def rank(module: str) -> int:
    """Return the layer of a module inside its app; whatever is not named is a rule."""
    name = module.split(".")[1]
    return RANKS.get(name, DATASETS if name.endswith("_datasets") else RULES)


@pytest.mark.parametrize("app", APPS)
def test_imports_inside_an_app_run_one_way(app: str) -> None:
    graph = grimp.build_graph(app, cache_dir=None)
    inside = [module for module in graph.modules if module.count(".")]
    assert inside
    upward = [
        f"{module} ({NAMES[rank(module)]}) imports {other} ({NAMES[rank(other)]})"
        for module in inside
        for other in graph.find_modules_directly_imported_by(module)
        if other.count(".") and rank(other) > rank(module)
    ]
    assert sorted(upward) == []
