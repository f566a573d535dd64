"""Binds the life cycles to their models, with the conditions that the tables cannot say."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Assessment, FormVersion, Submission
from assessments.models.states import ASSESSMENT, FORM_VERSION, SUBMISSION
from core import policy
from core.errors import Problem
from core.policy import VERBS
from core.transitions import guard, register

register(Assessment, ASSESSMENT)
register(FormVersion, FORM_VERSION)
register(Submission, SUBMISSION)


@guard(Assessment, "plan")
def scope_is_chosen(assessment: Assessment, facts: dict[str, Any]) -> None:
    """Refuse a plan that goes nowhere."""
    if not assessment.scope.exists():
        raise Problem(
            "guard_failed",
            reason=_("No area is in the scope yet."),
            fix=_("Choose the areas on the page “Edit the plan”."),
        )


@guard(Assessment, "await_conditions")
def something_to_wait_for(assessment: Assessment, facts: dict[str, Any]) -> None:
    """Refuse to wait for nothing."""
    if not assessment.open_conditions().exists():
        raise Problem(
            "guard_failed",
            reason=_("All conditions hold, so there is nothing to wait for."),
            fix=_("Schedule the assessment, or add the condition that is open."),
        )


@guard(Assessment, "schedule")
@guard(Assessment, "start_field_work")
def conditions_hold(assessment: Assessment, facts: dict[str, Any]) -> None:
    """Refuse while a condition is open, and name who can record that it holds."""
    waiting = [str(condition) for condition in assessment.open_conditions()]
    if waiting:
        planners = policy.who_could(VERBS["assessment.plan"], assessment)
        raise Problem(
            "guard_failed",
            reason=_("These conditions do not hold yet: {conditions}.").format(
                conditions="; ".join(waiting)
            ),
            fix=_(
                "Record since when each holds, with its evidence, on the assessment's page. "
                "This can be done by: {roles}. Here that is: {people}."
            ).format(**planners),
        )


@guard(Assessment, "publish")
def published_by_another(assessment: Assessment, facts: dict[str, Any]) -> None:
    """Refuse whoever planned the assessment; without the fact ``publisher`` refuse anybody."""
    planner = assessment.created_by_id
    if planner is not None and facts.get("publisher", planner) == planner:
        coordinators = policy.who_could(VERBS["assessment.publish"], assessment, but=planner)
        raise Problem(
            "guard_failed",
            reason=_("Whoever planned an assessment does not publish its findings."),
            fix=_("Ask another coordinator. Coordinators here: {people}.").format(**coordinators),
        )


@guard(FormVersion, "publish")
def nothing_missing(version: FormVersion, facts: dict[str, Any]) -> None:
    """Refuse to publish while an attached file is missing, but for the ``served`` in the facts."""
    lacking = version.attachments.filter(file="").exclude(file_name__in=facts.get("served", ()))
    missing = list(lacking.values_list("file_name", flat=True))
    if missing:
        raise Problem(
            "guard_failed",
            reason=_("The form names files that are missing: {files}.").format(
                files=", ".join(missing)
            ),
            fix=_("Upload them on the form's page, then publish."),
        )
