"""Says at publication, never in the field, what the browser form cannot do with a form."""

import re
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.xlsforms.findings import Finding, Report
from assessments.xlsforms.questions import Asked
from assessments.xlsforms.workbook import Line
from assessments.xlsforms.xform import XForm

Words = str | Promise
SEARCH = re.compile(r"(^|\s)search\s*\(")
COLLECT = gettext_lazy("ODK Collect can do it; in the browser the question is shown without.")
KINDS: dict[str, Words] = {
    "background-audio": gettext_lazy("The browser form does not record sound in the background."),
    "audit": gettext_lazy(
        "The browser form's audit log has times and changes, but no positions or reasons."
    ),
    "phonenumber": gettext_lazy("A browser does not know the device's telephone number."),
    "simserial": gettext_lazy("A browser does not know the SIM card."),
    "subscriberid": gettext_lazy("A browser does not know the SIM card."),
    "email": gettext_lazy("The browser form does not fill in the e-mail address of the device."),
}
APPEARANCES: tuple[tuple[re.Pattern[str], Words], ...] = (
    (re.compile(r"(^|\s)ex:"), gettext_lazy("The browser form cannot call another application.")),
    (re.compile(r"(^|\s)printer\b"), gettext_lazy("The browser form cannot print labels.")),
    (re.compile(r"(^|\s)bearing\b"), gettext_lazy("The browser form cannot read a compass.")),
    (
        re.compile(r"(^|\s)image-map\b"),
        gettext_lazy("The browser form shows the choices as a list, not on the picture."),
    ),
    (
        re.compile(r"(^|\s)map(\s|$)"),
        gettext_lazy("The browser form shows the places to choose from as a list, not on a map."),
    ),
    (
        re.compile(r"(^|\s)quick(compact)?\b"),
        gettext_lazy("The browser form does not go on by itself after a choice."),
    ),
    (
        re.compile(r"(^|\s)(bikram-sambat|myanmar)\b"),
        gettext_lazy("The browser form shows the day in the common calendar only."),
    ),
)
# What the browser form understands, or what changes nothing in a browser; docs/field-client.md
# has the list for people.
KNOWN = {
    "annotate", "autocomplete", "buddhist", "columns", "columns-flex", "columns-pack", "compact",
    "coptic", "counter", "draw", "ethiopian", "field-list", "hidden-answer", "horizontal",
    "horizontal-compact", "islamic", "label", "likert", "list", "list-nolabel", "maps", "masked",
    "minimal", "month-year", "multiline", "new", "new-front", "no-buttons", "no-calendar",
    "no-ticks", "numbers", "persian", "picker", "placement-map", "rating", "search", "selfie",
    "signature", "table-list", "thousands-sep", "url", "vertical", "year",
}  # fmt: skip
NUMBERED = re.compile(r"(columns|compact|w)-?\d+")
CALL = re.compile(r"[\w.\-]+\s*[:(].*", re.DOTALL)


def check(form: XForm, asked: list[Asked], rows: dict[str, Line], report: Report) -> None:
    """Add to the report what the browser form cannot do, and what would break it."""
    for question in asked:
        _check_question(form, question, _at(question, rows), report)
    if form.is_encrypted:
        report.errors.append(
            Finding(
                _("The form encrypts its records; the server could not read them."),
                _("Remove public_key and submission_url from the settings sheet."),
                sheet="settings",
                column="public_key",
            )
        )


def _check_question(
    form: XForm, question: Asked, finding: Callable[[Words, Words], Finding], report: Report
) -> None:
    if SEARCH.search(question.appearance):
        report.errors.append(
            finding(
                _("search() in the appearance cannot work in the browser form."),
                _("Write select_one_from_file with a choice_filter instead."),
            )
        )
    if question.kind in KINDS:
        report.unsupported.append(finding(KINDS[question.kind], COLLECT))
    _check_appearance(question.appearance, finding, report)
    control = form.controls.get(question.path)
    if control is not None and "query" in control.attributes:
        report.errors.append(
            finding(
                _("select_one_external cannot work in the browser form."),
                _("Move the list to the choices sheet, and write select_one for the type."),
            )
        )
    if control is not None and "intent" in control.attributes:
        report.unsupported.append(
            finding(_("The browser form cannot call another application."), COLLECT)
        )


def _check_appearance(
    appearance: str, finding: Callable[[Words, Words], Finding], report: Report
) -> None:
    for pattern, message in APPEARANCES:
        if pattern.search(appearance):
            report.unsupported.append(finding(message, COLLECT))
    for word in CALL.sub("", appearance).lower().split():
        told = any(pattern.search(word) for pattern, _message in APPEARANCES)
        if not (told or word in KNOWN or NUMBERED.fullmatch(word)):
            message = _("The browser form does not know the appearance “{word}”.")
            fix = _("Correct it or leave it out; in the browser the question is shown without.")
            report.unsupported.append(finding(message.format(word=word), fix))


def _at(question: Asked, rows: dict[str, Line]) -> Callable[[Words, Words], Finding]:
    # The audit log stands in the form's meta block, wherever its row is.
    line = rows.get(question.path) or rows.get(question.path.removeprefix("meta/"))

    def finding(message: Words, fix: Words) -> Finding:
        return Finding(
            str(message),
            str(fix),
            sheet="survey" if line else "",
            row=line.number if line else None,
            column="appearance" if "appearance" in (line.cells if line else {}) else "",
            question=question.path,
        )

    return finding
