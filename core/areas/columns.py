"""Which column of a boundary file or gazetteer means what: guessed from its name, then changeable.

Known are OCHA's common operational datasets (COD-AB) in the old style (``ADM2_EN``, ``ADM2_PCODE``,
``admin2Name_en``, ``validOn``) and the new draft (``adm2_name``, ``adm2_name1`` with ``lang1``,
``valid_on``), HDX's global P-code list, Natural Earth's ``name_ru``, and our own export.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from core.areas.files import Table

# What looks like a language in ADM1_ISO and the like, but is none.
NO_LANGUAGE = {"iso", "ref", "alt", "typ", "cat", "lat", "lon", "num", "uid", "cod"}
ALL_NAMES = "*"
PCODE = re.compile(r"adm(?:in)?(\d)_?p_?code", re.IGNORECASE)
SAMPLE = 200
SHOWN = 3


@dataclass(frozen=True)
class NameColumn:
    """A column with names; ``language`` is a code, ``=column`` that holds it, ``*`` for an object.

    Without a language the column gives the area's default name.
    """

    column: str
    language: str = ""


@dataclass(frozen=True)
class Mapping:
    """The columns of an import by meaning; an empty text means that there is none.

    ``level`` counts where there is no ``level_column``; ``country`` and ``country_names`` describe
    the ADM0 row that is made when it is missing; the defaults fill cells that are blank.
    """

    layer: str = ""
    level: int = 1
    level_column: str = ""
    pcode: str = ""
    parent: str = ""
    names: tuple[NameColumn, ...] = ()
    country: str = ""
    country_names: tuple[NameColumn, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""
    note: str = ""
    default_valid_from: str = ""
    default_source: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the mapping for a JSON column."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "Mapping":
        """Return the mapping that ``as_json`` gave."""
        names = {
            key: tuple(NameColumn(**one) for one in document.get(key, ()))
            for key in ("names", "country_names")
        }
        return cls(**document | names)


def guess(table: Table, *, level: int | None = None) -> Mapping:
    """Return the mapping that the column names suggest, for ``level`` or the finest found."""
    levels = {
        int(match[1]): column
        for column in table.columns
        if (match := PCODE.fullmatch(column)) and _filled(table, column)
    }
    level_column = named(table, "level", "adminlevel", "admlevel")
    chosen = level if level is not None else max(levels, default=1)
    pcode = levels.get(chosen) or named(table, "pcode", "admpcode", "code", "adm1code", "shapeid")
    parent = levels.get(chosen - 1) or named(table, "parentpcode", "parent", "parentcode")
    country = levels.get(0, "") if chosen > 0 else ""
    if not country and parent and parent not in levels.values():
        country = named(table, "location")
    return Mapping(
        layer=table.layer,
        level=chosen,
        level_column="" if chosen in levels else level_column,
        pcode=pcode,
        parent=parent if parent != pcode else "",
        names=_names(table, chosen),
        country=country,
        country_names=_names(table, 0) if chosen > 0 and country in levels.values() else (),
        valid_from=named(table, "validon", "validfrom", "validfromdate"),
        valid_to=named(table, "validto", "validtodate"),
        source=named(table, "source"),
        note=named(table, "note", "notes", "comment"),
    )


def simple(name: str) -> str:
    """Return a column name without case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def named(table: Table, *wanted: str) -> str:
    """Return the column with the first of ``wanted`` simple names, or nothing."""
    by_name = {simple(column): column for column in reversed(table.columns)}
    return next((by_name[name] for name in wanted if name in by_name), "")


def _filled(table: Table, column: str) -> bool:
    return any(row.cells[column] is not None for row in table.rows)


def _names(table: Table, level: int) -> tuple[NameColumn, ...]:
    """Return the columns with names of a level, the default name first."""
    found = [*_cod_names(table, level)]
    if level > 0 or not found:
        found += _plain_names(table, has_default=any(not one.language for one in found))
    unique = {one.column: one for one in reversed(found)}
    columns = list(reversed(unique.values()))
    # ADM1_ID and the like hold numbers, unless nothing else could be the name.
    kept = [one for one in columns if _has_letters(table, one.column)]
    return tuple(sorted(kept or columns, key=_rank))


def _rank(name: NameColumn) -> tuple[bool, bool, str]:
    return bool(name.language), name.language != "en", name.column


def _cod_names(table: Table, level: int) -> Iterable[NameColumn]:
    old = re.compile(rf"adm(?:in)?{level}_?(?:name)?_?([a-z]{{2,3}})", re.IGNORECASE)
    new = re.compile(rf"adm(?:in)?{level}_?name(\d?)", re.IGNORECASE)
    for column in table.columns:
        if match := new.fullmatch(column):
            language = named(table, f"lang{match[1]}")
            yield NameColumn(column, f"={language}" if language else "")
        elif (match := old.fullmatch(column)) and match[1].lower() not in NO_LANGUAGE:
            yield NameColumn(column, match[1].lower())


def _plain_names(table: Table, *, has_default: bool) -> Iterable[NameColumn]:
    for column in table.columns:
        if match := re.fullmatch(r"name[_:]([a-z]{2,3})", column, re.IGNORECASE):
            yield NameColumn(column, match[1].lower())
        elif simple(column) == "names":
            yield NameColumn(column, ALL_NAMES)
        elif simple(column) == "name" and not has_default:
            yield NameColumn(column)


def _has_letters(table: Table, column: str) -> bool:
    sample: list[Any] = [row.cells[column] for row in table.rows[:SAMPLE]]
    return any(any(map(str.isalpha, str(value))) for value in sample if value is not None)


def languages_of(names: tuple[NameColumn, ...], cell: Callable[[str], str]) -> dict[str, str]:
    """Return column -> language for one row, whose cells ``cell`` gives."""
    return {
        one.column: cell(one.language[1:]) if one.language.startswith("=") else one.language
        for one in names
    }


def sample(table: Table, column: str) -> str:
    """Return a few different values of a column, to recognise it by."""
    values = (row.cells[column] for row in table.rows[:SAMPLE])
    filled = dict.fromkeys(str(value)[:40] for value in values if value is not None)
    return " · ".join(list(filled)[:SHOWN])
