"""Every route says which verb opens it, or that it is public."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from core.policy import VERBS

# Pages of django-allauth: each asks for a session itself, or is the way to one.
ALLAUTH = "accounts/"


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route below ``patterns`` with its whole address."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        else:
            yield address, pattern


def verb_of(callback: Any) -> str | None:
    """Return the verb that a function view, class view or viewset names."""
    holders = (callback, getattr(callback, "view_class", None), getattr(callback, "cls", None))
    return next((holder.verb for holder in holders if getattr(holder, "verb", None)), None)


OURS = [
    (address, pattern)
    for address, pattern in routes(get_resolver().url_patterns)
    if not address.startswith(ALLAUTH)
]


def test_there_are_routes_to_look_at() -> None:
    assert {"healthz", "readyz"} <= {address for address, _ in OURS}


@pytest.mark.parametrize(("address", "pattern"), OURS, ids=[address for address, _ in OURS])
def test_a_route_names_its_verb(address: str, pattern: URLPattern) -> None:
    verb = verb_of(pattern.callback)
    assert verb == "public" or verb in VERBS, f"{address} names no verb"
