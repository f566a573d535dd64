"""From the rows of a file to the units that they describe; what cannot be used is refused by row.

Several rows of one P-code are united (a unit may come in parts) unless they contradict each other.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.areas import shapes as area_shapes
from core.areas.columns import ALL_NAMES, Mapping, NameColumn, languages_of
from core.areas.files import Row, Table

LONGEST_PCODE = 30
LONGEST_NAME = 200
LONGEST_TEXT = 300
DEEPEST = 9
PCODE = re.compile(r"[\w.\-]+")
LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
# Characters that would let a name change the direction of what stands beside it, or hide in it.
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Finding:
    """What is to be said about rows: ``rows`` are their numbers in the file."""

    rows: tuple[int, ...]
    pcode: str
    message: str


@dataclass(frozen=True)
class Unit:
    """A unit as a file describes it; ``level`` may be None until its parent is known."""

    pcode: str
    parent: str
    names: dict[str, str]
    level: int | None
    valid_from: date
    valid_to: date | None = None
    source: str = ""
    note: str = ""
    shape: Any = None
    rows: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """Return the default name: the file's own, else English, else the first."""
        return self.names.get("") or self.names.get("en") or next(iter(self.names.values()))

    def identity(self) -> tuple[Any, ...]:
        """Return what rows of one P-code must have in common."""
        return (self.name, self.parent, self.level, self.valid_from, self.valid_to)


@dataclass
class Reading:
    """The units of a file, and what was found on the way."""

    units: dict[str, Unit] = field(default_factory=dict)
    refused: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    united: list[Finding] = field(default_factory=list)
    repaired: list[Finding] = field(default_factory=list)


class Refusal(Exception):
    """A row that cannot be used; its text says why."""


def read(table: Table, mapping: Mapping) -> Reading:
    """Return the units that a table describes."""
    reading = Reading()
    by_pcode: dict[str, list[Unit]] = defaultdict(list)
    shapes = area_shapes.of_wkb([row.shape for row in table.rows])
    for row, shape in zip(table.rows, shapes, strict=True):
        cells = UnitCells(row, mapping, shape)
        try:
            unit = cells.unit()
        except Refusal as refusal:
            finding = Finding((row.number,), cells.text(mapping.pcode), str(refusal))
            reading.refused.append(finding)
        else:
            by_pcode[unit.pcode].append(unit)
            _remark(reading, row, unit, expected=table.has_shapes)
            _add_country(reading, cells)
    for pcode, units in by_pcode.items():
        _unite(reading, pcode, units)
    return reading


def _remark(reading: Reading, row: Row, unit: Unit, *, expected: bool) -> None:
    finding = (row.number,), unit.pcode
    if "repaired" in row.remarks:
        message = _("The boundary crossed itself or was otherwise invalid, and was repaired.")
        reading.repaired.append(Finding(*finding, message))
    if "third_dimension" in row.remarks:
        reading.notes.append(Finding(*finding, _("Heights in the boundary are left out.")))
    if expected and unit.shape is None:
        reading.notes.append(Finding(*finding, _("The row has no boundary.")))


def _unite(reading: Reading, pcode: str, units: list[Unit]) -> None:
    first = units[0]
    rows = tuple(number for unit in units for number in unit.rows)
    if any(unit.identity() != first.identity() for unit in units):
        message = _(
            "Several rows have this P-code, and differ in name, parent, level or dates: {rows}."
        ).format(rows=", ".join(map(str, rows)))
        reading.refused.append(Finding(rows, pcode, message))
        return
    if len(units) > 1:
        message = _("Rows {rows} have the same P-code and are united.")
        finding = Finding(rows, pcode, message.format(rows=", ".join(map(str, rows))))
        reading.united.append(finding)
    reading.units[pcode] = replace(
        first,
        rows=rows,
        names={key: value for unit in reversed(units) for key, value in unit.names.items()},
        shape=_whole([unit.shape for unit in units if unit.shape is not None]),
        note="; ".join(dict.fromkeys(unit.note for unit in units if unit.note))[:LONGEST_TEXT],
    )


def _whole(shapes: list[Any]) -> Any:
    if len(shapes) > 1:
        return area_shapes.united(shapes)
    return shapes[0] if shapes else None


def _add_country(reading: Reading, cells: "UnitCells") -> None:
    """Remember the ADM0 row that a level-1 row names, for when there is none."""
    mapping = cells.mapping
    code = cells.text(mapping.country)
    if not code or code in reading.units or not PCODE.fullmatch(code):
        return
    names = cells.names(mapping.country_names) or {"": code}
    reading.units[code] = Unit(code, "", names, 0, cells.day(mapping.valid_from), rows=())


class Cells:
    """The cells of one row; ``default_day`` is in ISO 8601, for blank dates."""

    def __init__(self, row: Row, default_day: str) -> None:
        self.row = row
        self.default_day = default_day

    def text(self, column: str) -> str:
        """Return a cell as text without invisible characters; empty where there is none."""
        value = self.row.cells.get(column) if column else None
        return INVISIBLE.sub("", str(value)).strip() if value is not None else ""

    def day(self, column: str) -> date:
        """Return a date, or the default where the cell is blank; raise Refusal."""
        text = self.text(column)
        if not text:
            return date.fromisoformat(self.default_day)
        for pattern, order in DATES.items():
            if match := re.match(pattern, text):
                try:
                    return date(*(int(match[part]) for part in order))
                except ValueError:
                    break
        raise Refusal(_("“{text}” is not a date like 2020-11-23.").format(text=text[:40]))


class UnitCells(Cells):
    """The cells of a row that describes an administrative unit, and its boundary."""

    def __init__(self, row: Row, mapping: Mapping, shape: Any) -> None:
        super().__init__(row, mapping.default_valid_from)
        self.mapping = mapping
        self.drawn = shape

    def unit(self) -> Unit:
        """Return the unit of the row; raise Refusal."""
        mapping = self.mapping
        pcode = self.pcode(mapping.pcode)
        if not pcode:
            raise Refusal(_("The P-code is blank."))
        names = self.names(mapping.names)
        if not names:
            raise Refusal(_("The name is blank."))
        parent = self.pcode(mapping.parent)
        level = self.level()
        if parent == pcode:
            raise Refusal(_("The area is its own parent."))
        valid_from = self.day(mapping.valid_from)
        valid_to = self.day(mapping.valid_to) if self.text(mapping.valid_to) else None
        if valid_to and valid_to <= valid_from:
            raise Refusal(_("It ends ({end}) before it begins.").format(end=valid_to))
        return Unit(
            pcode=pcode,
            parent="" if level == 0 else parent,
            names=names,
            level=level,
            valid_from=valid_from,
            valid_to=valid_to,
            source=self.text(mapping.source)[:LONGEST_TEXT],
            note=self.text(mapping.note)[:LONGEST_TEXT],
            shape=self.shape(),
            rows=(self.row.number,),
        )

    def pcode(self, column: str) -> str:
        """Return a P-code; raise Refusal for what cannot be one."""
        code = self.text(column)
        if len(code) > LONGEST_PCODE or (code and not PCODE.fullmatch(code)):
            raise Refusal(_("“{code}” cannot be a P-code.").format(code=code[:60]))
        return code

    def names(self, columns: tuple[NameColumn, ...]) -> dict[str, str]:
        """Return the names by language, the default name under an empty code."""
        found: dict[str, str] = {}
        languages = languages_of(columns, self.text)
        for column in columns:
            language = languages[column.column]
            if language == ALL_NAMES:
                found = self._all_names(column.column) | found
            elif name := self.text(column.column)[:LONGEST_NAME]:
                code = language.lower() if LANGUAGE.fullmatch(language) else ""
                found.setdefault(code, name)
        return found

    def _all_names(self, column: str) -> dict[str, str]:
        try:
            names = json.loads(self.text(column) or "{}")
        except ValueError:
            raise Refusal(_("The names are not a JSON object.")) from None
        if not isinstance(names, dict):
            raise Refusal(_("The names are not a JSON object."))
        return {
            str(code): INVISIBLE.sub("", str(name)).strip()[:LONGEST_NAME]
            for code, name in names.items()
            if LANGUAGE.fullmatch(str(code)) and str(name).strip()
        }

    def level(self) -> int | None:
        """Return the level; None when it follows from the parents."""
        if not self.mapping.level_column:
            return self.mapping.level
        text = self.text(self.mapping.level_column).lower().removeprefix("adm").removeprefix("in")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) <= DEEPEST):
            raise Refusal(_("“{level}” is not a level from 0 to 9.").format(level=text[:20]))
        return int(text)

    def shape(self) -> Any:
        """Return the boundary, None where there is none; raise Refusal for what is no boundary."""
        for code in self.row.remarks:
            reason = UNUSABLE.get(code.partition(":")[0])
            if reason:
                raise Refusal(reason().format(kind=code.partition(":")[2]))
        return self.drawn


DATES: dict[str, tuple[int, int, int]] = {
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$": (1, 2, 3),
    r"(\d{1,2})[./](\d{1,2})[./](\d{4})$": (3, 2, 1),
    r"(\d{4})(\d\d)(\d\d)$": (1, 2, 3),
}
UNUSABLE: dict[str, Callable[[], str]] = {
    "empty": lambda: _("The boundary is empty."),
    "range": lambda: _("A coordinate lies outside of -180 to 180 or -90 to 90 degrees."),
    "collapsed": lambda: _("The boundary encloses no area."),
    "kind": lambda: _("The boundary is a {kind}; it must be a polygon."),
}
