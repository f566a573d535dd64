"""Binds the life cycle of reports to their model, with the condition that the table cannot say."""

from typing import Any

from django.utils.translation import gettext as _

from core import policy
from core.errors import Problem
from core.policy import VERBS
from core.transitions import guard, register
from situation.models import Report
from situation.models.states import REPORT

register(Report, REPORT)


@guard(Report, "publish")
def published_by_another(report: Report, facts: dict[str, Any]) -> None:
    """Refuse whoever asked for the report; without the fact ``publisher`` refuse anybody."""
    author = report.created_by_id
    if facts.get("publisher", author) == author:
        coordinators = policy.who_could(VERBS["report.publish"], report, but=author)
        raise Problem(
            "guard_failed",
            reason=_("Whoever asked for a report does not publish it."),
            fix=_("Ask another coordinator. Coordinators here: {people}.").format(**coordinators),
        )
