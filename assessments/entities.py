"""Entity lists: which forms keep them, what records do to them, and what devices get of them.

Nothing that a record asks of a list can make intake refuse it: what cannot be done is noted.
https://getodk.github.io/xforms-spec/entities
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element

from django.db import transaction
from django.db.models import Sum

from assessments import xml
from assessments.arrivals import Arrival
from assessments.models import Entity, EntityList, EntityNote, FormVersion, Submission
from assessments.xlsforms.entities import ENTITY
from core import policy
from core.policy import Actor

Problem = EntityNote.Problem
TRUE = {"1", "true", "true()"}
ENDING = ".csv"
LONGEST_ID, LONGEST_LABEL = 255, 1000


def declare(version: FormVersion) -> None:
    """Make the lists that a form keeps, or add its properties to them, once it is published."""
    for one in version.entities:
        found, _made = EntityList.objects.get_or_create(
            operation_id=version.operation_id, name=one["list"]
        )
        found = EntityList.objects.select_for_update().get(pk=found.pk)
        new = [name for name in one["properties"] if name not in found.properties]
        if new:
            found.properties += new
            found.save(update_fields=["properties"])


def live(version: FormVersion) -> dict[str, EntityList]:
    """Return the lists that stand in for files which the form reads and nobody attached, by name.

    A list that only this form will make, by being published, is given unsaved and has no entities.
    """
    blank = {one.file_name for one in version.attachments.all() if not one.file}
    names = {name.removesuffix(ENDING) for name in blank if name.endswith(ENDING)}
    if not names:
        return {}
    known = EntityList.objects.filter(operation=version.operation_id, name__in=names)
    coming = (
        EntityList(name=one["list"], properties=list(one["properties"]))
        for one in version.entities
        if one["list"] in names
    )
    return {one.file_name: one for one in (*coming, *known)}


def missing(version: FormVersion) -> list[str]:
    """Return the files that the form reads and that neither a file nor an entity list gives."""
    served = live(version)
    return [
        one.file_name
        for one in version.attachments.all()
        if not one.file and one.file_name not in served
    ]


def content(entity_list: EntityList) -> bytes:
    """Return the list as devices read it: CSV of name (the ID), label, __version, properties."""
    revision = entity_list.entities.aggregate(all=Sum("version"))["all"] if entity_list.pk else 0
    return _table(entity_list.pk, tuple(entity_list.properties), revision)


def md5(table: bytes) -> str:
    """Return what devices tell two states of a file by."""
    return hashlib.md5(table, usedforsecurity=False).hexdigest()


@lru_cache(maxsize=8)
def _table(entity_list: int | None, properties: tuple[str, ...], revision: int | None) -> bytes:
    """Write a list once for each state that it is in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("name", "label", "__version", *properties))
    rows = Entity.objects.filter(entity_list=entity_list, is_archived=False).order_by("pk")
    for uid, label, version, said in rows.values_list("uid", "label", "version", "properties"):
        writer.writerow((uid, label, version, *(said.get(name, "") for name in properties)))
    return text.getvalue().encode()


def labels(
    versions: Iterable[int], lists: Iterable[str], values: Iterable[str] | None
) -> Iterator[tuple[str, str, str]]:
    """Yield list, ID and label of the entities that answers to these form versions can name."""
    wanted = None if values is None else [one for one in values if uid_of(one)]
    if wanted == []:
        return
    operations = FormVersion.objects.filter(pk__in=versions).order_by().values("operation")
    found = Entity.objects.filter(
        entity_list__operation__in=operations, entity_list__name__in=lists
    ).order_by()
    if wanted is not None:
        found = found.filter(uid__in=wanted)
    for name, uid, label in found.values_list("entity_list__name", "uid", "label"):
        yield name, str(uid), label


@dataclass(frozen=True)
class Said:
    """What a record says of one entity."""

    list_name: str
    uid: str
    creates: bool
    updates: bool
    base_version: str
    label: str
    properties: dict[str, str]


def take(submission: Submission, arrival: Arrival) -> None:
    """Do to the entity lists what a new record, or an edit of one, says; note what cannot be."""
    declared = arrival.version.entities
    if not declared or arrival.is_test:
        return
    submission.entity_notes.all().delete()
    names = {one["list"] for one in declared}
    lists = EntityList.objects.filter(operation=arrival.version.operation_id, name__in=names)
    by_name = {one.name: one for one in lists}
    made: set[UUID] = set()
    # In one order, so that records which name the same entities do not wait for each other.
    for said in sorted(_read(arrival.root, declared), key=lambda one: (one.list_name, one.uid)):
        problem = _take_one(submission, by_name[said.list_name], said, made)
        if problem:
            EntityNote.objects.create(
                submission=submission,
                list_name=said.list_name,
                uid=said.uid[:LONGEST_ID],
                problem=problem,
            )


def _take_one(
    submission: Submission, entity_list: EntityList, said: Said, made: set[UUID]
) -> Problem | None:
    uid = uid_of(said.uid)
    if uid is None:
        return Problem.NO_ID
    again = uid in made
    made.add(uid)
    known = Entity.objects.select_for_update().filter(entity_list=entity_list, uid=uid)
    entity = known.first()
    if entity is None and said.creates and said.label:
        given = {
            "label": said.label,
            "properties": said.properties,
            "made_by": submission,
            "changed_by": submission,
        }
        entity, is_new = known.get_or_create(entity_list=entity_list, uid=uid, defaults=given)
        if is_new:
            return None
    if entity is None:
        return Problem.NO_LABEL if said.creates else Problem.UNKNOWN
    if not said.updates and (again or entity.made_by_id != submission.pk):
        return Problem.REPEATED
    return _change(entity, said, submission)


def _change(entity: Entity, said: Said, submission: Submission) -> Problem | None:
    """Put what a record says over what is known; only the record that spoke last may repeat it."""
    is_last = entity.changed_by_id == submission.pk
    label = said.label or entity.label
    properties = entity.properties | said.properties
    unseen = not said.updates or said.base_version not in {"", str(entity.version)}
    if not is_last or (label, properties) != (entity.label, entity.properties):
        entity.label, entity.properties, entity.changed_by = label, properties, submission
        entity.version += 1
        entity.save()
    if entity.is_archived:
        return Problem.ARCHIVED
    return Problem.CHANGED if unseen and not is_last else None


def _read(root: Element, declared: list[dict[str, Any]]) -> Iterator[Said]:
    """Yield what a record says of entities, for each member where they stand in a repeat."""
    for one in declared:
        for holder in _find(root, one["container"]):
            for entity in _find(holder, ENTITY)[:1]:
                given = {name: _find(holder, path) for name, path in one["properties"].items()}
                said = Said(
                    list_name=one["list"],
                    uid=entity.get("id", "").strip(),
                    creates=one["creates"] and entity.get("create", "").strip() in TRUE,
                    updates=one["updates"] and entity.get("update", "").strip() in TRUE,
                    base_version=entity.get("baseVersion", "").strip(),
                    label=_text(_find(entity, "label"))[:LONGEST_LABEL],
                    properties={name: _text(nodes) for name, nodes in given.items() if nodes},
                )
                if said.creates or said.updates:
                    yield said


def _find(parent: Element, path: str) -> list[Element]:
    """Return the elements at a path, without the pattern for new members that clients leave in."""
    found = [parent]
    for name in filter(None, path.split("/")):
        inside = (one for above in found for one in above if xml.local(one.tag) == name)
        found = [one for one in inside if "template" not in map(xml.local, one.attrib)]
    return found


def _text(nodes: list[Element]) -> str:
    return (nodes[0].text or "").strip() if nodes else ""


def uid_of(text: str) -> UUID | None:
    """Return the ID that a text holds, with or without the prefix ``uuid:``, or None."""
    try:
        return UUID(text.removeprefix("uuid:"))
    except ValueError:
        return None


@transaction.atomic
def set_archived(entity: Entity, *, actor: Actor, is_archived: bool) -> Entity:
    """Keep an entity from devices, or give it to them again; records go on naming it."""
    policy.check(actor, "entity.manage", entity)
    locked = Entity.objects.select_for_update(of=("self",)).get(pk=entity.pk)
    if locked.is_archived != is_archived:
        locked.is_archived = is_archived
        locked.version += 1
        locked.save()
    return locked


def states(entity_list: EntityList, uids: Iterable[str]) -> dict[str, bool]:
    """Return of each ID that a device asks after whether it is gone: unknown, or archived."""
    asked = {text: uid_of(text) for text in uids}
    wanted = [uid for uid in asked.values() if uid]
    found = entity_list.entities.filter(uid__in=wanted, is_archived=False)
    kept = set(found.values_list("uid", flat=True))
    return {text: uid not in kept for text, uid in asked.items()}
