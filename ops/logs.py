"""Show the logs of every program as one stream, each line prefixed with the program's name."""

import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from ops.account import myself
from ops.say import say
from ops.shell import find, start

HEADER = re.compile(r"==> .*/([a-z]+)\.log <==$")


def follow(logs: Path, names: list[str], until: subprocess.Popen[str]) -> None:
    """Show what is appended to the logs from now on until the process `until` ends."""
    files = [str(logs / f"{name}.log") for name in names]
    command = myself().command(find("tail"), "-n0", "-F", *files, dies_with_parent=True)
    tail = start(command, read=True)

    def end() -> None:
        until.wait()
        tail.terminate()

    threading.Thread(target=end, daemon=True).start()
    try:
        for line in prefixed(tail.stdout or iter(())):
            say(line)
    finally:
        tail.terminate()


def prefixed(lines: Iterator[str]) -> Iterator[str]:
    """Lines of `tail` over several files, with its headings turned into prefixes."""
    name = ""
    for raw in lines:
        line = raw.rstrip("\n")
        if found := HEADER.match(line):
            name = found[1]
        elif line.strip():
            yield f"{name:<10} {line}"
