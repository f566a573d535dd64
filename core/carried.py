"""Records in a file that a device exported which are not filled forms: each app takes its own.

A record says its ``kind`` and, as ``subject``, what it is of. The file itself, whose it is and
that it is whole, was made sure of before (docs/decisions/0057).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.media import Incoming
from core.models import Operation
from core.policy import Actor


@dataclass(frozen=True)
class Kind:
    """A kind of records, by its subject's key and the bytes that the device fixed.

    ``check(operation, subject, content)`` says what can be known before it is tried, in the words
    of a record import; ``take(operation, subject, content, files, actor)`` records it for the actor
    and returns whether it is new and its page, or raises Problem.
    """

    check: Callable[[Operation, str, bytes], str]
    take: Callable[[Operation, str, bytes, Sequence[Incoming], Actor], tuple[bool, str]]


KINDS: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Add a kind of records, by the name that devices write."""
    KINDS[name] = kind
