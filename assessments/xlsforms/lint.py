"""Finds every error of the common kinds at once, where pyxform stops at the first.

It runs only on forms that pyxform refused, so that it can never refuse what the standard allows.
"""

import re
from collections.abc import Iterator

from pyxform import aliases
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2json_backends import DefinitionData

from assessments.xlsforms.findings import Finding
from assessments.xlsforms.messages import explain
from assessments.xlsforms.workbook import BEGIN, END, Line, choice_lines, lines

REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^}\s]+)\s*\}")
SELECT = re.compile(
    r"^(" + "|".join(sorted(aliases.select, key=len, reverse=True)) + r") (?P<list>\S+)"
)
NAME = re.compile(r"^[^\W\d][\w.\-]*$")
EXPRESSIONS = (
    "relevant", "relevance", "constraint", "calculation", "calculate", "choice_filter", "required",
    "repeat_count", "default", "trigger", "read_only", "readonly",
)  # fmt: skip
BUILT_IN = {"instanceID", "instanceName"}


def findings(definition: DefinitionData) -> list[Finding]:
    """Return the errors of the common kinds, in the order of the rows."""
    rows = lines(definition)
    lists = {name for _, name, _ in choice_lines(definition)}
    messages = [*_rows(rows, lists, bool(definition.choices)), *_nesting(rows)]
    return [explain(message, rows, lists) for message in messages]


def _rows(rows: list[Line], lists: set[str], has_choices: bool) -> Iterator[str]:
    names = {row.name for row in rows} | BUILT_IN
    seen: set[str] = set()
    for row in rows:
        if not row.kind or END.match(row.kind):
            continue
        where = f"[row : {row.number}] "
        yield from (where + message for message in _of_type(row, lists, has_choices))
        if row.name and row.path in seen:
            yield (
                f"{where}On the 'survey' sheet, the 'name' value '{row.name}' is invalid. "
                "Questions, groups, and repeats must be unique"
            )
        seen.add(row.path)
        for column in EXPRESSIONS:
            for name in REFERENCE.findall(row.cells.get(column, "")):
                if name not in names:
                    yield (
                        f"{where}On the 'survey' sheet, the '{column}' value is invalid. "
                        f"Could not find the name '{name}'."
                    )


def _of_type(row: Line, lists: set[str], has_choices: bool) -> Iterator[str]:
    select = SELECT.match(row.kind)
    if not row.name and row.kind != "note" and row.kind not in aliases.settings_header:
        yield "Question or group with no name."
    elif row.name and not NAME.match(row.name):
        yield "Names must begin with a letter or underscore"
    if select:
        wanted = select["list"]
        is_elsewhere = "." in wanted or "${" in wanted or "external" in row.kind
        if has_choices and wanted not in lists and not is_elsewhere:
            yield f"List name not in choices sheet: {wanted}"
    elif not _is_known(row.kind):
        yield f"Unknown question type '{row.kind}'."


def _is_known(kind: str) -> bool:
    return bool(
        kind in QUESTION_TYPE_DICT
        or kind in aliases._type_alias_map
        or kind in aliases.settings_header
        or BEGIN.match(kind)
        or kind.startswith("osm")
        or kind in {"audit", "xml-external", "csv-external"}
    )


def _nesting(rows: list[Line]) -> Iterator[str]:
    opened: list[tuple[str, Line]] = []
    for row in rows:
        begin, end = BEGIN.match(row.kind), END.match(row.kind)
        if begin:
            opened.append((_container(begin[1]), row))
        elif end and (not opened or opened[-1][0] != _container(end[1])):
            yield f"[row : {row.number}] Unmatched 'end_{_container(end[1])}'."
            return  # what follows is only its consequence
        elif end:
            opened.pop()
    for kind, row in opened:
        yield f"[row : {row.number}] Unmatched 'begin_{kind}'. for the name '{row.name}'."


def _container(kind: str) -> str:
    return "group" if kind.lower() == "group" else "repeat"
