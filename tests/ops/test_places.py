"""Data and sockets must be where the unprivileged account can reach them."""

from pathlib import Path

import pytest

from ops.places import LONGEST_SOCKET, SOCKET_PATH_LIMIT, places, private_directory
from ops.say import Failure

HOME = Path("/home/somebody/checkout")


def test_root_keeps_data_out_of_the_checkout() -> None:
    found = places("run", root=True, checkout=HOME)
    assert found.data.is_relative_to("/var/lib")
    assert found.sockets.is_relative_to("/run")


def test_others_keep_data_in_the_checkout() -> None:
    assert places("run", root=False, checkout=HOME).data == HOME / ".local" / "run"


def test_stacks_and_checkouts_share_nothing() -> None:
    every = [
        places(name, root=root, checkout=checkout)
        for name in ("run", "test")
        for root in (True, False)
        for checkout in (HOME, HOME / "other")
    ]
    assert len({found.data for found in every}) == len(every)
    assert len({found.sockets for found in every}) == len(every)


def test_socket_paths_stay_short() -> None:
    deep = places("bench", root=False, checkout=Path("/x" * 200), runtime="/run/user" * 12)
    assert len(str(deep.sockets / LONGEST_SOCKET)) <= SOCKET_PATH_LIMIT


def test_a_directory_in_somebody_elses_hands_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(Failure, match="somebody else"):
        private_directory(link, owner=0, group=0)
