"""The supervisor's file starts servers first, restarts what crashes and holds no secret."""

import configparser
from pathlib import Path

from ops.account import Account
from ops.places import Places
from ops.supervisor import Program, configuration

PLACES = Places(name="run", data=Path("/d"), sockets=Path("/s"))
NOBODY = Account(uid=65534, gid=65534, switch=True)
PROGRAMS = [
    Program("postgres", ["/bin/postgres", "-c", "a=100%"], NOBODY, at_once=True, stop_signal="INT"),
    Program("web", ["/bin/web", "a b"], NOBODY),
]


def read() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read_string(configuration(PLACES, PROGRAMS))
    return parser


def test_only_servers_start_at_once() -> None:
    found = read()
    assert found["program:postgres"]["autostart"] == "true"
    assert found["program:web"]["autostart"] == "false"
    assert found["group:app"]["programs"] == "web"


def test_programs_run_as_the_account_and_die_with_the_supervisor() -> None:
    command = read()["program:web"]["command"]
    assert "--reuid=65534" in command
    assert "--pdeathsig=TERM" in command
    assert command.endswith("/bin/web 'a b'")


def test_percent_signs_are_kept_from_the_supervisors_own_expansion() -> None:
    assert read()["program:postgres"]["command"].endswith("a=100%%")


def test_the_environment_is_not_written_down() -> None:
    assert not any("environment" in section for section in read().values())
