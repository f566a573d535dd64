"""``python -m benchmarks [NAME …]``: run all benchmarks or those named; print their figures."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import django

from tests.site import Site

FOLDER = Path(__file__).parent
ONE = "--one"


def names() -> list[str]:
    """Return the benchmarks: the modules here that define ``measure``."""
    files = sorted(FOLDER.glob("*.py"))
    return [path.stem for path in files if "\ndef measure(" in path.read_text()]


def report(name: str, value: float | str, unit: str, goal: str = "") -> None:
    """Print one figure."""
    shown = f"{value:,.3g}" if isinstance(value, float) else str(value)
    wanted = f"   goal: {goal}" if goal else ""
    sys.stdout.write(f"  {name:<68} {shown:>12} {unit:<8}{wanted}\n")
    sys.stdout.flush()


def run(name: str) -> bool:
    """Run one benchmark in a process and on a fresh database of its own."""
    sys.stdout.write(f"\n{name}\n")
    sys.stdout.flush()
    site = Site(f"bench_{name}")
    try:
        site.prepare(demo=False)
        command = [sys.executable, "-m", "benchmarks", ONE, name]
        done = subprocess.run(command, env=site.environment, check=False)  # noqa: S603
    finally:
        site.stop()
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Run what was asked for; return the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    if arguments[:1] == [ONE]:
        django.setup()
        import_module(f"benchmarks.{arguments[1]}").measure(report)
        return 0
    results = {name: run(name) for name in arguments or names()}
    failed = [name for name, passed in results.items() if not passed]
    if failed:
        sys.stdout.write(f"\nfailed: {', '.join(failed)}\n")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
