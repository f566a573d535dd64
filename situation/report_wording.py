"""Words an assessment report: from its frozen figures to the texts that its template sets.

Everything is formatted for the active translation, which must be the report's language.
"""

from collections import Counter
from datetime import date, datetime
from string import ascii_lowercase
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.typeset import softened
from situation.report_answers import FEWEST
from situation.report_map import classes

DASH = "\u2014"
RANGE = "\u2013"
SHOWN_OF_CHECKSUM = 16


def data(figures: dict[str, Any], *, checksum: str, has_map: bool) -> dict[str, Any]:
    """Return what the template ``assessment`` sets."""
    picture, assessment = figures["picture"], figures["assessment"]
    reasons = _reasons(picture["areas"])
    content = {
        "language": figures["language"],
        "title": assessment["title"],
        "kicker": _("Assessment report"),
        "operation": figures["operation"]["name"],
        "mark": _("Invented data") if picture["is_invented"] else "",
        "mark_text": _("This is a demonstration: no person, place or event in it is real."),
        "checksum": _("Figures {checksum}").format(checksum=checksum[:SHOWN_OF_CHECKSUM]),
        "wording": _wording(),
        "purpose": assessment["purpose"],
        "facts": _facts(figures),
        "key_figures": [_tile(one) for one in picture["key_figures"]],
        "highlights": _highlights(picture),
        "map": _map(figures) if has_map else None,
        "conditions": [_condition(one) for one in figures["conditions"]],
        "condition_columns": [_("Kind"), _("What must hold"), _("Holds since")],
        "areas": [_area(at, one, reasons) for at, one in enumerate(picture["areas"], 1)],
        "area_notes": _area_notes(reasons),
        "area_columns": _area_columns(),
        "organisations": [_organisation(one) for one in picture["organisations"]],
        "organisation_columns": _organisation_columns(),
        "chart": _chart(picture),
        "sections": _sections(figures["answers"]),
        "number_columns": [
            _("Question"),
            _("Answers"),
            _("Lower quartile"),
            _("Median"),
            _("Upper quartile"),
        ],
        "method": _method(figures, checksum),
    }
    soft: dict[str, Any] = softened(content)
    return soft


def page(figures: dict[str, Any]) -> dict[str, Any]:
    """Return what a page shows of a report: the same figures, formatted for the reader."""
    picture = figures["picture"]
    return {
        "is_invented": picture["is_invented"],
        "key_figures": [_tile(one) for one in picture["key_figures"]],
        "areas": picture["areas"],
        "answers": len(figures["answers"]),
    }


def _wording() -> dict[str, Any]:
    return {
        "page_of": _("Page {page} of {pages}"),
        "highlights": _("Highlights"),
        "map": _("Approved submissions by area"),
        "conditions": _("Conditions for the field work"),
        "areas": _("Areas"),
        "no_areas": _("No areas are in the scope of this assessment yet."),
        "progress": _("Progress"),
        "no_submissions": _("No submission has been received yet."),
        "organisations": _("Organisations"),
        "answers": _("What people answered"),
        "answers_note": _(
            "Approved submissions only. The shares describe those who were asked; they are not "
            "weighted and cannot be projected to the whole population. Counts below {fewest} are "
            "not shown, nor is another count from which they could be worked out."
        ).format(fewest=FEWEST),
        "method": _("Method and limits"),
    }


def number(value: float, decimals: int = 0) -> str:
    """Return a number as the reader writes it, in groups of three digits."""
    return str(number_format(value, decimals, use_l10n=True, force_grouping=True))


def day(value: str | None) -> str:
    """Return an ISO date as ``23 Nov 2020``, or an em dash."""
    return date_format(date.fromisoformat(value), "DATE_FORMAT") if value else DASH


def moment(value: str) -> str:
    """Return an ISO time as ``23 Nov 2020, 18:00 UTC``."""
    return f"{date_format(datetime.fromisoformat(value), 'DATETIME_FORMAT')} UTC"


def _facts(figures: dict[str, Any]) -> list[list[str]]:
    assessment = figures["assessment"]
    period = f"{day(assessment['starts_on'])} {RANGE} {day(assessment['ends_on'])}"
    requested = assessment["requested_by"] or DASH
    if assessment["requested_on"]:
        requested = f"{requested}, {day(assessment['requested_on'])}"
    known = assessment["starts_on"] or assessment["ends_on"]
    return [
        [_("As of"), moment(figures["picture"]["as_of"])],
        [_("State"), assessment["state"]],
        [_("Lead organisation"), assessment["lead"]["acronym"]],
        [_("Method"), assessment["method"]],
        [_("Field work"), period if known else _("no date yet")],
        [_("Requested by"), requested],
    ]


def _tile(figure: dict[str, Any]) -> dict[str, str]:
    total = figure["total"]
    return {
        "label": figure["label"],
        "value": number(figure["value"]),
        "of": "" if total is None else _("of {total}").format(total=number(total)),
    }


def _highlights(picture: dict[str, Any]) -> list[str]:
    scope = [one for one in picture["areas"] if one["in_scope"]]
    assessed = sum(one["approved"] > 0 for one in scope)
    states = {one["state"]: one["number"] for one in picture["states"]}
    total = sum(states.values())
    found = []
    if scope:
        text = _("{assessed} of {total} areas in the scope have findings.")
        found.append(text.format(assessed=number(assessed), total=number(len(scope))))
    for gap, count in Counter(one["gap"] for one in scope if one["gap"]).most_common():
        text = ngettext(
            "{number} area is not assessed: {reason}.",
            "{number} areas are not assessed: {reason}.",
            count,
        )
        found.append(text.format(number=number(count), reason=gap))
    if total:
        text = _(
            "{approved} of {total} submissions are approved and count as findings; {issues} have "
            "issues, {rejected} were rejected, the others wait for review."
        )
        found.append(
            text.format(
                approved=number(states.get("approved", 0)),
                total=number(total),
                issues=number(states.get("has_issues", 0)),
                rejected=number(states.get("rejected", 0)),
            )
        )
    return found


def _map(figures: dict[str, Any]) -> dict[str, Any]:
    scope = [one for one in figures["picture"]["areas"] if one["in_scope"]]
    steps = classes(one["approved"] for one in scope)
    legend = [{"kind": "fill", "colour": one.colour, "label": str(one)} for one in steps]
    if any(not one["approved"] for one in scope):
        legend.append({"kind": "hatched", "colour": "", "label": _("Not assessed")})
    legend.append({"kind": "fill", "colour": "#ffffff", "label": _("Not in the scope")})
    sources = "; ".join(figures["boundaries"])
    return {
        "alt": _("Map of the areas in the scope; the table of areas below says the same."),
        "legend": legend,
        "notes": [
            _("Numbers lead to the table of areas. Boundaries: {sources}.").format(sources=sources),
            _(
                "The boundaries and names shown and the designations used do not imply official "
                "endorsement or acceptance."
            ),
        ],
    }


def _chart(picture: dict[str, Any]) -> dict[str, Any] | None:
    if not picture["days"]:
        return None
    return {
        "alt": _("Submissions received on each day, and those approved by now."),
        "notes": [_("Days in UTC, by the server's clock.")],
    }


def _condition(condition: dict[str, Any]) -> list[str]:
    held = day(condition["met_on"]) if condition["met_on"] else _("not yet")
    return [condition["kind"], condition["text"], held]


def _area_columns() -> list[str]:
    return [
        _("No."),
        _("P-code"),
        _("Area"),
        _("Planned"),
        _("Received"),
        _("To review"),
        _("Approved"),
        _("Remark"),
    ]


def _reasons(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return a mark for each reason for which areas are not assessed: a, b, c, …, or a number."""
    reasons = list(dict.fromkeys(row["gap"] for row in rows if row["gap"]))
    marks = ascii_lowercase if len(reasons) <= len(ascii_lowercase) else range(1, len(reasons) + 1)
    return {reason: str(mark) for reason, mark in zip(reasons, marks, strict=False)}


def _area_notes(reasons: dict[str, str]) -> list[str]:
    if not reasons:
        return []
    why = _("({mark}) {reason}")
    return [
        _("Not assessed: without an approved submission. It does not mean that there is no need."),
        *(why.format(mark=mark, reason=reason) for reason, mark in reasons.items()),
    ]


def _area(at: int, row: dict[str, Any], reasons: dict[str, str]) -> dict[str, Any]:
    assessed = row["approved"] > 0
    remark = "" if row["in_scope"] else _("not in the scope")
    if row["gap"]:
        remark = _("not assessed ({mark})").format(mark=reasons[row["gap"]])
    return {
        "gap": bool(row["gap"]),
        "cells": [
            str(at),
            row["pcode"] or DASH,
            row["name"] or _("no area found"),
            number(row["target"]) if row["in_scope"] else DASH,
            number(row["received"]),
            number(row["waiting"]),
            number(row["approved"]) if assessed or not row["in_scope"] else DASH,
            remark,
        ],
    }


def _organisation_columns() -> list[str]:
    return [
        _("Acronym"),
        _("Organisation"),
        _("Received"),
        _("To review"),
        _("Approved"),
        _("Areas"),
    ]


def _organisation(row: dict[str, Any]) -> list[str]:
    numbers = [number(row[key]) for key in ("received", "waiting", "approved", "areas")]
    return [row["acronym"], row["name"], *numbers]


def _sections(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the questions by section; within one, numbers stand in a table, choices as bars."""
    sections: list[dict[str, Any]] = []
    for answer in answers:
        if not sections or sections[-1]["label"] != answer["section"]:
            sections.append({"label": answer["section"], "numbers": [], "choices": []})
        if answer["shares"]:
            sections[-1]["choices"].append(_choices(answer))
        else:
            spread = [number(one, 0 if one == round(one) else 1) for one in answer["spread"]]
            row = [answer["label"], number(answer["number"]), *spread]
            sections[-1]["numbers"].append([*row, *[DASH] * (5 - len(row))])
    return sections


def _choices(answer: dict[str, Any]) -> dict[str, Any]:
    count = ngettext("{number} answer", "{number} answers", answer["number"])
    several = _("several choices possible") if answer["kind"] == "select_multiple" else ""
    note = " · ".join(filter(None, [count.format(number=number(answer["number"])), several]))
    return {
        "label": answer["label"],
        "note": note,
        "rows": [_share(one) for one in answer["shares"]],
    }


def _share(share: dict[str, Any]) -> dict[str, Any]:
    if share["count"] is None:
        text = _("< {fewest}").format(fewest=FEWEST) if share["is_small"] else _("not shown")
    else:
        text = _("{share} % ({count})").format(
            share=number(share["share"]), count=number(share["count"])
        )
    return {"label": share["label"], "share": share["share"], "value": text}


def _method(figures: dict[str, Any], checksum: str) -> list[str]:
    picture = figures["picture"]
    used = "; ".join(f"{one['title']} ({one['version']})" for one in figures["questionnaires"])
    lines = [
        _("Source: {source}, as of {time}.").format(
            source=picture["source"], time=moment(picture["as_of"])
        ),
        _(
            "Only submissions that a reviewer approved are findings. Those received, in review, "
            "with issues or rejected show progress and are in no finding; tests are in neither."
        ),
        _(
            "An area without an approved submission is “not assessed”, with the reason; nothing "
            "can be concluded about its needs."
        ),
        _(
            "No sample design is recorded: those interviewed do not represent all people in an "
            "area, and areas should not be compared by these figures alone."
        ),
        _("An answer that was not given is missing, never counted as no or nought."),
        _(
            "Reports of one moment show the same figures on every page and in every format; "
            "the SHA-256 of these is {checksum}."
        ).format(checksum=checksum),
    ]
    if used:
        lines.insert(1, _("Questionnaires: {titles}.").format(titles=used))
    return lines
