"""The commands behind the Makefile: python -m ops COMMAND."""

import argparse
import signal
import sys
from types import FrameType

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
    return parser.parse_args(words)


def dispatch(asked: argparse.Namespace) -> int:
    """Do what was asked; returns the exit status."""
    if asked.command == "run":
        run(asked.port)
    elif asked.command == "stop":
        stop()
    elif asked.command == "clean":
        clean(data=asked.data)
    return 0


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat a request to end and a closed terminal like Ctrl-C."""
    raise KeyboardInterrupt


def main() -> int:
    """Turn every expected failure into one line."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        return dispatch(arguments(sys.argv[1:]))
    except KeyboardInterrupt:
        say("Stopped.")
        return 0
    except Failure as failure:
        say(f"Tessera: {failure}")
    except OSError as error:
        say(f"Tessera: {explain(error)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
