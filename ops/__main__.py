"""The commands behind the Makefile: python -m ops COMMAND."""

import argparse
import signal
import sys
from collections.abc import Callable
from types import FrameType

from ops import chores, image, test
from ops.compose_test import compose_test
from ops.run import run
from ops.say import Failure, explain, say
from ops.stop import clean, stop


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m ops", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run").add_argument("--port", type=int, default=8000)
    commands.add_parser("stop")
    commands.add_parser("clean").add_argument("--data", action="store_true")
    commands.add_parser("check")
    commands.add_parser("test").add_argument("--only", default="", metavar="PYTEST_ARGUMENTS")
    commands.add_parser("bench").add_argument("--only", default="", metavar="BENCHMARK_ARGUMENTS")
    commands.add_parser("docs")
    commands.add_parser("messages")
    commands.add_parser("lock").add_argument("--upgrade", action="store_true")
    commands.add_parser("compose-test").add_argument("--keep", action="store_true")
    build = commands.add_parser("build")
    build.add_argument("--only", choices=["python", "packages"], default="")
    commands.add_parser("secrets").add_argument("host")
    return parser.parse_args(words)


def dispatch(asked: argparse.Namespace) -> bool:
    """Do what was asked; returns whether it went well."""
    commands: dict[str, Callable[[], bool | None]] = {
        "run": lambda: run(asked.port),
        "stop": stop,
        "clean": lambda: clean(data=asked.data),
        "check": test.check,
        "test": lambda: test.test(asked.only),
        "bench": lambda: chores.bench(asked.only),
        "docs": lambda: chores.manage("build_docs"),
        "messages": chores.make_messages,
        "lock": lambda: chores.lock(upgrade=asked.upgrade),
        "compose-test": lambda: compose_test(keep=asked.keep),
        "build": lambda: image.build(asked.only),
        "secrets": lambda: image.write_secrets(asked.host),
    }
    return commands[asked.command]() is not False


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat a request to end and a closed terminal like Ctrl-C."""
    raise KeyboardInterrupt


def main() -> int:
    """Turn every expected failure into one line."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        return 0 if dispatch(arguments(sys.argv[1:])) else 1
    except KeyboardInterrupt:
        say("Stopped. Your data stays.")
        return 0
    except Failure as failure:
        say(f"Tessera: {failure}")
    except OSError as error:
        say(f"Tessera: {explain(error)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
