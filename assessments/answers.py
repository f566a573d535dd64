"""Reads a submission's XML into answers, by the types of its form version.

Values: integer, decimal and range give numbers; select_multiple and rank lists of values; geopoint
``[latitude, longitude, altitude, accuracy]`` (the last two null where unknown); geotrace and
geoshape lists of such points; dates and times ISO 8601 text as it came; files their names. What
does not fit its type stays text, so that nothing is lost.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.dateparse import parse_datetime

from assessments import xml
from assessments.catalogue import Catalogue
from assessments.models.submissions import folded
from assessments.xlsforms.questions import FILE_KINDS

INTEGER = re.compile(r"[+-]?\d{1,18}")
DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
ADMIN_CODE = re.compile(r"#adm(\d)\b.*\+code\b")
# A value of these kinds may be a P-code even where no HXL tag says so.
CODE_KINDS = {"select_one", "text", "calculate", "hidden", "barcode"}
SHORTEST_CODE = 3
MOST_SEARCH = 10_000
Answers = dict[str, Any]


@dataclass
class Member:
    """One member of a repeat; ``parent`` is the place of the member around it in the list."""

    path: str
    position: int
    parent: int | None
    answers: Answers = field(default_factory=dict)


@dataclass
class Record:
    """What a submission's XML says."""

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str
    answers: Answers = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def first(self, catalogue: Catalogue, kind: str) -> Any:
        """Return the first answer of a kind outside repeats, or None."""
        found = (self.answers[path] for path in self.answers if catalogue.kinds.get(path) == kind)
        return next(found, None)


def identify(root: Element) -> Record:
    """Return the record's identity, without its answers."""
    meta = {
        xml.local(one.tag): (one.text or "").strip()
        for holder in root
        if xml.local(holder.tag) == "meta"
        for one in holder
    }
    return Record(
        form_id=root.get("id", ""),
        version=root.get("version", ""),
        instance_id=meta.get("instanceID") or root.get("instanceID") or "",
        deprecated_id=meta.get("deprecatedID", ""),
    )


def read(root: Element, catalogue: Catalogue) -> Record:
    """Return the whole record."""
    return _Reader(catalogue, identify(root)).read(root)


class _Reader:
    """Walks the XML once; repeats have counters of their own within each member around them."""

    def __init__(self, catalogue: Catalogue, record: Record) -> None:
        self.kinds = catalogue.kinds
        self.record = record
        self.counts: Counter[tuple[int | None, str]] = Counter()

    def read(self, root: Element) -> Record:
        self._walk(root, "", self.record.answers, None)
        return self.record

    def _walk(self, parent: Element, above: str, answers: Answers, member: int | None) -> None:
        for element in parent:
            path = f"{above}/{xml.local(element.tag)}" if above else xml.local(element.tag)
            if self.kinds.get(path) == "begin_repeat":
                self._walk_member(element, path, member)
            elif len(element):
                self._walk(element, path, answers, member)
            else:
                self._keep(path, (element.text or "").strip(), answers)

    def _walk_member(self, element: Element, path: str, member: int | None) -> None:
        if any(xml.local(name) == "template" for name in element.attrib):
            return  # the pattern for new members, which some clients leave in
        self.counts[member, path] += 1
        mine = Member(path, self.counts[member, path], member)
        self.record.members.append(mine)
        self._walk(element, path, mine.answers, len(self.record.members) - 1)

    def _keep(self, path: str, text: str, answers: Answers) -> None:
        if not text or path in {"meta/instanceID", "meta/deprecatedID"}:
            return
        kind = self.kinds.get(path, "")
        answers[path] = VALUES[kind](text) if kind in VALUES else text
        if kind in FILE_KINDS:
            self.record.files[text] = path


def integer(text: str) -> int | str:
    """Return a whole number, or the text where it is none."""
    return int(text) if INTEGER.fullmatch(text) else text


def number(text: str) -> int | float | str:
    """Return a number, whole where it is written so, or the text where it is none."""
    if INTEGER.fullmatch(text):
        return int(text)
    value = float(text) if DECIMAL.fullmatch(text) else None
    return value if value is not None and isfinite(value) else text


def point(text: str) -> list[float | None] | str:
    """Return ``[latitude, longitude, altitude, accuracy]``, or the text where it is no place."""
    parts = [number(part) for part in text.split()]
    values = [float(part) for part in parts if not isinstance(part, str)]
    if len(values) != len(parts) or not 2 <= len(values) <= 4:
        return text
    if not (-90 <= values[0] <= 90 and -180 <= values[1] <= 180):
        return text
    return [*values, None, None][:4]


def points(text: str) -> list[Any] | str:
    """Return the points of a line or shape, or the text where one is no place."""
    found = [point(part) for part in text.split(";") if part.strip()]
    return text if any(isinstance(one, str) for one in found) else found


VALUES: dict[str, Callable[[str], Any]] = {
    "integer": integer,
    "decimal": number,
    "range": number,
    "select_multiple": str.split,
    "rank": str.split,
    "geopoint": point,
    "start-geopoint": point,
    "geotrace": points,
    "geoshape": points,
}


def moment(text: Any) -> datetime | None:
    """Return a device's claim of a time; without a zone it is taken as UTC."""
    try:
        value = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if value is None:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def place(record: Record, catalogue: Catalogue) -> tuple[float, float] | None:
    """Return latitude and longitude: of the first geopoint, else of where the form was begun."""
    for kind in ("geopoint", "start-geopoint"):
        found = record.first(catalogue, kind)
        if isinstance(found, list):
            return found[0], found[1]
    return None


def codes(record: Record, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Return what may be P-codes: answers tagged ``#adm…+code``, finest first, and all others."""
    tagged: list[tuple[int, str]] = []
    others: list[str] = []
    for path, value in record.answers.items():
        if not isinstance(value, str | int):
            continue
        tag = ADMIN_CODE.search(catalogue.tags.get(path, ""))
        if tag:
            tagged.append((int(tag[1]), str(value)))
        elif catalogue.kinds.get(path) in CODE_KINDS and SHORTEST_CODE <= len(str(value)) <= 30:
            others.append(str(value))
    return [value for _level, value in sorted(tagged, reverse=True)], others


def search_text(record: Record, catalogue: Catalogue) -> str:
    """Return the words by which the submission can be found: answers and the labels of choices."""
    words: dict[str, None] = {}
    for answers in (record.answers, *(member.answers for member in record.members)):
        for path, value in answers.items():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str):
                    words[one] = None
                    label = catalogue.labels.get((catalogue.lists.get(path, ""), one))
                    if label:
                        words[label] = None
    return folded(" ".join([record.instance_id, *words]))[:MOST_SEARCH]
