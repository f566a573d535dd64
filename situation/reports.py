"""Assessment reports: asked for by a member, made by a job, kept as they were made."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment
from core import jobs, policy, typeset
from core.errors import Problem, declare
from core.policy import SYSTEM, Actor
from core.transitions import advance
from situation import charts, report_contents, report_map, report_wording
from situation.models import Report

MAKE_JOB = "make_report"
LANGUAGES = {"en": "English", "ru": "Русский", "hy": "Հայերեն", "az": "Azərbaycanca"}
TEMPLATE = Path(__file__).parent / "typeset" / "assessment.typ"
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


@transaction.atomic
def request(assessment: Assessment, *, actor: Actor, language: str) -> Report:
    """Ask for a report on an assessment; return it, with the job that makes it.

    While the same person's report in the same language is being made, that one is returned. Raises
    Problem ``report_language``, or what the policy raises.
    """
    policy.check(actor, "report.make", assessment)
    if language not in LANGUAGES:
        raise Problem("report_language", language=language, languages=", ".join(LANGUAGES.values()))
    if actor.user is None:
        raise Problem("sign_in")
    Assessment.objects.select_for_update().get(pk=assessment.pk)
    known = Report.objects.filter(
        assessment=assessment, created_by=actor.user, language=language, state=State.MAKING
    ).first()
    if known:
        return known
    report = Report.objects.create(
        operation=assessment.operation,
        assessment=assessment,
        title=assessment.title,
        language=language,
        created_by=actor.user,
    )
    report.job = jobs.enqueue(
        MAKE_JOB,
        title=_("Assessment report: {title} ({language})").format(
            title=assessment.title, language=LANGUAGES[language]
        ),
        actor=actor,
        operation=assessment.operation,
        key=f"report-{report.pk}",
        report_id=report.pk,
    )
    report.save(update_fields=["job"])
    return report


def make(report: Report, *, tell: Callable[[int, int, str], None]) -> Report:
    """Read the figures, set the PDF and keep both; a report that is ready stays as it is.

    Called by the job, perhaps more than once. Raises Problem ``document_not_set``.
    """
    assessment = report.assessment
    if report.is_made or assessment is None:
        return report
    if report.state == State.FAILED:
        report = advance(report, "restart", actor=SYSTEM, failure="")
    with translation.override(report.language):
        tell(1, 3, _("Reading the figures"))
        report.figures = report_contents.collect(assessment, report.language)
        tell(2, 3, _("Setting the pages"))
        document = set_pages(report)
    tell(3, 3, "")
    return keep(report, document)


def set_pages(report: Report) -> typeset.Pdf:
    """Set a report from its figures alone; the active translation must be its language."""
    figures = report.figures
    pictures = {}
    drawn = report_map.draw(report.operation, figures["picture"]["areas"])
    if drawn:
        pictures["map"] = drawn
    if figures["picture"]["days"]:
        days = figures["picture"]["days"]
        pictures["chart"] = charts.draw("days", days, charts.PRINT, width=CHART_WIDTH)
    data = report_wording.data(figures, checksum=report.figures_sha256, has_map=bool(drawn))
    dated = datetime.fromisoformat(figures["picture"]["as_of"])
    return typeset.pdf(TEMPLATE, data, pictures, dated=dated)


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
