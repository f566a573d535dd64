"""What the page of the field client fetches at once: on a slow link, a file named by a file waits.

Vite's manifest says which modules the entry needs before it can show anything.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

FOLDER = "build/field/"
ENTRY = "static/field/app.ts"
WORDS = "static/field/i18n/{language}.json"


def first_modules(language: str) -> tuple[str, ...]:
    """Return the addresses of the modules behind the entry, with the words of a language."""
    return _read(language) if settings.DEBUG else _read_once(language)


@cache
def _read_once(language: str) -> tuple[str, ...]:
    return _read(language)


def _read(language: str) -> tuple[str, ...]:
    found = finders.find(f"{FOLDER}manifest.json")
    if not found:
        return ()
    manifest = json.loads(Path(found).read_text())
    names = dict.fromkeys(_imports(manifest, ENTRY))
    if words := manifest.get(WORDS.format(language=language)):
        names[words["file"]] = None
    return tuple(f"{settings.STATIC_URL}{FOLDER}{name}" for name in names)


def _imports(manifest: dict[str, Any], key: str) -> Iterator[str]:
    for imported in manifest.get(key, {}).get("imports", []):
        yield manifest[imported]["file"]
        yield from _imports(manifest, imported)
