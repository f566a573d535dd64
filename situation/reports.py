"""Reports: asked for by a member, made by a job, kept as they were made."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment
from core import jobs, policy, typeset
from core.errors import Problem, declare
from core.models import Operation
from core.policy import SYSTEM, Actor
from core.transitions import advance
from situation import (
    charts,
    convoy_contents,
    convoy_wording,
    report_contents,
    report_map,
    report_wording,
)
from situation.models import Report

MAKE_JOB = "make_report"
LANGUAGES = {"en": "English", "ru": "Русский", "hy": "Հայերեն", "az": "Azərbaycanca"}
TEMPLATE = Path(__file__).parent / "typeset" / "assessment.typ"
CONVOYS_TEMPLATE = TEMPLATE.with_name("convoys.typ")
Pages = tuple[Path, dict[str, Any], dict[str, str]]
JOB_TITLES = {
    Report.Kind.ASSESSMENT: gettext_lazy("Assessment report: {title} ({language})"),
    Report.Kind.CONVOYS: gettext_lazy("Convoy report: {title} ({language})"),
}
CHART_WIDTH = 640
State = Report.State

declare(
    "report_language",
    400,
    gettext_lazy("Reports are not made in this language"),
    gettext_lazy("“{language}” is not among the languages of reports: {languages}."),
    gettext_lazy("Choose one of them."),
)
declare(
    "report_not_ready",
    409,
    gettext_lazy("The report is not ready"),
    gettext_lazy("It is: {state}."),
    gettext_lazy("Wait until it is made, or see on its page why it was not."),
)
declare(
    "report_not_failed",
    409,
    gettext_lazy("This report did not fail"),
    gettext_lazy("It is: {state}."),
    gettext_lazy("Ask for a new report to have newer figures."),
)
declare(
    "report_file_gone",
    410,
    gettext_lazy("The file of this report is gone"),
    gettext_lazy("The report is known, but its file is missing on the server."),
    gettext_lazy("Ask for the report again, and tell the administrator."),
)


def offered(language: str | None) -> str:
    """Return the language that a form for a new report offers to a reader of ``language``."""
    return language if language in LANGUAGES else "en"


@transaction.atomic
def request(assessment: Assessment, *, actor: Actor, language: str) -> Report:
    """Ask for a report on an assessment; return it, with the job that makes it.

    While the same person's report in the same language is being made, that one is returned. Raises
    Problem ``report_language``, or what the policy raises.
    """
    policy.check(actor, "report.make", assessment)
    Assessment.objects.select_for_update().get(pk=assessment.pk)
    return _ask(
        assessment.operation,
        actor=actor,
        language=language,
        title=assessment.title,
        assessment=assessment,
        kind=Report.Kind.ASSESSMENT,
    )


@transaction.atomic
def request_on_convoys(operation: Operation, *, actor: Actor, language: str) -> Report:
    """Ask for a report on an operation's convoys and access; else as ``request``."""
    policy.check(actor, "convoy_report.make", operation)
    Operation.objects.select_for_update().get(pk=operation.pk)
    with translation.override(language if language in LANGUAGES else None):
        title = _("Convoys and access: {operation}").format(operation=operation.name)
    return _ask(operation, actor=actor, language=language, title=title, kind=Report.Kind.CONVOYS)


def _ask(
    operation: Operation,
    *,
    actor: Actor,
    language: str,
    title: str,
    kind: Report.Kind,
    assessment: Assessment | None = None,
) -> Report:
    if language not in LANGUAGES:
        raise Problem("report_language", language=language, languages=", ".join(LANGUAGES.values()))
    if actor.user is None:
        raise Problem("sign_in")
    subject = {"operation": operation, "assessment": assessment, "kind": kind}
    known = Report.objects.filter(
        **subject, created_by=actor.user, language=language, state=State.MAKING
    ).first()
    if known:
        return known
    report = Report.objects.create(**subject, title=title, language=language, created_by=actor.user)
    report.job = jobs.enqueue(
        MAKE_JOB,
        title=JOB_TITLES[kind].format(title=title, language=LANGUAGES[language]),
        actor=actor,
        operation=operation,
        key=f"report-{report.pk}",
        report_id=report.pk,
    )
    report.save(update_fields=["job"])
    return report


def make(report: Report, *, tell: Callable[[int, int, str], None]) -> Report:
    """Read the figures, set the PDF and keep both; a report that is ready stays as it is.

    Called by the job, perhaps more than once. Raises Problem ``document_not_set``.
    """
    if report.is_made:
        return report
    if report.state == State.FAILED:
        report = advance(report, "restart", actor=SYSTEM, failure="")
    with translation.override(report.language):
        tell(1, 3, _("Reading the figures"))
        report.figures = collect(report)
        tell(2, 3, _("Setting the pages"))
        document = set_pages(report)
    tell(3, 3, "")
    return keep(report, document)


def collect(report: Report) -> dict[str, Any]:
    """Return what a report says at this moment; the active translation must be its language."""
    if report.assessment is None:
        return convoy_contents.collect(report.operation, report.language)
    return report_contents.collect(report.assessment, report.language)


def set_pages(report: Report) -> typeset.Pdf:
    """Set a report from its figures alone; the active translation must be its language."""
    pages = _on_convoys if report.kind == Report.Kind.CONVOYS else _on_assessment
    template, data, pictures = pages(report)
    dated = datetime.fromisoformat(report.figures["picture"]["as_of"])
    return typeset.pdf(template, data, pictures, dated=dated)


def _on_assessment(report: Report) -> Pages:
    figures = report.figures
    pictures = {}
    drawn = report_map.draw(report.operation, figures["picture"]["areas"])
    if drawn:
        pictures["map"] = drawn
    if figures["picture"]["days"]:
        days = figures["picture"]["days"]
        pictures["chart"] = charts.draw("days", days, charts.PRINT, width=CHART_WIDTH)
    data = report_wording.data(figures, checksum=report.figures_sha256, has_map=bool(drawn))
    return TEMPLATE, data, pictures


def _on_convoys(report: Report) -> Pages:
    rows = convoy_wording.bars(report.figures["picture"]["stages"])
    pictures = {"funnel": charts.draw("funnel", rows, charts.PRINT, width=CHART_WIDTH)}
    data = convoy_wording.data(report.figures, checksum=report.figures_sha256)
    return CONVOYS_TEMPLATE, data, pictures


@transaction.atomic
def keep(report: Report, document: typeset.Pdf) -> Report:
    """Keep a set report with its figures; from now on neither changes."""
    digest = hashlib.sha256(document.content).hexdigest()
    report.file.save(f"{uuid4().hex}.pdf", ContentFile(document.content), save=False)
    return advance(
        report,
        "finish",
        actor=SYSTEM,
        figures=report.figures,
        as_of=datetime.fromisoformat(report.figures["picture"]["as_of"]),
        file=report.file.name,
        sha256=digest,
        pages=document.pages,
        failure="",
    )


def fail(report: Report, reason: str) -> Report:
    """Say on the report why it could not be made; called when the job's last attempt has failed."""
    return advance(report, "fail", actor=SYSTEM, failure=reason[:1000])


def ready(report: Report) -> Report:
    """Return a report that can be read; raise Problem ``report_not_ready`` for another."""
    if not report.is_made:
        raise Problem("report_not_ready", state=report.get_state_display())
    return report


def retry(report: Report, *, actor: Actor) -> Report:
    """Try a failed report again; raise Problem ``report_not_failed``, or what the policy raises."""
    policy.check(actor, "report.retry", report)
    if report.state != State.FAILED or report.job is None:
        raise Problem("report_not_failed", state=report.get_state_display())
    jobs.retry(report.job)
    return report
