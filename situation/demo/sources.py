"""The files of the demonstration, and the XLSForm workbook that is built from them."""

import csv
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
LANGUAGES = {
    "en": "English (en)",
    "ru": "Русский (ru)",
    "hy": "Հայերեն (hy)",
    "az": "Azərbaycanca (az)",
}
AREAS_SOURCE = "Natural Earth 10m (public domain), P-codes: OCHA COD-AB on HDX (CC BY-IGO)"
FORM_FILE = "initial_rapid_household.xlsx"


@cache
def areas() -> list[dict[str, Any]]:
    """Return the GeoJSON features of provinces and districts."""
    collection = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))
    return list(collection["features"])


@cache
def remarks() -> list[str]:
    """Return what invented households say, in several languages."""
    return (DATA / "remarks.txt").read_text(encoding="utf-8").splitlines()


def names(properties: dict[str, str], level: int) -> dict[str, str]:
    """Return the names of a level of an area's properties, by language code."""
    return {code: properties[f"ADM{level}_{code.upper()}"] for code in LANGUAGES}


def workbook() -> bytes:
    """Return the questionnaire as an XLSForm workbook.

    The format: https://xlsform.org; the choices of ``admin1`` carry their country for the cascade.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet, rows in (
        ("survey", _rows("survey")),
        ("choices", _rows("choices") + _places()),
        ("settings", _rows("settings")),
    ):
        header = list(dict.fromkeys(key for row in rows for key in row))
        page = book.create_sheet(sheet)
        page.append(header)
        for row in rows:
            page.append([row.get(key) or None for key in header])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _rows(sheet: str) -> list[dict[str, str]]:
    with (DATA / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _places() -> list[dict[str, str]]:
    countries: dict[str, dict[str, str]] = {}
    provinces = []
    for feature in areas():
        properties = feature["properties"]
        country = properties["ADM0_PCODE"]
        countries[country] = _choice("country", country, names(properties, 0))
        choice = _choice("admin1", properties["ADM1_PCODE"], names(properties, 1))
        provinces.append(choice | {"country": country})
    return [*countries.values(), *sorted(provinces, key=lambda one: one["label::English (en)"])]


def _choice(listing: str, value: str, labels: dict[str, str]) -> dict[str, str]:
    texts = {f"label::{LANGUAGES[code]}": text for code, text in labels.items()}
    return {"list_name": listing, "name": value} | texts
