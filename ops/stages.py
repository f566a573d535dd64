"""Run a list of checks, time each, and end with a table and the totals."""

import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from ops.places import CHECKOUT
from ops.say import say
from ops.shell import attempt, show

CORES = 2


@dataclass(frozen=True)
class Stage:
    """One command; `report` is the JUnit file that it writes, where it runs several tests."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    report: Path | None = None


@dataclass(frozen=True)
class Result:
    """What became of a stage: its tests by outcome, and how long it took in seconds."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def quick(stages: Sequence[Stage]) -> list[Result]:
    """Run several at a time, and show the output only of those that fail."""
    with ThreadPoolExecutor(CORES) as pool:
        return list(pool.map(_quietly, stages))


def loud(stages: Sequence[Stage]) -> list[Result]:
    """Run one after the other with their output on the screen."""
    return [_loudly(stage) for stage in stages]


def _quietly(stage: Stage) -> Result:
    began = time.monotonic()
    done = attempt(stage.command, env=stage.env, cwd=CHECKOUT)
    result = _result(stage, done.returncode, began)
    if done.returncode != 0:
        say(f"\n--- {stage.name} failed:\n{done.stdout.rstrip()}\n")
    else:
        say(f"{stage.name}: passed in {result.seconds:.0f} s")
    return result


def _loudly(stage: Stage) -> Result:
    say(f"\n--- {stage.name}: {' '.join(stage.command)}")
    began = time.monotonic()
    if stage.report is not None:
        stage.report.unlink(missing_ok=True)
    status = show(stage.command, env=stage.env, cwd=CHECKOUT)
    result = _result(stage, status, began)
    say(f"--- {stage.name}: {'failed' if result.failed else 'passed'} in {result.seconds:.0f} s")
    return result


def _result(stage: Stage, status: int, began: float) -> Result:
    passed = failed = skipped = 0
    if stage.report is not None and stage.report.is_file():
        passed, failed, skipped = count(stage.report.read_text())
    elif status == 0:
        passed = 1
    if status != 0 and failed == 0:
        failed = 1
    return Result(stage.name, passed, failed, skipped, time.monotonic() - began)


def count(report: str) -> tuple[int, int, int]:
    """The tests of a JUnit report that passed, failed and were skipped."""
    suites = ET.fromstring(report).iter("testsuite")  # noqa: S314 - our own test runners wrote it
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped


def summarise(results: Sequence[Result]) -> bool:
    """Print the table and, as the last line, the totals; returns whether all is well."""
    say(f"\n{'stage':<26}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}")
    for row in results:
        numbers = f"{row.passed:>8}{row.failed:>8}{row.skipped:>9}{row.seconds:>9.1f}"
        say(f"{row.name:<26}{numbers}")
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    say(f"\n{passed} passed, {failed} failed")
    return failed == 0
