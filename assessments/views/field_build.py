"""What the page of the field client fetches at once: on a slow link, a file named by a file waits.

Vite's manifest says which modules the client needs before it can show anything, and which more to
fill a form.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

FOLDER = "build/field/"
ENTRY = "static/field/app.ts"
FIRST = "static/field/first.ts"
FILLING = ("static/field/pages/FillPage.tsx", "node_modules/@getodk/xforms-engine/dist/solid.js")
WORDS = "static/field/i18n/{language}.json"


@dataclass(frozen=True)
class Start:
    """The addresses that a start of the client fetches."""

    first: str = ""
    modules: tuple[str, ...] = ()
    filling: tuple[str, ...] = ()


def start_of(language: str) -> Start:
    """Return what the client starts with, with the words of a language."""
    return _read(language) if settings.DEBUG else _read_once(language)


@cache
def _read_once(language: str) -> Start:
    return _read(language)


def _read(language: str) -> Start:
    found = finders.find(f"{FOLDER}manifest.json")
    if not found:
        return Start()
    manifest = json.loads(Path(found).read_text())
    modules = dict.fromkeys(
        name for key in (FIRST, ENTRY) for name in list(_files(manifest, key))[1:]
    )
    if words := manifest.get(WORDS.format(language=language)):
        modules[words["file"]] = None
    filling = dict.fromkeys(name for key in FILLING for name in _files(manifest, key))
    return Start(
        first=_address(manifest[FIRST]["file"]),
        modules=tuple(_address(name) for name in modules),
        filling=tuple(_address(name) for name in filling if name not in modules),
    )


def _files(manifest: dict[str, Any], key: str) -> Iterator[str]:
    """Yield a module and what it imports, as files."""
    yield manifest[key]["file"]
    for imported in manifest[key].get("imports", []):
        yield from _files(manifest, imported)


def _address(name: str) -> str:
    return f"{settings.STATIC_URL}{FOLDER}{name}"
