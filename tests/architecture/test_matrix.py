"""What the product's matrix does not give, nobody gets: every verb with every person."""

import pytest

from core import policy
from core.models import ApiToken, User
from core.policy import VERBS, Actor
from tests.architecture.matrix import MATRIX, World


def test_every_verb_is_in_the_matrix() -> None:
    assert sorted(VERBS) == sorted(MATRIX)


@pytest.mark.parametrize("verb", sorted(MATRIX))
def test_a_verb_is_given_to_whom_the_matrix_says(verb: str, world: World) -> None:
    name, expected = MATRIX[verb]
    row = world.row(name)
    allowed = {who for who in world.cast.people if policy.can(world.cast.actor(who), verb, row)}
    assert allowed == expected


@pytest.mark.parametrize("verb", sorted(MATRIX))
def test_a_list_and_a_row_agree(verb: str, world: World) -> None:
    row = world.row(MATRIX[verb][0])
    for who in world.cast.people:
        actor = world.cast.actor(who)
        listed = policy.filter(actor, verb, type(row)._default_manager.filter(pk=row.pk))
        assert listed.exists() == policy.can(actor, verb, row), who


@pytest.mark.parametrize("verb", sorted(MATRIX))
def test_strangers_and_leavers_get_nothing(verb: str, world: World) -> None:
    row = world.row(MATRIX[verb][0])
    assert not policy.can(Actor(), verb, row)
    User.objects.update(is_active=False)
    for who in world.cast.people:
        assert not policy.can(world.cast.actor(who), verb, row), who


@pytest.mark.parametrize("verb", sorted(MATRIX))
def test_a_reading_token_never_writes(verb: str, world: World) -> None:
    row = world.row(MATRIX[verb][0])
    is_reading = verb.endswith((".read", ".raw"))
    for who, user in world.cast.people.items():
        token = ApiToken(user=user, operation=world.cast.operation, scopes=["read"])
        allowed = policy.can(Actor(user=user, token=token), verb, row)
        assert not allowed or (is_reading and policy.can(world.cast.actor(who), verb, row)), who


@pytest.mark.parametrize("verb", sorted(MATRIX))
def test_a_token_of_another_operation_sees_nothing(verb: str, world: World) -> None:
    row = world.row(MATRIX[verb][0])
    for user in world.cast.people.values():
        token = ApiToken(user=user, operation=world.cast.elsewhere, scopes=["read", "write"])
        if MATRIX[verb][0] != "user":
            assert not policy.can(Actor(user=user, token=token), verb, row), user
