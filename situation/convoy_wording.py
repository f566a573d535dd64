"""Words a convoy report: from its frozen figures to the texts that its template sets.

Everything is formatted for the active translation, which must be the report's language. Text that
holds a number and a unit is written by the same functions as on pages.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convoys.models import Claim
from convoys.templatetags.convoys import said, to, tonnes
from core.typeset import softened
from situation.report_wording import DASH, SHOWN_OF_CHECKSUM, day, moment, number

MOST_ROWS = 200


def data(figures: dict[str, Any], *, checksum: str) -> dict[str, Any]:
    """Return what the template ``convoys`` sets."""
    picture, told = figures["picture"], figures["picture"]["reported"]
    content = {
        "language": figures["language"],
        "title": _("Convoys and access"),
        "kicker": _("Convoy report"),
        "operation": figures["operation"]["name"],
        "mark": _("Invented data") if picture["is_invented"] else "",
        "mark_text": _("This is a demonstration: what is marked as invented did not happen."),
        "checksum": _("Figures {checksum}").format(checksum=checksum[:SHOWN_OF_CHECKSUM]),
        "wording": _wording(),
        "facts": _facts(picture, told),
        "key_figures": tiles(figures),
        "highlights": highlights(figures),
        "funnel": _funnel(picture),
        "convoy_columns": _convoy_columns()[1:],
        "convoys": [_convoy(one) for one in figures["convoys"][:MOST_ROWS]],
        "convoy_notes": _convoy_notes(figures),
        "losses": [[one["label"], _kg(one["kg"])] for one in picture["losses"]],
        "loss_columns": [_("Cause"), _("Weight (kg)")],
        "area_columns": [
            _("P-code"),
            _("Area"),
            _("Receipt-confirmed (kg)"),
            _("Outstanding (kg)"),
        ],
        "areas": [_area(one) for one in picture["areas"]],
        "unallocated": _beside_areas(told["totals"]),
        "reported": [_reported(one) for one in told["convoys"][:MOST_ROWS]],
        "more_reported": _in_the_annex(len(told["convoys"])),
        "claim_columns": [_("About"), _("Says"), _("Source"), _("Grade"), _("Standing")],
        "joint": [_joint(one) for one in told["joint"]],
        "roads": [f"{one['label']}: {number(one['number'])}" for one in picture["roads"]],
        "ending": [_ending(one) for one in picture["ending"]],
        "ending_columns": [_("When"), _("What"), _("Which"), _("Now")],
        "gaps": _gaps(figures),
        "method": _method(figures, checksum),
    }
    soft: dict[str, Any] = softened(content)
    return soft


def page(figures: dict[str, Any]) -> dict[str, Any]:
    """Return what a page shows of a report: the same figures, formatted for the reader."""
    picture = figures["picture"]
    return {
        "is_invented": picture["is_invented"],
        "key_figures": tiles(figures),
        "highlights": highlights(figures),
        "stages": [[one["label"], tonnes(Decimal(one["kg"]))] for one in picture["stages"]],
        "columns": _convoy_columns()[1:],
        "convoys": [(one, _convoy(one)[1:]) for one in figures["convoys"][:MOST_ROWS]],
        "more": len(figures["convoys"]) > MOST_ROWS,
    }


def bars(stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of the chart, in tonnes."""
    return [one | {"tonnes": float(Decimal(one["kg"]) / 1000)} for one in stages]


def _wording() -> dict[str, Any]:
    return {
        "page_of": _("Page {page} of {pages}"),
        "highlights": _("Highlights"),
        "funnel": _("From request to reconciled"),
        "no_funnel": _("No convoy of members has anything asked for, loaded or received yet."),
        "convoys": _("Each convoy in the ledger (kg)"),
        "no_convoys": _("No convoy of members has been released to partners yet."),
        "losses": _("Losses by cause"),
        "no_losses": _("No loss is recorded."),
        "areas": _("Deliveries by area"),
        "no_areas": _("Nothing has been delivered to an area yet."),
        "reported": _("Reported by others, source by source"),
        "reported_note": _(
            "Claims, not receipts. They stand beside the tonnes that were counted and are never "
            "added to them."
        ),
        "no_reported": _("No convoy of others is on record."),
        "joint": _("Said of several convoys together: a check beside the sum, never an addend"),
        "access": _("Access"),
        "roads": _("Roads and passages now"),
        "ending": _("Ends in the next 72 hours"),
        "no_ending": _("Nothing on record ends. What is not on record can still end."),
        "gaps": _("Information gaps"),
        "method": _("Method and limits"),
    }


def _kg(value: str) -> str:
    """Return kilograms, to the gram where there are grams."""
    amount = Decimal(value).normalize()
    decimals = max(0, -int(amount.as_tuple().exponent))
    return number(float(amount), decimals)


def _t(value: str) -> str:
    return tonnes(Decimal(value))


def _arrived(told: dict[str, Any]) -> str:
    totals = told["totals"]
    return _span(totals.get("least_arrived_kg"), totals["arrived_kg"])


def _without(told: dict[str, Any]) -> str:
    return _span(told.get("least_without_receipt_kg"), told["without_receipt_kg"])


def _span(least: str | None, most: str) -> str:
    """Return a range in tonnes; reports that were kept before know only its upper end."""
    return to(Decimal(least or most), Decimal(most))


def _stage(figures: dict[str, Any], key: str) -> str:
    return next(_t(one["kg"]) for one in figures["picture"]["stages"] if one["key"] == key)


def _lost(figures: dict[str, Any]) -> str:
    return str(sum(Decimal(one["kg"]) for one in figures["picture"]["losses"]))


def _facts(picture: dict[str, Any], told: dict[str, Any]) -> list[list[str]]:
    return [
        [_("As of"), moment(picture["as_of"])],
        [_("Convoys in the ledger"), number(picture["operated"])],
        [_("Reported convoys"), number(told["totals"]["convoys"])],
    ]


def tiles(figures: dict[str, Any]) -> list[dict[str, str]]:
    """Return the key figures; those of the ledger first, then what is only reported."""
    told = figures["picture"]["reported"]
    shown = (
        (_("Dispatched"), _stage(figures, "dispatched")),
        (_("Receipt-confirmed"), _stage(figures, "confirmed")),
        (_("Lost"), _t(_lost(figures))),
        (_("Discrepancies open"), number(figures["picture"]["discrepancies"]["number"])),
        (_("Reported arrived (claims)"), _arrived(told)),
        (_("Of these without a receipt"), _without(told)),
    )
    return [{"label": label, "value": value, "of": ""} for label, value in shown]


def highlights(figures: dict[str, Any]) -> list[str]:
    """Return the sentences that a reader in a hurry needs; counted and claimed ones apart."""
    picture, told = figures["picture"], figures["picture"]["reported"]
    found = []
    if picture["operated"]:
        text = _(
            "{confirmed} of {dispatched} dispatched are confirmed by receipts; {lost} are lost."
        )
        found.append(
            text.format(
                confirmed=_stage(figures, "confirmed"),
                dispatched=_stage(figures, "dispatched"),
                lost=_t(_lost(figures)),
            )
        )
    if told["totals"]["convoys"]:
        text = _(
            "{arrived} reported arrived, {confirmed} receipt-confirmed, {without} without a "
            "receipt."
        )
        found.append(
            text.format(
                arrived=_arrived(told),
                confirmed=_t(told["confirmed_kg"]),
                without=_without(told),
            )
        )
    return [*found, *_unallocated(told["totals"])]


def _unallocated(totals: dict[str, Any]) -> list[str]:
    if not Decimal(totals["unallocated_kg"]):
        return []
    text = _("≤ {weight} of it are unallocated: the split between places is not stated.")
    return [text.format(weight=_t(totals["unallocated_kg"]))]


def _beside_areas(totals: dict[str, Any]) -> list[str]:
    if not Decimal(totals["unallocated_kg"]):
        return []
    text = _(
        "Beside these, others report ≤ %(weight)s whose split between places is not stated; none "
        "of it is put on an area."
    )
    return [text % {"weight": _t(totals["unallocated_kg"])}]


def _funnel(picture: dict[str, Any]) -> dict[str, Any] | None:
    if not any(Decimal(one["kg"]) for one in picture["stages"]):
        return None
    return {
        "alt": _("Tonnes by stage, from requested to reconciled; the table has the numbers."),
        "columns": [_("Stage"), _("Weight (kg)")],
        "rows": [[one["label"], _kg(one["kg"])] for one in picture["stages"]],
    }


def _convoy_columns() -> list[str]:
    return [
        _("Convoy"),
        _("Loaded"),
        _("Overage"),
        _("Good"),
        _("Damaged"),
        _("Lost"),
        _("Returned"),
        _("Onward"),
        _("Outstanding"),
    ]


PARTS = ("loaded", "overage", "good", "damaged", "lost", "returned", "onward", "outstanding")


def _convoy(row: dict[str, Any]) -> list[str]:
    name = f"{row['number']} {row['name']} ({row['state']})"
    if row["is_demo"]:
        name = f"{name}, {_('invented')}"
    return [name, *(_kg(row[f"{part}_kg"]) for part in PARTS)]


def _convoy_notes(figures: dict[str, Any]) -> list[str]:
    if not figures["convoys"]:
        return []
    notes = [
        _(
            "Loaded + overage = good + damaged + lost + returned + onward + outstanding, in each "
            "line. Onward is what another convoy carried on; it counts there."
        )
    ]
    return [*notes, *_in_the_annex(len(figures["convoys"]))]


def _in_the_annex(count: int) -> list[str]:
    more = count - MOST_ROWS
    if more <= 0:
        return []
    text = ngettext(
        "{number} more convoy stands in the annex.",
        "{number} more convoys stand in the annex.",
        more,
    )
    return [text.format(number=number(more))]


def _area(row: dict[str, Any]) -> list[str]:
    name = row["name"] or _("no area found")
    return [row["pcode"] or DASH, name, _kg(row["confirmed"]), _kg(row["outstanding"])]


def _reported(convoy: dict[str, Any]) -> dict[str, Any]:
    name = convoy["name"]
    if convoy["organiser"]:
        name = f"{name} ({convoy['organiser']})"
    rows = [
        [
            about["label"],
            _says(claim),
            _source(claim),
            f"{claim['reliability']}{claim['credibility']}",
            _standing(about, claim),
        ]
        for about in convoy["attributes"]
        for claim in about["claims"]
    ]
    return {"name": name, "rows": rows}


def _says(claim: dict[str, Any]) -> str:
    """Return what a claim says, in the report's language."""
    days = {key: _day(claim[key]) for key in ("first_day", "last_day")}
    amounts = {key: Decimal(claim[key]) if claim[key] else None for key in ("low", "high")}
    return said(Claim(attribute=claim["attribute"], text=claim["text"], **days, **amounts))


def _day(value: str | None) -> Any:
    return Claim._meta.get_field("first_day").to_python(value)


def _source(claim: dict[str, Any]) -> str:
    published = claim["published_on"]
    return f"{claim['source']}, {day(published)}" if published else claim["source"]


def _standing(about: dict[str, Any], claim: dict[str, Any]) -> str:
    if claim["is_adopted"]:
        return _("adopted")
    return _("disputed") if about["is_disputed"] else _("not adopted")


def _joint(claim: dict[str, Any]) -> str:
    return f"{claim['label']}: {_says(claim)} ({_source(claim)})"


def _ending(row: dict[str, Any]) -> list[str]:
    return [moment(row["at"]), row["what"], row["name"], row["state"]]


def _gaps(figures: dict[str, Any]) -> list[str]:
    """Return what is not known and matters, from the figures alone."""
    picture, told = figures["picture"], figures["picture"]["reported"]
    found = []
    if Decimal(told["without_receipt_kg"]):
        text = _("No receipt is known for {weight} that others report as arrived.")
        found.append(text.format(weight=_without(told)))
    for convoy in told["convoys"]:
        open_ones = [one["label"] for one in convoy["attributes"] if _is_open(one)]
        if open_ones:
            text = _("{convoy}: sources differ on {what}, and none is adopted.")
            found.append(text.format(convoy=convoy["name"], what=", ".join(open_ones)))
    if told["totals"]["without_cargo"]:
        text = ngettext(
            "For {number} reported convoy no weight is adopted.",
            "For {number} reported convoys no weight is adopted.",
            told["totals"]["without_cargo"],
        )
        found.append(text.format(number=number(told["totals"]["without_cargo"])))
    unknown = next(one["number"] for one in picture["roads"] if one["status"] == "unknown")
    if unknown:
        text = ngettext(
            "Whether {number} road or passage is open is not known.",
            "Whether {number} roads and passages are open is not known.",
            unknown,
        )
        found.append(text.format(number=number(unknown)))
    return found or [_("None that the records show.")]


def _is_open(attribute: dict[str, Any]) -> bool:
    return attribute["is_disputed"] and not any(one["is_adopted"] for one in attribute["claims"])


def _method(figures: dict[str, Any], checksum: str) -> list[str]:
    lines = [
        _("As of {time}, read at one moment.").format(time=moment(figures["picture"]["as_of"])),
        _(
            "Ledger tonnes are nominal weights from waybills and receipts. A receipt counts once "
            "it is posted; a correction takes off what it corrects."
        ),
        _(
            "Reported tonnes are claims. Only adopted claims about one convoy are added up; they "
            "are never added to ledger tonnes."
        ),
        _(
            "Arrived is what receipts confirm and what is outstanding on vehicles that arrived; "
            "reconciled is what was received of convoys whose books are settled."
        ),
        _("Drivers, plates, positions and planned routes are in no report."),
        _("The SHA-256 of the figures is {checksum}.").format(checksum=checksum),
    ]
    if figures["is_partial"]:
        lines.insert(1, _("A convoy counts once its route and times are released."))
    return lines
