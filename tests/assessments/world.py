"""A small assessment in the field, for tests that count."""

from dataclasses import dataclass
from typing import Any

from assessments.models import Assessment, AssessmentArea, Form, Submission
from core.models import Area, Operation
from tests.cast import Cast
from tests.factories.assessments import (
    AssessmentFactory,
    FormFactory,
    FormVersionFactory,
    SubmissionFactory,
)
from tests.factories.core import AreaFactory


@dataclass(frozen=True)
class Field:
    """The assessment that OCHA leads, its form, and the two areas in its scope."""

    cast: Cast
    assessment: Assessment
    form: Form
    north: Area
    south: Area

    @property
    def operation(self) -> Operation:
        """Return the operation."""
        return self.cast.operation

    def submit(self, area: Area | None, **fields: Any) -> Submission:
        """Store a submission of OCHA's Olga; ``fields`` change that."""
        form = fields.pop("form", self.form)
        version = form.versions.first() or FormVersionFactory(
            form=form, operation=form.operation, assessment=form.assessment
        )
        given = {
            "submitted_by": self.cast.olga,
            "organisation": self.cast.organisations["OCHA"],
            "area_name": area.name if area else "",
            "area_flag": "" if area else "not_found",
        }
        submission: Submission = SubmissionFactory(version=version, area=area, **(given | fields))
        return submission


def field_of(cast: Cast) -> Field:
    """Put an assessment with two provinces, ten submissions planned in each, into the field."""
    assessment = AssessmentFactory(
        operation=cast.operation,
        lead=cast.organisations["OCHA"],
        state="in_field",
        title="Displaced households",
    )
    north = AreaFactory(operation=cast.operation, pcode="AM01", name="North")
    south = AreaFactory(operation=cast.operation, pcode="AM02", name="South")
    for area in (north, south):
        AssessmentArea.objects.create(assessment=assessment, area=area, target=10)
    return Field(cast, assessment, FormFactory(assessment=assessment), north, south)
