"""Whose a submission is and where it belongs: its organisation and its area."""

from django.contrib.gis.geos import Point

from assessments import answers
from assessments.answers import Record
from assessments.catalogue import Catalogue
from assessments.models import AssessmentOrganisation, Form, FormVersion, Submission
from core import geo
from core.errors import Problem
from core.geo import Candidate
from core.models import Organisation, Role
from core.policy import Actor

COLLECTORS = (Role.FIELD_OFFICER, Role.TEAM_LEAD)


def organisation_of(actor: Actor, version: FormVersion, form: Form) -> Organisation:
    """Return for whom the actor collects: one in the assessment, if possible."""
    mine = [m for m in actor.memberships if m.operation_id == version.operation_id]
    mine.sort(key=lambda membership: membership.role not in COLLECTORS)
    choices = list(dict.fromkeys(membership.organisation for membership in mine))
    if not choices:
        raise Problem("no_organisation")
    assessment = form.assessment
    if len(choices) == 1 or assessment is None:
        return choices[0]
    taking_part = {
        assessment.lead_id,
        *AssessmentOrganisation.objects.filter(assessment=assessment).values_list(
            "organisation_id", flat=True
        ),
    }
    return next((one for one in choices if one.pk in taking_part), choices[0])


def find_area(
    version: FormVersion, record: Record, known: Catalogue, location: Point | None
) -> tuple[Candidate | None, str]:
    """Return the area of a record, and a flag where its P-code and its location disagree.

    An answer tagged ``#adm…+code`` names it, else any answer that is the P-code of a current area;
    of several the finest. Without a P-code it is the finest area around the location.
    """
    tagged, others = answers.codes(record, known)
    found = geo.candidates(version.operation_id, [*tagged, *others], location)
    around = next((one for one in found if one.is_around), None)
    named = {one.pcode: one for one in found if not one.is_around}
    area = next((named[code] for code in tagged if code in named), None)
    if area is None:
        area = max(named.values(), key=lambda one: one.level, default=None)
    if area is None:
        return around, "" if around else Submission.AreaFlag.NOT_FOUND
    return area, Submission.AreaFlag.DISAGREES if location and _outside(area, around) else ""


def _outside(area: Candidate, around: Candidate | None) -> bool:
    """Return whether a location, found to lie in ``around``, lies outside ``area``."""
    if around is None:
        return area.is_drawn
    return not (around.path.startswith(area.path) or area.path.startswith(around.path))
