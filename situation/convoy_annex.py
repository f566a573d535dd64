"""The workbook of a convoy report: its frozen figures as tables, one sheet for each."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from convoys.models import Entry
from core.datasets import Column, Kind
from core.writers import write_book

Sheet = tuple[str, list[Column], Iterable[Sequence[Any]]]
LOSSES = Entry.LOSSES
PARTS = ("loaded", "overage", "good", "damaged", "lost", "returned", "onward", "outstanding")
CLAIM = ("low", "high", "first_day", "last_day", "text", "source", "published_on", "reliability")


def workbook(figures: dict[str, Any]) -> bytes:
    """Return the annex of a report as XLSX."""
    return write_book([*_counted(figures), *_reported(figures), *_access(figures)])


def _counted(figures: dict[str, Any]) -> Iterable[Sheet]:
    """Yield what the ledger says."""
    picture = figures["picture"]
    yield (
        "Funnel",
        [_text("stage"), _text("name"), _kg("kg")],
        [[one["key"], one["label"], Decimal(one["kg"])] for one in picture["stages"]],
    )
    facts = [_whole("id"), *map(_text, ("number", "name", "organisation", "state", "arrived_on"))]
    amounts = [f"{part}_kg" for part in PARTS]
    kinds = [f"lost_{kind}_kg" for kind in LOSSES]
    yield (
        "Convoys",
        [*facts, *map(_kg, (*amounts, *kinds))],
        [
            [
                *(one[column.key] for column in facts),
                *(Decimal(one[key]) for key in amounts),
                *(Decimal(one["lost_by_kind"].get(kind, 0)) for kind in LOSSES),
            ]
            for one in figures["convoys"]
        ],
    )
    yield (
        "Areas",
        [_text("pcode"), _text("name"), _kg("confirmed_kg"), _kg("outstanding_kg")],
        [
            [one["pcode"], one["name"], Decimal(one["confirmed"]), Decimal(one["outstanding"])]
            for one in picture["areas"]
        ],
    )


def _reported(figures: dict[str, Any]) -> Iterable[Sheet]:
    """Yield what others claim; no column of it is a ledger's."""
    told = figures["picture"]["reported"]
    totals = told["totals"] | {
        "confirmed_kg": told["confirmed_kg"],
        # Reports that were kept before ranges were told have the upper end alone.
        "least_without_receipt_kg": told.get(
            "least_without_receipt_kg", told["without_receipt_kg"]
        ),
        "without_receipt_kg": told["without_receipt_kg"],
    }
    yield (
        "Reported",
        [_text("figure"), _kg("value")],
        [[key, Decimal(value)] for key, value in totals.items()],
    )
    yield (
        "Claims",
        [
            *map(_text, ("convoy", "about", *CLAIM)),
            _whole("credibility"),
            _text("is_adopted"),
            _text("is_disputed"),
        ],
        [
            [
                convoy["name"],
                about["key"],
                *(claim[key] for key in CLAIM),
                claim["credibility"],
                _yes(claim["is_adopted"]),
                _yes(about["is_disputed"]),
            ]
            for convoy in told["convoys"]
            for about in convoy["attributes"]
            for claim in about["claims"]
        ],
    )


def _access(figures: dict[str, Any]) -> Iterable[Sheet]:
    picture = figures["picture"]
    yield (
        "Ends in 72 h",
        list(map(_text, ("at", "what", "name", "state"))),
        [[one[key] for key in ("at", "what", "name", "state")] for one in picture["ending"]],
    )
    yield (
        "Roads",
        [_text("status"), _text("name"), _whole("number")],
        [[one["status"], one["label"], one["number"]] for one in picture["roads"]],
    )


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _text(key: str) -> Column:
    return Column(key, key)


def _whole(key: str) -> Column:
    return Column(key, key, Kind.INTEGER)


def _kg(key: str) -> Column:
    return Column(key, key, Kind.DECIMAL)
