"""Turns pyxform's messages into findings: where it is in the workbook, and how to put it right."""

import difflib
import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.xlsforms.findings import Finding
from assessments.xlsforms.workbook import Line

TYPES = (
    "text", "integer", "decimal", "range", "select_one", "select_multiple", "rank",
    "select_one_from_file", "select_multiple_from_file", "note", "geopoint", "geotrace", "geoshape",
    "date", "time", "dateTime", "image", "audio", "background-audio", "video", "file", "barcode",
    "calculate", "acknowledge", "hidden", "xml-external", "csv-external", "start", "end", "today",
    "deviceid", "phonenumber", "username", "email", "audit", "start-geopoint", "begin_group",
    "end_group", "begin_repeat", "end_repeat",
)  # fmt: skip
WHERE = re.compile(r"\[row : (?P<row>\d+)\]\s*")
SHEET = re.compile(r"On the '(?P<sheet>[^']+)' sheet, ")
COLUMN = re.compile(r"the '(?P<column>[^']+)' value")
HEADERS = re.compile(r"Invalid headers provided for sheet: '(?P<sheet>[^']+)'")
LEARN_MORE = re.compile(r"\s*Learn more: \S+")


@dataclass(frozen=True)
class Wording:
    """What we say for a message of pyxform; ``{…}`` are the named groups of its pattern."""

    pattern: str
    message: str | Promise
    fix: str | Promise
    sheet: str = "survey"
    column: str = ""


WORDINGS = (
    Wording(
        r"Unknown question type '(?P<what>.*)'",
        gettext_lazy("“{what}” is no question type."),
        gettext_lazy("Write a type of the XLSForm standard.{suggestion}"),
        column="type",
    ),
    Wording(
        r"List name not in (external )?choices sheet: (?P<what>.*)",
        gettext_lazy("The list “{what}” is not on the choices sheet."),
        gettext_lazy("Add its rows there, or correct the name of the list.{suggestion}"),
        column="type",
    ),
    Wording(
        r"There should be a choices sheet",
        gettext_lazy("There is no choices sheet with lists, but questions choose from them."),
        gettext_lazy("Add a sheet “choices” with the columns list_name, name and label."),
        sheet="choices",
    ),
    Wording(
        r"There should be an external_choices sheet",
        gettext_lazy("There is no sheet “external_choices”, but a question reads from it."),
        gettext_lazy("Move the list to the choices sheet, and write select_one for the type."),
        sheet="external_choices",
    ),
    Wording(
        r"'name' value '(?P<what>[^']*)' is invalid\. Questions, groups, and repeats must be",
        gettext_lazy("The name “{what}” is used twice in the same group."),
        gettext_lazy("Give each question of a group a name of its own."),
        column="name",
    ),
    Wording(
        r"'name' value '(?P<what>[^']*)' is invalid\. Repeat names must",
        gettext_lazy("The repeat's name “{what}” is taken."),
        gettext_lazy("Give the repeat a name that no other repeat and not the form has."),
        column="name",
    ),
    Wording(
        r"Unmatched 'end_(?P<what>\w+)'",
        gettext_lazy("This “end {what}” closes nothing that is open here."),
        gettext_lazy("Remove it, or add the “begin {what}”; groups and repeats close in turn."),
        column="type",
    ),
    Wording(
        r"Unmatched 'begin_(?P<what>\w+)'.*for the name '(?P<name>[^']*)'",
        gettext_lazy("The {what} “{name}” is never closed."),
        gettext_lazy("Add a row “end {what}” after its last question."),
        column="type",
    ),
    Wording(
        r"Could not find the name '(?P<what>[^']*)'",
        gettext_lazy("The expression refers to “{what}”, which is no question of this form."),
        gettext_lazy("Correct the name in ${{…}}, or add the question.{suggestion}"),
    ),
    Wording(
        r"The name '(?P<what>[^']*)' appears more than once",
        gettext_lazy("The expression refers to “{what}”, but several questions have that name."),
        gettext_lazy("Rename the questions so that each that is referred to has its own name."),
    ),
    Wording(
        r"There (is no survey element|are multiple survey elements) named '(?P<what>[^']*)'",
        gettext_lazy("An expression refers to “{what}”, which is not exactly one question."),
        gettext_lazy("Correct the name in ${{…}}.{suggestion}"),
    ),
    Wording(
        r"Reference variables must start with",
        gettext_lazy("A reference to a question is not written as ${{name}}."),
        gettext_lazy("Write ${{, the question's name without spaces, and }}."),
    ),
    Wording(
        r"required column headers were not found: (?P<what>.*)",
        gettext_lazy("The sheet lacks the column {what}."),
        gettext_lazy("Add the column, or correct the spelling of its header in row 1."),
        sheet="",
    ),
    Wording(
        r"different names for the same column were found: '(?P<one>[^']*)', '(?P<other>[^']*)'",
        gettext_lazy("The columns “{one}” and “{other}” mean the same."),
        gettext_lazy("Keep one of them."),
        sheet="",
    ),
    Wording(
        r"Duplicate column header: (?P<what>.*)",
        gettext_lazy("The column “{what}” stands there twice."),
        gettext_lazy("Keep one of them."),
        sheet="",
    ),
    Wording(
        r"Column headers must not be empty and must not contain spaces",
        gettext_lazy("A column's header is empty or contains a space."),
        gettext_lazy("Write an underscore for the space, or remove the column."),
        sheet="choices",
    ),
    Wording(
        r"Choices must have a name",
        gettext_lazy("A choice has no name."),
        gettext_lazy("Write a short code into the column “name”."),
        sheet="choices",
        column="name",
    ),
    Wording(
        r"Choice names must be unique",
        gettext_lazy("The list has two choices with this name."),
        gettext_lazy("Rename one, or set allow_choice_duplicates to yes on the settings sheet."),
        sheet="choices",
        column="name",
    ),
    Wording(
        r"Choice names with spaces .* See \[(?P<what>.*)\] in \[(?P<list>.*)\]",
        gettext_lazy("The name “{what}” in the list “{list}” contains a space."),
        gettext_lazy("Write an underscore for the space: several answers are kept with spaces."),
        sheet="choices",
        column="name",
    ),
    Wording(
        r"Names must begin with a letter or underscore",
        gettext_lazy("This name cannot be used."),
        gettext_lazy("Begin with a letter; use letters, digits, “_”, “-” and “.”, no spaces."),
        column="name",
    ),
    Wording(
        r"Question or group with no name",
        gettext_lazy("A question or group has no name."),
        gettext_lazy("Write a short name without spaces into the column “name”."),
        column="name",
    ),
    Wording(
        r"Question with no type",
        gettext_lazy("A row has a name or a label, but no type."),
        gettext_lazy("Write the type of the question, or clear the row."),
        column="type",
    ),
    Wording(
        r"Missing calculation",
        gettext_lazy("A calculate question has no calculation."),
        gettext_lazy("Write the expression into the column “calculation”."),
        column="calculation",
    ),
    Wording(
        r"The survey element named '(?P<what>[^']*)' has no label or hint",
        gettext_lazy("The question “{what}” has neither label nor hint."),
        gettext_lazy("Write what is asked into the column “label”."),
        column="label",
    ),
    Wording(
        r"You must have a sheet named 'survey'",
        gettext_lazy("There is no sheet “survey” with column heads in its first row."),
        gettext_lazy(
            "Name the sheet with the questions “survey”, and begin it with type, name, label."
        ),
        sheet="",
    ),
    Wording(
        r"File name for '(?P<what>.*)' should end with one of",
        gettext_lazy("“{what}” names a file that cannot hold choices."),
        gettext_lazy("Use a .csv, .geojson or .xml file."),
        column="type",
    ),
    Wording(
        r"Choice filter not supported with or_other",
        gettext_lazy("“or_other” does not go together with a choice filter."),
        gettext_lazy("Add the choice “other” and a text question to the form yourself."),
        column="choice_filter",
    ),
    Wording(
        r"(Parameters must be in the form of|invalid parameter key)",
        gettext_lazy("The parameters are not right for this question type."),
        gettext_lazy("Write name=value pairs that the question type knows, with spaces between."),
        column="parameters",
    ),
    # From here on: what pyxform only warns of.
    Wording(
        r"Repeat has no label: \{'name': '(?P<what>[^']*)'",
        gettext_lazy("A repeat has no label."),
        gettext_lazy("Write what its members are into “label”, so that “Add” says what is added."),
        column="label",
    ),
    Wording(
        r"Use the max-pixels parameter",
        gettext_lazy("Photos are sent as large as the camera makes them."),
        gettext_lazy("Write max-pixels=1024 or similar into “parameters”: slow links will thank."),
        column="parameters",
    ),
    Wording(
        r"language declarations do not contain valid machine-readable codes: (?P<what>.*)\.",
        gettext_lazy("These languages have no code: {what}."),
        gettext_lazy("Write label::English (en), so that devices can choose the language."),
        column="label",
    ),
    Wording(
        r"Language '(?P<what>[^']*)' is missing the (?P<sheet>\w+)",
        gettext_lazy("Some texts are not translated into every language."),
        gettext_lazy("Fill the columns of each language; what is missing shows in another one."),
        sheet="",
    ),
    Wording(
        r"Row without name, text, or label is being skipped",
        gettext_lazy("A row has neither type nor name, and is left out."),
        gettext_lazy("Clear the row if it is a comment."),
    ),
    Wording(
        r"case-insensitive match to another name",
        gettext_lazy("Two names differ only by capital letters."),
        gettext_lazy("Rename one: many programs take them for the same."),
        column="name",
    ),
    Wording(
        r"Choices should have a label",
        gettext_lazy("A choice has no label; its name is shown instead."),
        gettext_lazy("Write what people shall read into the column “label”."),
        sheet="choices",
        column="label",
    ),
)


def explain(message: str, lines: list[Line], lists: set[str]) -> Finding:
    """Return a finding for a message of pyxform; an unknown one is given as it stands."""
    text = LEARN_MORE.sub("", message)
    row = WHERE.search(text)
    sheet, column = SHEET.search(text) or HEADERS.search(text), COLUMN.search(text)
    number = int(row["row"]) if row else None
    for wording in WORDINGS:
        match = re.search(wording.pattern, text, re.DOTALL)
        if not match:
            continue
        said = match.groupdict()
        if number is None:
            number = _row_of(wording, said, lines)
        said["suggestion"] = suggestion(said.get("what") or "", wording, lines, lists)
        return Finding(
            str(wording.message).format(**said),
            str(wording.fix).format(**said),
            sheet=sheet["sheet"] if sheet else wording.sheet,
            row=number,
            column=wording.column or (column["column"] if column else ""),
        )
    return Finding(
        WHERE.sub("", text).strip(),
        _("The XLSForm reference at xlsform.org explains the columns and types."),
        sheet=sheet["sheet"] if sheet else ("survey" if number else ""),
        row=number,
        column=column["column"] if column else "",
    )


def _row_of(wording: Wording, said: dict[str, str], lines: list[Line]) -> int | None:
    """Return the row that a message without a number speaks of, where one cell gives it away."""
    if wording.sheet != "survey":
        return None
    what = said.get("what", "")
    named = (line.number for line in lines if what and what in {line.kind, line.name})
    return next(named, None)


def suggestion(what: str, wording: Wording, lines: list[Line], lists: set[str]) -> str:
    """Return “ Did you mean …?” when something known is spelled nearly so."""
    known: set[str] = {line.name for line in lines if line.name}
    word = what
    if wording.column == "type" and "question type" in wording.pattern:
        known, word = set(TYPES), what.partition(" ")[0]
    elif wording.column == "type":
        known = lists
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return " " + _("Did you mean “{word}”?").format(word=near[0]) if near else ""
