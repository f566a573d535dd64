"""Conditions: recorded with evidence, and what follows when one falls."""

import datetime

import pytest
from django.utils import timezone

from assessments import conditions
from assessments.models import Assessment, Condition
from core.errors import Problem
from tests.assessments.world import Field, field_of
from tests.cast import Cast

DAY = datetime.date(2020, 11, 23)


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field with two provinces in scope."""
    return field_of(cast)


@pytest.fixture
def held(field: Field) -> Condition:
    """Give a condition of it that holds since 23 November."""
    return Condition.objects.create(
        assessment=field.assessment, kind="access", text="Road open", met_on=DAY, evidence="Letter"
    )


def state_of(field: Field) -> tuple[str, str]:
    """Return the assessment's state and its reason, as they are stored."""
    stored = Assessment.objects.get(pk=field.assessment.pk)
    return stored.state, stored.state_reason


def test_a_fallen_condition_suspends_the_field_work(field: Field, held: Condition) -> None:
    conditions.record_fallen(held, actor=field.cast.actor("anna"), on=DAY, evidence="Shelling")
    assert state_of(field) == ("awaiting_conditions", "Condition fell: Road open")
    stored = Condition.objects.get(pk=held.pk)
    assert (stored.met_on, stored.fell_on, stored.evidence) == (None, DAY, "Shelling")


def test_a_new_condition_suspends_the_field_work_too(field: Field) -> None:
    conditions.add(field.assessment, actor=field.cast.actor("anna"), kind="funds", text="Funds")
    assert state_of(field) == ("awaiting_conditions", "New condition: Funds")


def test_a_condition_can_hold_again(field: Field, held: Condition) -> None:
    anna = field.cast.actor("anna")
    fallen = conditions.record_fallen(held, actor=anna, on=DAY, evidence="Shelling")
    before = DAY - datetime.timedelta(days=1)
    with pytest.raises(Problem) as refusal:
        conditions.record_met(fallen, actor=anna, on=before, evidence="Visit")
    assert "fell on 2020-11-23" in refusal.value.errors[0]["message"]
    again = conditions.record_met(fallen, actor=anna, on=DAY, evidence="Visit")
    assert (again.met_on, again.fell_on, again.evidence) == (DAY, None, "Visit")
    assert state_of(field)[0] == "awaiting_conditions"


def test_what_is_recorded_already_is_said(field: Field, held: Condition) -> None:
    with pytest.raises(Problem) as refusal:
        conditions.record_met(held, actor=field.cast.actor("anna"), on=DAY, evidence="Letter")
    assert refusal.value.code == "condition_decided"
    assert "holds since 2020-11-23" in refusal.value.detail
    opened = Condition.objects.create(assessment=field.assessment, kind="funds", text="Funds")
    with pytest.raises(Problem) as refusal:
        conditions.record_fallen(opened, actor=field.cast.actor("anna"), on=DAY, evidence="x")
    assert "does not hold" in refusal.value.detail


def test_nothing_holds_from_tomorrow(field: Field) -> None:
    opened = Condition.objects.create(assessment=field.assessment, kind="funds", text="Funds")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(Problem) as refusal:
        conditions.record_met(opened, actor=field.cast.actor("anna"), on=tomorrow, evidence="x")
    assert refusal.value.errors == [{"where": "on", "message": "This day has not come yet."}]


def test_nothing_falls_before_it_held(field: Field, held: Condition) -> None:
    before = DAY - datetime.timedelta(days=1)
    with pytest.raises(Problem) as refusal:
        conditions.record_fallen(held, actor=field.cast.actor("anna"), on=before, evidence="x")
    assert "cannot have fallen before" in refusal.value.errors[0]["message"]


def test_evidence_is_wanted(field: Field, held: Condition) -> None:
    with pytest.raises(Problem) as refusal:
        conditions.record_fallen(held, actor=field.cast.actor("anna"), on=DAY, evidence=" ")
    assert [finding["where"] for finding in refusal.value.errors] == ["evidence"]


@pytest.mark.parametrize(("kind", "text", "where"), [("luck", "x", "kind"), ("funds", " ", "text")])
def test_a_condition_says_what_must_hold(field: Field, kind: str, text: str, where: str) -> None:
    with pytest.raises(Problem) as refusal:
        conditions.add(field.assessment, actor=field.cast.actor("anna"), kind=kind, text=text)
    assert [finding["where"] for finding in refusal.value.errors] == [where]


@pytest.mark.parametrize("who", ["olga", "leyla", "aida", "oscar"])
def test_others_record_nothing(field: Field, held: Condition, who: str) -> None:
    actor = field.cast.actor(who)
    with pytest.raises(Problem) as refusal:
        conditions.record_fallen(held, actor=actor, on=DAY, evidence="x")
    assert refusal.value.code == "forbidden"
    assert "Carmen" in refusal.value.how
    assert state_of(field)[0] == "in_field"


def test_conditions_are_removed_from_drafts_only(field: Field, held: Condition) -> None:
    anna = field.cast.actor("anna")
    with pytest.raises(Problem) as refusal:
        conditions.remove(held, actor=anna)
    assert refusal.value.code == "condition_kept"
    draft = Assessment.objects.create(
        operation=field.operation, title="New", lead=field.cast.organisations["OCHA"]
    )
    wrong = conditions.add(draft, actor=anna, kind="funds", text="Typo")
    conditions.remove(wrong, actor=anna)
    assert not draft.conditions.exists()
