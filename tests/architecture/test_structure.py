"""The structure that keeps the code readable: imports one way, sizes, no upward foreign keys."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
HEIGHT = {"core": 0, "assessments": 1, "convoys": 1, "situation": 2}
SOURCES = ("core", "assessments", "convoys", "situation", "ops", "tests", "benchmarks")
MOST_LINES = 400
MOST_FUNCTION_LINES = 60


def source_files() -> list[Path]:
    """Return the files that people write, migrations left out."""
    found: list[Path] = []
    for folder in SOURCES:
        found += (ROOT / folder).rglob("*.py")
    found += (ROOT / "templates").rglob("*.html")
    for ending in ("ts", "tsx", "js", "css"):
        found += (ROOT / "static" / "field").rglob(f"*.{ending}")
        found += (ROOT / "static" / "site").rglob(f"*.{ending}")
    return [path for path in found if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions of a Python file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_imports_run_one_way() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_no_foreign_key_points_upward() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in HEIGHT
        for field in model._meta.get_fields(include_hidden=False)
        if field.concrete
        and field.is_relation
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, Model)
        and not points_down(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert upward == []


def points_down(here: str, there: str) -> bool:
    """Return whether a relation from app ``here`` to app ``there`` keeps to the layering."""
    return here == there or there not in HEIGHT or HEIGHT[there] < HEIGHT[here]


def test_siblings_may_not_refer_to_each_other() -> None:
    assert not points_down("convoys", "assessments")
    assert not points_down("core", "assessments")
    assert points_down("situation", "convoys")


@pytest.mark.parametrize("path", source_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES
    if path.suffix == ".py":
        long = {
            node.name: lines
            for node in functions(path)
            if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_FUNCTION_LINES
        }
        assert long == {}
