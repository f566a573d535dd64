"""The block of reports that an assessment's page shows, without that page knowing of reports."""

from typing import Any

from django import template
from django.utils.translation import get_language

from assessments.models import Assessment
from core import policy
from situation.models import Report
from situation.reports import LANGUAGES, offered

register = template.Library()
SHOWN = 5


@register.inclusion_tag("situation/reports_block.html", takes_context=True)
def reports_block(context: dict[str, Any], assessment: Assessment) -> dict[str, Any]:
    """Return the assessment's newest reports and the languages in which one can be made."""
    request = context["request"]
    known = Report.objects.filter(assessment=assessment).select_related("job").defer("figures")
    found = policy.filter(request.actor, "report.read", known)
    return {
        "request": request,
        "operation": assessment.operation,
        "assessment": assessment,
        "reports": found[:SHOWN],
        "count": found.count(),
        "languages": LANGUAGES.items(),
        "language": offered(get_language()),
        "names": LANGUAGES,
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def language_name(code: str) -> str:
    """Return a language's own name."""
    return LANGUAGES.get(code, code)
