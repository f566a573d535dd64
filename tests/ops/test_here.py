"""Management commands without any variable use what `make run` has set up in this checkout."""

import os
from pathlib import Path

import pytest

from ops import account, here
from ops.places import Places
from ops.say import Failure


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Give the directories of a stack that was set up."""
    made = Places("run", data=tmp_path, sockets=tmp_path / "sockets")
    (tmp_path / "secret-key").write_text("k" * 40)
    (tmp_path / "lock").write_text("4321 8017")
    return made


def test_the_variables_are_those_of_the_last_run(places: Places) -> None:
    found = here.of(places)
    assert found["TESSERA_SECRET_KEY"] == "k" * 40
    assert found["TESSERA_BASE_URL"] == "http://localhost:8017"
    assert str(places.sockets) in found["TESSERA_DATABASE_URL"]


def test_where_nothing_was_set_up_it_says_what_to_do(places: Places) -> None:
    (places.data / "secret-key").unlink()
    with pytest.raises(Failure, match="make run"):
        here.of(places)


def test_what_root_wrote_belongs_to_the_servers(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root hands over")
    inner = tmp_path / "forms" / "one.xlsx"
    inner.parent.mkdir()
    inner.touch()
    here.hand_over(tmp_path)
    assert inner.stat().st_uid == inner.parent.stat().st_uid == account.for_servers().uid
