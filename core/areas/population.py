"""Population figures of a file as they would be imported: wide as in COD-PS, or one figure a row.

COD-PS has a column for each sex and age (``T_TL``, ``F_00_04``, ``M_80Plus``); the long form has
columns for group, sex, age and people. Figures of different sources or dates stand side by side.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.areas import files, population_columns
from core.areas.files import Row, Table
from core.areas.population_columns import AGE, Kind, Mapping
from core.areas.rows import Cells, Finding, Refusal
from core.models import Area, Operation, PopulationFigure

MOST_PEOPLE = 2_000_000_000
MOST_LISTED = 300
BATCH = 2000


@dataclass(frozen=True)
class Figure:
    """People of one kind in an area, as a file has them; ``key`` is what makes it one figure."""

    pcode: str
    kind: Kind
    source: str
    dated: date
    people: int
    row: int

    @property
    def key(self) -> tuple[Any, ...]:
        """Return what no two figures have in common."""
        return (self.pcode, *self.kind.parts, self.source, self.dated)


@dataclass(frozen=True)
class Change:
    """A figure that is new, differs (``before``) or is there already."""

    action: str
    figure: Figure
    name: str
    area: int
    pk: int | None = None
    before: int | None = None


@dataclass
class Draft:
    """A file of figures as it would be imported; see core.areas.imports.Draft."""

    table: Table
    columns: Mapping
    changes: list[Change] = field(default_factory=list)
    refusals: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    @property
    def mapping(self) -> dict[str, Any]:
        """Return the choice of columns for a JSON column."""
        return self.columns.as_json()

    @property
    def digest(self) -> str:
        """Return what the same outcome has in common."""
        parts = [(one.action, str(one.figure.key), one.figure.people) for one in self.changes]
        return hashlib.sha256(json.dumps(sorted(parts)).encode()).hexdigest()

    @property
    def refused(self) -> int:
        """Return how many rows cannot be used."""
        return len({row for finding in self.refusals for row in finding.rows})

    def of(self, action: str) -> list[Change]:
        """Return the changes of a kind."""
        return [change for change in self.changes if change.action == action]

    def report(self) -> dict[str, Any]:
        """Return the report of the check."""
        actions = ("added", "changed", "unchanged")
        counts = {action: len(self.of(action)) for action in actions}
        refusals = sorted(self.refusals, key=lambda finding: finding.rows)
        return {
            "digest": self.digest,
            "rows": len(self.table.rows),
            "layer": self.table.layer,
            "layers": self.table.layers,
            "columns": population_columns.samples(self.table),
            "counts": counts | {"refused": self.refused, "notes": len(self.notes)},
            "added": [_listed(change) for change in self.of("added")[:MOST_LISTED]],
            "changed": [_listed(change) for change in self.of("changed")[:MOST_LISTED]],
            "refused": [asdict(finding) for finding in refusals[:MOST_LISTED]],
            "notes": [asdict(finding) for finding in self.notes[:MOST_LISTED]],
        }

    def outline(self) -> dict[str, Any]:
        """Return no borders: figures have none."""
        return {}

    @transaction.atomic
    def apply(self, operation: Operation, *, tell: Callable[[int, int], object]) -> None:
        """Write the figures; a figure of the same source and date is corrected."""
        added = [_row(change) for change in self.of("added")]
        for start in range(0, len(added), BATCH):
            PopulationFigure.objects.bulk_create(added[start : start + BATCH])
            tell(min(start + BATCH, len(added)), len(added))
        corrected = [_row(change) for change in self.of("changed")]
        PopulationFigure.objects.bulk_update(corrected, ["people"], batch_size=BATCH)


def _listed(change: Change) -> dict[str, Any]:
    figure = change.figure
    return {
        "pcode": figure.pcode,
        "name": change.name,
        "rows": [figure.row],
        "label": figure.kind.label(),
        "people": figure.people,
        "before": change.before,
        "source": figure.source,
        "dated": figure.dated.isoformat(),
    }


def _row(change: Change) -> PopulationFigure:
    figure = change.figure
    return PopulationFigure(
        pk=change.pk,
        area_id=change.area,
        group=figure.kind.group,
        sex=figure.kind.sex,
        age_from=figure.kind.age_from,
        age_to=figure.kind.age_to,
        people=figure.people,
        source=figure.source,
        dated=figure.dated,
    )


def draft(path: Path, operation: Operation, mapping: dict[str, Any]) -> Draft:
    """Return what importing a file would do; ``mapping`` is stored, or only what was asked for."""
    table = files.read(path, layer=mapping.get("layer", ""))
    if "pcode" in mapping:
        columns = Mapping.from_json(mapping)
    else:
        guessed = population_columns.guess(table, level=mapping["wanted_level"])
        columns = replace(
            guessed,
            default_dated=mapping["default_valid_from"],
            default_source=mapping["default_source"],
        )
    made = Draft(table, columns)
    _compare(made, operation, _figures(made, operation))
    return made


def _figures(made: Draft, operation: Operation) -> list[Figure]:
    """Return the figures of usable rows, each key once."""
    pcodes = set(Area.objects.filter(operation=operation).values_list("pcode", flat=True))
    by_key: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    for row in made.table.rows:
        reader = Reader(row, made.columns)
        try:
            figures = reader.figures(pcodes)
        except Refusal as refusal:
            pcode = reader.text(made.columns.pcode)
            made.refusals.append(Finding((row.number,), pcode, str(refusal)))
            continue
        if reader.rounded:
            message = _("Figures that are no whole numbers are rounded.")
            made.notes.append(Finding((row.number,), reader.text(made.columns.pcode), message))
        for figure in figures:
            by_key[figure.key].append(figure)
    for figures in by_key.values():
        if len({figure.people for figure in figures}) > 1:
            rows = tuple(dict.fromkeys(figure.row for figure in figures))
            message = _("Several figures for {kind} contradict each other: rows {rows}.").format(
                kind=figures[0].kind.label(), rows=", ".join(map(str, rows))
            )
            made.refusals.append(Finding(rows, figures[0].pcode, message))
    return [one[0] for one in by_key.values() if len({figure.people for figure in one}) == 1]


def _compare(made: Draft, operation: Operation, figures: list[Figure]) -> None:
    areas: dict[str, tuple[int, str]] = {}
    versions = Area.objects.filter(operation=operation).order_by("valid_from")
    for pk, pcode, name in versions.values_list("pk", "pcode", "name"):
        areas[pcode] = (pk, name)
    known = {
        tuple(key): (pk, people)
        for pk, people, *key in PopulationFigure.objects.filter(area__operation=operation)
        .values_list("pk", "people", "area__pcode", *Kind.FIELDS, "source", "dated")
        .iterator()
    }
    for figure in figures:
        area, name = areas[figure.pcode]
        pk, before = known.get(figure.key, (None, None))
        action = "added" if pk is None else "unchanged" if before == figure.people else "changed"
        made.changes.append(Change(action, figure, name, area, pk, before))


class Reader(Cells):
    """The cells of one row of figures."""

    def __init__(self, row: Row, columns: Mapping) -> None:
        super().__init__(row, columns.default_dated)
        self.columns = columns
        self.rounded = False

    def figures(self, pcodes: set[str]) -> list[Figure]:
        """Return the row's figures; raise Refusal."""
        columns = self.columns
        pcode = self.text(columns.pcode)
        if not pcode:
            raise Refusal(_("The P-code is blank."))
        if pcode not in pcodes:
            raise Refusal(_("There is no area with the P-code {pcode}.").format(pcode=pcode))
        source = self.text(columns.source)[:300] or columns.default_source
        if not source:
            raise Refusal(_("The source is blank."))
        dated = self.dated()
        found = []
        for column, kind in self.kinds():
            people = self.people(column)
            if people is not None:
                found.append(Figure(pcode, kind, source, dated, people, self.row.number))
        if not found:
            raise Refusal(_("The row has no figure."))
        return found

    def kinds(self) -> list[tuple[str, Kind]]:
        """Return the columns with figures, and whom they count in this row."""
        columns = self.columns
        group = self.choice(columns.group, population_columns.GROUPS, "all")
        if not columns.people:
            return [(column, replace(kind, group=group)) for column, kind in columns.wide]
        sex = self.choice(columns.sex, population_columns.SEXES, "all")
        age_from, age_to = self.ages()
        return [(columns.people, Kind(group, sex, age_from, age_to))]

    def choice(self, column: str, known: dict[str, str], default: str) -> str:
        """Return the code that a cell means; raise Refusal for a word that we do not know."""
        text = self.text(column)
        code = known.get(text.casefold()) if text else default
        if code is None:
            raise Refusal(_("“{text}” is not known here.").format(text=text[:40]))
        return code

    def ages(self) -> tuple[int | None, int | None]:
        """Return the age range, both ends included; None where it is open."""
        text = self.text(self.columns.age).casefold()
        if not text or text in population_columns.ALL_AGES:
            return None, None
        match = AGE.fullmatch(text)
        if not match:
            raise Refusal(_("“{text}” is not an age like 0-4 or 80+.").format(text=text[:40]))
        start = int(match["start"])
        end = int(match["end"]) if match["end"] else None if match["open"] else start
        if end is not None and end < start:
            raise Refusal(_("“{text}” is not an age like 0-4 or 80+.").format(text=text[:40]))
        return start, end

    def people(self, column: str) -> int | None:
        """Return a whole number of people, None for a blank; raise Refusal for anything else."""
        text = self.text(column).replace("\u00a0", "").replace(" ", "")
        if not text or text in {"-", "—"}:
            return None
        if text.count(",") and all(len(part) == 3 for part in text.split(",")[1:]):
            text = text.replace(",", "")
        try:
            number = float(text)
        except ValueError:
            raise Refusal(
                _("“{text}” in {column} is not a number.").format(text=text[:40], column=column)
            ) from None
        if not 0 <= number <= MOST_PEOPLE:
            raise Refusal(_("{number} people is not possible.").format(number=text[:40]))
        self.rounded |= not number.is_integer()
        return round(number)

    def dated(self) -> date:
        """Return the date of the row; a year alone is its first day."""
        text = self.text(self.columns.dated)
        if len(text) == 4 and text.isascii() and text.isdigit() and text != "0000":
            return date(int(text), 1, 1)
        return self.day(self.columns.dated)
