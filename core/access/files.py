"""Files of access events: one row an event, whose kind the column ``event`` names."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy

from core import table_imports
from core.access import entries
from core.errors import Problem
from core.models import Operation
from core.models.facts import Fact
from core.policy import Actor

COLUMNS = {
    "id": gettext_lazy("as exports give it: rows that were not changed are not recorded again"),
    "event": gettext_lazy("constraint, status, score, window, clearance, notice, request, outcome"),
    "pcode": gettext_lazy("the area, for a constraint or score"),
    "segment": gettext_lazy("the segment by its name, for a constraint or status"),
    "site": gettext_lazy("the site by its name, for a constraint or status"),
    "type": gettext_lazy("1 to 9, for a constraint"),
    "title": gettext_lazy("in one line what happens, for a constraint or window"),
    "impact": gettext_lazy("0 to 3, or X for an information gap"),
    "who_restricts": gettext_lazy("state, forces, group, de_facto, community, nature, unknown …"),
    "people_affected": gettext_lazy("a whole number"),
    "sectors": gettext_lazy("codes of sectors with blanks between"),
    "started_on": gettext_lazy("a day as 2020-11-20, for a constraint"),
    "status": gettext_lazy("open, restricted, closed or unknown"),
    "score": gettext_lazy("0 to 5, or X for an information gap"),
    "as_of": gettext_lazy("a day, for a score"),
    "valid_until": gettext_lazy("a moment for a status, a day for a score"),
    "kind": gettext_lazy("ceasefire, pause or corridor, for a window; of a clearance, its kind"),
    "parties": gettext_lazy("who agreed, for a window"),
    "segments": gettext_lazy("roads by their names with semicolons between; none means all"),
    "corners": gettext_lazy("where a window holds: latitude, longitude; latitude, longitude; …"),
    "starts_at": gettext_lazy("a moment, for a window, notice or request"),
    "ends_at": gettext_lazy("a moment, for a window, notice or request"),
    "terms": gettext_lazy("what was agreed, for a window"),
    "authority": gettext_lazy("whose clearance it is"),
    "purpose": gettext_lazy("what moves, for a clearance, notice or request"),
    "valid_from": gettext_lazy("a moment, for a clearance"),
    "valid_to": gettext_lazy("a moment, for a clearance"),
    "conditions": gettext_lazy("under which a clearance holds"),
    "not_allowed": gettext_lazy("codes of sectors or items with semicolons between"),
    "offices": gettext_lazy("steps to a clearance, in order, with semicolons between"),
    "is_emergency": gettext_lazy("true where a shorter notice is enough"),
    "movement": gettext_lazy("the movement request: what moves, or its number, for an outcome"),
    "addressee": gettext_lazy("who is told or asked; for an outcome where several moved the same"),
    "access": gettext_lazy("facilitated, partial, impeded, denied or withdrawn, for an outcome"),
    "delivery": gettext_lazy("full, partial or none, for an outcome"),
    "observed_at": gettext_lazy("a moment as 2020-11-20T14:00Z; now unless said"),
    "source": gettext_lazy("who says so"),
    "source_url": gettext_lazy("where it can be read"),
    "reliability": gettext_lazy("A to F"),
    "credibility": gettext_lazy("1 to 6"),
    "sensitivity": gettext_lazy("public, partner, internal or restricted"),
    "note": gettext_lazy("anything else"),
}


LABELS = {
    "event": gettext_lazy("Event"),
    "pcode": gettext_lazy("P-code"),
    "segment": gettext_lazy("Segment"),
    "site": gettext_lazy("Site"),
    "type": gettext_lazy("Type"),
    "title": gettext_lazy("Title"),
    "impact": gettext_lazy("Impact"),
    "who_restricts": gettext_lazy("Who restricts"),
    "people_affected": gettext_lazy("People affected"),
    "sectors": gettext_lazy("Sectors"),
    "started_on": gettext_lazy("Since"),
    "status": gettext_lazy("Status"),
    "score": gettext_lazy("Score"),
    "as_of": gettext_lazy("As of"),
    "valid_until": gettext_lazy("Valid until"),
    "kind": gettext_lazy("Kind"),
    "parties": gettext_lazy("Parties"),
    "segments": gettext_lazy("Segments"),
    "corners": gettext_lazy("Corners of the area"),
    "starts_at": gettext_lazy("Starts"),
    "ends_at": gettext_lazy("Ends"),
    "terms": gettext_lazy("Terms"),
    "authority": gettext_lazy("Authority"),
    "purpose": gettext_lazy("What moves"),
    "valid_from": gettext_lazy("Valid from"),
    "conditions": gettext_lazy("Conditions"),
    "not_allowed": gettext_lazy("Not allowed"),
    "offices": gettext_lazy("Steps"),
    "is_emergency": gettext_lazy("Emergency"),
    "movement": gettext_lazy("What moved"),
    "addressee": gettext_lazy("To whom"),
    "access": gettext_lazy("Access"),
    "delivery": gettext_lazy("Delivery"),
    "observed_at": gettext_lazy("Observed at"),
    "source": gettext_lazy("Source"),
    "source_url": gettext_lazy("Address of the source"),
    "reliability": gettext_lazy("Reliability of the source"),
    "credibility": gettext_lazy("Credibility of the report"),
    "sensitivity": gettext_lazy("Who may read it"),
    "note": gettext_lazy("Note"),
}
# What exports say besides, which is worked out or stands by itself.
PASSED_OVER = (
    *("operation", "area", "recorded_at", "reported_through", "is_demo", "ended_on"),
    *("ended_reason", "withdrawn_at", "adopted", "state"),
)


def enter(
    operation: Operation, values: Mapping[str, Any], *, actor: Actor, client_id: UUID
) -> Fact:
    """Record one row; one that came from an export and was not changed stays as it is recorded."""
    given = dict(values)
    event = str(given.pop("event", "")).strip().lower()
    known = _known(event, given.pop("id", None))
    if known:
        try:
            return entries.enter(operation, event, given, actor=actor, client_id=known)
        except Problem as problem:
            # It was changed, so it is another report and stands beside the first.
            if problem.code != "fact_conflict":
                raise
    return entries.enter(operation, event, given, actor=actor, client_id=client_id)


def _known(event: str, given: Any) -> UUID | None:
    """Return the number of a fact on record; others' numbers mean nothing here."""
    try:
        key = UUID(str(given))
    except ValueError:
        return None
    kind = entries.EVENTS.get(event)
    return key if kind and kind.model._default_manager.filter(pk=key).exists() else None


table_imports.register(
    "access",
    table_imports.Kind(
        "access.report",
        COLUMNS,
        enter,
        required=("event", "source"),
        labels=LABELS,
        passed_over=PASSED_OVER,
    ),
)
