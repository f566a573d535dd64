"""Policy: a list and a row agree, and refusals say who could."""

import pytest

from core import policy
from core.errors import Problem
from core.models import Operation
from tests.cast import Cast


def test_members_see_their_operation_and_no_other(cast: Cast) -> None:
    seen = policy.filter(cast.actor("olga"), "operation.read", Operation.objects.all())
    assert list(seen) == [cast.operation]


def test_what_one_may_not_read_is_not_found(cast: Cast) -> None:
    with pytest.raises(Problem) as refusal:
        policy.check(cast.actor("outsider"), "operation.manage", cast.operation)
    assert refusal.value.code == "not_found"


def test_a_refusal_names_the_roles_and_people_who_could(cast: Cast) -> None:
    with pytest.raises(Problem) as refusal:
        policy.check(cast.actor("olga"), "operation.manage", cast.operation)
    assert refusal.value.code == "forbidden"
    assert "Coordinator" in refusal.value.how
    assert "Carmen" in refusal.value.how
