"""Words the papers of a convoy: from a waybill or a receipt to the texts that its template sets.

Everything is formatted for the active translation. A waybill's paper names plate and driver and
stays with the operation's own staff; a goods received note, which its consignee has, names neither,
nor where the vehicle came from.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convoys import written
from convoys.loading import live_loads
from convoys.models import Entry, LoadLine, Receipt, Waybill
from convoys.numbers import packages
from core.quantities import amount
from core.typeset import softened

DASH = "\u2014"
RANGE = "\u2013"
SHOWN_OF_CHECKSUM = 16
SIGNATURE = "signature.png"
NOTHING = Decimal(0)


def waybill(one: Waybill) -> dict[str, Any]:
    """Return what the template ``waybill`` sets."""
    leg, loads = one.leg, list(live_loads(one))
    content = _frame(one, _("Waybill"), str(one.sha256), one.state == Waybill.State.VOID) | {
        "title": _("{number}, version {version}").format(number=one.number, version=one.version),
        "facts": [
            [_("Consignor"), _names(load.root.consignment.consignor for load in loads)],
            [_("Consignee"), str(one.consignee)],
            [_("Convoy"), leg.convoy.number],
            [_("From"), str(leg.from_stop.site)],
            [_("To"), str(one.to_stop.site)],
            [_("Issued"), _moment(one.issued_at)],
            [_("Vehicle"), f"{leg.vehicle.label}, {leg.vehicle.plate}"],
            [_("Driver"), str(leg.driver or DASH)],
            [_("Seals"), one.seals or DASH],
        ],
        "load_columns": [
            _("No."),
            _("Item"),
            _("Lot"),
            _("Quantity"),
            _("Unit"),
            _("Packages"),
            _("Weight (kg)"),
            _("Volume (m³)"),
        ],
        "loads": [_load(number, load) for number, load in enumerate(loads, 1)],
        "total": _total([load.kg for load in loads], [load.m3 for load in loads]),
        "remarks": _of_a_claim(one) + ([one.state_reason] if one.state_reason else []),
        "signatures": [
            _party(_("Loaded by"), one.signed_by_loader),
            _party(_("Driver"), one.signed_by_driver),
            _party(_("Received by"), ""),
        ],
        "notes": [
            _("Weights are nominal: the weight of a unit times the quantity."),
            _("Internal document: plate and names are not for others than the operation's staff."),
        ],
    }
    content["wording"] |= {"loads": _("Loads")}
    soft: dict[str, Any] = softened(content)
    return soft


def _of_a_claim(one: Waybill) -> list[str]:
    """Return what a waybill is that did not travel with its vehicle."""
    told = _("Reconstructed from a claim by {source}. This paper did not travel with the vehicle.")
    return [told.format(source=one.claim.source)] if one.claim else []


def receipt(one: Receipt, *, as_of: datetime, pictures: Collection[str] = ()) -> dict[str, Any]:
    """Return what the template ``receipt`` sets; the waybill's account is that of ``as_of``.

    ``pictures`` are the names of its photos, and ``SIGNATURE`` where it is signed.
    """
    sent = one.waybill
    loads = list(sent.loads.filter(unload=None).select_related("item", "balance"))
    content = _frame(one, _("Goods received note"), one.body_sha256, one.state == "set_aside") | {
        "title": one.number,
        "facts": _receipt_facts(one),
        "line_columns": [
            _("Item"),
            _("Good"),
            _("Damaged"),
            _("Missing"),
            _("Weighed (kg)"),
            _("Remark"),
        ],
        "lines": _lines(one, loads),
        "remarks": _remarks(one),
        "account_columns": [
            _("Item"),
            _("Loaded"),
            _("Overage"),
            _("Good"),
            _("Damaged"),
            _("Lost"),
            _("Sent on or back"),
            _("Outstanding"),
        ],
        "photos": _photos(pictures),
        "signatures": [
            _party(_("Received by"), one.signed_by or one.receiver)
            | ({"picture": SIGNATURE} if SIGNATURE in pictures else {}),
            _party(_("Handed over by"), ""),
        ],
        "notes": [_("A receipt is kept as it was written; a correction is another entry.")],
    }
    content["accounts"], content["total"] = _accounts(loads)
    content["wording"] |= {
        "written": _("As it was written"),
        "no_lines": _("It names no line."),
        "photos": _("Photos"),
        "remarks": _("Remarks"),
        "no_remarks": _("None."),
        "account": _("Account of the waybill"),
        "account_note": _("As of {moment}, all receipts and losses together.").format(
            moment=_moment(as_of)
        ),
    }
    soft: dict[str, Any] = softened(content)
    return soft


def _receipt_facts(one: Receipt) -> list[list[str]]:
    sent = one.waybill
    return [
        [_("Waybill"), str(sent)],
        [_("Consignee"), str(sent.consignee)],
        [_("State"), str(one.get_state_display())],
        [_("To"), str(sent.to_stop.site)],
        [_("Received by"), _names([one.receiver, one.source_org])],
        [_("Received at"), _moment(one.occurred_at)],
        [_("Recorded at"), _moment(one.recorded_at)],
        [_("Seals of the waybill"), sent.seals or DASH],
        [_("Seals seen"), _seals(one)],
        [_("Nothing more is to come"), _("Yes") if one.is_final else _("No")],
    ]


def _photos(pictures: Collection[str]) -> list[dict[str, str]]:
    names = (name for name in pictures if name != SIGNATURE)
    return [
        {"file": name, "told": _("Photo {number}").format(number=number)}
        for number, name in enumerate(names, 1)
    ]


def _frame(one: Any, kicker: str, checksum: str, is_out: bool) -> dict[str, Any]:
    sent = one.waybill if isinstance(one, Receipt) else one
    invented = _("Invented data") if sent.leg.convoy.convoy.is_demo else ""
    marks = [str(one.get_state_display()) if is_out else "", invented]
    return {
        "language": get_language() or "en",
        "kicker": kicker,
        "operation": one.operation.name,
        "mark": " · ".join(mark for mark in marks if mark),
        "checksum": f"SHA-256 {checksum[:SHOWN_OF_CHECKSUM]}",
        "wording": {
            "page_of": _("Page {page} of {pages}"),
            "code": _("QR code with number and id: {number}, {id}").format(number=one, id=one.pk),
        },
    }


def _load(number: int, load: LoadLine) -> list[str]:
    line = load.root
    told = [f"{load.item.code} {load.item.name}"]
    if line and line.un_number:
        told.append(f"UN {line.un_number} ({line.un_class or DASH})")
    if line and line.temp_min is not None and line.temp_max is not None:
        told.append(f"{amount(line.temp_min)}{RANGE}{amount(line.temp_max)} °C")
    expires = date_format(line.expires_on, "DATE_FORMAT") if line and line.expires_on else ""
    lot = ", ".join(filter(None, [line.lot_number if line else "", expires])) or DASH
    unit = load.item.unit
    carried = [amount(load.qty), unit, packages(load) or DASH]
    return [str(number), ", ".join(told), lot, *carried, *_two(load.kg, load.m3)]


def _total(kg: list[Decimal], m3: list[Decimal]) -> list[str]:
    return ["", _("In all"), "", "", "", "", *_two(sum(kg, NOTHING), sum(m3, NOTHING))]


def _two(kg: Decimal, m3: Decimal) -> list[str]:
    return [amount(kg), amount(m3)]


def _lines(one: Receipt, loads: list[LoadLine]) -> list[list[str]]:
    """Return what the receiver wrote, as it was written; a body may hold anything."""
    known = {str(load.pk): load.item for load in loads}
    said = one.body.get("lines", []) if isinstance(one.body, dict) else []
    rows = [row for row in (said if isinstance(said, list) else []) if isinstance(row, dict)]
    return [
        [
            _item(known.get(str(row.get("load", ""))), row),
            *(str(row.get(name) or 0) for name in ("good", "damaged", "missing")),
            str(row.get("weighed_kg") or DASH),
            str(row.get("reason") or ""),
        ]
        for row in rows
    ]


def _item(item: Any, row: dict[str, Any]) -> str:
    return f"{item} ({item.unit})" if item else str(row.get("item") or DASH)


def _seals(one: Receipt) -> str:
    told = [f"{seal} ({state})" for seal, state in written.seals(one)]
    return "; ".join(filter(None, [one.seals_seen, ", ".join(told)])) or DASH


def _remarks(one: Receipt) -> list[str]:
    written = one.body.get("remarks") if isinstance(one.body, dict) else ""
    return [str(text) for text in (written, one.note, one.state_reason) if text]


def _accounts(loads: list[LoadLine]) -> tuple[list[list[str]], list[str]]:
    """Return each load's account in its units, and that of all in kilograms."""
    became: dict[Any, dict[str, tuple[Decimal, Decimal]]] = defaultdict(dict)
    sums = (
        Entry.objects.filter(load__in=loads)
        .order_by()
        .values("load", "kind")
        .annotate(all_qty=Sum(F("qty") * F("sign")), all_kg=Sum(F("kg") * F("sign")))
    )
    for row in sums:
        became[row["load"]][row["kind"]] = (row["all_qty"], row["all_kg"])
    rows = []
    total: dict[str, Decimal] = defaultdict(Decimal)
    for load in loads:
        kinds = became[load.pk]
        units = {kind: qty for kind, (qty, _kg) in kinds.items()}
        for kind, (_qty, kg) in kinds.items():
            total[kind] += kg
        balance = load.balance
        sides = (balance.loaded_qty, balance.outstanding_qty)
        rows.append([f"{load.item} ({load.item.unit})", *_account(units, *sides)])
        total["loaded"] += balance.loaded_kg
        total["outstanding"] += balance.outstanding_kg
    in_all = _account(total, total["loaded"], total["outstanding"])
    return rows, [_("In all (kg)"), *in_all]


def _account(became: dict[str, Decimal], loaded: Decimal, outstanding: Decimal) -> list[str]:
    lost = [
        f"{Entry.Kind(kind).label}: {amount(became[kind])}"
        for kind in Entry.LOSSES
        if became.get(kind)
    ]
    return [
        amount(loaded),
        amount(became.get("overage")),
        *(amount(became.get(kind)) for kind in Entry.RECEIVED),
        "; ".join(lost) or DASH,
        amount(sum((became.get(kind, NOTHING) for kind in Entry.ONWARD), NOTHING)),
        amount(outstanding),
    ]


def _party(who: str, name: str) -> dict[str, str]:
    return {"who": who, "name": name or DASH, "sign": _("Date and signature")}


def _names(named: Any) -> str:
    return ", ".join(dict.fromkeys(str(one) for one in named if one)) or DASH


def _moment(value: datetime | None) -> str:
    return f"{date_format(value.astimezone(UTC), 'DATETIME_FORMAT')} UTC" if value else DASH
