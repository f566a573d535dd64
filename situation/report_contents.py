"""What an assessment report says: read at one moment, in the report's language, then frozen.

``collect`` gives JSON values that are kept in ``Report.figures``; the PDF, the page and the API are
made from them alone.
"""

from datetime import UTC, date
from typing import Any

from django.utils import timezone

from assessments.coverage import Selection
from assessments.models import Assessment, Condition, FormVersion
from core.isolation import one_moment
from core.models import Area
from situation import figures, report_answers

FORMAT = 1


def collect(assessment: Assessment, language: str) -> dict[str, Any]:
    """Return all that the report says; the active translation must be ``language``.

    Its days are days in UTC, whatever the zone of whoever asked.
    """
    selection = Selection(assessment.operation, assessment=assessment)
    with timezone.override(UTC), one_moment():
        picture = figures.take(selection)
        return {
            "format": FORMAT,
            "language": language,
            "operation": {"slug": assessment.operation.slug, "name": assessment.operation.name},
            "assessment": _assessment(assessment),
            "conditions": [_condition(one) for one in assessment.conditions.all()],
            "picture": picture.as_dict(),
            "questionnaires": _questionnaires(selection),
            "boundaries": _boundaries(assessment),
            "answers": report_answers.summarise(selection, language),
        }


def _assessment(assessment: Assessment) -> dict[str, Any]:
    return {
        "title": assessment.title,
        "purpose": assessment.description,
        "method": str(assessment.get_method_display()),
        "state": str(assessment.get_state_display()),
        "reason": assessment.state_reason,
        "lead": {"acronym": assessment.lead.acronym, "name": assessment.lead.name},
        "requested_by": assessment.requested_by,
        "requested_on": _day(assessment.requested_on),
        "starts_on": _day(assessment.starts_on),
        "ends_on": _day(assessment.ends_on),
    }


def _condition(condition: Condition) -> dict[str, Any]:
    return {
        "kind": str(condition.get_kind_display()),
        "text": condition.text,
        "met_on": _day(condition.met_on),
        "evidence": condition.evidence,
    }


def _questionnaires(selection: Selection) -> list[dict[str, str]]:
    used = selection.submissions().values_list("version", flat=True).distinct()
    versions = FormVersion.objects.filter(pk__in=list(used)).order_by("title", "version")
    return [{"title": one.title, "version": one.version} for one in versions]


def _boundaries(assessment: Assessment) -> list[str]:
    scope = Area.objects.filter(pk__in=assessment.scope.values("area"), geometry__isnull=False)
    return list(scope.order_by("source").values_list("source", flat=True).distinct())


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
