"""Tables that are taken out of one operation, by somebody who belongs to two."""

import pytest
from django.test import Client

from core.models import Role
from tests.cast import Cast
from tests.factories.convoys import ConvoyFactory, WaybillFactory
from tests.factories.core import MembershipFactory


@pytest.mark.parametrize("dataset", ["waybills", "convoys"])
def test_a_table_holds_what_is_of_its_operation_alone(cast: Cast, dataset: str) -> None:
    MembershipFactory(
        user=cast.carmen,
        operation=cast.elsewhere,
        organisation=cast.organisations["OCHA"],
        role=Role.COORDINATOR,
    )
    for operation in (cast.operation, cast.elsewhere):
        ConvoyFactory(operation=operation, name=f"Of {operation.slug}")
        WaybillFactory(
            leg__convoy__operation=operation,
            consignee=cast.organisations["UNHCR"],
            state="issued",
        )
    client = Client()
    client.force_login(cast.carmen)
    answer = client.get(f"/o/caucasus/export/{dataset}.csv")
    table = b"".join(answer.streaming_content).decode()
    assert "caucasus" in table
    assert "elsewhere" not in table
