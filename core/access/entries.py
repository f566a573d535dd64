"""Events of access as tables and programs write them: plain values by column, places by name.

One reader for files and for the API, with the column names of the datasets, so that what was taken
out can be changed and sent in again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core import geo
from core.access import reports
from core.errors import Problem
from core.models import (
    AccessConstraint,
    AccessScore,
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
PLACES = ("pcode", "segment", "site")
LONGEST = 4_000


@dataclass(frozen=True)
class Event:
    """A kind of event: the columns that it takes, and the rule that records it."""

    model: type[Fact]
    columns: Mapping[str, str]
    places: tuple[str, ...]
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
            "sectors": "sectors",
            "started_on": "started_on",
        }
        | SHARED,
        PLACES,
        reports.constraint,
    ),
    "status": Event(
        StatusObservation,
        {"status": "status", "valid_until": "valid_until"} | SHARED,
        ("segment", "site"),
        reports.observation,
    ),
    "score": Event(
        AccessScore,
        {"score": "score", "as_of": "as_of", "valid_until": "valid_until"} | SHARED,
        ("pcode",),
        reports.score,
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
    facts = {field: given[key] for key, field in kind.columns.items() if key in given}
    facts |= _place(operation, kind, given)
    many = {"sectors": _sectors(facts.pop("sectors"))} if "sectors" in facts else {}
    try:
        return kind.record(operation, actor=actor, client_id=client_id, many=many, **facts)
    except Problem as problem:
        raise _in_columns(problem, kind) from None


def _check_columns(kind: Event, given: Mapping[str, Any]) -> None:
    known = {*kind.columns, *kind.places}
    findings = [
        {"where": key, "message": _("Not known for this kind of event.")}
        for key in given
        if key not in known
    ]
    findings += [
        {"where": key, "message": _("Too long.")}
        for key, value in given.items()
        if isinstance(value, str) and (len(value) > LONGEST or "\0" in value)
    ]
    if findings:
        raise Problem("invalid", errors=findings)


def _place(operation: Operation, kind: Event, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one place that is named, as the field of the fact."""
    named = [key for key in kind.places if key in given]
    if len(named) != 1:
        choices = ", ".join(kind.places)
        raise _invalid(kind.places[0], _("Name one place: {choices}.").format(choices=choices))
    key, text = named[0], str(given[named[0]]).strip()
    found: Any
    if key == "pcode":
        found = geo.find_by_pcode(operation, text)
    else:
        model: Any = RouteSegment if key == "segment" else Site
        found = model.objects.current().filter(operation=operation, name__iexact=text).first()
    if found is None:
        raise _invalid(key, _("“{name}” is not known here.").format(name=text))
    return {"area" if key == "pcode" else key: found}


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
    columns = {field: key for key, field in kind.columns.items()} | {"area": "pcode"}
    findings = [one | {"where": columns.get(one["where"], one["where"])} for one in problem.errors]
    return Problem("invalid", errors=findings)


def _invalid(where: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"where": where, "message": message}])
