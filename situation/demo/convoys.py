"""The two convoys of November 2020 as media reported them: claims only, no receipt.

Dates, tonnes and vehicles are what the named sources said (see data/README.md); sources differ on
the first convoy's arrival, and none states how the second one's cargo was split.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from convoys import claims
from convoys.models import Convoy
from core.models import Operation
from core.policy import Actor

FIRST = "First convoy, November 2020"
SECOND = "Second convoy, November 2020"
TOWNS = "Stepanakert / Khankendi; Shushi / Shusha"
# convoy, attribute, value, source, day of publication, whether the coordinator adopts it
SAID: tuple[tuple[str, str, Any, str, date, bool], ...] = (
    (FIRST, "cargo", Decimal(45_000), "Armenews", date(2020, 11, 21), True),
    (FIRST, "vehicles", 5, "Armenews", date(2020, 11, 21), True),
    (FIRST, "departed", date(2020, 11, 20), "Armenews", date(2020, 11, 21), True),
    (FIRST, "arrived", date(2020, 11, 21), "Armenews", date(2020, 11, 21), False),
    (FIRST, "arrived", date(2020, 11, 21), "Armradio", date(2020, 11, 21), False),
    (FIRST, "arrived", date(2020, 11, 20), "Azatutyun", date(2020, 11, 21), False),
    (SECOND, "cargo", Decimal(300_000), "Armradio", date(2020, 11, 24), True),
    (SECOND, "vehicles", 30, "Armradio", date(2020, 11, 24), True),
    (SECOND, "arrived", date(2020, 11, 24), "Armradio", date(2020, 11, 24), True),
    (SECOND, "destination", TOWNS, "Armradio", date(2020, 11, 24), True),
    (SECOND, "unallocated", Decimal(300_000), "Armradio", date(2020, 11, 24), True),
)
CONTENT = "Mostly building materials for houses and social infrastructure"
WHY = "The only figure that a source gives so far."


def reported(operation: Operation, actors: Mapping[str, Actor]) -> list[Convoy]:
    """Record what was said of the two convoys, and adopt what nobody contradicts."""
    logistics, coordinator = actors["logistics"], actors["coordinator"]
    both = {name: claims.report(operation, actor=logistics, name=name) for name in (FIRST, SECOND)}
    for name, attribute, value, source, day, is_adopted in SAID:
        claim = claims.record(
            [both[name]],
            actor=logistics,
            attribute=attribute,
            value=value,
            source=source,
            published_on=day,
            reliability="C",
            credibility=3,
        )
        if is_adopted:
            claims.adopt(claim, actor=coordinator, reason=WHY)
    for attribute, value in (
        ("cargo", Decimal(345_000)),
        ("vehicles", 35),
        ("staff", 40),
        ("content", CONTENT),
    ):
        claims.record(
            list(both.values()),
            actor=logistics,
            attribute=attribute,
            value=value,
            source="Armenews",
            published_on=date(2020, 11, 24),
            reliability="C",
            credibility=3,
        )
    return list(both.values())
