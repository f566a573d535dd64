"""Sets reports as PDF with typst: templates and data in, pages out, no rules about reports.

Data reach a template as files of an otherwise empty directory, which is all that it can read; user
text is never markup. The PDF follows PDF/UA-1 (tags, reading order, text for pictures), which typst
itself checks.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parent


class TypesettingFailed(Exception):
    """What typst says is wrong, warnings included: a missing font must not pass for a report."""


@dataclass(frozen=True)
class Pdf:
    """A set document."""

    content: bytes
    pages: int


def pdf(
    template: str, data: dict[str, Any], pictures: Mapping[str, str], *, dated: datetime
) -> Pdf:
    """Set ``template`` (a file name without ending) with ``data`` and SVG ``pictures`` by name.

    The same input gives the same bytes; ``dated`` becomes the document's date. Raises
    TypesettingFailed.
    """
    with tempfile.TemporaryDirectory(prefix="tessera-report-") as name:
        folder = Path(name)
        for source in TEMPLATES.glob("*.typ"):
            shutil.copy(source, folder)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for picture, svg in pictures.items():
            (folder / f"{picture}.svg").write_text(svg, encoding="utf-8")
        main = folder / f"{template}.typ"
        compiler = typst.Compiler(str(main), root=name)
        try:
            content, warnings = compiler.compile_with_warnings(
                pdf_standards="ua-1", timestamp=int(dated.timestamp())
            )
            pages = json.loads(compiler.query("<pages>", field="value", one=True))
        except typst.TypstError as error:
            raise TypesettingFailed(_told(error)) from error
    if not isinstance(content, bytes):
        raise TypesettingFailed("typst gave no document")
    if warnings:
        raise TypesettingFailed("; ".join(_told(one) for one in warnings))
    return Pdf(content, pages)


def _told(message: Any) -> str:
    return " ".join([str(message.message), *map(str, message.hints)])
