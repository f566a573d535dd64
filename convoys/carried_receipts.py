"""Receipts in a file that a device exported: taken as from the device, for who wrote them."""

from collections.abc import Sequence
from uuid import UUID

from convoys import receiving
from convoys.ledger import body_hash
from convoys.models import Receipt, Waybill
from core import carried
from core.errors import Problem
from core.media import Incoming
from core.models import Operation
from core.policy import Actor


def waybill_of(operation: Operation, subject: str) -> Waybill | None:
    """Return the operation's waybill with a key, whoever may read it."""
    try:
        key = UUID(subject)
    except ValueError:
        return None
    return Waybill.objects.select_related("operation").filter(operation=operation, pk=key).first()


def check(operation: Operation, subject: str, content: bytes) -> str:
    """Say whether a receipt is new, here, damaged, another one's, or of no waybill here."""
    try:
        body = receiving.read(content)
    except Problem:
        return "damaged"
    waybill = waybill_of(operation, subject)
    if waybill is None:
        return "unknown_waybill"
    known = Receipt.objects.filter(pk=body["id"]).first()
    if known is None:
        return "new"
    return "here" if known.body_sha256 == body_hash([str(waybill.pk), body]) else "other"


def take(
    operation: Operation, subject: str, content: bytes, files: Sequence[Incoming], actor: Actor
) -> tuple[bool, str]:
    """Record a receipt with its pictures; return whether it is new, and its page."""
    waybill = waybill_of(operation, subject)
    if waybill is None:
        raise Problem("not_found")
    is_new = check(operation, subject, content) == "new"
    taken = receiving.take(waybill, actor=actor, content=content, files=files)
    return is_new, taken.receipt.get_absolute_url()


carried.register("receipt", carried.Kind(check, take))
