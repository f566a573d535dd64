"""`make check` and `make test`: everything that has to hold before a change is finished."""

import secrets
import shlex

from ops import environment, frontend, messages, packages, postgres, venv
from ops.places import CHECKOUT, LOCAL
from ops.say import Failure
from ops.shell import find, show
from ops.stack import Stack, where
from ops.stages import Result, Stage, loud, quick, summarise

REPORTS = LOCAL / "reports"
BIN = venv.DIRECTORY / "bin"
PLAIN_HTTP = {"TESSERA_INSECURE_HTTP": "1"}


def check() -> bool:
    """The quick checks; they need no database."""
    _set_up()
    return summarise(_quick_checks())


def test(only: str) -> bool:
    """Everything; or pytest alone with the arguments `only`."""
    _set_up()
    with Stack("test", durable=False) as stack:
        if other := stack.held_by():
            raise Failure(f"make test is running here already (process {other[0]}).")
        results = [] if only else _quick_checks()
        messages.compile_all(without_stack())
        frontend.build()
        stack.start(env={})
        postgres.prepare_for_tests(stack.places)
        (stack.places.files / "static").mkdir(exist_ok=True)  # its absence would be a warning
        env = {
            **stack.environment("tessera_owner"),
            **PLAIN_HTTP,
            "TESSERA_CHROMIUM": find("chromium"),
        }
        if only:
            return show([str(BIN / "pytest"), *shlex.split(only)], env=env, cwd=CHECKOUT) == 0
        return summarise([*results, *loud(_tests(env))])


def _set_up() -> None:
    packages.ensure(packages.FOR_TEST)
    venv.create()
    venv.install("run", "dev", "tools")
    frontend.packages()
    REPORTS.mkdir(parents=True, exist_ok=True)


def without_stack() -> dict[str, str]:
    """An environment for commands that read the settings and touch no database."""
    return environment.of(where("test"), key=secrets.token_urlsafe(48), port=8000)


def _quick_checks() -> list[Result]:
    def python(name: str, *arguments: str) -> Stage:
        return Stage(name, [str(BIN / arguments[0]), *arguments[1:]], env)

    def manage(name: str, *arguments: str) -> Stage:
        return Stage(name, [str(venv.PYTHON), "-W", "ignore", "manage.py", *arguments], env)

    env = without_stack()
    npm = [*frontend.npm(), "run", "--silent", "check"]
    compose = ["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    return quick(
        [
            python("types (mypy)", "mypy"),
            python("format (ruff)", "ruff", "format", "--check"),
            python("lint (ruff)", "ruff", "check"),
            python("imports (import-linter)", "lint-imports"),
            manage("migrations complete", "makemigrations", "--check", "--dry-run"),
            manage("deployment check", "check", "--deploy", "--fail-level", "WARNING"),
            python("docker-compose.yml", "check-jsonschema", *compose),
            python(
                "Dockerfile (hadolint)", "hadolint", "Dockerfile", "ops/compose/proxy.Dockerfile"
            ),
            Stage("types (TypeScript)", npm, frontend.environment()),
        ]
    )


def _tests(env: dict[str, str]) -> list[Stage]:
    def pytest(name: str, *arguments: str) -> Stage:
        report = REPORTS / f"{name}.xml"
        return Stage(name, [str(BIN / "pytest"), f"--junitxml={report}", *arguments], env, report)

    report = REPORTS / "vitest.xml"
    vitest = [*frontend.npm(), "test", "--", "--reporter=default", "--reporter=junit"]
    vitest.append(f"--outputFile.junit={report}")
    return [
        Stage("vitest", vitest, frontend.environment(), report),
        pytest("pytest", "-n", "2", "--ignore=tests/journeys"),
        pytest("journeys", "tests/journeys"),
    ]
