"""Handing over: what somebody who leaves has sent finds a colleague, and stays as it was sent."""

import pytest
from django.test import Client

from assessments import handover
from assessments.models import Submission
from core import members, policy
from core.errors import Problem
from core.models import Membership, Role
from tests.assessments.world import Field, field_of
from tests.cast import Cast
from tests.factories.core import MembershipFactory, UserFactory

ADDRESS = "/o/caucasus/administration/handover/"


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give two submissions of Olga, one sent back, and Nune, who collects for OCHA as well."""
    field = field_of(cast)
    field.submit(field.north)
    field.submit(field.north, state="has_issues")
    cast.people["nune"] = UserFactory(username="nune")
    MembershipFactory(
        user=cast.nune,
        operation=cast.operation,
        organisation=cast.organisations["OCHA"],
        role=Role.FIELD_OFFICER,
    )
    return field


def seen_by(field: Field, who: str, verb: str = "submission.read") -> int:
    """Return how many submissions somebody may read, or treat as another verb says."""
    actor = field.cast.actor(who)
    return policy.filter(actor, verb, Submission.objects.all()).count()


def leave(field: Field, who: str) -> None:
    """Take a person's only role away."""
    held = Membership.objects.get(user=field.cast.people[who], operation=field.operation)
    members.remove(held, actor=field.cast.actor("carmen"))


def give(field: Field, sender: str, successor: str) -> None:
    """Hand over what ``sender`` sent for OCHA."""
    handover.hand_over(
        field.operation,
        actor=field.cast.actor("carmen"),
        sender=field.cast.people[sender],
        organisation=field.cast.organisations["OCHA"],
        successor=field.cast.people[successor],
    )


def test_what_a_leaver_sent_is_read_by_the_successor_and_keeps_its_sender(field: Field) -> None:
    assert not handover.unattended(field.operation).exists()
    leave(field, "olga")
    assert list(handover.unattended(field.operation)) == [field.cast.olga]
    assert (seen_by(field, "olga"), seen_by(field, "nune")) == (0, 0)
    give(field, "olga", "nune")
    assert seen_by(field, "nune") == seen_by(field, "nune", "submission.amend") == 2
    assert not handover.unattended(field.operation).exists()
    assert set(Submission.objects.values_list("submitted_by", flat=True)) == {field.cast.olga.pk}


def test_whoever_leaves_next_hands_on_what_came_from_others(field: Field) -> None:
    give(field, "olga", "nune")
    field.submit(field.south, submitted_by=field.cast.nune)
    give(field, "nune", "tigran")
    found = handover.shares(field.operation, [field.cast.olga, field.cast.nune])
    assert {key: [one.successor for one in rows] for key, rows in found.items()} == {
        field.cast.olga.pk: [field.cast.tigran],
        field.cast.nune.pk: [field.cast.tigran],
    }


def test_only_a_collector_of_the_same_organisation_takes_over(field: Field) -> None:
    for who in ("farid", "anna", "olga", "outsider"):
        with pytest.raises(Problem, match="no_successor"):
            give(field, "olga", who)
    with pytest.raises(Problem, match="forbidden"):
        handover.hand_over(
            field.operation,
            actor=field.cast.actor("tigran"),
            sender=field.cast.olga,
            organisation=field.cast.organisations["OCHA"],
            successor=field.cast.nune,
        )


def test_a_successor_who_loses_the_role_reads_nothing_more(field: Field) -> None:
    give(field, "olga", "nune")
    leave(field, "nune")
    assert seen_by(field, "nune") == 0


def test_a_coordinator_hands_over_on_the_page(client: Client, field: Field) -> None:
    leave(field, "olga")
    client.force_login(field.cast.carmen)
    assert ADDRESS in client.get("/o/caucasus/").content.decode()
    page = client.get(ADDRESS)
    [(person, [share])] = page.context["rows"]
    assert (person, share.records, share.returned) == (field.cast.olga, 2, 1)
    chosen = {
        "sender": person.pk,
        "organisation": share.organisation.pk,
        "successor": field.cast.nune.pk,
    }
    assert client.post(ADDRESS, chosen).status_code == 302
    client.force_login(field.cast.nune)
    mine = client.get("/o/caucasus/submissions/?mine=on&state=has_issues").content.decode()
    assert mine.count("<tr data-pk=") == 1
    client.force_login(field.cast.carmen)
    assert client.post(ADDRESS, chosen | {"successor": ""}).status_code == 302
    assert seen_by(field, "nune") == 0
    assert client.post(ADDRESS, {"sender": person.pk}).status_code == 400
