"""`make run` from nothing and again, in a copy of this checkout that has its packages already."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.places import places
from tests.site import free_port

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (".venv", "node_modules", ".local/node")
STAMPS = ("python-run", "npm", "nodejs")
READY = "Tessera is running"
Report = Callable[..., None]


def measure(report: Report) -> None:
    """Report seconds until it is open, and the processor time of all that was done for it."""
    with a_copy() as checkout:
        for name, goal in (("the first start", "≤ 120"), ("the second start", "≤ 10")):
            seconds, work = start(checkout)
            report(f"{name}: open after", seconds, "s", goal)
            report("  processor time, the database's and the programs' left out", work, "s")


@contextmanager
def a_copy() -> Iterator[Path]:
    """Give a copy of this checkout without what was made in it, beside this checkout's packages."""
    checkout = Path(tempfile.mkdtemp(prefix="tessera-start-"))
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    data = places("run", root=os.geteuid() == 0, checkout=checkout).data.parent
    try:
        for name in filter(None, listed.stdout.split("\0")):
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, checkout / name)
        (checkout / ".local" / "stamps").mkdir(parents=True)
        for name in PACKAGES:
            if (ROOT / name).exists():
                (checkout / name).symlink_to(ROOT / name)
        for name in STAMPS:
            if (stamp := ROOT / ".local" / "stamps" / name).exists():
                shutil.copy2(stamp, checkout / ".local" / "stamps" / name)
        checkout.chmod(0o755)
        yield checkout
    finally:
        shutil.rmtree(checkout)
        shutil.rmtree(data, ignore_errors=True)


def start(checkout: Path) -> tuple[float, float]:
    """Run `make run` until it is open, then stop it; return seconds and processor time."""
    before, began = os.times(), time.monotonic()
    command = ["make", "run", f"PORT={free_port()}"]
    running = subprocess.Popen(  # noqa: S603
        command, cwd=checkout, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stdout is not None
    said = []
    for line in running.stdout:
        said.append(line)
        if READY in line:
            break
    else:
        raise RuntimeError("".join(said))
    seconds = time.monotonic() - began
    os.killpg(running.pid, signal.SIGINT)
    running.communicate()
    after = os.times()
    return seconds, sum(after[2:4]) - sum(before[2:4])
