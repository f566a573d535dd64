"""Sets documents as PDF with typst: a template and data in, pages out, no rules about either.

``house.typ`` beside this file is the look of all documents; an app keeps its own templates. Data
reach a template as files of an otherwise empty directory, which is all that it can read; user text
is never markup. The PDF follows PDF/UA-1 (tags, reading order, text for pictures), which typst
itself checks.
"""

import io
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.utils.translation import gettext_lazy as _

from core.errors import Problem, declare

HOUSE = Path(__file__).parent / "house.typ"
MOST_LETTERS = 800
LONGEST_WORD = 28
BREAK = "\u200b"

declare(
    "document_not_set",
    500,
    _("The document could not be set as a PDF"),
    _("{message}"),
    _("Tell the administrator; a font may be missing on the server."),
)


@dataclass(frozen=True)
class Pdf:
    """A set document."""

    content: bytes
    pages: int


def pdf(
    template: Path, data: dict[str, Any], pictures: Mapping[str, str | bytes], *, dated: datetime
) -> Pdf:
    """Set a template (a ``.typ`` file) with ``data`` and ``pictures`` by name.

    The template imports ``house.typ``, reads ``data.json`` and shows ``<name>.svg``; the bytes of
    a JPEG or PNG keep the whole name that they are given. The same input
    gives the same bytes; ``dated`` becomes the document's date. Raises Problem
    ``document_not_set`` with what typst says is wrong, warnings included: a missing font must not
    pass for a document.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="tessera-document-") as name:
        folder = Path(name)
        for source in (HOUSE, template):
            shutil.copy(source, folder)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for picture, drawn in pictures.items():
            if isinstance(drawn, bytes):
                (folder / picture).write_bytes(drawn)
            else:
                (folder / f"{picture}.svg").write_text(drawn, encoding="utf-8")
        compiler = typst.Compiler(str(folder / template.name), root=name)
        try:
            content, warnings = compiler.compile_with_warnings(
                pdf_standards="ua-1", timestamp=int(dated.timestamp())
            )
            pages = json.loads(compiler.query("<pages>", field="value", one=True))
        except typst.TypstError as error:
            raise _failed(error) from error
    if warnings or not isinstance(content, bytes):
        raise _failed(*warnings)
    return Pdf(content, pages)


def qr(text: str) -> str:
    """Return ``text`` as the SVG of a QR code; its size is that of the image that shows it."""
    drawn = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(drawn, kind="svg", light="#fff", omitsize=True, xmldecl=False)
    return drawn.getvalue().decode()


def softened(value: Any) -> Any:
    """Return ``value`` with places to break in words that would not fit into a column."""
    if isinstance(value, dict):
        return {key: softened(one) for key, one in value.items()}
    if isinstance(value, list):
        return [softened(one) for one in value]
    if not isinstance(value, str) or max(map(len, value.split()), default=0) <= LONGEST_WORD:
        return value
    return " ".join(_parts(word) for word in value.split(" "))


def _parts(word: str) -> str:
    size = LONGEST_WORD if len(word) > LONGEST_WORD else len(word) or 1
    return BREAK.join(word[at : at + size] for at in range(0, len(word), size))


def _failed(*messages: Any) -> Problem:
    told = "; ".join(" ".join([str(one.message), *map(str, one.hints)]) for one in messages)
    return Problem("document_not_set", message=told[:MOST_LETTERS])
