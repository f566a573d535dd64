"""The demonstration: complete, within the rules, marked as invented, and the same each time."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from assessments.coverage import Coverage, Selection, Why
from assessments.models import Assessment, Choice, FormVersion, RepeatRow, Submission
from core import accounts, policy
from core.errors import Problem
from core.models import Area, Operation, PopulationFigure, Role, User
from core.policy import Actor
from situation.demo import clock, exercises, field_work, load, people
from situation.models import Report

pytestmark = pytest.mark.usefixtures("story")
WORDS = ("select_one", "select_multiple")


@pytest.fixture(scope="module")
def story(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Load the demonstration once for this module, and take it back at the end."""
    media = tmp_path_factory.mktemp("media")
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, MEDIA_ROOT=media),
        transaction.atomic(),
    ):
        assert load.load() is not None
        yield
        transaction.set_rollback(True)


def operation() -> Operation:
    """Return the demonstration's operation."""
    return Operation.objects.get(slug=people.SLUG)


def displaced() -> Assessment:
    """Return the assessment that is in the field."""
    return Assessment.objects.get(operation=operation(), state="in_field")


def test_a_second_load_changes_nothing() -> None:
    before = (User.objects.count(), Area.objects.count(), Submission.objects.count())
    call_command("load_demo")
    assert (User.objects.count(), Area.objects.count(), Submission.objects.count()) == before


def test_it_is_refused_where_data_may_be_real() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="TESSERA_DEMO"):
        call_command("load_demo")


def test_all_of_it_is_marked_as_invented() -> None:
    assert operation().is_demo
    assert "demonstration" in operation().name
    assert all(Assessment.objects.filter(operation=operation()).values_list("is_demo", flat=True))
    figures = PopulationFigure.objects.filter(area__operation=operation())
    assert figures.count() == 3 * len(field_work.SCOPE)
    assert set(figures.values_list("source", flat=True)) == {"Invented for demonstration"}
    settlements = Submission.objects.filter(operation=operation()).values_list(
        "answers__place/settlement", flat=True
    )
    assert all("invented" in place for place in settlements if place)


def test_there_is_an_account_for_each_role(capsys: pytest.CaptureFixture[str]) -> None:
    assert people.PASSWORD == accounts.PUBLISHED
    for person in people.PEOPLE:
        user = User.objects.get(username=person.username)
        assert user.has_usable_password() == person.signs_in
        assert person.role in Actor(user=user).roles_in(operation().pk)
    assert {one.role for one in people.PEOPLE} == set(Role)
    listed = {one["user"].username for one in accounts.demonstration_accounts()}
    assert listed == {one.username for one in people.PEOPLE if one.signs_in}
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    assert all(name in printed for name in listed)
    assert people.PASSWORD in printed


def test_the_boundaries_come_with_names_in_four_languages() -> None:
    areas = Area.objects.current().filter(operation=operation())
    assert Counter(areas.values_list("level", flat=True)) == {0: 2, 1: 85}
    for area in areas:
        assert area.geometry is not None
        assert set(area.names) >= {"en", "ru", "hy", "az"}, area
        assert "Natural Earth" in area.source


def test_the_initial_assessment_waits_and_its_areas_are_not_assessed() -> None:
    waiting = Assessment.objects.get(operation=operation(), state="awaiting_conditions")
    assert {one.kind for one in waiting.open_conditions()} == {"modalities", "access", "security"}
    rows = Coverage(Selection(operation(), assessment=waiting)).by_area()
    assert len(rows) == len(exercises.WAITING_SCOPE)
    assert {row.gap.code for row in rows if row.gap} == {Why.NO_ACCESS}
    assert all(row.gap and not row.counts.received for row in rows)


def test_the_field_work_has_about_300_submissions_in_all_states() -> None:
    sent = Submission.objects.filter(form__assessment=displaced())
    assert 290 <= sent.count() <= 330
    states = Counter(sent.values_list("state", flat=True))
    assert set(states) == set(Submission.State.values)
    assert states["approved"] > sent.count() / 2
    assert sent.values("organisation").distinct().count() == 5
    assert sent.filter(area_flag="disagrees").exists()
    assert sent.filter(files__file="").exists()
    assert sent.exclude(files__file="").filter(files__isnull=False).exists()
    days = set(sent.values_list("received_at__date", flat=True))
    assert {day.strftime("%Y-%m") for day in days} == {"2020-11"}
    assert len(days) >= 10
    rows = Coverage(Selection(operation(), assessment=displaced())).by_area()
    gaps = {row.area.pcode: row.gap.code for row in rows if row.gap and row.area}
    assert gaps == {"AM11": Why.NO_SUBMISSION, "AZ90700001": Why.NO_SUBMISSION}


def test_what_was_sent_back_or_rejected_says_why() -> None:
    for submission in Submission.objects.filter(state__in=("has_issues", "rejected")):
        decision = submission.decisions.first()
        assert decision is not None
        assert decision.reason
        assert decision.decided_at > submission.received_at
        reviewer = Actor(user=decision.decided_by)
        assert policy.can(reviewer, "submission.review", submission)


def test_answers_are_those_that_the_form_lets_in() -> None:
    version = FormVersion.objects.get(form__assessment=displaced(), state="published")
    asked = {one.path: one for one in version.questions.all()}
    offered: dict[str, set[str]] = {}
    for name, value in Choice.objects.filter(version=version).values_list("list_name", "value"):
        offered.setdefault(name, set()).add(value)
    for submission in Submission.objects.filter(version=version):
        rows = RepeatRow.objects.filter(submission=submission)
        for answers in (submission.answers, *(row.answers for row in rows)):
            for path, value in answers.items():
                question = asked[path]
                if question.kind in WORDS:
                    chosen = value if isinstance(value, list) else [value]
                    assert set(chosen) <= offered[question.choice_list], path
                elif question.kind in {"integer", "decimal"}:
                    assert isinstance(value, int | float), path


def test_what_the_form_calculates_follows_from_the_answers() -> None:
    weights = {"cereals": 2, "pulses": 3, "dairy": 4, "meat": 4, "oil": 0.5, "sugar": 0.5}
    full = Submission.objects.filter(**{"answers__food/fcs__isnull": False})
    assert full.count() > 280
    for submission in full:
        given: dict[str, Any] = submission.answers
        eaten = {
            path.rpartition("fcs_")[2]: days
            for path, days in given.items()
            if path.startswith("food/consumption/")
        }
        assert given["food/fcs"] == sum(weights.get(food, 1) * d for food, d in eaten.items())
        listed = RepeatRow.objects.filter(submission=submission).count()
        assert given["household/household_size"] == given["household/members_listed"] == listed
        assert given.get("services/out_of_school", 0) <= given["household/school_age"]
        area, people_in = given["shelter/floor_area"], given["household/household_size"]
        assert given["shelter/area_per_person"] == pytest.approx(area / people_in, abs=0.06)


def test_a_report_is_published_and_another_waits_for_its_coordinator() -> None:
    found = dict(Report.objects.filter(operation=operation()).values_list("language", "state"))
    assert found == {"en": "published", "hy": "ready"}
    observer = Actor(user=User.objects.get(username="observer"))
    seen = policy.filter(observer, "report.read", Report.objects.all())
    assert [one.language for one in seen] == ["en"]


def test_time_is_set_back_in_a_demonstration_only() -> None:
    real = Operation(slug="real", is_demo=False)
    with pytest.raises(Problem, match="not_found"):
        clock.set_back(real, [])
