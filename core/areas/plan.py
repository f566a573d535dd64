"""What an import would do, worked out without doing it: the dry run and the import share this.

A unit with a later date than the version in use supersedes it; the same date corrects it; the same
content changes nothing. A file without boundaries leaves the boundaries that are there.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from django.db.models import F
from django.utils.translation import gettext as _

from core.areas import rows as area_rows
from core.areas import shapes
from core.areas.columns import Mapping
from core.areas.files import Table
from core.areas.rows import DEEPEST, Finding, Reading, Unit
from core.models import Area, Operation

LONGEST_PATH = 255
SHAPE_AT = 32


class Action(StrEnum):
    """What happens to an area."""

    ADDED = "added"
    CHANGED = "changed"
    SUPERSEDED = "superseded"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Version:
    """A version of an area that is there already; ``names`` has the default name under ""."""

    pk: int
    pcode: str
    level: int
    parent: str
    names: dict[str, str]
    valid_from: date
    valid_to: date | None
    fingerprint: str


@dataclass(frozen=True)
class Change:
    """One area of the plan; ``what`` names the differences from ``old``."""

    action: Action
    unit: Unit
    fingerprint: str
    old: Version | None = None
    what: tuple[str, ...] = ()


@dataclass
class Plan:
    """All that an import would do; parents come before their children in ``changes``."""

    changes: list[Change] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    absent: list[str] = field(default_factory=list)

    def of(self, *actions: Action) -> list[Change]:
        """Return the changes of some kinds."""
        return [change for change in self.changes if change.action in actions]

    def digest(self) -> str:
        """Return 64 hexadecimal digits; the same plan has the same digest."""
        parts = [
            (
                change.action,
                change.unit.pcode,
                change.fingerprint,
                change.unit.valid_from.isoformat(),
                change.old.pk if change.old else None,
            )
            for change in self.changes
        ]
        return hashlib.sha256(
            json.dumps(sorted(parts, key=lambda one: one[1])).encode()
        ).hexdigest()


def plan(operation: Operation, table: Table, mapping: Mapping) -> Plan:
    """Return what importing a table into an operation would do."""
    reading = area_rows.read(table, mapping)
    versions = _versions(operation)
    current = {code: one[-1] for code, one in versions.items() if one[-1].valid_to is None}
    _forget_known_countries(reading, current)
    made = Plan(reading=reading)
    for unit in _in_order(reading, current):
        change = _change(reading, unit, versions.get(unit.pcode, []))
        if change:
            made.changes.append(change)
    levels = {change.unit.level for change in made.changes if change.unit.rows}
    mentioned = {change.unit.pcode for change in made.changes}
    made.absent = sorted(
        code for code, one in current.items() if one.level in levels and code not in mentioned
    )
    return made


def attributes(unit: Unit) -> str:
    """Return 32 hexadecimal digits for what a unit is called and belongs to."""
    ends = unit.valid_to.isoformat() if unit.valid_to else None
    told = [unit.level, unit.parent, unit.name, stored_names(unit), ends]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:SHAPE_AT]


def stored_names(unit: Unit) -> dict[str, str]:
    """Return a unit's names by language, without the default name."""
    return {code: name for code, name in sorted(unit.names.items()) if code}


def _versions(operation: Operation) -> dict[str, list[Version]]:
    fields = ("pk", "pcode", "level", "name", "names", "valid_from", "valid_to", "fingerprint")
    rows = Area.objects.filter(operation=operation).order_by("valid_from")
    found = defaultdict(list)
    for row in rows.values(*fields, parent_code=F("parent__pcode")).iterator():
        row["names"] = {"": row.pop("name")} | row["names"]
        row["parent"] = row.pop("parent_code") or ""
        found[row["pcode"]].append(Version(**row))
    return found


def _forget_known_countries(reading: Reading, current: dict[str, Version]) -> None:
    for code in [code for code, unit in reading.units.items() if not unit.rows]:
        wanted = any(unit.parent == code for unit in reading.units.values())
        if code in current or not wanted:
            del reading.units[code]
        else:
            message = _("The file has no row for this country; its other columns name it.")
            reading.notes.append(Finding((), code, message))


def _in_order(reading: Reading, current: dict[str, Version]) -> Iterator[Unit]:
    """Yield units whose parents are known, parents first; refuse the others."""
    levels = {code: version.level for code, version in current.items()}
    waiting = dict(reading.units)
    for code in waiting:
        levels.pop(code, None)
    ready = True
    while ready:
        ready = False
        for code, unit in list(waiting.items()):
            if unit.parent and unit.parent not in levels:
                continue
            ready = True
            del waiting[code]
            placed, problem = _placed(unit, levels.get(unit.parent))
            if problem:
                reading.refused.append(Finding(unit.rows, code, problem))
            else:
                levels[code] = placed.level or 0
                yield placed
    for code, unit in waiting.items():
        reading.refused.append(Finding(unit.rows, code, _why_not(unit, waiting, reading)))


def _placed(unit: Unit, parent_level: int | None) -> tuple[Unit, str]:
    """Return the unit with its level, or why it has no place below its parent."""
    level = unit.level
    if level is None:
        level = 0 if parent_level is None else parent_level + 1
    placed = replace(unit, level=level)
    if level > DEEPEST:
        return placed, _("It lies deeper than level 9.")
    if parent_level is None and level > 1:
        return placed, _(
            "It has no parent; an area of level 2 or deeper needs its parent's P-code."
        )
    if parent_level is not None and parent_level >= level:
        problem = _("Its parent {parent} has level {above}, which is not above level {level}.")
        return placed, problem.format(parent=unit.parent, above=parent_level, level=level)
    return placed, ""


def _why_not(unit: Unit, waiting: dict[str, Unit], reading: Reading) -> str:
    chain = [unit.pcode]
    parent = unit.parent
    while parent in waiting and parent not in chain:
        chain.append(parent)
        parent = waiting[parent].parent
    if parent in chain:
        loop = " → ".join([*chain[chain.index(parent) :], parent])
        return _("The parents go round in a circle: {loop}.").format(loop=loop)
    known = unit.parent in reading.units or any(
        finding.pcode == unit.parent for finding in reading.refused
    )
    if known:
        return _("Its parent {parent} is refused.").format(parent=unit.parent)
    return _("Its parent {parent} is not known; import that level first.").format(
        parent=unit.parent
    )


def _change(reading: Reading, unit: Unit, versions: list[Version]) -> Change | None:
    told = attributes(unit)
    shape = shapes.digest(unit.shape)
    last = versions[-1] if versions else None
    same_day = next((one for one in versions if one.valid_from == unit.valid_from), None)
    for version in (last, same_day):
        kept = version.fingerprint[SHAPE_AT:] if version and unit.shape is None else shape
        if version and version.fingerprint == told + kept:
            return Change(Action.UNCHANGED, unit, told + kept, version)
    old = same_day or last
    if old and unit.shape is None:
        shape = old.fingerprint[SHAPE_AT:] or shape
    if old is None:
        return Change(Action.ADDED, unit, told + shape)
    what = _differences(unit, shape, old)
    if same_day:
        return Change(Action.CHANGED, unit, told + shape, old, what)
    if unit.valid_from < (old.valid_to or old.valid_from):
        message = _("It is older ({date}) than the version in use ({known}).")
        message = message.format(date=unit.valid_from, known=old.valid_to or old.valid_from)
        reading.refused.append(Finding(unit.rows, unit.pcode, message))
        return None
    return Change(Action.SUPERSEDED, unit, told + shape, old, what)


def _differences(unit: Unit, shape: str, old: Version) -> tuple[str, ...]:
    pairs = (
        (_("name"), {"": unit.name} | stored_names(unit), old.names),
        (_("parent"), unit.parent, old.parent),
        (_("level"), unit.level, old.level),
        (_("end of validity"), unit.valid_to, old.valid_to),
        (_("boundary"), shape, old.fingerprint[SHAPE_AT:] or shapes.NO_SHAPE),
    )
    return tuple(word for word, new, before in pairs if new != before)
