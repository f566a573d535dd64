"""Reads the workbook: where each question stands in it, and what pyxform must be helped with."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from pyxform.xls2json_backends import DefinitionData, get_xlsform

from assessments.xlsforms.findings import Finding
from assessments.xlsforms.guards import FileKind

BEGIN = re.compile(r"^begin[\s_](group|repeat|loop|lgroup|looped group)\b", re.IGNORECASE)
END = re.compile(r"^end[\s_](group|repeat|loop|lgroup|looped group)\b", re.IGNORECASE)
FIRST_ROW = 2  # of data, below the headers
YES = {"yes", "true", "true()", "y", "1"}
Row = dict[str, str]


@dataclass(frozen=True)
class Line:
    """A row of the survey sheet: its number, the path that it gives its question, its cells.

    ``cells`` are keyed by the column's header in lower case.
    """

    number: int
    path: str
    kind: str
    name: str
    cells: Row

    def cell(self, *columns: str) -> str:
        """Return the first of ``columns`` that is filled."""
        return next((self.cells[column] for column in columns if self.cells.get(column)), "")


def read(content: bytes, kind: FileKind) -> DefinitionData:
    """Return the sheets; raise PyXFormError when they cannot be read."""
    return get_xlsform(content, file_type=f".{kind}")


def lines(definition: DefinitionData) -> list[Line]:
    """Return the filled rows of the survey sheet."""
    return list(_lines(definition.survey or ()))


def _lines(rows: Any) -> Iterator[Line]:
    above: list[str] = []
    for number, row in enumerate(rows, start=FIRST_ROW):
        cells = {str(key).strip().lower(): str(value).strip() for key, value in row.items()}
        kind = re.sub(r"\s+", " ", cells.get("type") or cells.get("command") or "")
        name = cells.get("name") or cells.get("tag") or cells.get("value") or ""
        if not cells:
            continue
        if END.match(kind):
            above = above[:-1]
            yield Line(number, "", kind, name, cells)
            continue
        yield Line(number, "/".join([*above, name]), kind, name, cells)
        if BEGIN.match(kind):
            above = [*above, name]


def prepare(
    definition: DefinitionData, *, form_id: str, version: str
) -> tuple[dict[str, Any], list[Finding]]:
    """Return the sheets as pyxform takes them, and remarks on what was filled in for the author.

    A form without ID takes ``form_id``, one without version ``version``. Lists that the old
    ``external_choices`` sheet keeps are moved to ``choices``: selects that read them through
    ``select_one_external`` work in Collect only, ordinary ones work everywhere.
    """
    remarks: list[Finding] = []
    settings = dict((definition.settings or [{}])[0])
    names = {key.strip().lower(): key for key in settings}
    if not {"form_id", "id_string", "set_form_id"} & names.keys():
        settings["form_id"] = form_id
        remarks.append(_filled("form_id", form_id))
    if not settings.get(names.get("version", "version")):
        settings[names.get("version", "version")] = version
        remarks.append(_filled("version", version))
    definition.settings = [settings, *(definition.settings or [{}])[1:]]
    definition.settings_header = [dict.fromkeys(settings)]
    if definition.external_choices:
        remarks += _fold_external_choices(definition)
    remarks += _free_notes(definition)
    return {one.name: getattr(definition, one.name) for one in fields(definition)}, remarks


def _free_notes(definition: DefinitionData) -> list[Finding]:
    """Take "required" off notes that always show: nobody can answer one, so nothing could be sent.

    A required note with a relevance of its own stays: it is the usual way to stop at a
    contradiction until the answers that show it are corrected.
    """
    remarks: list[Finding] = []
    rows: list[Row] = []
    for number, row in enumerate(definition.survey or (), start=FIRST_ROW):
        cells = {key.strip().lower(): (key, str(value).strip()) for key, value in row.items()}
        kind, required, relevant = (
            cells.get(name, ("", ""))[1].lower() for name in ("type", "required", "relevant")
        )
        if kind == "note" and required in YES and not relevant:
            row = {key: value for key, value in row.items() if key != cells["required"][0]}
            remarks.append(
                Finding(
                    _("A note cannot be answered, so this required one would stop every record."),
                    _("Nothing to do here; take “required” off the note in your file."),
                    sheet="survey",
                    row=number,
                    column="required",
                )
            )
        rows.append(row)
    if remarks:
        definition.survey = rows
    return remarks


def _filled(column: str, value: str) -> Finding:
    return Finding(
        _("The form has no “{column}”; “{value}” is used.").format(column=column, value=value),
        _("Write your own into the settings sheet."),
        sheet="settings",
        column=column,
    )


def _fold_external_choices(definition: DefinitionData) -> list[Finding]:
    lists = {_list_of(row) for row in definition.choices or ()}
    external = [row for row in definition.external_choices or () if _list_of(row)]
    if lists & {_list_of(row) for row in external}:
        return []
    header = dict.fromkeys(
        key
        for sheet in (definition.choices_header, definition.external_choices_header)
        for one in sheet or ()
        for key in one
    )
    # The two sheets may spell the list's column differently; one header is kept.
    spelled = next((key for key in header if _is_list(key)), "list_name")
    moved = [
        {(spelled if _is_list(key) else key): value for key, value in row.items()}
        for row in external
    ]
    definition.choices = [*(definition.choices or ()), *moved]
    definition.choices_header = [
        {key: None for key in header if key == spelled or not _is_list(key)}
    ]
    definition.external_choices = None
    definition.external_choices_header = None
    definition.survey = [
        {
            key: re.sub(r"^select_one_external\b", "select_one", value)
            if key.strip().lower() == "type"
            else value
            for key, value in row.items()
        }
        for row in definition.survey or ()
    ]
    return [
        Finding(
            _("The lists of this sheet were moved to the choices sheet."),
            _("Nothing to do: the questions work as select_one with their choice_filter."),
            sheet="external_choices",
        )
    ]


def _is_list(header: str) -> bool:
    return re.sub(r"[\s_]+", "_", header.strip().lower()) == "list_name"


def _list_of(row: Row) -> str:
    return next((value for key, value in row.items() if _is_list(key)), "")


def choice_lines(definition: DefinitionData) -> Iterator[tuple[int, str, Row]]:
    """Yield the number, list and cells of each filled row of the choices sheet."""
    for number, row in enumerate(definition.choices or (), start=FIRST_ROW):
        if row:
            cells = {key.strip().lower(): str(value).strip() for key, value in row.items()}
            yield number, _list_of(row), cells


def copy(definition: DefinitionData) -> DefinitionData:
    """Return a copy that pyxform may change."""
    return DefinitionData(**asdict(definition))
