"""What is heavy and seldom needed is not in memory until somebody needs it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from core.celery import app

ROOT = Path(__file__).resolve().parents[2]
STARTS = {
    "web": "import core.wsgi",
    "worker": "from core.celery import app; app.loader.import_default_modules()",
}
# What only the banned modules import
BEHIND = {"lark", "lxml", "pyproj", "pyxform", "vl_convert", "xlrd"}


def heavy() -> set[str]:
    """Return what ruff keeps from being imported by a module as a whole, and what comes with it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    banned = settings["flake8-tidy-imports"]["banned-module-level-imports"]
    return BEHIND | set(banned)


def loaded(start: str) -> set[str]:
    """Return the modules that a fresh process has in memory after ``start``."""
    script = f"import sys; {start}; print(*sys.modules)"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("program", STARTS)
def test_a_program_starts_without_what_is_heavy(program: str) -> None:
    modules = loaded(STARTS[program])
    assert "assessments.publish" in modules
    assert sorted(heavy() & modules) == []


def test_all_that_is_heavy_can_be_loaded() -> None:
    assert heavy() <= loaded(f"import django; django.setup(); import {', '.join(sorted(heavy()))}")


def test_the_scheduler_loads_no_model() -> None:
    modules = loaded("import core.beat")
    assert "core.settings" in modules
    assert not {"core.models", "core.tasks", "rest_framework"} & modules


def test_the_scheduler_names_tasks_that_workers_know() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled
    assert sorted(scheduled - app.tasks.keys()) == []
