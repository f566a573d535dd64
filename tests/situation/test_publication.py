"""Publication of reports: who sees a draft, who publishes it, and what the next one does to it."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.errors import Problem
from core.models import Role
from situation import publication
from situation.models import Report
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.core import MembershipFactory


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field."""
    return field_of(cast)


@pytest.fixture
def draft(field: Field) -> Callable[..., Report]:
    """Give a function that puts a made report of somebody into the database."""

    def make(who: str = "anna", language: str = "en") -> Report:
        report: Report = Report.objects.create(
            operation=field.operation,
            assessment=field.assessment,
            title=field.assessment.title,
            language=language,
            state="ready",
            created_by=field.cast.people[who],
            figures={},
        )
        return report

    return make


def state_of(report: Report) -> str:
    """Return a report's state as the database has it now."""
    return str(Report.objects.get(pk=report.pk).state)


def home(report: Report) -> str:
    """Return the address of a report's page."""
    return f"/o/caucasus/reports/{report.pk}/"


def test_an_observer_reads_a_report_only_once_it_is_published(
    client: Client, field: Field, draft: Callable[..., Report]
) -> None:
    report = draft()
    client.force_login(field.cast.oscar)
    assert client.get(f"{home(report)}figures/").status_code == 404
    assert home(report) not in client.get("/o/caucasus/reports/").content.decode()
    publication.publish(report, actor=field.cast.actor("carmen"))
    assert client.get(f"{home(report)}figures/").status_code == 200
    assert home(report) in client.get("/o/caucasus/reports/").content.decode()
    publication.withdraw(report, actor=field.cast.actor("carmen"))
    assert client.get(f"{home(report)}figures/").status_code == 404


def test_whoever_asked_for_a_report_does_not_publish_it(
    client: Client, field: Field, draft: Callable[..., Report]
) -> None:
    report = draft("carmen")
    with pytest.raises(Problem, match="Ask another coordinator"):
        publication.publish(report, actor=field.cast.actor("carmen"))
    client.force_login(field.cast.carmen)
    assert client.post(f"{home(report)}publish/").status_code == 409
    MembershipFactory(
        user=field.cast.nils,
        operation=field.operation,
        organisation=field.cast.organisations["IFRC"],
        role=Role.COORDINATOR,
    )
    assert publication.publish(report, actor=field.cast.actor("nils")).state == "published"


def test_a_writer_is_told_who_publishes(
    client: Client, field: Field, draft: Callable[..., Report]
) -> None:
    report = draft()
    client.force_login(field.cast.anna)
    answer = client.post(f"{home(report)}publish/")
    assert answer.status_code == 403
    assert str(field.cast.carmen) in answer.content.decode()
    assert state_of(report) == "ready"


def test_the_next_report_in_the_language_supersedes_the_one_before(
    field: Field, draft: Callable[..., Report]
) -> None:
    carmen = field.cast.actor("carmen")
    first, russian, second = draft(), draft(language="ru"), draft()
    for one in (first, russian):
        publication.publish(one, actor=carmen)
    publication.publish(second, actor=carmen)
    assert [state_of(one) for one in (first, russian, second)] == [
        "superseded",
        "published",
        "published",
    ]
    assert publication.successor(first) == second
    again = publication.publish(second, actor=carmen)
    assert again.published_at == Report.objects.get(pk=second.pk).published_at


def test_only_the_newest_draft_of_somebody_else_waits(
    field: Field, draft: Callable[..., Report]
) -> None:
    carmen = field.cast.actor("carmen")
    draft()
    newest = draft()
    draft("carmen", language="ru")
    assert list(publication.waiting(field.operation, carmen)) == [newest]
    assert not publication.waiting(field.operation, field.cast.actor("anna")).exists()
    publication.publish(newest, actor=carmen)
    assert not publication.waiting(field.operation, carmen).exists()
