"""What a receipt says, as it was written; its body may hold anything, and is read with care."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from convoys import receiving
from convoys.models import LoadLine, Receipt

SEALS: Mapping[str, str | Promise] = {
    "intact": _("intact"),
    "broken": _("broken"),
    "absent": _("not there"),
}


def _body(receipt: Receipt) -> dict[str, Any]:
    return receipt.body if isinstance(receipt.body, dict) else {}


def lines(receipt: Receipt) -> list[tuple[LoadLine | None, dict[str, Any]]]:
    """Return each line with the load that it names, or None for what stood on no waybill."""
    loads = {str(one.pk): one for one in receipt.waybill.loads.select_related("item")}
    said = _body(receipt).get("lines", [])
    rows = [row for row in (said if isinstance(said, list) else []) if isinstance(row, dict)]
    return [(loads.get(str(row.get("load", ""))), row) for row in rows]


def seals(receipt: Receipt) -> list[tuple[str, str | Promise]]:
    """Return the waybill's seals with the state in which each was found, where that was said."""
    found = _body(receipt).get("seal_states")
    states = found if isinstance(found, dict) else {}
    return [(str(seal), SEALS[state]) for seal, state in states.items() if state in SEALS]


def missing_pictures(receipt: Receipt) -> list[str]:
    """Return the names of the pictures that the receipt lists and that have not come yet."""
    there = {one.name for one in receipt.photos.all()}
    return [name for name in receiving.named(receipt.body) if name not in there]


def is_dated_ahead(receipt: Receipt) -> bool:
    """Return whether it says to be of a time after it came: a clock was wrong."""
    return receipt.occurred_at > receipt.recorded_at
