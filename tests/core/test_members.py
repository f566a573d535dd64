"""Members: invited by a link that works once, given roles, let go."""

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core import members, tokens
from core.errors import Problem
from core.models import ApiToken, Invitation, Membership, Role, User
from core.paging import SIZE
from tests.cast import Cast
from tests.factories.core import MembershipFactory, UserFactory

NEW = {
    "name": "Nino",
    "username": "nino",
    "email": "",
    "password": "snow on Mount Aragats",
}


@pytest.fixture
def invited(cast: Cast) -> tuple[Invitation, str]:
    """Give an invitation of a field officer for OCHA, with its secret."""
    return members.invite(
        cast.operation,
        actor=cast.actor("carmen"),
        organisation=cast.organisations["OCHA"],
        role=Role.FIELD_OFFICER,
        note="Nino",
    )


def open_link(client: Client, secret: str) -> Any:
    """Follow an invitation's link."""
    return client.get(f"/invitations/{secret}/", follow=True)


def test_the_secret_is_kept_only_as_a_digest(invited: tuple[Invitation, str]) -> None:
    invitation, secret = invited
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert secret not in str(row)
    assert len(row["token_hash"]) == 64


def test_a_stranger_joins_with_a_new_account(
    invited: tuple[Invitation, str], client: Client, cast: Cast
) -> None:
    page = open_link(client, invited[1])
    assert page.redirect_chain == [("/invitations/", 302)]
    assert "Field officer" in page.content.decode()
    client.post("/invitations/", NEW)
    nino = User.objects.get(username="nino")
    assert Membership.objects.get(user=nino).role == Role.FIELD_OFFICER
    assert client.session["_auth_user_id"] == str(nino.pk)
    invitation = Invitation.objects.get(pk=invited[0].pk)
    assert (invitation.used_by, invitation.state) == (nino, Invitation.State.USED)


def test_a_known_person_joins_after_signing_in(
    invited: tuple[Invitation, str], client: Client, cast: Cast
) -> None:
    open_link(client, invited[1])
    form = {"login": "outsider", "password": "secret-for-tests", "next": "/invitations/"}
    page = client.post("/accounts/login/", form, follow=True)
    assert "Join the operation" in page.content.decode()
    client.post("/invitations/")
    roles = Membership.objects.filter(user=cast.outsider, operation=cast.operation)
    assert [one.role for one in roles] == [Role.FIELD_OFFICER]


def test_a_used_link_works_for_nobody_else(invited: tuple[Invitation, str], client: Client) -> None:
    open_link(client, invited[1])
    client.post("/invitations/", NEW)
    second = Client()
    assert open_link(second, invited[1]).status_code == 410
    second.post("/invitations/", NEW | {"username": "eve"})
    assert not User.objects.filter(username="eve").exists()


def test_two_who_opened_it_at_once_do_not_both_get_in(
    invited: tuple[Invitation, str], client: Client
) -> None:
    second = Client()
    open_link(client, invited[1])
    open_link(second, invited[1])
    client.post("/invitations/", NEW)
    assert second.post("/invitations/", NEW | {"username": "eve"}).status_code == 410
    assert not User.objects.filter(username="eve").exists()


def test_a_link_ends_after_seven_days(invited: tuple[Invitation, str], client: Client) -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(days=6, hours=23)):
        assert open_link(client, invited[1]).status_code == 200
    with time_machine.travel(timezone.now() + datetime.timedelta(days=7, minutes=1)):
        answer = open_link(Client(), invited[1])
        assert answer.status_code == 410
        assert "Expired" in answer.content.decode()


def test_a_revoked_link_is_dead(
    invited: tuple[Invitation, str], client: Client, cast: Cast
) -> None:
    open_link(client, invited[1])
    coordinator = Client()
    coordinator.force_login(cast.carmen)
    coordinator.post(f"/o/caucasus/administration/invitations/{invited[0].pk}/revoke/")
    assert client.post("/invitations/", NEW).status_code == 410
    assert open_link(Client(), invited[1]).status_code == 410


def test_a_made_up_link_is_not_found(client: Client, db: None) -> None:
    assert open_link(client, "x" * 43).status_code == 404


def test_a_weak_password_and_a_taken_name_are_named_and_nothing_is_used_up(
    invited: tuple[Invitation, str], client: Client
) -> None:
    open_link(client, invited[1])
    weak = client.post("/invitations/", NEW | {"password": "12345678"}).content.decode()
    assert "too common" in weak
    assert 'value="Nino"' in weak
    taken = client.post("/invitations/", NEW | {"username": "OLGA"}).content.decode()
    assert "user name is taken" in taken
    assert Invitation.objects.get(pk=invited[0].pk).state == Invitation.State.OPEN


def test_the_link_is_shown_once_and_never_cached(cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    address = "/o/caucasus/administration/invitations/"
    form = {"organisation": cast.organisations["WFP"].pk, "role": "logistics", "note": "Davit"}
    made = client.post(address, form)
    assert "http://testserver/invitations/" in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert "http://testserver/invitations/" not in client.get(address).content.decode()


@pytest.mark.parametrize("who", ["olga", "anna", "oscar"])
def test_only_managers_invite(who: str, cast: Cast) -> None:
    with pytest.raises(Problem) as refusal:
        members.invite(
            cast.operation,
            actor=cast.actor(who),
            organisation=cast.organisations["OCHA"],
            role=Role.COORDINATOR,
        )
    assert refusal.value.code == "forbidden"


def test_a_known_person_gets_a_role_once(cast: Cast) -> None:
    facts = {
        "actor": cast.actor("carmen"),
        "user": cast.olga,
        "organisation": cast.organisations["OCHA"],
        "role": Role.TEAM_LEAD,
    }
    members.add(cast.operation, **facts)
    with pytest.raises(Problem) as refusal:
        members.add(cast.operation, **facts)
    assert refusal.value.code == "already_member"


def test_a_coordinator_adds_people_of_own_operations_only(cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    where = "/o/caucasus/administration/members/add/"
    page = client.get(where).content.decode()
    assert "Olga" in page
    assert "Outsider" not in page
    form = {"organisation": cast.organisations["OCHA"].pk, "role": "analyst"}
    assert client.post(f"{where}?person={cast.outsider.pk}", form).status_code == 404
    assert not Membership.objects.filter(user=cast.outsider, operation=cast.operation).exists()
    assert client.get(f"{where}?person=nobody").status_code == 404
    client.post(f"{where}?person={cast.olga.pk}", form)
    assert Membership.objects.filter(user=cast.olga, role=Role.ANALYST).exists()


def test_a_known_person_is_found_among_many(cast: Cast, client: Client) -> None:
    for _ in range(SIZE):
        facts = {"organisation": cast.organisations["IFRC"], "role": Role.OBSERVER}
        MembershipFactory(user=UserFactory(), operation=cast.operation, **facts)
    device = UserFactory(username="device")
    device.set_unusable_password()
    device.save()
    MembershipFactory(user=device, operation=cast.operation, **facts)
    client.force_login(cast.carmen)
    where = "/o/caucasus/administration/members/add/"
    first = client.get(where).context["page"]
    rest = client.get(f"{where}{first.next}").context["page"]
    assert first.count == len({*first.rows, *rest.rows})
    assert device not in {*first.rows, *rest.rows}
    assert client.get(where, {"q": "olg"}).context["page"].rows == [cast.olga]


def test_a_role_is_changed(cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    one = Membership.objects.get(user=cast.olga)
    form = {"organisation": cast.organisations["IFRC"].pk, "role": "team_lead"}
    client.post(f"/o/caucasus/administration/members/{one.pk}/", form)
    one.refresh_from_db()
    assert (one.role, one.organisation.acronym) == ("team_lead", "IFRC")


def test_with_the_last_role_go_the_tokens_and_the_operation(cast: Cast, client: Client) -> None:
    tokens.make(cast.operation, actor=cast.actor("paula"), name="portal", scopes=["read"], days=7)
    one = Membership.objects.get(user=cast.paula)
    client.force_login(cast.carmen)
    client.post(f"/o/caucasus/administration/members/{one.pk}/remove/")
    assert ApiToken.objects.get().state == ApiToken.State.REVOKED
    client.force_login(cast.paula)
    assert client.get("/o/caucasus/jobs/").status_code == 404


def test_the_last_coordinator_stays_unless_an_administrator_says_otherwise(cast: Cast) -> None:
    one = Membership.objects.get(user=cast.carmen)
    with pytest.raises(Problem) as refusal:
        members.remove(one, actor=cast.actor("carmen"))
    assert refusal.value.code == "last_coordinator"
    with pytest.raises(Problem):
        members.change(
            one, actor=cast.actor("carmen"), organisation=one.organisation, role=Role.OBSERVER
        )
    members.remove(one, actor=cast.actor("adam"))
    assert not Membership.objects.filter(user=cast.carmen).exists()


def test_members_of_another_operation_are_not_found(cast: Cast, client: Client) -> None:
    theirs = Membership.objects.get(user=cast.outsider)
    client.force_login(cast.carmen)
    assert client.get(f"/o/caucasus/administration/members/{theirs.pk}/").status_code == 404
    removal = client.post(f"/o/caucasus/administration/members/{theirs.pk}/remove/")
    assert removal.status_code == 404
    assert Membership.objects.filter(pk=theirs.pk).exists()


def test_search_finds_members_by_name_role_and_organisation(cast: Cast, client: Client) -> None:
    client.force_login(cast.carmen)
    page = client.get("/o/caucasus/administration/?q=FAR").content.decode()
    assert "Farid" in page
    assert "Tigran" not in page
    page = client.get("/o/caucasus/administration/?role=analyst&organisation=IFRC")
    assert "Nils" in page.content.decode()
    assert "Anna" not in page.content.decode()
    empty = client.get("/o/caucasus/administration/?q=zzz").content.decode()
    assert "Nobody matches" in empty


def test_the_member_list_costs_the_same_for_many(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        user = UserFactory(username=f"many{number}")
        Membership.objects.create(
            user=user,
            operation=cast.operation,
            organisation=cast.organisations["OCHA"],
            role=Role.OBSERVER,
        )
    client.force_login(cast.carmen)
    with django_assert_max_num_queries(12):
        client.get("/o/caucasus/administration/")
