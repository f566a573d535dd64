"""Pages of assessments, as the people of the cast use them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Condition
from core.models import Area
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.assessments import AssessmentFactory
from tests.factories.core import AreaFactory


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field with two provinces in scope."""
    return field_of(cast)


def at(field: Field, name: str, *parts: object) -> str:
    """Return an address in the operation."""
    return reverse(name, args=(field.operation.slug, *parts))


def facts(field: Field, **changes: Any) -> dict[str, Any]:
    """Return what is typed into the plan's form."""
    lead = field.cast.organisations["OCHA"].pk
    return {"title": "Winter needs", "method": "household", "lead": lead} | changes


def test_the_list_is_searched_and_filtered(client: Client, field: Field) -> None:
    AssessmentFactory(operation=field.operation, title="Markets", state="draft")
    field.submit(field.north, state="approved")
    client.force_login(field.cast.oscar)
    shown = client.get(at(field, "assessments")).content.decode()
    assert "Markets" in shown
    assert "Displaced households" in shown
    assert "Plan an assessment" not in shown
    only = client.get(at(field, "assessments"), {"state": "in_field", "q": "displ"})
    assert [row.title for row, _plan, _sent in only.context["rows"]] == ["Displaced households"]
    assert only.context["rows"][0][2].approved == 1
    nothing = client.get(at(field, "assessments"), {"q": "xyz"}).content.decode()
    assert "No assessment matches" in nothing


def test_an_empty_list_says_how_to_begin(client: Client, cast: Cast) -> None:
    client.force_login(cast.anna)
    shown = client.get(reverse("assessments", args=(cast.operation.slug,))).content.decode()
    assert reverse("assessment_new", args=(cast.operation.slug,)) in shown
    assert "No assessments yet" in shown


def test_a_page_tells_not_assessed_from_nought(client: Client, field: Field) -> None:
    client.force_login(field.cast.oscar)
    shown = client.get(at(field, "assessment", field.assessment.pk)).content.decode()
    assert shown.count("Not assessed: no submission yet") >= 2


def test_an_analyst_plans_an_assessment(client: Client, field: Field) -> None:
    client.force_login(field.cast.anna)
    assert client.get(at(field, "assessment_new")).status_code == 200
    typed = facts(field, area=[field.north.pk], **{f"target-{field.north.pk}": "25"})
    answer = client.post(at(field, "assessment_new"), typed)
    made = Assessment.objects.get(title="Winter needs")
    assert answer.headers["Location"] == at(field, "assessment", made.pk)
    assert [(entry.area, entry.target) for entry in made.scope.all()] == [(field.north, 25)]


def test_nothing_typed_is_lost(client: Client, field: Field) -> None:
    client.force_login(field.cast.anna)
    typed = facts(
        field,
        title="",
        description="For the winter",
        area=[field.north.pk],
        **{f"target-{field.north.pk}": "25"},
    )
    shown = client.post(at(field, "assessment_new"), typed)
    assert shown.context["chosen"] == {field.north: 25}
    assert "For the winter" in shown.content.decode()
    assert not Assessment.objects.filter(description="For the winter").exists()


def test_a_target_is_a_whole_number(client: Client, field: Field) -> None:
    client.force_login(field.cast.anna)
    typed = facts(field, area=[field.north.pk], **{f"target-{field.north.pk}": "many"})
    shown = client.post(at(field, "assessment_new"), typed).content.decode()
    assert "whole numbers, not “many”" in shown


def test_findings_of_the_rule_stand_at_the_field(client: Client, field: Field) -> None:
    client.force_login(field.cast.anna)
    typed = facts(field, members=[field.cast.organisations["OCHA"].pk])
    shown = client.post(at(field, "assessment_new"), typed)
    assert "leads the assessment already" in str(shown.context["form"].errors["members"])


def test_a_plan_is_edited(client: Client, field: Field) -> None:
    client.force_login(field.cast.anna)
    address = at(field, "assessment_edit", field.assessment.pk)
    assert client.get(address).context["chosen"] == {field.north: 10, field.south: 10}
    client.post(address, facts(field, title="New title", area=[field.south.pk]))
    changed = Assessment.objects.get(pk=field.assessment.pk)
    assert changed.title == "New title"
    assert [entry.area for entry in changed.scope.all()] == [field.south]


def test_others_do_not_plan(client: Client, field: Field) -> None:
    client.force_login(field.cast.olga)
    refused = client.get(at(field, "assessment_edit", field.assessment.pk))
    assert refused.status_code == 403
    assert "Anna" in refused.content.decode()
    assert client.post(at(field, "assessment_new"), facts(field)).status_code == 403


def chosen(client: Client, field: Field, areas: list[Area], **asked: str) -> dict[Area, int]:
    """Return what is chosen after a click in the list of areas."""
    typed = {"area": [area.pk for area in areas], **asked}
    answer = client.post(at(field, "assessment_scope"), typed)
    assert answer.status_code == 200
    found: dict[Area, int] = answer.context["chosen"]
    return found


def test_areas_are_chosen_one_by_one_and_all_below_at_once(client: Client, field: Field) -> None:
    below = [
        AreaFactory(operation=field.operation, parent=field.north, level=2, pcode=f"AM01{number}")
        for number in range(3)
    ]
    client.force_login(field.cast.anna)
    assert list(chosen(client, field, [field.south], add="AM012")) == [below[2], field.south]
    every = chosen(client, field, [field.north, field.south], under="AM01", level="2")
    assert list(every) == [*below, field.south]
    assert list(chosen(client, field, below, add="AM01")) == [field.north]
    assert list(chosen(client, field, below, remove=str(below[1].pk))) == [below[0], below[2]]
    assert chosen(client, field, below, clear="1") == {}
    assert set(chosen(client, field, below, everywhere="1", each="7").values()) == {7}
    assert list(chosen(client, field, [], level="2")) == below
    assert chosen(client, field, [], level="x") == {}


def test_areas_are_found_by_any_name(client: Client, field: Field) -> None:
    AreaFactory(operation=field.operation, pcode="AM03", name="Shirak", search="Shirak Շիրակ AM03")
    client.force_login(field.cast.anna)
    found = client.get(at(field, "assessment_scope_areas"), {"areas-q": "Շիրակ"})
    assert [area.pcode for area in found.context["areas"]] == ["AM03"]
    below = client.get(at(field, "assessment_scope_areas"), {"under": "AM01"})
    assert list(below.context["areas"]) == []
    assert below.context["under"] == field.north


def test_areas_of_other_operations_cannot_be_chosen(client: Client, field: Field) -> None:
    away = AreaFactory(operation=field.cast.elsewhere)
    client.force_login(field.cast.anna)
    assert chosen(client, field, [away]) == {}


def test_a_coordinator_takes_a_step(client: Client, field: Field) -> None:
    client.force_login(field.cast.carmen)
    address = at(field, "assessment_move", field.assessment.pk, "analyse")
    shown = client.post(address, follow=True).content.decode()
    assert "is now: In analysis" in shown
    assert client.get(address).status_code == 405


def test_a_step_that_is_refused_says_why(client: Client, field: Field) -> None:
    Condition.objects.create(assessment=field.assessment, kind="access", text="Road open")
    Assessment.objects.filter(pk=field.assessment.pk).update(state="awaiting_conditions")
    client.force_login(field.cast.carmen)
    address = at(field, "assessment_move", field.assessment.pk, "schedule")
    shown = client.post(address, follow=True).content.decode()
    assert "These conditions do not hold yet: Road open." in shown
    assert "Here that is: Anna, Carmen, Nils." in shown


def test_who_may_not_take_a_step_is_told_who_can(client: Client, field: Field) -> None:
    client.force_login(field.cast.anna)
    refused = client.post(at(field, "assessment_move", field.assessment.pk, "analyse"))
    assert refused.status_code == 403
    assert "Carmen" in refused.content.decode()
    shown = client.get(at(field, "assessment", field.assessment.pk)).content.decode()
    assert "The next step is taken by: Carmen." in shown


def test_conditions_are_recorded(client: Client, field: Field) -> None:
    client.force_login(field.cast.anna)
    pk = field.assessment.pk
    client.post(at(field, "condition_add", pk), {"kind": "access", "text": "Road open"})
    condition = Condition.objects.get()
    met = at(field, "condition_met", pk, condition.pk)
    client.post(met, {"on": "2020-11-23", "evidence": "Letter"})
    assert not field.assessment.open_conditions().exists()
    fell = at(field, "condition_fell", pk, condition.pk)
    client.post(fell, {"on": "2020-11-24", "evidence": "Shelling"})
    shown = client.get(at(field, "assessment", pk)).content.decode()
    assert "fell on 24 Nov 2020" in shown
    assert "Awaiting conditions" in shown


def test_a_condition_without_evidence_keeps_what_was_typed(client: Client, field: Field) -> None:
    condition = Condition.objects.create(assessment=field.assessment, kind="funds", text="Funds")
    client.force_login(field.cast.anna)
    address = at(field, "condition_met", field.assessment.pk, condition.pk)
    shown = client.post(address, {"on": "2020-11-23", "evidence": ""}).content.decode()
    assert 'value="2020-11-23"' in shown
    assert "This field is required." in shown
    client.post(at(field, "condition_add", field.assessment.pk), {"kind": "funds", "text": ""})
    assert Condition.objects.count() == 1


def test_a_condition_of_another_assessment_is_not_found(client: Client, field: Field) -> None:
    other = AssessmentFactory(operation=field.operation)
    condition = Condition.objects.create(assessment=other, kind="funds", text="Funds")
    client.force_login(field.cast.anna)
    address = at(field, "condition_met", field.assessment.pk, condition.pk)
    assert client.post(address, {"on": "2020-11-23", "evidence": "x"}).status_code == 404


def test_outsiders_find_nothing(client: Client, field: Field) -> None:
    client.force_login(field.cast.outsider)
    for name, parts in (("assessments", ()), ("assessment", (field.assessment.pk,))):
        assert client.get(at(field, name, *parts)).status_code == 404
