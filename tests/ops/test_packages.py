"""Missing packages are named exactly, and installed only where that is allowed."""

import pytest

from ops import packages
from ops.packages import FOR_RUN, FOR_TEST, Package, ensure, missing
from ops.say import Failure

HERE = Package("here", lambda: True)
GONE = Package("gone", lambda: False)
LOST = Package("lost", lambda: False)


def test_only_what_is_missing_is_named() -> None:
    assert missing([HERE, GONE, LOST]) == ["gone", "lost"]
    assert missing([HERE]) == []


def test_tests_need_a_browser_and_a_run_does_not() -> None:
    assert "chromium" in {package.name for package in FOR_TEST}
    assert "chromium" not in {package.name for package in FOR_RUN}


def test_who_may_not_install_is_told_the_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_root_prefix", lambda: None)
    monkeypatch.setattr(packages, "which", lambda _: "/usr/bin/apt-get")
    with pytest.raises(Failure, match=r"apt-get install gone lost$"):
        ensure([HERE, GONE, LOST])


def test_a_machine_without_apt_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "which", lambda _: None)
    with pytest.raises(Failure, match="what Debian calls gone"):
        ensure([GONE])


def test_a_complete_machine_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_apt", lambda *_: pytest.fail("apt was called"))
    ensure([HERE])
