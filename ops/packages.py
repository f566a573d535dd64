"""Debian's packages: which are missing, and how to get them without disturbing the machine."""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterable
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from ops.say import Failure, doing, say
from ops.shell import attempt, find, run

CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


@dataclass(frozen=True)
class Package:
    """A Debian package and how to see that what it brings is there, whoever brought it."""

    name: str
    is_there: Callable[[], bool]


def _any_file(*patterns: str) -> bool:
    root = Path("/")
    return any(next(root.glob(pattern), None) is not None for pattern in patterns)


# redis-tools holds the server's binary too. The package redis-server adds only a system service,
# which this machine has not asked for.
FOR_RUN = (
    Package("python3-venv", lambda: importlib.util.find_spec("ensurepip") is not None),
    Package("postgresql", lambda: _any_file("usr/lib/postgresql/*/bin/postgres")),
    Package(
        "postgresql-postgis", lambda: _any_file("usr/share/postgresql/*/extension/postgis.control")
    ),
    Package("redis-tools", lambda: bool(which("redis-server") or which("redis-check-rdb"))),
    Package("gdal-bin", lambda: find_library("gdal") is not None),
    Package("libmagic1", lambda: find_library("magic") is not None),
    Package(
        "fonts-noto-core", lambda: _any_file("usr/share/fonts/**/NotoSansArmenian-Regular.[ot]tf")
    ),
)
FOR_TEST = (
    *FOR_RUN,
    Package("gettext", lambda: which("xgettext") is not None),
    Package("chromium", lambda: which("chromium") is not None),
)


def missing(packages: Iterable[Package]) -> list[str]:
    """The names of the packages whose content is not on this machine."""
    return [package.name for package in packages if not package.is_there()]


def ask_for(names: list[str]) -> str:
    """What to do where we may not install: one command to hand to an administrator."""
    return (
        f"Missing, and this user may not install: {' '.join(names)}. "
        f"Ask an administrator to run: apt-get install {' '.join(names)}"
    )


def ensure(packages: Iterable[Package]) -> None:
    """Install what is missing, as root or through sudo."""
    wanted = missing(packages)
    if not wanted:
        return
    if which("apt-get") is None:
        raise Failure(f"Missing: what Debian calls {' '.join(wanted)}. Install it, then try again.")
    become = _root_prefix()
    if become is None:
        raise Failure(ask_for(wanted))
    with doing(f"Installing from Debian: {' '.join(wanted)}"):
        _apt(become, "update")
        if "postgresql" in wanted:
            _without_main_cluster(become, wanted)
        else:
            _apt(become, "install", *wanted)
    if still := missing(packages):
        raise Failure(f"Debian's packages were installed, yet this is missing: {' '.join(still)}")


def _root_prefix() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = which("sudo")
    if sudo is None:
        return None
    if attempt([sudo, "-n", "true"]).returncode == 0:
        return [sudo]
    if sys.stdin.isatty():
        say("sudo may ask for your password.")
        return [sudo]
    return None


def _apt(become: list[str], action: str, *names: str) -> None:
    options = ["-y", "-q", "--no-install-recommends"] if action == "install" else ["-q"]
    command = [*become, find("env"), "DEBIAN_FRONTEND=noninteractive", find("apt-get")]
    command += ["-o", "DPkg::Lock::Timeout=300", action, *options, *names]
    if action == "update":
        # One broken third-party source must not stop us: the installation will tell.
        attempt(command)
        return
    run(command, what=f"apt-get install {' '.join(names)}")


def _without_main_cluster(become: list[str], wanted: list[str]) -> None:
    """Debian makes and starts a database cluster of its own unless it is told not to."""
    _apt(become, "install", "postgresql-common")
    sed = [*become, find("sed"), "-i"]
    off = "s/^#?create_main_cluster = true/create_main_cluster = false  # for Tessera/"
    # As it was: what another package does later is not ours to decide.
    back = "s/^create_main_cluster = false  # for Tessera/#create_main_cluster = true/"
    changed = "create_main_cluster = false" not in CREATE_CLUSTER.read_text()
    if changed:
        run([*sed, "-E", off, str(CREATE_CLUSTER)], what="Preparing PostgreSQL's packages")
    try:
        _apt(become, "install", *wanted)
    finally:
        if changed:
            run([*sed, back, str(CREATE_CLUSTER)], what="Restoring PostgreSQL's settings")
