"""The totals at the end of `make test` are what continuous integration is judged by."""

from pathlib import Path

import pytest

from ops.stages import Result, Stage, count, loud, quick, summarise

REPORT = """<testsuites><testsuite tests="5" failures="1" errors="1" skipped="1"/>
<testsuite tests="2" failures="0" errors="0"/></testsuites>"""


def test_skipped_tests_have_not_passed() -> None:
    assert count(REPORT) == (4, 2, 1)


def test_a_stage_counts_its_tests(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    stage = Stage("s", ["/bin/sh", "-c", f"echo '{REPORT}' > {report}; exit 1"], report=report)
    (result,) = loud([stage])
    assert (result.passed, result.failed, result.skipped) == (4, 2, 1)


def test_a_stage_that_breaks_down_has_failed_even_without_a_failing_test(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    (result,) = loud([Stage("s", ["/bin/false"], report=report)])
    assert (result.passed, result.failed) == (0, 1)


def test_the_output_of_a_failed_check_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = quick(
        [
            Stage("good", ["/bin/sh", "-c", "echo quiet"]),
            Stage("bad", ["/bin/sh", "-c", "echo why; exit 3"]),
        ]
    )
    shown = capsys.readouterr().out
    assert (good.failed, bad.failed) == (0, 1)
    assert "why" in shown
    assert "quiet" not in shown


def test_the_last_line_is_the_total(capsys: pytest.CaptureFixture[str]) -> None:
    assert not summarise([Result("a", 3, 0, 0, 1.0), Result("b", 2, 1, 4, 2.0)])
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 1 failed"
