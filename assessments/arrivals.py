"""A record on its way in: what it says, as the columns and repeat members of a submission."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from django.contrib.gis.geos import Point

from assessments import answers, attribution, catalogue
from assessments.answers import Record
from assessments.catalogue import Catalogue
from assessments.models import Form, FormVersion, RepeatRow, Submission
from core.models import User
from core.policy import Actor


@dataclass(frozen=True)
class Arrival:
    """A record by someone who may send it; ``digest`` is the SHA-256 of its bytes."""

    version: FormVersion
    form: Form
    user: User
    actor: Actor
    content: bytes
    digest: str
    root: Element
    identity: Record
    is_test: bool

    @cached_property
    def known(self) -> Catalogue:
        """Return what is known of the form version."""
        return catalogue.of(self.version)

    @cached_property
    def record(self) -> Record:
        """Return the record's answers, repeats and files."""
        return answers.read(self.root, self.known)


def columns(arrival: Arrival) -> dict[str, Any]:
    """Return the columns of a submission that follow from the record's answers."""
    record, known = arrival.record, arrival.known
    found = answers.place(record, known)
    location = Point(found[1], found[0], srid=4326) if found else None
    area, flag = attribution.find_area(arrival.version, record, known, location)
    return {
        "version": arrival.version,
        "area_id": area.id if area else None,
        "area_name": area.name if area else "",
        "area_flag": flag,
        "location": location,
        "answers": record.answers,
        "search": answers.search_text(record, known),
        "device_id": str(record.first(known, "deviceid") or "")[:255],
        "started_at": answers.moment(record.first(known, "start")),
        "ended_at": answers.moment(record.first(known, "end")),
    }


def create_members(submission: Submission, record: Record) -> None:
    """Write the repeats level by level: a row must exist before those inside it."""
    rows: dict[int, RepeatRow] = {}
    waiting = list(enumerate(record.members))
    while waiting:
        level = [one for one in waiting if one[1].parent is None or one[1].parent in rows]
        made = [
            RepeatRow(
                submission=submission,
                path=member.path,
                position=member.position,
                parent=None if member.parent is None else rows[member.parent],
                answers=member.answers,
            )
            for _place, member in level
        ]
        RepeatRow.objects.bulk_create(made, batch_size=1000)
        rows |= {place: row for (place, _member), row in zip(level, made, strict=True)}
        waiting = [one for one in waiting if one[0] not in rows]
