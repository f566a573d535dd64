"""Coverage: progress and findings are told apart, and what is missing says why."""

import datetime
from typing import Any

import pytest
from time_machine import travel

from assessments.coverage import AreaCoverage, Coverage, Selection, Why
from assessments.models import Assessment, AssessmentArea, AssessmentOrganisation, Condition, Form
from core.models import Area
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.assessments import AssessmentFactory, FormFactory
from tests.factories.core import AreaFactory


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field with two provinces in scope."""
    return field_of(cast)


def row(coverage: Coverage, area: Area | None) -> AreaCoverage:
    """Return the coverage of one area."""
    return next(one for one in coverage.by_area() if one.area == area)


def test_only_approved_submissions_are_findings(field: Field) -> None:
    for state in ("received", "in_review", "approved", "has_issues", "rejected"):
        field.submit(field.north, state=state)
    field.submit(field.north, state="approved", is_test=True)
    north = row(Coverage(Selection(field.operation)), field.north)
    assert (north.counts.received, north.counts.waiting, north.counts.approved) == (5, 2, 1)
    assert north.gap is None


def test_a_submission_counts_where_its_area_lies_in_the_scope(field: Field) -> None:
    district = AreaFactory(operation=field.operation, parent=field.north, level=2)
    field.submit(district, state="approved")
    rows = Coverage(Selection(field.operation)).by_area()
    assert [(one.area, one.counts.approved) for one in rows] == [(field.north, 1), (field.south, 0)]


def test_a_code_that_only_begins_alike_is_another_area(field: Field) -> None:
    lookalike = AreaFactory(operation=field.operation, pcode=f"{field.north.pcode}1")
    field.submit(lookalike, state="approved")
    rows = Coverage(Selection(field.operation)).by_area()
    assert row(Coverage(Selection(field.operation)), field.north).counts.received == 0
    assert [(one.area, one.in_scope) for one in rows][-1] == (lookalike, False)


def test_submissions_without_an_area_are_not_lost(field: Field) -> None:
    field.submit(None, state="approved")
    coverage = Coverage(Selection(field.operation))
    nowhere = row(coverage, None)
    assert (nowhere.counts.approved, nowhere.in_scope, nowhere.gap) == (1, False, None)
    assert sum(one.counts.received for one in coverage.by_area()) == coverage.total().received == 1


def gap(field: Field, **selection: Any) -> Any:
    """Return why the north is not assessed."""
    return row(Coverage(Selection(field.operation, **selection)), field.north).gap


def test_an_area_in_scope_without_submissions_says_so(field: Field) -> None:
    assert gap(field).code == Why.NO_SUBMISSION


def test_what_waits_for_review_is_the_reason_where_something_arrived(field: Field) -> None:
    field.submit(field.north, state="received")
    assert gap(field).code == Why.NOT_APPROVED
    assert gap(field).text == "1 submission received, none approved yet"


def test_an_open_condition_is_the_reason(field: Field) -> None:
    Condition.objects.create(assessment=field.assessment, kind="funds", text="Donor confirms")
    assert gap(field).code == Why.CONDITION
    Condition.objects.create(assessment=field.assessment, kind="access", text="The road is open")
    assert gap(field).code == Why.NO_ACCESS
    assert gap(field).text == "no access: The road is open"
    field.assessment.conditions.update(met_on=datetime.date(2020, 11, 23))
    assert gap(field).code == Why.NO_SUBMISSION


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("draft", Why.NOT_STARTED),
        ("scheduled", Why.NOT_STARTED),
        ("published", Why.NO_SUBMISSION),
        ("cancelled", Why.CANCELLED),
    ],
)
def test_the_state_of_the_assessment_is_a_reason(cast: Cast, state: str, why: Why) -> None:
    assessment = AssessmentFactory(operation=cast.operation, state=state)
    area = AreaFactory(operation=cast.operation)
    AssessmentArea.objects.create(assessment=assessment, area=area)
    found = row(Coverage(Selection(cast.operation, assessment)), area).gap
    assert found is not None
    assert found.code == why


def test_a_narrowed_view_never_calls_an_area_empty(field: Field) -> None:
    field.submit(field.north, state="approved", organisation=field.cast.organisations["IFRC"])
    assert gap(field) is None
    assert gap(field, organisation=field.cast.organisations["OCHA"]).code == Why.SELECTION
    Condition.objects.create(assessment=field.assessment, kind="access", text="Road open")
    assert gap(field, since=datetime.date(2999, 1, 1)).code == Why.SELECTION


def test_the_reason_nearest_to_an_assessment_is_shown(field: Field) -> None:
    waiting = AssessmentFactory(operation=field.operation, state="awaiting_conditions")
    AssessmentArea.objects.create(assessment=waiting, area=field.north, target=7)
    Condition.objects.create(assessment=waiting, kind="access", text="The road is open")
    assert gap(field).code == Why.NO_SUBMISSION
    assert row(Coverage(Selection(field.operation)), field.north).target == 17


def test_drafts_and_cancelled_exercises_plan_nothing(field: Field) -> None:
    for state in ("draft", "cancelled"):
        other = AssessmentFactory(operation=field.operation, state=state)
        AssessmentArea.objects.create(assessment=other, area=AreaFactory(operation=field.operation))
    rows = Coverage(Selection(field.operation)).by_area()
    assert [one.area for one in rows] == [field.north, field.south]


def test_a_form_without_an_assessment_counts_outside_the_scope(field: Field) -> None:
    loose = FormFactory(operation=field.operation, assessment=None)
    assert Form.objects.get(pk=loose.pk).assessment is None
    field.submit(field.north, state="approved", form=loose)
    north = row(Coverage(Selection(field.operation)), field.north)
    assert north.counts.approved == 1
    assert Coverage(Selection(field.operation, field.assessment)).total().received == 0


def test_organisations_that_take_part_are_listed_before_they_send(field: Field) -> None:
    AssessmentOrganisation.objects.create(
        assessment=field.assessment, organisation=field.cast.organisations["UNHCR"]
    )
    field.submit(field.north, state="approved", organisation=field.cast.organisations["IFRC"])
    rows = Coverage(Selection(field.operation)).by_organisation()
    assert [(str(one.organisation), one.counts.approved, one.areas) for one in rows] == [
        ("IFRC", 1, 1),
        ("OCHA", 0, 0),
        ("UNHCR", 0, 0),
    ]


def test_days_are_whole_and_in_utc(field: Field) -> None:
    for moment in ("2020-11-23T23:59:59+00:00", "2020-11-24T00:00:00+00:00"):
        with travel(moment, tick=False):
            field.submit(field.north, state="approved")
    day = datetime.date(2020, 11, 23)
    assert Coverage(Selection(field.operation, since=day, until=day)).total().received == 1
    assert Coverage(Selection(field.operation, since=day)).total().received == 2


def test_an_area_narrows_scope_and_submissions(field: Field) -> None:
    field.submit(field.north, state="approved")
    field.submit(field.south, state="approved")
    coverage = Coverage(Selection(field.operation, area=field.south))
    assert [one.area for one in coverage.by_area()] == [field.south]
    assert coverage.total().received == 1


def test_other_operations_stay_out(field: Field) -> None:
    field.submit(field.north, state="approved")
    assert Coverage(Selection(field.cast.elsewhere)).total().received == 0
    assert Coverage(Selection(field.cast.elsewhere)).by_area() == []
    assert Assessment.objects.filter(operation=field.cast.elsewhere).count() == 0
