"""Planning: who may write a plan, what is wrong with one, and what a change leaves alone."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from assessments import planning
from assessments.models import Assessment
from assessments.planning import Plan
from core.errors import Problem
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.core import AreaFactory


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field with two provinces in scope."""
    return field_of(cast)


def plan_of(field: Field, **changes: Any) -> Plan:
    """Return a complete plan, with some things changed."""
    organisations = field.cast.organisations
    complete = Plan(
        title="Winter needs",
        method="household",
        lead=organisations["OCHA"],
        members=[organisations["IFRC"]],
        observers=[organisations["DONOR"]],
        starts_on=datetime.date(2020, 12, 1),
        ends_on=datetime.date(2020, 12, 20),
        targets={field.north: 30, field.south: 0},
    )
    return replace(complete, **changes)


def findings(field: Field, **changes: Any) -> dict[str, str]:
    """Return what is wrong with a plan, by field."""
    with pytest.raises(Problem) as refusal:
        planning.create(field.operation, plan_of(field, **changes), actor=field.cast.actor("anna"))
    assert refusal.value.code == "invalid"
    return {finding["where"]: finding["message"] for finding in refusal.value.errors}


def test_a_plan_becomes_a_draft(field: Field) -> None:
    made = planning.create(field.operation, plan_of(field), actor=field.cast.actor("anna"))
    assert made.state == "draft"
    assert made.created_by == field.cast.anna
    assert {entry.area: entry.target for entry in made.scope.all()} == {
        field.north: 30,
        field.south: 0,
    }
    parts = made.participations.values_list("organisation__acronym", "part")
    assert set(parts) == {("IFRC", "member"), ("DONOR", "observer")}


@pytest.mark.parametrize("who", ["olga", "tigran", "lars", "paula", "oscar", "adam"])
def test_only_planners_plan(field: Field, who: str) -> None:
    with pytest.raises(Problem) as refusal:
        planning.create(field.operation, plan_of(field), actor=field.cast.actor(who))
    assert refusal.value.code == "forbidden"


def test_an_area_and_a_part_of_it_would_count_twice(field: Field) -> None:
    part = AreaFactory(operation=field.operation, parent=field.north, level=2, name="Village")
    said = findings(field, targets={field.north: 1, part: 1})
    assert said["targets"].startswith("Village lies in North;")


def test_areas_of_another_operation_are_no_areas_here(field: Field) -> None:
    away = AreaFactory(operation=field.cast.elsewhere, pcode="ZZ99")
    assert findings(field, targets={away: 1})["targets"] == (
        "ZZ99 is not an area of this operation."
    )


@pytest.mark.parametrize("target", [-1, 1_000_001])
def test_a_target_has_bounds(field: Field, target: int) -> None:
    assert "between 0 and 1,000,000" in findings(field, targets={field.north: target})["targets"]


def test_an_organisation_takes_one_part(field: Field) -> None:
    lead = field.cast.organisations["OCHA"]
    assert findings(field, observers=[lead])["observers"] == (
        "OCHA leads the assessment already; choose one part for it."
    )
    red_cross = field.cast.organisations["IFRC"]
    assert "is a member already" in findings(field, observers=[red_cross])["observers"]


def test_field_work_ends_after_it_starts(field: Field) -> None:
    assert "2020-12-01" in findings(field, ends_on=datetime.date(2020, 11, 1))["ends_on"]


def test_a_blank_title_is_none(field: Field) -> None:
    assert set(findings(field, title="  ")) == {"title"}


def test_a_change_keeps_what_it_does_not_name(field: Field) -> None:
    anna = field.cast.actor("anna")
    made = planning.create(field.operation, plan_of(field), actor=anna)
    kept = made.scope.get(area=field.south).pk
    changed = plan_of(field, targets={field.south: 5}, observers=[])
    planning.edit(made, changed, actor=anna)
    assert [(entry.pk, entry.target) for entry in made.scope.all()] == [(kept, 5)]
    assert [str(part) for part in made.participations.all()] == ["IFRC"]


def test_another_lead_is_the_coordinators_decision(field: Field) -> None:
    other = plan_of(field, lead=field.cast.organisations["IFRC"], members=[])
    with pytest.raises(Problem) as refusal:
        planning.edit(field.assessment, other, actor=field.cast.actor("nils"))
    assert refusal.value.code == "forbidden"
    planning.edit(field.assessment, other, actor=field.cast.actor("carmen"))
    assert Assessment.objects.get(pk=field.assessment.pk).lead.acronym == "IFRC"


def test_only_a_draft_may_go_nowhere(field: Field) -> None:
    nowhere = plan_of(field, targets={})
    anna = field.cast.actor("anna")
    with pytest.raises(Problem) as refusal:
        planning.edit(field.assessment, nowhere, actor=anna)
    assert refusal.value.errors[0]["where"] == "targets"
    draft = planning.create(field.operation, plan_of(field), actor=anna)
    assert planning.edit(draft, nowhere, actor=anna).scope.count() == 0


@pytest.mark.parametrize("state", ["published", "archived", "cancelled"])
def test_a_closed_plan_stays(field: Field, state: str) -> None:
    closed = Assessment.objects.create(
        operation=field.operation, title="Old", lead=field.cast.organisations["OCHA"], state=state
    )
    with pytest.raises(Problem) as refusal:
        planning.edit(closed, plan_of(field), actor=field.cast.actor("anna"))
    assert refusal.value.code == "assessment_closed"
