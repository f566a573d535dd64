"""The field work of the demonstration: who went where on which day, and what they sent.

About 300 visits over eleven days by collectors of five organisations. Every record goes through
the rule of intake, as its collector. The device's times lie in November 2020; what the server's
clock writes is corrected afterwards by situation.demo.clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.gis.geos import Point

from assessments import intake
from assessments.models import FormVersion, Submission
from core.models import Area
from core.policy import Actor
from situation.demo import households, photos
from situation.demo.dice import Dice
from situation.demo.instances import Blank

BEGIN = date(2020, 11, 12)
DAYS = 11
# P-code: planned submissions, and the share of them that has been collected.
SCOPE = {
    "AM01": (45, 1.0),
    "AM03": (25, 0.9),
    "AM05": (20, 0.75),
    "AM07": (30, 1.0),
    "AM09": (35, 0.85),
    "AM10": (20, 0.9),
    "AM11": (15, 0.0),
    "AZ00000003": (25, 0.8),
    "AZ20000002": (25, 1.0),
    "AZ50900001": (25, 0.9),
    "AZ60700001": (20, 0.9),
    "AZ60800001": (25, 0.85),
    "AZ61000001": (35, 1.0),
    "AZ90101002": (20, 0.55),
    "AZ90700001": (15, 0.0),
}
COLLECTORS = {
    "officer": 26,
    "officer2": 26,
    "collector-unicef": 20,
    "collector-wfp": 17,
    "collector-undp": 11,
}
REFUSED, ELSEWHERE, NO_PLACE, UNFED, PHOTO, PHOTO_LOST = 0.02, 0.03, 0.04, 0.03, 0.16, 0.1


@dataclass
class Photo:
    """A photo on its way, as intake takes files."""

    name: str | None
    size: int | None
    content: bytes

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        yield self.content


@dataclass(frozen=True)
class Visit:
    """One visit to an invented household; ``oddity`` names what is wrong with the record."""

    number: int
    area: Area
    collector: str
    began: datetime
    answers: dict[str, Any]
    photo: bytes = b""
    oddity: str = ""
    minutes: int = field(default=24)

    @property
    def instance_id(self) -> str:
        """Return an id that follows from the visit's number, so that a record is sent once."""
        return f"uuid:{uuid5(NAMESPACE_URL, f'tessera-demonstration/{self.number}')}"

    @property
    def arrived(self) -> datetime:
        """Return when the record would have reached a server: that evening or the next morning."""
        return self.began + timedelta(hours=3 + self.number % 14, minutes=self.number * 7 % 60)


def visits(areas: dict[str, Area]) -> Iterator[Visit]:
    """Yield the visits in the order of their days; ``areas`` by P-code, with their geometry."""
    planned = [
        pcode for pcode, (target, done) in SCOPE.items() for _visit in range(round(target * done))
    ]
    order = Dice("order")
    planned.sort(key=lambda pcode: order.fraction())
    for number, pcode in enumerate(planned, start=1):
        yield _visit(number, len(planned), areas[pcode], areas)


def _visit(number: int, total: int, area: Area, areas: dict[str, Area]) -> Visit:
    dice = Dice("visit", number)
    began = _time(dice, number / (total + 1))
    oddity = dice.pick(
        {"refusal": REFUSED, "elsewhere": ELSEWHERE, "no_place": NO_PLACE, "unfed": UNFED, "": 0.88}
    )
    place = area
    if oddity == "elsewhere":
        place = dice.pick({one: 1 for one in areas.values() if one.level == area.level})
    with_photo = oddity == "" and dice.chance(PHOTO)
    home = households.invent(
        dice, country=area.pcode[:2], pcode=area.pcode, interviewed=began.date()
    )
    given = (
        households.refusal()
        if oddity == "refusal"
        else households.answers(
            home,
            dice,
            location="" if oddity == "no_place" else _spot(dice, place),
            photo=f"dwelling-{number:03}.jpg" if with_photo else "",
        )
    )
    if oddity == "unfed":
        given["food"] = {}
    if with_photo and dice.chance(PHOTO_LOST):
        oddity = "photo_missing"
    picture = photos.house(dice) if with_photo and not oddity else b""
    who = dice.pick(COLLECTORS)
    return Visit(number, area, who, began, given, picture, oddity, dice.between(16, 38))


def _time(dice: Dice, progress: float) -> datetime:
    """Return a daytime (UTC) of the day that is due; field work begins and ends with fewer."""
    eased = progress + 0.08 * (dice.fraction() - 0.5)
    day = min(DAYS - 1, max(0, int(eased * DAYS)))
    start = datetime(BEGIN.year, BEGIN.month, BEGIN.day, 5, 0, tzinfo=UTC)
    return start + timedelta(days=day, minutes=dice.between(0, 540), seconds=dice.between(0, 59))


def day_of(moment: datetime) -> int:
    """Return which day of the field work a moment falls on, from 0."""
    return (moment.date() - BEGIN).days


def _spot(dice: Dice, area: Area) -> str:
    """Return a place within the area as ``latitude longitude altitude accuracy``."""
    shape = area.geometry
    if shape is None:
        return ""
    west, south, east, north = shape.extent
    prepared = shape.prepared
    for _attempt in range(60):
        longitude = west + dice.fraction() * (east - west)
        latitude = south + dice.fraction() * (north - south)
        if prepared.contains(Point(longitude, latitude)):
            break
    else:
        longitude, latitude = shape.point_on_surface.coords
    height = dice.between(250, 1900)
    return f"{latitude:.6f} {longitude:.6f} {height} {dice.between(4, 24)}"


def send(version: FormVersion, visit: Visit, blank: Blank, actor: Actor) -> Submission:
    """Send a visit's record as the device of its collector would."""
    ended = visit.began + timedelta(minutes=visit.minutes)
    answers = {
        "start": visit.began.isoformat(timespec="milliseconds"),
        "end": ended.isoformat(timespec="milliseconds"),
        "today": visit.began.date().isoformat(),
        "deviceid": f"demo:{visit.collector}",
        **visit.answers,
    }
    name = visit.answers.get("closing", {}).get("photo", "")
    files = [Photo(name, len(visit.photo), visit.photo)] if visit.photo else []
    content = blank.filled(answers, instance_id=visit.instance_id)
    return intake.receive(version, actor=actor, content=content, files=files).submission
