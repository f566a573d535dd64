"""Partners read convoys and claims, with the totals that the page shows."""

from decimal import Decimal

from django.test import Client

from convoys import claims
from convoys.models import Convoy
from tests.cast import Cast


def test_partners_read_the_totals_of_the_page(cast: Cast, client: Client) -> None:
    lars, carmen = cast.actor("lars"), cast.actor("carmen")
    for name, kg in (("First", 45_000), ("Second", 300_000)):
        convoy = claims.report(cast.operation, actor=lars, name=name)
        claim = claims.record(
            [convoy], actor=lars, attribute="cargo", value=Decimal(kg), source="Agency"
        )
        claims.adopt(claim, actor=carmen, reason="The only figure.")
    claims.record(
        list(Convoy.objects.all()),
        actor=lars,
        attribute="cargo",
        value=Decimal(345_000),
        source="Agency",
    )
    client.force_login(cast.paula)
    listed = client.get("/api/v1/convoys/?operation=caucasus").json()["results"]
    assert sum(row["reported_kg"] for row in listed) == 345_000
    said = client.get("/api/v1/claims/?attribute=cargo").json()["results"]
    assert ["First", "Second"] in [row["convoys"] for row in said]
    client.force_login(cast.outsider)
    assert client.get("/api/v1/convoys/").json()["results"] == []
