"""Makes small XLSForms, and the records that a device would send."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "xlsforms"
Sheet = list[list[Any]]
SETTINGS: Sheet = [["form_id", "form_title", "version"], ["needs", "Needs", "1"]]
SURVEY: Sheet = [
    ["type", "name", "label", "hxl", "tessera::sensitivity"],
    ["start", "start", "", "", ""],
    ["deviceid", "device", "", "", ""],
    ["select_one province", "province", "Province", "#adm1+code", ""],
    ["text", "head", "Head of household", "", "restricted"],
    ["integer", "people", "People", "#affected", ""],
    ["select_multiple need", "needs", "Needs", "", ""],
    ["geopoint", "where", "Where", "", ""],
    ["image", "photo", "Photo", "", ""],
    ["begin repeat", "member", "Member", "", ""],
    ["text", "name", "Name", "", ""],
    ["begin repeat", "illness", "Illness", "", ""],
    ["text", "kind", "Kind", "", ""],
    ["end repeat", "", "", "", ""],
    ["end repeat", "", "", "", ""],
]
CHOICES: Sheet = [
    ["list_name", "name", "label"],
    ["province", "XX100", "North"],
    ["province", "XX200", "South"],
    ["need", "water", "Safe water"],
    ["need", "shelter", "A roof"],
]


def workbook(**sheets: Sheet) -> bytes:
    """Return an xlsx with the given sheets, rows as lists."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def needs_form(version: str = "1", extra: Sheet | None = None) -> bytes:
    """Return the questionnaire that most tests use."""
    settings = [SETTINGS[0], ["needs", "Needs", version]]
    return workbook(survey=[*SURVEY, *(extra or [])], choices=CHOICES, settings=settings)


def record(
    body: str = "<people>3</people>", *, instance: str = "", version: str = "1", meta: str = ""
) -> bytes:
    """Return a record of the questionnaire as XML."""
    instance = instance or f"uuid:{uuid4()}"
    return (
        f'<data xmlns:orx="http://openrosa.org/xforms" id="needs" version="{version}">{body}'
        f"<orx:meta><orx:instanceID>{instance}</orx:instanceID>{meta}</orx:meta></data>"
    ).encode()


def shared(name: str) -> bytes:
    """Return a questionnaire of the shared data; skip, saying so, where it is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared data is not here: {path.name}")
    return path.read_bytes()
