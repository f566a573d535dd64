"""Converts an uploaded questionnaire: the XForm that clients run, its questions, and the report."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert as pyxform_convert

from assessments.xlsforms import entities, expressions, lint, support, workbook, xform
from assessments.xlsforms.findings import Finding, Report
from assessments.xlsforms.guards import FileKind, sniff
from assessments.xlsforms.messages import explain
from assessments.xlsforms.questions import SENSITIVITIES, Questions, list_questions
from assessments.xlsforms.workbook import Line
from core.archives import refused
from core.errors import Problem

SCHEMES = {"images": "image", "audio": "audio", "video": "video", "file-csv": "csv"}
ENDINGS = {".csv": "csv", ".geojson": "geojson", ".xml": "xml"}
LONGEST_PATH, LONGEST_NAME, LONGEST_LANGUAGE = 500, 255, 100
# pyxform raises these, too, where a form is so unusual that nobody has thought of a message.
CRASHES = (LookupError, AttributeError, TypeError, ValueError, RecursionError)
ROOT = re.compile(rb"<([\w:.\-]+)([^<>]*?\sid\s*=\s*[\"'][^\"']*[\"'][^<>]*?)(/?)>")


@dataclass
class Conversion:
    """What came out; ``xform`` is blank when the report has errors that left nothing.

    ``attachments`` maps the file names that the form needs to their kind (image, audio, video,
    csv, geojson, xml, file); ``itemsets`` is the content of ``itemsets.csv`` where pyxform made it;
    ``entities`` are the declarations of entities (see assessments.xlsforms.entities).
    """

    report: Report
    form_id: str = ""
    version: str = ""
    title: str = ""
    xform: str = ""
    languages: list[str] = field(default_factory=list)
    default_language: str = ""
    questions: Questions = field(default_factory=Questions)
    attachments: dict[str, str] = field(default_factory=dict)
    itemsets: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)


def convert(content: bytes, file_name: str) -> Conversion:
    """Convert an XLSForm or XForm; raise Problem only where the file is none of them.

    A form without form ID takes the file's name, one without version a part of the content's
    SHA-256, so that the same file always gives the same version.
    """
    kind = sniff(content)
    stem = re.sub(r"[^\w.\-]+", "_", PurePath(file_name).stem).strip("_") or "form"
    version = hashlib.sha256(content).hexdigest()[:10]
    if kind is FileKind.XFORM:
        return _from_xform(content, stem, version)
    return _from_workbook(content, kind, stem, version)


def _from_workbook(content: bytes, kind: FileKind, form_id: str, version: str) -> Conversion:
    try:
        definition = workbook.read(content, kind)
    except Exception as error:  # openpyxl and xlrd raise all kinds of errors on broken files
        raise refused(
            _("The workbook cannot be read: {error}.").format(error=error),
            _("Open it in a spreadsheet program, save it again as .xlsx, and upload that."),
        ) from error
    report = Report()
    lines = workbook.lines(definition)
    untouched = workbook.copy(definition)
    sheets, remarks = workbook.prepare(definition, form_id=form_id, version=version)
    report.warnings += remarks
    said: list[str] = []
    try:
        result = pyxform_convert(sheets, warnings=said)
    except (PyXFormError, *CRASHES) as error:
        known = isinstance(error, PyXFormError)
        message = str(error) if known else _stumbled(error)
        report.errors = _all_errors(message, untouched, lines)
        return Conversion(report=report)
    lists = {name for _number, name, _cells in workbook.choice_lines(definition)}
    report.warnings += [explain(message, lines, lists) for message in said]
    by_path = {line.path: line for line in lines if line.path}
    conversion = _finish(result.xform.encode(), report, by_path)
    conversion.itemsets = result.itemsets or ""
    return conversion


def _stumbled(error: BaseException) -> str:
    said = _("The converter stumbled over something in the form ({error}).")
    return said.format(error=f"{type(error).__name__}: {error}")


def _all_errors(message: str, definition: Any, lines: list[Line]) -> list[Finding]:
    lists = {name for _number, name, _cells in workbook.choice_lines(definition)}
    # pyxform may report several rows at once, each from its place on; ours word the same alike.
    said = [explain(one, lines, lists) for one in re.split(r"\n(?=\[row : \d+\])", message)]
    others = lint.findings(definition)
    found = {(one.sheet, one.row, one.message): one for one in [*said, *others]}
    return sorted(found.values(), key=lambda one: (one.row is None, one.row or 0))


def _from_xform(content: bytes, form_id: str, version: str) -> Conversion:
    form = xform.read(content)
    report = Report()
    if not form.form_id:
        raise refused(
            _("The XForm's first instance has no id."),
            _("Give the element below <instance> an id attribute: the form ID."),
        )
    if not form.version:
        content = _with_version(content, form.form_id, version)
        report.warnings.append(
            Finding(_("The form has no version; “{version}” is used.").format(version=version))
        )
    return _finish(content, report, {})


def _with_version(content: bytes, form_id: str, version: str) -> bytes:
    """Write a version into the root of the first instance."""
    for match in ROOT.finditer(content, content.find(b"<instance")):
        if form_id.encode() in match[2]:
            opening = match[0].rstrip(b">").rstrip(b"/")
            closing = b"/>" if match[3] else b">"
            changed = opening + f' version="{version}"'.encode() + closing
            return content[: match.start()] + changed + content[match.end() :]
    raise refused(
        _("The XForm has no version, and none can be written into it."),
        _("Give the element below <instance> a version attribute."),
    )


def _finish(content: bytes, report: Report, rows: dict[str, Line]) -> Conversion:
    form = xform.read(content)
    questions = list_questions(form)
    _take_own_columns(questions, rows, report)
    expressions.check(form, rows, report)
    support.check(form, questions.asked, rows, report)
    _check_lengths(questions, report)
    report.counts = count(questions)
    if not report.counts["questions"]:
        report.errors.append(
            Finding(_("The form asks nothing."), _("Add questions to the survey sheet."), "survey")
        )
    unnamed = xform.UNNAMED_LANGUAGE
    return Conversion(
        report=report,
        form_id=form.form_id[:255],
        version=form.version,
        title=form.title or form.form_id,
        xform=_text(content),
        languages=[name[:LONGEST_LANGUAGE] for name in form.languages or [unnamed]],
        default_language=(form.default_language or unnamed)[:LONGEST_LANGUAGE],
        questions=questions,
        attachments=attachments(form.references),
        entities=entities.declared(form),
    )


def _check_lengths(questions: Questions, report: Report) -> None:
    """Refuse names so long that the places of their answers could not be stored."""
    for asked in questions.asked:
        if len(asked.path) > LONGEST_PATH or len(asked.name) > LONGEST_NAME:
            report.errors.append(
                Finding(
                    _("The name “{name}…”, with its groups, is too long.").format(
                        name=asked.name[:40]
                    ),
                    _("Shorten the names of the question and of the groups around it."),
                    sheet="survey",
                    column="name",
                    question=asked.path[:LONGEST_PATH],
                )
            )


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem("xml_refused", reason=_("It is not encoded in UTF-8.")) from error


def _take_own_columns(questions: Questions, rows: dict[str, Line], report: Report) -> None:
    """Read the columns that pyxform drops: HXL tags, sensitivity, and photos that keep a place."""
    for asked in questions.asked:
        line = rows.get(asked.path)
        if line is None:
            continue
        asked.hxl = (line.cell("hxl") or asked.hxl)[:100]
        asked.keeps_place = line.cell("tessera::place", "tessera:place").lower() == "keep"
        wanted = line.cell("tessera::sensitivity", "tessera:sensitivity").lower()
        if wanted in SENSITIVITIES:
            asked.sensitivity = wanted
        elif wanted:
            report.warnings.append(
                Finding(
                    _("“{word}” is no sensitivity.").format(word=wanted),
                    _("Write public, partner, internal or restricted."),
                    sheet="survey",
                    row=line.number,
                    column="tessera::sensitivity",
                    question=asked.path,
                )
            )


def attachments(references: list[str]) -> dict[str, str]:
    """Return the files that ``jr://`` references name, with their kind."""
    wanted: dict[str, str] = {}
    for reference in references:
        scheme, _slash, name = reference.removeprefix("jr://").partition("/")
        if reference.startswith("jr://instance/") or not name:
            continue  # last-saved answers come from the device
        wanted[name] = SCHEMES.get(scheme) or ENDINGS.get(PurePath(name).suffix.lower(), "file")
    return wanted


def count(questions: Questions) -> dict[str, int]:
    """Return how many questions, groups, choices and so on the form has."""
    kinds = [asked.kind for asked in questions.asked]
    shown = {"note", "calculate", "hidden", "begin_group", "begin_repeat", "start", "end", "today"}
    return {
        "questions": sum(kind not in shown for kind in kinds),
        "notes": kinds.count("note"),
        "calculations": kinds.count("calculate"),
        "groups": kinds.count("begin_group"),
        "repeats": kinds.count("begin_repeat"),
        "choices": len(questions.offered),
        "lists": len({one.list_name for one in questions.offered}),
    }
