"""Claims about reported convoys as tables and programs write them: one reader for both.

A cargo says whether it is kilograms or tonnes: a figure without its unit is no claim. A convoy that
is not known by its name yet is added as reported.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys import claim_values, claims
from convoys.models import Claim, Convoy
from convoys.models.reported import AMOUNTS, DAYS, WEIGHTS
from core import policy, table_imports
from core.access import entries
from core.errors import Problem
from core.models import Operation
from core.policy import Actor

KG = {"kg": Decimal(1), "t": Decimal(1000)}
# As sheets in our languages abbreviate them
UNITS = KG | {
    written: KG[unit]
    for unit, others in (("kg", "кг կգ kq"), ("t", "т տ"))
    for written in others.split()
}
COLUMNS = {
    "convoys": gettext_lazy("names, with semicolons between where the source speaks of several"),
    "attribute": gettext_lazy("cargo, vehicles, staff, departed, arrived, destination, route …"),
    "value": gettext_lazy("a number, a day as 2020-11-20, or words"),
    "upper": gettext_lazy("the upper end, where the source gives a range"),
    "unit": gettext_lazy("kg or t, for cargo"),
    "segments": gettext_lazy("roads by name, with semicolons between, for a route"),
    "source": gettext_lazy("who says so"),
    "source_url": gettext_lazy("where it can be read"),
    "published_on": gettext_lazy("a day"),
    "reliability": gettext_lazy("A to F"),
    "credibility": gettext_lazy("1 to 6"),
}
REQUIRED = ("convoys", "attribute", "source")
LONGEST = {"value": 300, "source": 200, "source_url": 500, "convoys": 2_000, "segments": 4_000}
Value = TypeVar("Value")


@transaction.atomic
def enter(
    operation: Operation, values: Mapping[str, Any], *, actor: Actor, client_id: UUID | None = None
) -> Claim:
    """Record a claim; raise Problem ``invalid`` whose findings name the columns."""
    policy.check(actor, "convoy.report", operation)
    given = {key: value for key, value in values.items() if value not in (None, "")}
    _check(given)
    attribute = _attribute(given["attribute"])
    if attribute in AMOUNTS and "upper" not in given:
        given["value"], given["upper"] = claim_values.halves(given.get("value", ""))
    facts: dict[str, Any] = {
        "attribute": attribute,
        "value": _value(attribute, "value", given.get("value", ""), given.get("unit")),
        "segments": entries.roads(operation, given.get("segments", "")),
        "source": str(given["source"]).strip(),
        "source_url": str(given.get("source_url", "")),
        "published_on": _day("published_on", given.get("published_on")),
        "reliability": str(given.get("reliability", "F")).upper(),
        "credibility": _credibility(given.get("credibility", 6)),
    }
    if given.get("upper"):
        facts["upper"] = _value(attribute, "upper", given["upper"], given.get("unit"))
    _check_choices(attribute, facts)
    convoys = _convoys(operation, given["convoys"], actor)
    try:
        return claims.record(convoys, actor=actor, client_id=client_id, **facts)
    except Problem as problem:
        if problem.code != "invalid":
            raise
        raise _in_columns(problem) from None


def _in_columns(problem: Problem) -> Problem:
    """Return a problem whose findings name columns; what is none is about the value."""
    return Problem(
        "invalid",
        errors=[
            one | {"where": one["where"] if one["where"] in COLUMNS else "value"}
            for one in problem.errors
        ],
    )


def _check(given: dict[str, Any]) -> None:
    findings = [
        {"where": key, "message": _("This is needed.")} for key in REQUIRED if key not in given
    ]
    if not {"value", "segments"} & set(given):
        findings.append({"where": "value", "message": _("This is needed.")})
    findings += [{"where": key, "message": _("Not known.")} for key in given if key not in COLUMNS]
    findings += [
        {"where": key, "message": _("Too long.")}
        for key, most in LONGEST.items()
        if isinstance(given.get(key), str) and (len(given[key]) > most or "\0" in given[key])
    ]
    try:
        if given.get("source_url"):
            URLValidator(schemes=("http", "https"))(str(given["source_url"]))
    except ValidationError:
        findings.append({"where": "source_url", "message": _("This is no address.")})
    if findings:
        raise Problem("invalid", errors=findings)


def _attribute(given: Any) -> str:
    """Return the key of an attribute, named by it or by its word in the reader's language."""
    text = " ".join(str(given).split()).casefold()
    named = {str(label).casefold(): str(key) for key, label in Claim.Attribute.choices}
    return named.get(text, text)


def _check_choices(attribute: str, facts: dict[str, Any]) -> None:
    if attribute not in Claim.Attribute.values:
        raise _invalid("attribute", _("Use one of: ") + ", ".join(Claim.Attribute.values))
    if facts["reliability"] not in Claim.Reliability.values:
        raise _invalid("reliability", _("Use A to F."))
    if facts["credibility"] not in Claim.Credibility.values:
        raise _invalid("credibility", _("Use 1 to 6."))


def _convoys(operation: Operation, given: Any, actor: Actor) -> list[Convoy]:
    parts = given if isinstance(given, list | tuple) else str(given).split(";")
    names = list(dict.fromkeys(name for part in parts if (name := " ".join(str(part).split()))))
    if not names or any(len(name) > 200 for name in names):
        raise _invalid("convoys", _("Name at least one convoy, in 200 letters at most."))
    return [claims.report(operation, actor=actor, name=name) for name in names]


def _value(attribute: str, where: str, given: Any, unit: Any) -> Any:
    if attribute in AMOUNTS:
        return _amount(where, given) * (_unit(unit) if attribute in WEIGHTS else 1)
    if attribute in DAYS:
        return _day(where, given)
    return str(given).strip()


def _amount(where: str, given: Any) -> Decimal:
    return _read(claim_values.number, where, given)


def _read(reader: Callable[[Any], Value], where: str, given: Any) -> Value:
    try:
        return reader(given)
    except ValueError as error:
        raise _invalid(where, str(error)) from None


def _unit(given: Any) -> Decimal:
    found = UNITS.get(str(given or "").strip().lower().rstrip("."))
    if found is None:
        raise _invalid("unit", _("Say whether the cargo is kg or t."))
    return found


def _day(where: str, given: Any) -> date | None:
    return None if given is None else _read(claim_values.day, where, given)


def _credibility(given: Any) -> int:
    text = str(given).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def _invalid(where: str, message: str) -> Problem:
    return Problem("invalid", errors=[{"where": where, "message": message}])


table_imports.register(
    "claims", table_imports.Kind("convoy.report", COLUMNS, enter, required=REQUIRED)
)
