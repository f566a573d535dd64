"""Addresses of the same list with something changed: a filter dropped, another order or page."""

from typing import Any

from django.http import QueryDict

PAGING = ("after", "before", "last")


def changed(query: QueryDict, **changes: Any) -> str:
    """Return ``?…`` with some parameters set (a list for several, None to drop one).

    The page is left: another selection begins at its start.
    """
    copy = query.copy()
    for name in (*PAGING, *changes):
        copy.pop(name, None)
    for name, value in changes.items():
        if isinstance(value, list):
            copy.setlist(name, [str(one) for one in value])
        elif value is not None:
            copy[name] = str(value)
    return f"?{copy.urlencode()}"


def without(query: QueryDict, name: str, value: str) -> str:
    """Return ``?…`` without one value of a parameter."""
    kept = [one for one in query.getlist(name) if one != value]
    return changed(query, **{name: kept or None})


def kept(query: QueryDict, *dropped: str) -> list[tuple[str, str]]:
    """Return the parameters that a form must carry along, without those that it sets itself."""
    leave = {*PAGING, *dropped}
    return [(name, value) for name in query if name not in leave for value in query.getlist(name)]
