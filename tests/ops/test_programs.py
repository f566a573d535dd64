"""What the bootstrap starts, and how it talks about it."""

import socket
from pathlib import Path

import pytest

from ops import broker, environment, logs, postgres, web
from ops.account import myself
from ops.frontend import is_recent
from ops.places import Places
from ops.say import Failure


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v20.19.0\n", True),
        ("v24.1.0", True),
        ("v20.18.9", False),
        ("v18.20.1", False),
        ("", False),
    ],
)
def test_an_old_node_is_not_used(version: str, expected: bool) -> None:
    assert is_recent(version) is expected


def test_a_taken_port_is_named_with_a_free_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Failure, match=rf"^Port {port} is taken .* make run PORT=\d+$"):
            web.check_port(port)
    web.check_port(port)


def test_log_lines_carry_their_programs_name() -> None:
    tail = ["==> /x/log/web.log <==\n", "one\n", "\n", "==> /x/log/postgres.log <==\n", "two\n"]
    assert list(logs.prefixed(iter(tail))) == ["web        one", "postgres   two"]


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setattr(postgres, "programs", lambda _: Path("/pg"))
    return Places(name="run", data=tmp_path, sockets=tmp_path / "s")


def test_what_people_enter_is_written_to_the_disk_before_it_is_confirmed(stack: Places) -> None:
    durable = postgres.command(stack, durable=True)
    assert {"fsync=on", "synchronous_commit=on", "full_page_writes=on"} <= set(durable)
    redis = broker.command(stack)
    assert redis[redis.index("--appendonly") + 1] == "yes"


def test_servers_listen_on_no_network(stack: Places) -> None:
    assert "listen_addresses=" in postgres.command(stack, durable=True)
    redis = broker.command(stack)
    assert redis[redis.index("--port") + 1] == "0"


def test_the_application_is_not_the_owner(stack: Places) -> None:
    env = environment.of(stack, key="k", port=1)
    assert "//tessera_app@" in env["TESSERA_DATABASE_URL"]
    assert "//tessera_owner@" in env["TESSERA_OWNER_DATABASE_URL"]
    assert not {"TESSERA_DEBUG", "TESSERA_DEMO", "TESSERA_INSECURE_HTTP"} & set(env)


def test_the_signing_key_is_made_once_and_private(stack: Places) -> None:
    key = environment.secret(stack, myself())
    assert environment.secret(stack, myself()) == key
    assert len(key) >= 50
    assert (stack.data / "secret-key").stat().st_mode & 0o077 == 0
