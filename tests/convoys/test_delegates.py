"""Two people decide: who planned does not clear, who investigated does not write off."""

import pytest

from convoys import closing, delegates, dispatch
from convoys.models import Delegate, Discrepancy
from core.errors import Problem
from core.models import Membership
from tests.cast import Cast
from tests.convoys.road import REASON, begin
from tests.convoys.test_run_pages import Desk
from tests.factories.core import MembershipFactory


def test_whoever_planned_a_convoy_does_not_clear_it(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    Membership.objects.filter(user=cast.aida).delete()
    road.run.planned_by = cast.carmen
    road.run.save(update_fields=["planned_by"])
    for step in ("plan", "ask_access"):
        dispatch.move(road.fresh(), step, actor=cast.actor("lars"))
    with pytest.raises(Problem, match="does not clear it") as refused:
        dispatch.move(road.fresh(), "clear", actor=cast.actor("carmen"))
    assert "names a delegate" in refused.value.how
    named = delegates.name(
        cast.operation, actor=cast.actor("carmen"), duty="clear", user=cast.nils, reason=REASON
    )
    assert dispatch.move(road.fresh(), "clear", actor=cast.actor("nils")).state == "cleared"
    delegates.end(named, actor=cast.actor("carmen"))
    with pytest.raises(Problem, match="forbidden"):
        dispatch.move(road.fresh(), "unclear", actor=cast.actor("nils"))


def test_a_named_delegate_writes_off_by_the_pages_and_only_until_the_end(cast: Cast) -> None:
    road = begin(cast)
    road.carry([10])
    road.go().arrive()
    road.receive({"good": 9}, final=True)
    missing = Discrepancy.objects.get()
    carmen, nils = Desk(cast, "carmen"), Desk(cast, "nils")
    closing.investigate(missing, actor=cast.actor("carmen"))
    typed = {"reason": "Stolen", "evidence": "Police 12/3"}
    assert "does not write it off" in carmen.do(road.run, "write_off", missing, **typed)
    address = f"/o/caucasus/runs/{road.run.pk}/do/write_off/?on={missing.pk}"
    assert nils.client.get(address).status_code == 403
    named = {"duty": "write_off", "user": cast.nils.pk, "reason": "I looked for it myself"}
    carmen.client.post("/o/caucasus/convoys/delegates/new/", named)
    delegate = Delegate.objects.get()
    assert "Write off" in nils.look(road.run, "closes")
    nils.do(road.run, "write_off", missing, **typed)
    assert Discrepancy.objects.get().state == "written_off"
    carmen.client.post(f"/o/caucasus/convoys/delegates/{delegate.pk}/end/")
    assert nils.client.get(address).status_code == 403
    assert "ended" in carmen.client.get("/o/caucasus/convoys/delegates/").content.decode()


def test_a_team_that_is_large_enough_names_nobody(cast: Cast) -> None:
    facts = {"actor": cast.actor("carmen"), "duty": "write_off", "reason": REASON}
    for user in (cast.paula, cast.outsider, cast.carmen):
        with pytest.raises(Problem, match="invalid"):
            delegates.name(cast.operation, user=user, **facts)
    with pytest.raises(Problem, match="forbidden"):
        delegates.name(cast.operation, user=cast.nils, **facts | {"actor": cast.actor("lars")})
    MembershipFactory(
        user=cast.tigran,
        operation=cast.operation,
        organisation=cast.organisations["OCHA"],
        role="coordinator",
    )
    with pytest.raises(Problem, match="decide for each other"):
        delegates.name(cast.operation, user=cast.nils, **facts)
