"""The overview: what members see, what waits for whom, how an operation begins."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Condition
from core.models import Job, Membership
from situation import dashboard, waiting
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.access import ObservationFactory
from tests.factories.assessments import AssessmentFactory, FormVersionFactory
from tests.factories.convoys import ConvoyFactory, LineFactory, WaybillFactory, loaded
from tests.factories.core import AreaFactory


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field with two provinces in scope."""
    return field_of(cast)


def page(client: Client, field: Field, who: str, **query: str) -> Any:
    """Return the overview as somebody sees it."""
    client.force_login(field.cast.people[who])
    return client.get(reverse("overview", args=(field.operation.slug,)), query)


def test_members_see_the_picture(client: Client, field: Field) -> None:
    field.submit(field.north, state="approved")
    for who in ("olga", "paula", "oscar"):
        shown = page(client, field, who)
        assert shown.status_code == 200
        assert "1 of 2 areas assessed" in shown.content.decode()
        assert "Not assessed: no submission yet" in shown.content.decode()


def test_figures_are_for_members(client: Client, field: Field) -> None:
    field.submit(field.north, state="approved")
    assert "areas assessed" not in page(client, field, "adam").content.decode()
    assert page(client, field, "outsider").status_code == 404
    for name, parts in (("overview_chart", ("days",)), ("overview_table", ("days", "csv"))):
        address = reverse(name, args=(field.operation.slug, *parts))
        client.force_login(field.cast.adam)
        assert client.get(address).status_code == 404
        client.force_login(field.cast.oscar)
        assert client.get(address).status_code == 200


def test_invented_numbers_are_marked(client: Client, field: Field) -> None:
    assert "invented" not in page(client, field, "oscar").content.decode()
    field.operation.is_demo = True
    field.operation.save()
    assert page(client, field, "oscar").content.decode().count('class="invented"') > 4


def test_filters_live_in_the_address(client: Client, field: Field) -> None:
    field.submit(field.north, state="approved", organisation=field.cast.organisations["IFRC"])
    field.submit(field.south, state="approved")
    shown = page(client, field, "oscar", organisation="IFRC", area=field.north.pcode)
    assert [area.pcode for area in shown.context["picture"].areas] == [field.north.pcode]
    assert shown.context["picture"].received.value == 1
    assert {str(chip["value"]) for chip in shown.context["chips"]} == {"IFRC", "North"}
    assert "convoys and access are shown whole" in shown.content.decode()
    assert "are shown whole" not in page(client, field, "oscar").content.decode()
    south = page(client, field, "oscar", organisation="IFRC").context["picture"].areas[1]
    assert south.gap_code == "selection"


def test_a_filter_that_cannot_be_read_is_named(client: Client, field: Field) -> None:
    shown = page(client, field, "oscar", since="yesterday", area="Atlantis")
    assert shown.status_code == 200
    assert set(shown.context["filters"].errors) == {"since", "area"}
    address = reverse("overview_table", args=(field.operation.slug, "areas", "csv"))
    assert client.get(address, {"area": "Atlantis"}).status_code == 400


def test_the_table_is_sorted_and_searched(client: Client, field: Field) -> None:
    field.submit(field.south, state="approved")
    rows = page(client, field, "oscar", **{"areas-sort": "-approved"}).context["areas"].rows
    assert [row.name for row in rows] == ["South", "North"]
    rows = page(client, field, "oscar", **{"areas-q": "nor"}).context["areas"].rows
    assert [row.name for row in rows] == ["North"]


def test_the_cost_of_the_page_does_not_grow_with_what_it_counts(
    client: Client, field: Field, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        area = AreaFactory(operation=field.operation)
        field.submit(area, state="approved" if number % 2 else "received")
        ObservationFactory(operation=field.operation)
        ConvoyFactory(operation=field.operation, origin="reported")
        waybill = WaybillFactory(leg__convoy__operation=field.operation)
        loaded(waybill, LineFactory(consignment__operation=field.operation), 10)
    with django_assert_max_num_queries(90):
        page(client, field, "carmen")


def test_tables_are_taken_out_as_they_stand(client: Client, field: Field) -> None:
    field.submit(field.north, state="approved")
    client.force_login(field.cast.oscar)
    address = reverse("overview_table", args=(field.operation.slug, "areas", "csv"))
    answer: Any = client.get(address)
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [(row["pcode"], row["approved"], row["gap"]) for row in rows] == [
        ("AM01", "1", ""),
        ("AM02", "0", "no submission yet"),
    ]
    for table, fmt in (("areas", "geojson"), ("people", "csv"), ("areas", "exe")):
        there = reverse("overview_table", args=(field.operation.slug, table, fmt))
        assert client.get(there).status_code == 404


def test_charts_come_as_svg(client: Client, field: Field) -> None:
    field.submit(field.north, state="approved")
    client.force_login(field.cast.oscar)
    address = reverse("overview_chart", args=(field.operation.slug, "days"))
    answer = client.get(address, {"width": "400"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert b'width="400"' in answer.content
    unknown = reverse("overview_chart", args=(field.operation.slug, "people"))
    assert client.get(unknown).status_code == 404


def test_a_chart_shows_what_its_page_shows(client: Client, field: Field) -> None:
    field.submit(field.north, state="approved")
    key = page(client, field, "oscar").context["kept"]
    for _ in range(7):
        field.submit(field.north, state="approved")
    address = reverse("overview_chart", args=(field.operation.slug, "states"))
    assert b">1</text>" in client.get(address, {"picture": key}).content
    assert b">8</text>" in client.get(address, {"picture": "gone"}).content
    client.force_login(field.cast.outsider)
    there = reverse("overview_chart", args=(field.cast.elsewhere.slug, "states"))
    assert b">1</text>" not in client.get(there, {"picture": key}).content


def waits(field: Field, who: str) -> dict[str, int]:
    """Return what waits for somebody."""
    return {
        str(task.label): task.number
        for task in waiting.tasks(field.operation, field.cast.actor(who))
    }


def test_what_waits_depends_on_what_one_may_do(field: Field) -> None:
    field.submit(field.north, state="received")
    field.submit(field.north, state="received", is_test=True)
    field.submit(field.north, state="has_issues")
    field.submit(field.south, state="in_review", organisation=field.cast.organisations["IFRC"])
    FormVersionFactory(form=field.form, state="draft")
    planned = AssessmentFactory(operation=field.operation, state="planned")
    blocked = AssessmentFactory(operation=field.operation, state="awaiting_conditions")
    Condition.objects.create(assessment=blocked, kind="funds", text="Funds")
    Job.objects.create(
        kind="x", title="x", operation=field.operation, state="failed", created_by=field.cast.lars
    )
    assert planned.state == "planned"
    assert waits(field, "carmen") == {
        "Submissions to review": 2,
        "Form drafts to publish": 1,
        "Open conditions": 1,
        "Assessments that can be scheduled": 1,
        "Failed jobs": 1,
    }
    assert waits(field, "leyla") == {"Submissions to review": 1}
    assert waits(field, "olga") == {"Your submissions with issues": 1}
    assert waits(field, "lars") == {"Failed jobs": 1}
    assert waits(field, "oscar") == {}


def done(cast: Cast, who: str = "carmen") -> list[bool]:
    """Return which of the first steps are done."""
    return [step.is_done for step in dashboard.first_steps(cast.operation, cast.actor(who))]


def test_a_fresh_operation_says_what_to_do_first(client: Client, cast: Cast) -> None:
    Membership.objects.filter(role__in=["field_officer", "team_lead"]).delete()
    assert done(cast) == [False, False, False, False]
    client.force_login(cast.carmen)
    shown = client.get(reverse("overview", args=(cast.operation.slug,))).content.decode()
    for link in ("areas", "assessment_new", "forms", "invitations"):
        assert f'href="{reverse(link, args=(cast.operation.slug,))}"' in shown
    AreaFactory(operation=cast.operation)
    assert done(cast) == [True, False, False, False]


def test_steps_of_others_have_no_link(cast: Cast) -> None:
    steps = dashboard.first_steps(cast.operation, cast.actor("olga"))
    assert [step.url for step in steps] == ["", "", "", ""]


def test_the_steps_go_once_they_are_walked(field: Field) -> None:
    FormVersionFactory(form=field.form)
    assert dashboard.first_steps(field.operation, field.cast.actor("carmen")) == []


def test_reasons_are_grouped(field: Field) -> None:
    Condition.objects.create(assessment=field.assessment, kind="access", text="Road open")
    client = Client()
    reasons = page(client, field, "oscar").context["reasons"]
    assert [(reason.text, len(reason.areas)) for reason in reasons] == [("no access: Road open", 2)]


def test_the_map_tells_not_assessed_from_outside(client: Client, field: Field) -> None:
    outside = AreaFactory(operation=field.operation)
    field.submit(outside, state="received")
    field.submit(field.north, state="approved")
    shades = {
        pcode: entry["class"]
        for pcode, entry in page(client, field, "oscar").context["map_values"].items()
    }
    assert shades == {
        field.north.pcode: "seq-5",
        field.south.pcode: "not-assessed",
        outside.pcode: "outside",
    }
