"""Assignments: which organisation's team fills which form where, and how far it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.models import Assessment, AssessmentOrganisation, Assignment, Submission
from assessments.planning import still_open
from core import policy
from core.errors import Problem
from core.models import Organisation
from core.policy import Actor


def progress(assignments: Iterable[Assignment]) -> dict[int, int]:
    """Return by assignment how many submissions have come: its organisation's, form's and area's.

    Tests do not count; areas below the assigned one do.
    """
    asked = list(assignments)
    counts: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    rows = Submission.objects.filter(
        form__in={one.form_id for one in asked},
        organisation__in={one.organisation_id for one in asked},
        area__isnull=False,
        is_test=False,
    )
    for form, organisation, path, count in (
        rows.order_by().values_list("form", "organisation", "area__path").annotate(Count("pk"))
    ):
        counts[form, organisation][path] += count
    return {
        one.pk: sum(
            count
            for path, count in counts[one.form_id, one.organisation_id].items()
            if path.startswith(one.area.path)
        )
        for one in asked
    }


def by_form(organisations: Iterable[int], forms: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the assignments of organisations as the field client shows them, by form."""
    found = Assignment.objects.filter(organisation__in=organisations, form__in=forms)
    asked = list(found.select_related("area", "organisation").order_by("starts_on", "area__name"))
    received = progress(asked)
    described: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in asked:
        described[one.form_id].append(
            {
                "area": {"pcode": one.area.pcode, "name": one.area.name},
                "organisation": one.organisation.acronym,
                "team": one.team,
                "target": one.target,
                "received": received[one.pk],
                "starts": one.starts_on.isoformat() if one.starts_on else None,
                "ends": one.ends_on.isoformat() if one.ends_on else None,
            }
        )
    return described


@transaction.atomic
def add(assessment: Assessment, *, actor: Actor, wanted: Assignment) -> Assignment:
    """Write an assignment down; raise ``assessment_closed`` or ``invalid`` with the findings."""
    policy.check(actor, "assessment.plan", assessment)
    still_open(assessment)
    wanted.assessment = assessment
    findings = list(_findings(assessment, wanted))
    if findings:
        raise Problem("invalid", errors=findings)
    wanted.save(force_insert=True)
    return wanted


def remove(assignment: Assignment, *, actor: Actor) -> None:
    """Take an assignment off; what was sent for it stays."""
    policy.check(actor, "assessment.plan", assignment.assessment)
    still_open(assignment.assessment)
    assignment.delete()


def organisations_of(assessment: Assessment) -> QuerySet[Organisation]:
    """Return who collects in an assessment: its lead and its members."""
    members = assessment.participations.filter(part=AssessmentOrganisation.Part.MEMBER)
    taking_part = Q(pk=assessment.lead_id) | Q(pk__in=members.values("organisation"))
    return Organisation.objects.filter(taking_part)


def _findings(assessment: Assessment, wanted: Assignment) -> Iterable[dict[str, str]]:
    scope = assessment.scope.values_list("area__path", flat=True)
    if not any(wanted.area.path.startswith(path) for path in scope):
        message = _("{area} lies outside the scope of the assessment.")
        yield {"where": "area", "message": message.format(area=wanted.area.name)}
    if wanted.starts_on and wanted.ends_on and wanted.ends_on < wanted.starts_on:
        yield {"where": "ends_on", "message": _("The end cannot be before the start.")}
    same = Assignment.objects.filter(
        organisation=wanted.organisation, team=wanted.team, form=wanted.form, area=wanted.area
    )
    if same.exists():
        yield {"where": "area", "message": _("This team has this form and area already.")}
