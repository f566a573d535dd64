"""Who runs what: root hands the servers to an unprivileged account, everybody else is one."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from ops.shell import attempt, find, run

NAME = "tessera"


@dataclass(frozen=True)
class Account:
    """The user that programs run as; `switch` is false where it is who we are already."""

    uid: int
    gid: int
    switch: bool

    def command(self, *arguments: str, dies_with_parent: bool = False) -> list[str]:
        """`arguments` as a command line that runs as this account.

        A program that dies with its parent is stopped by the kernel when the supervisor is killed,
        so that nothing is ever left over to hold a port or a database.
        """
        options = ["--pdeathsig=TERM"] if dies_with_parent else []
        if self.switch:
            options += [f"--reuid={self.uid}", f"--regid={self.gid}", "--init-groups"]
        return [find("setpriv"), *options, *arguments] if options else list(arguments)


def myself() -> Account:
    """Who runs this command."""
    return Account(uid=os.geteuid(), gid=os.getegid(), switch=False)


def for_servers() -> Account:
    """The account of the database and the broker, made where root finds none."""
    if os.geteuid() != 0:
        return myself()
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        run(
            [find("useradd"), "--system", "--user-group", "--no-create-home", NAME],
            what=f"Making the system account {NAME}",
        )
        entry = pwd.getpwnam(NAME)
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, switch=True)


def for_application(servers: Account, python: Path, checkout: Path) -> Account:
    """The servers' account if it can read the code and its Python, else whoever started this."""
    reads = servers.command(str(python), "-ISc", f"open({str(checkout / 'manage.py')!r})")
    return servers if attempt(reads, cwd=Path("/")).returncode == 0 else myself()
