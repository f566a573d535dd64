"""Reads which entities a form makes or changes: https://getodk.github.io/xforms-spec/entities"""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from assessments import xml
from assessments.xlsforms.xform import XForm, attributes

ENTITY = "meta/entity"


def declared(form: XForm) -> list[dict[str, Any]]:
    """Return the form's declarations, once each.

    ``container`` is the path of the group or repeat that an entity is about, blank for the whole
    record; ``list`` the entity list; ``creates`` and ``updates`` what it may do; ``properties``
    maps the names of properties to the paths, below the container, of the questions saved to them.
    """
    found = dict(_entities(form.primary, ""))
    saved: dict[str, dict[str, str]] = {container: {} for container in found}
    for path, bind in form.binds.items():
        around = [one for one in found if not one or path.startswith(f"{one}/")]
        if bind.get("saveto") and around:
            container = max(around, key=len)
            saved[container][bind["saveto"]] = path.removeprefix(f"{container}/")
    return [
        {
            "container": container,
            "list": named["dataset"],
            "creates": "create" in named,
            "updates": "update" in named,
            "properties": saved[container],
        }
        for container, named in found.items()
    ]


def is_declaration(path: str) -> bool:
    """Return whether a node of a form declares an entity, and asks nothing."""
    return path == ENTITY or path.endswith(f"/{ENTITY}")


def _entities(parent: Element, above: str) -> Iterator[tuple[str, dict[str, str]]]:
    for node in parent:
        name = xml.local(node.tag)
        path = f"{above}/{name}" if above else name
        named = attributes(node)
        if is_declaration(path) and named.get("dataset"):
            yield path.removesuffix(ENTITY).rstrip("/"), named
        else:
            yield from _entities(node, path)
