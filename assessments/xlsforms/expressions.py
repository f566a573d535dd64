"""Checks the XPath of a form, which pyxform passes on unread: syntax, functions, traps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from lxml.etree import XPath, XPathSyntaxError

from assessments import xml
from assessments.xlsforms.findings import Finding, Report
from assessments.xlsforms.workbook import Line
from assessments.xlsforms.xform import XForm, attributes

# Attribute of the XForm -> column of the workbook.
COLUMNS = {
    "calculate": "calculation",
    "relevant": "relevant",
    "constraint": "constraint",
    "required": "required",
    "readonly": "read_only",
}
FUNCTION = re.compile(r"(?<![\w.\-])([A-Za-z_][\w.\-]*(?::[\w.\-]+)?)\s*\(")
LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
SUM = re.compile(r"(?<![\w.\-])sum\s*\(\s*([^()\[\]]*)")
# The functions of the ODK XForms specification; node tests count as functions here.
FUNCTIONS = {
    "abs", "acos", "area", "asin", "atan", "atan2", "base64-decode", "boolean",
    "boolean-from-string", "ceiling", "checklist", "choice-name", "coalesce", "comment",
    "concat", "contains", "cos", "count", "count-non-empty", "count-selected", "current",
    "date", "date-time", "decimal-date-time", "decimal-time", "digest", "distance", "ends-with",
    "exp", "exp10", "false", "floor", "format-date", "format-date-time", "geofence", "id", "if",
    "indexed-repeat", "instance", "int", "itext", "jr:choice-name", "jr:itext", "join", "lang",
    "last", "local-name", "log", "log10", "max", "min", "name", "namespace-uri", "node",
    "normalize-space", "not", "now", "number", "once", "pi", "position", "pow", "pulldata",
    "random", "randomize", "regex", "round", "selected", "selected-at", "sin", "sqrt",
    "starts-with", "string", "string-length", "substr", "substring", "substring-after",
    "substring-before", "sum", "tan", "text", "today", "translate", "true", "uuid",
    "weighted-checklist",
}  # fmt: skip
COLLECT_ONLY = {"extract-signed", "intersects", "property", "version", "jr:constant-prop"}


@dataclass(frozen=True)
class Expression:
    """An expression, where it stands, and which question it belongs to."""

    path: str
    column: str
    text: str


def check(form: XForm, rows: dict[str, Line], report: Report) -> None:
    """Add to the report what is wrong, or will surprise, in the form's expressions."""
    for expression in _expressions(form):
        finding = _finder(expression, rows)
        try:
            XPath(expression.text)
        except XPathSyntaxError:
            report.errors.append(
                finding(
                    _("The expression “{text}” is not complete or not well-formed."),
                    _("Check brackets, quotes and operators; compare with “=”, join with “and”."),
                )
            )
            continue
        plain = LITERAL.sub("''", expression.text)
        _check_functions(plain, finding, report)
        if any(_may_be_blank(form, name) for name in SUM.findall(plain)):
            report.warnings.append(
                finding(
                    _("sum() gives nothing as soon as one of its values is blank."),
                    _("Make the question that is summed up required, or give it a default of 0."),
                )
            )


def _may_be_blank(form: XForm, reference: str) -> bool:
    """Return whether what is summed can be left blank; a plain calculation is always there."""
    path = "/".join(reference.strip().strip("/").split("/")[1:])
    bind = form.binds.get(path, {})
    always = "calculate" in bind or bind.get("required", "").strip() == "true()"
    return not always or "relevant" in bind


class _finder:
    """Makes findings about one expression."""

    def __init__(self, expression: Expression, rows: dict[str, Line]) -> None:
        self.expression = expression
        self.line = rows.get(expression.path)

    def __call__(self, message: str, fix: str, **said: str) -> Finding:
        text = self.expression.text
        shown = text if len(text) <= 120 else text[:119] + "…"
        return Finding(
            message.format(text=shown, **said),
            fix,
            sheet="survey" if self.line else "",
            row=self.line.number if self.line else None,
            column=self.expression.column,
            question=self.expression.path,
        )


def _check_functions(plain: str, finding: _finder, report: Report) -> None:
    for name in dict.fromkeys(FUNCTION.findall(plain)):
        if name in FUNCTIONS or name in {"and", "or", "div", "mod"} or "::" in name:
            continue
        if name in COLLECT_ONLY:
            report.unsupported.append(
                finding(
                    _("The browser form does not know the function {name}()."),
                    _("Fill this form with ODK Collect, or write the expression without it."),
                    name=name,
                )
            )
        else:
            report.errors.append(
                finding(
                    _("There is no function {name}() in “{text}”."),
                    _("Correct its name; the ODK XForms specification lists the functions."),
                    name=name,
                )
            )


def _expressions(form: XForm) -> Iterator[Expression]:
    for path, bind in form.binds.items():
        for attribute, column in COLUMNS.items():
            if bind.get(attribute, "").strip():
                yield Expression(path, column, bind[attribute])
    for path, repeat in form.repeats.items():
        if repeat.attributes.get("count"):
            yield Expression(path, "repeat_count", repeat.attributes["count"])
    for path, control in form.controls.items():
        for one in control.element if control.element is not None else ():
            tag = xml.local(one.tag)
            if tag == "itemset":
                yield Expression(path, "choice_filter", one.get("nodeset") or "''")
            elif tag == "setvalue" and attributes(one).get("value"):
                yield Expression(path, "calculation", attributes(one)["value"])
