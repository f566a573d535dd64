"""Commands for developers: documentation, translations, locks, benchmarks."""

import shlex

from ops import frontend, messages, packages, postgres, venv
from ops.places import CHECKOUT, LOCAL
from ops.say import Failure, doing
from ops.shell import find, run, show
from ops.stack import Stack
from ops.test import PLAIN_HTTP, without_stack

UV = str(venv.DIRECTORY / "bin" / "uv")


def manage(*arguments: str) -> bool:
    """A management command that touches no database, with its output on the screen."""
    packages.ensure(packages.FOR_TEST)
    venv.create()
    venv.install("run", "dev")
    command = [str(venv.PYTHON), "manage.py", *arguments]
    return show(command, env=without_stack() | PLAIN_HTTP, cwd=CHECKOUT) == 0


def make_messages() -> bool:
    """Bring the translation catalogues up to date with the sources."""
    ignored = [f"--ignore={name}" for name in (".venv", "node_modules", ".local", "static/build")]
    return manage("makemessages", "--exclude=ar", "--no-wrap", "--no-location", *ignored)


def lock(*, upgrade: bool) -> None:
    """Write the locks of Python and npm again, with hashes and without download addresses."""
    venv.create()
    venv.install("tools")
    home = CHECKOUT / "requirements"
    compiled = {
        "run": ["pyproject.toml"],
        "dev": ["pyproject.toml", "--extra=dev", "--constraint=requirements/run.txt"],
        "tools": ["requirements/tools.in"],
        "nodejs": ["requirements/nodejs.in"],
    }
    for name, sources in compiled.items():
        command = [UV, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
        command += ["--no-emit-index-url", "--no-header", *sources, "-o", str(home / f"{name}.txt")]
        with doing(f"Locking requirements/{name}.txt"):
            run(command + (["--upgrade"] if upgrade else []), what="uv", cwd=CHECKOUT)
    command = [*frontend.npm(), "update" if upgrade else "install", "--package-lock-only"]
    with doing("Locking package-lock.json"):
        run(
            [*command, "--ignore-scripts"],
            what="npm",
            env=frontend.environment(),
            cwd=CHECKOUT,
            log=LOCAL / "npm.log",
        )


def bench(arguments: str) -> bool:
    """Run the benchmarks, which start what they measure, on servers that are as safe as a run's."""
    packages.ensure(packages.FOR_TEST)
    venv.create()
    venv.install("run", "dev")
    frontend.build()
    messages.compile_all(without_stack())
    with Stack("bench") as stack:
        if other := stack.held_by():
            raise Failure(f"make bench is running here already (process {other[0]}).")
        stack.start(env={})
        postgres.prepare_for_tests(stack.places)
        env = (
            stack.environment("tessera_owner") | PLAIN_HTTP | {"TESSERA_CHROMIUM": find("chromium")}
        )
        command = [str(venv.PYTHON), "-m", "benchmarks", *shlex.split(arguments)]
        return show(command, env=env, cwd=CHECKOUT) == 0
