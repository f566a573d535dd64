"""Inside an app, imports run from doors to datasets to rules to transitions to policy to models."""

import grimp
import pytest

APPS = ("core", "assessments", "convoys", "situation")
MODELS, POLICY, TRANSITIONS, RULES, DATASETS, DOORS = range(6)
NAMES = ("models", "policy", "transitions", "rules", "datasets", "doors")
# Modules that are not rules, by their own name or that of a package around them. What nothing of
# ours stands above (errors, machines, audit, settings) sits with the models.
RANKS = {
    "models": MODELS,
    "migrations": MODELS,
    "errors": MODELS,
    "bodies": MODELS,
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
    "downloads": DOORS,
    "navigation": DOORS,
    "accounts": DOORS,
}
# The same words at the end of a name: form_datasets, form_pages
ENDINGS = {"_datasets": DATASETS, "_forms": DOORS, "_pages": DOORS}


def rank(module: str) -> int:
    """Return the layer of a module inside its app; whatever is not named is a rule."""
    for name in module.split(".")[1:]:
        by_ending = (rank for ending, rank in ENDINGS.items() if name.endswith(ending))
        found = RANKS.get(name, next(by_ending, None))
        if found is not None:
            return found
    return RULES


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
