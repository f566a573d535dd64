"""Failures must reach people as one line that they can act on."""

import errno

import pytest

from ops.say import DISK_FULL, explain, last_words


def test_a_full_disk_is_called_a_full_disk() -> None:
    assert explain(OSError(errno.ENOSPC, "No space left on device", "/x")) == DISK_FULL
    assert last_words("a\nFATAL: could not write: No space left on device\nb") == DISK_FULL


def test_a_foreign_file_is_named() -> None:
    assert "/x/y" in explain(PermissionError(errno.EACCES, "Permission denied", "/x/y"))


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("Collecting\nERROR: Hashes do not match\nmore", "ERROR: Hashes do not match"),
        (
            "npm error code EUSAGE\nnpm error\nnpm error No lock\nnpm error A complete log of",
            "npm error No lock",
        ),
        (
            "failed to load\nerror during build:\nError: EACCES: denied\n at x",
            "Error: EACCES: denied",
        ),
        ("Traceback\n  File x\nKeyError: 'a'\n\n", "KeyError: 'a'"),
        (
            "Traceback\ndjango.db.utils.ProgrammingError: no column x\nLINE 1: select x\n    ^",
            "django.db.utils.ProgrammingError: no column x",
        ),
        ("", "it printed nothing"),
    ],
)
def test_the_telling_line_is_found(output: str, expected: str) -> None:
    assert last_words(output) == expected
