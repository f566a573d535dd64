"""One supervisor over the programs of a stack: it starts them, restarts what crashes, stops all."""

import re
import shlex
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops import venv
from ops.account import Account, myself
from ops.places import CHECKOUT, Places
from ops.say import Failure, last_words
from ops.shell import start

PATIENCE = 60  # seconds for everything to stop
EXITED = re.compile(r" (?:exited|gave up): (\w+)")


@dataclass(frozen=True)
class Program:
    """A program that the supervisor keeps running."""

    name: str
    command: list[str]
    account: Account
    at_once: bool = False
    stop_signal: str = "TERM"
    stop_seconds: int = 15
    directory: Path = Path("/")


def configuration(places: Places, programs: Iterable[Program]) -> str:
    """The supervisor's file; nothing secret is in it: programs inherit the environment."""
    programs = list(programs)
    later = [program.name for program in programs if not program.at_once]
    parts = [
        f"[unix_http_server]\nfile={places.sockets}/supervisor.sock\nchmod=0700",
        f"[supervisorctl]\nserverurl=unix://{places.sockets}/supervisor.sock",
        "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory="
        "supervisor.rpcinterface:make_main_rpcinterface",
        f"[supervisord]\nlogfile={places.logs}/supervisor.log\nlogfile_maxbytes=5MB\n"
        f"logfile_backups=1\npidfile={places.sockets}/supervisor.pid\nnodaemon=true\nsilent=true\n"
        "loglevel=warn\n"
        f"childlogdir={places.logs}\nuser={myself().uid}",
        *(_section(places, program) for program in programs),
    ]
    if later:
        parts.append(f"[group:app]\nprograms={','.join(later)}\npriority=20")
    return "\n\n".join(parts) + "\n"


def _section(places: Places, program: Program) -> str:
    command = program.account.command(*program.command, dies_with_parent=True)
    settings = {
        "command": shlex.join(command).replace("%", "%%"),
        "directory": str(program.directory).replace("%", "%%"),
        "autostart": "true" if program.at_once else "false",
        "autorestart": "true",
        "exitcodes": "99",  # that is: whatever ends by itself is worth a warning
        # Loading the code takes a while: an earlier end is a failed start, tried again ever later.
        "startsecs": "1" if program.at_once else "8",
        "startretries": "30",
        "stopsignal": program.stop_signal,
        "stopwaitsecs": str(program.stop_seconds),
        "killasgroup": "true",
        "priority": "10",
        "redirect_stderr": "true",
        "stdout_logfile": str(places.logs / f"{program.name}.log"),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "3",
    }
    return f"[program:{program.name}]\n" + "\n".join(f"{k}={v}" for k, v in settings.items())


class Supervisor:
    """The running supervisor of one stack."""

    def __init__(self, places: Places, programs: Iterable[Program]) -> None:
        self._places = places
        self._programs = list(programs)
        self._file = places.data / "supervisord.conf"
        self._log = places.logs / "supervisor.log"
        self._log_start = 0
        self.process: subprocess.Popen[str] | None = None

    def start(self, env: Mapping[str, str]) -> None:
        """Start it, and with it the programs that run at once; it ends when we end."""
        self._file.write_text(configuration(self._places, self._programs))
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        daemon = [str(venv.PYTHON), "-m", "supervisor.supervisord", "-n", "-c", str(self._file)]
        command = myself().command(*daemon, dies_with_parent=True)
        self.process = start(command, env=env, cwd=CHECKOUT)
        until = time.monotonic() + PATIENCE
        while not (self._places.sockets / "supervisor.sock").exists():
            if self.process.poll() is not None or time.monotonic() > until:
                why = last_words(self._log.read_text() if self._log.exists() else "")
                raise Failure(f"The supervisor does not start: {why} (log: {self._log})")
            time.sleep(0.05)

    def start_application(self) -> None:
        """Start the programs that wait for the database; returns before they are ready."""
        control = [str(venv.PYTHON), "-m", "supervisor.supervisorctl", "-c", str(self._file)]
        start([*control, "start", "app:*"], cwd=CHECKOUT)

    def failing(self) -> str | None:
        """The first program that keeps ending since the start, with its last words, if any."""
        with self._log.open(errors="replace") as log:
            log.seek(self._log_start)
            exits = Counter(EXITED.findall(log.read()))
        for name, times in exits.items():
            if times >= 2:
                own = self._places.logs / f"{name}.log"
                words = last_words(own.read_text(errors="replace")) if own.exists() else "no log"
                return f"{name} does not start: {words} (log: {own})"
        return None

    def stop(self) -> None:
        """Stop every program, the database last, then the supervisor itself."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()  # the kernel then tells its programs to stop
