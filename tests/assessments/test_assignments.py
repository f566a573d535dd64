"""Assignments: planned in the scope, shown to the officers of their organisation, with progress."""

from typing import Any

import pytest
from django.test import Client

from assessments.models import Assignment
from tests.assessments.test_field import signed_in
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.assessments import FormVersionFactory
from tests.factories.core import AreaFactory


@pytest.fixture
def world(cast: Cast) -> Field:
    """Give an assessment in the field."""
    return field_of(cast)


def asked(world: Field, **changes: Any) -> dict[str, Any]:
    """Return what a planner types."""
    return {
        "organisation": world.cast.organisations["OCHA"].pk,
        "team": "Team 1",
        "form": world.form.pk,
        "area": world.north.pcode,
        "target": 10,
        "starts_on": "2020-11-23",
        "ends_on": "2020-11-30",
    } | changes


def page_of(world: Field) -> str:
    """Return the page's address."""
    return f"/o/caucasus/assessments/{world.assessment.pk}/assignments/"


def planner(world: Field) -> Client:
    """Return Anna's browser."""
    client = Client()
    client.force_login(world.cast.anna)
    return client


def test_officers_see_what_is_theirs_with_its_progress(world: Field) -> None:
    FormVersionFactory(form=world.form)
    inside = AreaFactory(
        operation=world.operation, pcode="AM0101", name="Town", parent=world.north, level=2
    )
    anna = planner(world)
    assert anna.post(page_of(world), asked(world)).status_code == 302
    for area in (inside, world.south):
        world.submit(area)
    world.submit(inside, is_test=True)
    (form,) = signed_in(world.cast, "olga").get("/field/api/forms").json()["forms"]
    assert form["assignments"] == [
        {
            "area": {"pcode": "AM01", "name": "North"},
            "organisation": "OCHA",
            "team": "Team 1",
            "target": 10,
            "received": 1,
            "starts": "2020-11-23",
            "ends": "2020-11-30",
        }
    ]
    (form,) = signed_in(world.cast, "farid").get("/field/api/forms").json()["forms"]
    assert form["assignments"] == []
    assert "Team 1" in anna.get(page_of(world)).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"area": "AM99"}, "no area"),
        ({"ends_on": "2020-11-01"}, "before the start"),
        ({"organisation": 0}, "valid"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    world: Field, changes: dict[str, Any], words: str
) -> None:
    answer = planner(world).post(page_of(world), asked(world, **changes))
    assert words in answer.content.decode()
    assert not Assignment.objects.exists()


def test_an_area_outside_the_scope_is_refused(world: Field) -> None:
    AreaFactory(operation=world.operation, pcode="AM03", name="East")
    answer = planner(world).post(page_of(world), asked(world, area="AM03"))
    assert "outside the scope" in answer.content.decode()


def test_twice_the_same_is_refused_and_one_can_be_removed(world: Field) -> None:
    anna = planner(world)
    anna.post(page_of(world), asked(world))
    assert "already" in anna.post(page_of(world), asked(world)).content.decode()
    one = Assignment.objects.get()
    olga = Client()
    olga.force_login(world.cast.olga)
    assert olga.post(page_of(world), asked(world, team="2")).status_code == 403
    assert olga.post(f"{page_of(world)}{one.pk}/remove/").status_code == 403
    assert anna.post(f"{page_of(world)}{one.pk}/remove/").status_code == 302
    assert not Assignment.objects.exists()
