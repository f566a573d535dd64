"""Binds the life cycles to their models, with the conditions that the tables cannot say."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Assessment, FormVersion, Submission
from assessments.models.states import ASSESSMENT, FORM_VERSION, SUBMISSION
from core.errors import Problem
from core.transitions import guard, register

register(Assessment, ASSESSMENT)
register(FormVersion, FORM_VERSION)
register(Submission, SUBMISSION)


@guard(Assessment, "schedule")
@guard(Assessment, "start_field_work")
def conditions_hold(assessment: Assessment, facts: dict[str, Any]) -> None:
    """Refuse while a condition is open."""
    waiting = [str(condition) for condition in assessment.open_conditions()]
    if waiting:
        raise Problem(
            "guard_failed",
            reason=_("These conditions do not hold yet: {conditions}.").format(
                conditions="; ".join(waiting)
            ),
            fix=_("Record since when each holds, with its evidence, on the assessment's page."),
        )


@guard(FormVersion, "publish")
def nothing_missing(version: FormVersion, facts: dict[str, Any]) -> None:
    """Refuse to publish while an attached file is missing."""
    missing = list(version.attachments.filter(file="").values_list("file_name", flat=True))
    if missing:
        raise Problem(
            "guard_failed",
            reason=_("The form names files that are missing: {files}.").format(
                files=", ".join(missing)
            ),
            fix=_("Upload them on the form's page, then publish."),
        )
