"""Events of access as tables and programs write them: plain values by column, places by name.

One reader for files and for the API, with the column names of the datasets, so that what was taken
out can be changed and sent in again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from core import cells, geo, policy
from core.access import codes, plans, reports
from core.errors import Problem
from core.models import (
    AccessConstraint,
    AccessScore,
    AccessWindow,
    Clearance,
    DeconflictionNotice,
    MovementOutcome,
    MovementRequest,
    Operation,
    RouteSegment,
    Sector,
    Site,
    StatusObservation,
)
from core.models.facts import Fact
from core.policy import Actor

# A column's name -> the field that it fills
SHARED = {
    "observed_at": "occurred_at",
    "source": "source",
    "source_url": "source_url",
    "reliability": "reliability",
    "credibility": "credibility",
    "sensitivity": "sensitivity",
    "note": "note",
}
JOURNEY = {name: name for name in ("addressee", "purpose", "starts_at", "ends_at")}
CORRECTED = ("title", "parties", "terms")
# What names of places and papers are looked up for.
PLACES = frozenset({"area", "segment", "site", "movement"})
LONGEST = 4_000
# Corners are as many as an area may have, each of two numbers.
LONGEST_CORNERS = geo.MOST_CORNERS * 50
Given = Mapping[str, Any]


Part = Callable[[Operation, Given, Actor], dict[str, Any]]


def _at(*places: str) -> Part:
    """Return what finds the one place that is named among some kinds of places."""
    return lambda operation, given, actor: _place(operation, places, given)


def _in_sectors(operation: Operation, given: Given, actor: Actor) -> dict[str, Any]:
    return {"many": {"sectors": _sectors(given["sectors"])}} if "sectors" in given else {}


def _along(operation: Operation, given: Given, actor: Actor) -> dict[str, Any]:
    return {"segments": roads(operation, given.get("segments", ""))}


def _inside(operation: Operation, given: Given, actor: Actor) -> dict[str, Any]:
    return {"points": _corners(given.get("corners", ""))}


def _offices(operation: Operation, given: Given, actor: Actor) -> dict[str, Any]:
    return {"offices": _names(given.get("offices", ""))}


def _excluded(operation: Operation, given: Given, actor: Actor) -> dict[str, Any]:
    wanted = _names(given.get("not_allowed", ""))
    return {"excluded_items": codes.known(operation, wanted, where="not_allowed")}


def _of_movement(operation: Operation, given: Given, actor: Actor) -> dict[str, Any]:
    return {"movement": _movement(operation, given, actor)}


@dataclass(frozen=True)
class Event:
    """A kind of event: the columns that it takes as they are, and the rule that records it.

    ``looked_up`` are the columns that name places and papers; ``parts`` find them, each by itself.
    """

    model: type[Fact]
    columns: Mapping[str, str]
    looked_up: tuple[str, ...]
    parts: tuple[Part, ...]
    record: Callable[..., Fact]


EVENTS = {
    "constraint": Event(
        AccessConstraint,
        {
            "type": "type",
            "title": "title",
            "who_restricts": "actor_kind",
            "impact": "impact",
            "people_affected": "people_affected",
            "started_on": "started_on",
        }
        | SHARED,
        ("pcode", "segment", "site", "sectors"),
        (_at("pcode", "segment", "site"), _in_sectors),
        reports.constraint,
    ),
    "status": Event(
        StatusObservation,
        {"status": "status", "valid_until": "valid_until"} | SHARED,
        ("segment", "site"),
        (_at("segment", "site"),),
        reports.observation,
    ),
    "score": Event(
        AccessScore,
        {"score": "score", "as_of": "as_of", "valid_until": "valid_until"} | SHARED,
        ("pcode",),
        (_at("pcode"),),
        reports.score,
    ),
    "window": Event(
        AccessWindow,
        {name: name for name in ("kind", "title", "parties", "starts_at", "ends_at", "terms")}
        | SHARED,
        ("segments", "corners"),
        (_along, _inside),
        plans.announce,
    ),
    "clearance": Event(
        Clearance,
        {name: name for name in ("authority", "kind", "purpose", "valid_from", "valid_to")}
        | {"conditions": "conditions"}
        | SHARED,
        ("segments", "offices", "not_allowed"),
        (_along, _offices, _excluded),
        plans.request,
    ),
    "notice": Event(
        DeconflictionNotice,
        JOURNEY | {"is_emergency": "is_emergency"} | SHARED,
        ("segments",),
        (_along,),
        plans.notify,
    ),
    "request": Event(MovementRequest, JOURNEY | SHARED, ("segments",), (_along,), plans.ask),
    "outcome": Event(
        MovementOutcome,
        {"access": "access_outcome", "delivery": "delivery_outcome"} | SHARED,
        ("movement", "addressee"),
        (_of_movement,),
        lambda operation, *, movement, **facts: reports.outcome(movement, **facts),
    ),
}


def enter(
    operation: Operation,
    event: str,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    client_id: UUID | None = None,
) -> Fact:
    """Record an event; raise Problem ``invalid`` whose findings name the columns."""
    kind = EVENTS.get(event)
    if kind is None:
        message = _("Use one of: {kinds}.").format(kinds=", ".join(EVENTS))
        raise _invalid("event", message)
    given = {key: value for key, value in values.items() if value not in (None, "")}
    _check_columns(kind, given)
    facts = _found(kind, operation, given, actor)
    try:
        return kind.record(operation, actor=actor, client_id=client_id, **facts)
    except Problem as problem:
        raise _in_columns(problem, kind) from None


def _found(kind: Event, operation: Operation, given: Given, actor: Actor) -> dict[str, Any]:
    """Return the facts; raise Problem with everything that stands against them, not the first."""
    fields = {one.name: one for one in kind.model._meta.concrete_fields}
    facts = {
        name: cells.of_field(fields[name], given[key])
        for key, name in kind.columns.items()
        if key in given
    }
    looked_up: dict[str, Any] = {}
    findings: list[Any] = []
    for part in kind.parts:
        try:
            looked_up |= part(operation, given, actor)
        except Problem as problem:
            if problem.code != "invalid":
                raise
            findings += problem.errors
    if findings:
        sent = {"occurred_at": timezone.now()} | facts
        found = reports.against(kind.model(operation=operation, **sent), leave_out=PLACES)
        raise _in_columns(Problem("invalid", errors=[*findings, *found]), kind)
    return facts | looked_up


def correct(window: AccessWindow, values: Given, *, actor: Actor) -> AccessWindow:
    """Correct the columns of a window that are given; raise ``invalid`` that names them."""
    facts = {name: values[name] for name in CORRECTED if name in values}
    if "segments" in values:
        mine = {str(one).casefold(): one for one in window.segments.all()}
        names = _names(values["segments"])
        facts["segments"] = [
            mine.get(name.casefold()) or _road(window.operation, name) for name in names
        ]
    if "corners" in values:
        facts["points"] = _corners(values["corners"])
    try:
        return plans.correct(window, actor=actor, **facts)
    except Problem as problem:
        raise _in_columns(problem, EVENTS["window"]) from None


def _check_columns(kind: Event, given: Mapping[str, Any]) -> None:
    known = {*kind.columns, *kind.looked_up}
    findings = [
        {"where": key, "message": _("Not known for this kind of event.")}
        for key in given
        if key not in known
    ]
    findings += [
        {"where": key, "message": _("Too long.")}
        for key, value in given.items()
        if isinstance(value, str) and (len(value) > _longest(key) or "\0" in value)
    ]
    if findings:
        raise Problem("invalid", errors=findings)


def _longest(column: str) -> int:
    return LONGEST_CORNERS if column == "corners" else LONGEST


def _place(operation: Operation, places: tuple[str, ...], given: Given) -> dict[str, Any]:
    """Return the one place that is named, as the field of the fact."""
    named = [key for key in places if key in given]
    if len(named) != 1:
        choices = ", ".join(places)
        raise _invalid(places[0], _("Name one place: {choices}.").format(choices=choices))
    key, text = named[0], str(given[named[0]]).strip()
    if key == "segment":
        return {key: _road(operation, text, where=key)}
    found: Any
    if key == "pcode":
        found = geo.find_by_pcode(operation, text)
    else:
        found = Site.objects.current().filter(operation=operation, name__iexact=text).first()
    if found is None:
        raise _unknown(key, text)
    return {"area" if key == "pcode" else key: found}


def _road(operation: Operation, name: str, *, where: str = "segments") -> RouteSegment:
    roads = RouteSegment.objects.current().filter(operation=operation, name__iexact=name)
    found = roads.first()
    if found is None:
        raise _unknown(where, name)
    return found


def roads(operation: Operation, value: Any) -> list[RouteSegment]:
    """Return the roads in use that a list or a cell names; raise Problem ``invalid``."""
    return [_road(operation, name) for name in _names(value)]


def _names(value: Any) -> list[str]:
    """Return what a list holds, or a cell with semicolons or line breaks between."""
    parts = value if isinstance(value, list | tuple) else str(value).replace("\n", ";").split(";")
    return [text for part in parts if (text := str(part).strip())]


def _corners(value: Any) -> list[list[float]]:
    found = []
    for number, text in enumerate(_names(value), start=1):
        try:
            found.append(geo.degrees(text))
        except ValueError:
            message = _("Corner {number} is not a latitude and a longitude: {corner}")
            raise _invalid("corners", message.format(number=number, corner=text)) from None
    return found


def _movement(operation: Operation, given: Given, actor: Actor) -> MovementRequest:
    """Return the one request that is named by its number, or by what moves and who was asked."""
    text = str(given.get("movement", "")).strip()
    if not text:
        raise _invalid("movement", _("Name the movement request."))
    rows = MovementRequest.objects.filter(operation=operation)
    rows = policy.filter(actor, "movement.read", rows)
    try:
        found = list(rows.filter(pk=UUID(text)))
    except ValueError:
        named = rows.filter(purpose__iexact=text)
        if "addressee" in given:
            named = named.filter(addressee__iexact=str(given["addressee"]).strip())
        found = list(named[:2])
    if not found:
        raise _unknown("movement", text)
    if len(found) > 1:
        message = _("Several movement requests are called “{name}”. Give the number of one.")
        raise _invalid("movement", message.format(name=text))
    return found[0]


def _sectors(value: Any) -> list[Sector]:
    parts = value if isinstance(value, list | tuple) else str(value).replace(",", " ").split()
    codes = [str(part).upper() for part in parts]
    found = {sector.code: sector for sector in Sector.objects.filter(code__in=codes)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        message = _("Not sectors' codes: {codes}.").format(codes=", ".join(unknown))
        raise _invalid("sectors", message)
    return [found[code] for code in codes]


def _in_columns(problem: Problem, kind: Event) -> Problem:
    """Return a problem whose findings name columns instead of fields."""
    if problem.code != "invalid":
        return problem
    columns = {field: key for key, field in kind.columns.items()}
    columns |= {"area": "pcode", "points": "corners"}
    findings = [one | {"where": columns.get(one["where"], one["where"])} for one in problem.errors]
    return Problem("invalid", errors=findings)


def _unknown(where: str, name: str) -> Problem:
    return _invalid(where, _("“{name}” is not known here.").format(name=name))


def _invalid(where: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"where": where, "message": message}])
