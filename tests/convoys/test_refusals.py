"""What the database refuses is told in words, whichever constraint speaks."""

import re
from pathlib import Path

import pytest

from convoys import cargo, ledger
from convoys.refusals import REFUSALS
from core.errors import Problem
from tests.cast import Cast
from tests.convoys.road import begin
from tests.factories.convoys import ConsignmentFactory

MIGRATIONS = Path(ledger.__file__).parent / "migrations"


def test_every_name_under_which_a_trigger_refuses_has_words() -> None:
    sources = "".join(path.read_text() for path in MIGRATIONS.glob("*.py"))
    spoken = set(re.findall(r"convoys_refuse\(\'([a-z_]+)\'", sources))
    assert len(spoken) > 5
    assert spoken <= set(REFUSALS)


def test_a_number_that_is_taken_is_refused_with_a_way_on(cast: Cast) -> None:
    begin(cast)
    taken = ConsignmentFactory(operation=cast.operation).number
    sites = {"origin": ConsignmentFactory(operation=cast.operation).origin}
    sites["destination"] = ConsignmentFactory(operation=cast.operation).destination
    parties = {"consignor": cast.organisations["WFP"], "consignee": cast.organisations["IFRC"]}
    with pytest.raises(Problem, match="has this number") as refused:
        cargo.consign(cast.operation, actor=cast.actor("lars"), number=taken, **parties, **sites)
    assert "next free one" in refused.value.how
