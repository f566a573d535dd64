"""The history of an object as the audit tells it: who changed what, when, by which request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import geo, policy
from core.errors import Problem
from core.history_words import HIDDEN, WORDS
from core.models import ApiToken, Job, Membership, Operation, User
from core.policy import VERBS, Actor, Verb
from core.times import written

LONGEST = 300


@dataclass(frozen=True)
class Change:
    """One column that an event changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One event: ``kind`` is insert, update or delete; ``who`` is empty where nobody is known."""

    kind: str
    when: datetime
    subject: str
    who: str
    how: str
    request: str
    reason: str
    changes: list[Change]


def reading_verb(label: str) -> Verb:
    """Return the verb that lets one read rows of a model; raise ``not_found`` if there is none.

    Where a verb tells raw rows from what was released of them, the history is of the raw ones.
    """
    for verb in VERBS.values():
        if verb.model.lower() == label.lower() and verb.reading == verb.name:
            return VERBS.get(f"{verb.name.partition('.')[0]}.raw", verb)
    raise Problem("not_found")


def find(actor: Actor, label: str, pk: str, operation: Operation) -> Model:
    """Return the object, if it lies in the operation and the actor may read it."""
    verb = reading_verb(label)
    model = apps.get_model(verb.model)
    inside = model._default_manager.all()
    if verb.operation != "pk" or model is Operation:
        inside = inside.filter(**{verb.operation: operation.pk})
    try:
        row: Model = policy.get(actor, verb.name, inside, pk=pk)
    except (ValidationError, ValueError):
        raise Problem("not_found") from None
    return row


def of_row(row: Model) -> QuerySet[Any]:
    """Return the events of an object."""
    tracked: dict[str, type[Any]] = getattr(type(row), "pgh_event_models", {})
    if not tracked:
        raise Problem("not_found")
    return _with_context(tracked["insert"].objects.filter(pgh_obj_id=row.pk))


def of_roles(operation: Operation) -> QuerySet[Any]:
    """Return the events of who holds which role in an operation, removals included."""
    events: Any = vars(Membership)["pgh_event_models"]["insert"]
    return _with_context(events.objects.filter(operation_id=operation.pk))


def _with_context(events: QuerySet[Any]) -> QuerySet[Any]:
    return events.select_related("pgh_context")


def told(newest_first: list[Any], *, subject: str = "") -> list[Entry]:
    """Turn neighbouring events of one model, newest first, into entries.

    Each is compared with the one before it of its row. ``subject`` names the column that says what
    an entry is about, where rows are mixed.
    """
    events = newest_first[::-1]
    if not events:
        return []
    fields = [
        one
        for one in type(events[0])._meta.concrete_fields
        if not one.name.startswith("pgh_") and one.name not in HIDDEN
    ]
    last = _before(events)
    names, actors = _names([*last.values(), *events], fields), _actors(events)
    about = next((one for one in fields if one.name == subject), None)
    # Where the page says whose and in which operation, the entries need not.
    fields = [one for one in fields if not about or one.name not in {subject, "operation"}]
    found = []
    for event in events:
        before = last.get(event.pgh_obj_id)
        found.append(
            Entry(
                kind=event.pgh_label,
                when=event.pgh_created_at,
                subject=_words(about, getattr(event, about.attname), names) if about else "",
                changes=[*_changes(before, event, fields, names), *_related(event)],
                **_source(event, actors),
            )
        )
        last[event.pgh_obj_id] = event
    return found[::-1]


def _related(event: Any) -> list[Change]:
    """Return what a rule says of rows beside the event's own: by field, names before and after."""
    told = event.pgh_context.metadata.get("related", {}) if event.pgh_context else {}
    model = type(event).pgh_tracked_model
    return [
        Change(_label(model._meta.get_field(name)), "; ".join(old), "; ".join(new))
        for name, (old, new) in told.items()
        if old != new
    ]


def _before(events: list[Any]) -> dict[Any, Any]:
    """Return the last event of each row before the oldest of these, by the row's key."""
    rows = {event.pgh_obj_id for event in events}
    older = type(events[0]).objects.filter(pgh_obj_id__in=rows, pgh_id__lt=events[0].pgh_id)
    newest = older.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return {event.pgh_obj_id: event for event in newest}


def _changes(before: Any, event: Any, fields: list[Any], names: dict[Any, str]) -> list[Change]:
    # The first event of a row, and its last, tell all that it holds.
    whole = before is None or event.pgh_label == "delete"
    found = []
    for field in fields:
        old = None if whole else getattr(before, field.attname)
        new = getattr(event, field.attname)
        if old == new or (whole and new in (None, "", [], {})):
            continue
        words = {"before": _words(field, old, names), "after": _words(field, new, names)}
        found.append(Change(label=_label(field), **words))
    return found


def _source(event: Any, actors: dict[str, str]) -> dict[str, str]:
    """Return who and what stood behind an event, from the context that the request left."""
    facts = event.pgh_context.metadata if event.pgh_context else {}
    through = [f"job {facts.get('job')}", f"token {facts.get('token')}"]
    return {
        "who": actors.get(f"user {facts.get('user')}", ""),
        "how": next((actors[one] for one in through if one in actors), ""),
        "request": str(facts.get("request", "")),
        "reason": str(facts.get("reason", "")),
    }


def _actors(events: Iterable[Any]) -> dict[str, str]:
    facts = [event.pgh_context.metadata for event in events if event.pgh_context]
    users = User.objects.filter(pk__in={one["user"] for one in facts if one.get("user")})
    jobs = Job.objects.filter(pk__in={one["job"] for one in facts if one.get("job")})
    tokens = ApiToken.objects.filter(pk__in={one["token"] for one in facts if one.get("token")})
    return (
        {f"user {user.pk}": str(user) for user in users}
        | {f"job {job.pk}": _("job “{title}”").format(title=job.title) for job in jobs}
        | {f"token {token.pk}": _("token “{name}”").format(name=token.name) for token in tokens}
    )


def _names(events: list[Any], fields: list[Any]) -> dict[Any, str]:
    """Return the words for the rows that foreign keys name, by (field name, key)."""
    found: dict[Any, str] = {}
    for field in fields:
        if isinstance(field, ForeignKey):
            keys = {getattr(event, field.attname) for event in events} - {None}
            related: Any = field.related_model
            for row in related._base_manager.filter(pk__in=keys):
                found[(field.name, row.pk)] = str(row)
    return found


def _label(field: Any) -> str:
    # A name that the model gives is translated; the one that Django derives is not.
    given = not isinstance(field.verbose_name, str) or field.name not in WORDS
    text = str(field.verbose_name if given else WORDS[field.name])
    return text[:1].upper() + text[1:]


def _words(field: Any, value: Any, names: dict[Any, str]) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(field, ForeignKey):
        return names.get((field.name, value), f"#{value}")
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, date):
        return str(date_format(value, "DATE_FORMAT"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, GEOSGeometry):
        value = "; ".join(geo.corners(value)) or str(value)
    if isinstance(value, dict):
        value = [f"{key}: {said}" for key, said in value.items() if said != ""]
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
