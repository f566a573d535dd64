"""Receipts from devices in the field: written without a network, sent file by file.

A device has with it what is under way to its person's organisation. A receipt's bytes are fixed on
the device, with the names and hashes of its photos and its signature. It is recorded whatever it
says (`convoys.receipt`); its files come with it or later, each once, under the name and hash that
the receipt gives. The answer says which bytes are here, so that the device knows what to send on.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convoys import receipt
from convoys.loading import live_loads
from convoys.models import OperatedConvoy, Receipt, ReceiptPhoto, Waybill
from core import media, policy
from core.errors import Problem, declare
from core.media import Incoming, Stored
from core.models import ReliefItem
from core.policy import Actor
from core.quantities import plain

MOST_BYTES = 1_000_000
MOST_FILES = 40
UNDER_WAY = (Waybill.State.ISSUED, Waybill.State.IN_TRANSIT, Waybill.State.PART_RECEIVED)
PICTURES = frozenset(media.DECODERS)

declare(
    "receipt_file_unknown",
    400,
    gettext_lazy("This file does not belong to the receipt"),
    gettext_lazy("The receipt names no picture “{name}” with this content."),
    gettext_lazy("Send photos and the signature as the receipt names them, unchanged."),
)


@dataclass(frozen=True)
class Taken:
    """A recorded receipt with the bytes that it came as."""

    receipt: Receipt
    sha256: str

    def as_dict(self, url: str) -> dict[str, Any]:
        """Return what a device compares with what it holds; ``url`` is the receipt's page."""
        there = list(self.receipt.photos.all())
        known = {one.name for one in there}
        return {
            "id": self.receipt.number,
            "instance_id": str(self.receipt.pk),
            "sha256": self.sha256,
            "received_at": self.receipt.recorded_at.isoformat(),
            "test": False,
            "url": url,
            "files": [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in there],
            "missing": [name for name in named(self.receipt.body) if name not in known],
        }


def expected(actor: Actor) -> QuerySet[Waybill]:
    """Return the waybills under way to the actor's organisation, what comes first first.

    For the operation's own staff: to others it would tell what is on the road, and until when.
    """
    runs = policy.filter(actor, "run.read", OperatedConvoy.objects.order_by())
    under_way = Waybill.objects.filter(state__in=UNDER_WAY, leg__convoy__in=runs.values("pk"))
    found = policy.filter(actor, "receipt.send", under_way)
    return found.select_related(
        "operation",
        "consignee",
        "leg__convoy",
        "leg__vehicle",
        "leg__from_stop__site",
        "to_stop__site",
    ).order_by("leg__convoy__eta", "number")


def described(waybill: Waybill) -> dict[str, Any]:
    """Return what a receiver takes along of a waybill; neither plate nor driver is among it."""
    leg = waybill.leg
    return {
        "id": str(waybill.pk),
        "number": waybill.number,
        "version": waybill.version,
        "state": waybill.state,
        "operation": {"slug": waybill.operation.slug, "name": waybill.operation.name},
        "convoy": leg.convoy.number,
        "vehicle": leg.vehicle.label,
        "from": str(leg.from_stop.site),
        "to": str(waybill.to_stop.site),
        "consignee": str(waybill.consignee),
        "expected_at": leg.convoy.eta.isoformat(),
        "seals": [seal.strip() for seal in waybill.seals.split(",") if seal.strip()],
        "lines": [
            {
                "load": str(load.pk),
                "item": str(load.item),
                "unit": load.item.unit,
                "qty": plain(load.qty),
                "outstanding": plain(load.balance.outstanding_qty),
                "kg": str(load.kg),
            }
            for load in live_loads(waybill)
        ],
    }


def catalogue(waybills: Iterable[Waybill]) -> dict[str, list[dict[str, str]]]:
    """Return by operation the items that may come without standing on a waybill."""
    slugs = {one.operation.slug for one in waybills}
    items: dict[str, list[dict[str, str]]] = {slug: [] for slug in slugs}
    found = ReliefItem.objects.filter(operation__slug__in=slugs).select_related("operation")
    for item in found.order_by("code"):
        row = {"code": item.code, "name": str(item), "unit": item.unit}
        items[item.operation.slug].append(row)
    return items


def take(
    waybill: Waybill, *, actor: Actor, content: bytes, files: Sequence[Incoming] = ()
) -> Taken:
    """Record a receipt from its bytes, and keep those of its files that came with it.

    The same bytes again change nothing and give the same answer; files may come one by one.
    Raises Problem ``invalid``, ``replay_conflict``, ``receipt_file_unknown`` or ``too_large``.
    """
    policy.check(actor, "waybill.receive", waybill)
    body = read(content)
    names = named(body)
    stored = [_kept(one, names) for one in files[:MOST_FILES]]
    taken = receipt.record(
        waybill,
        actor=actor,
        body=body,
        occurred_at=parse_datetime(body["occurred_at"]),
        client_id=UUID(body["id"]),
    )
    _attach(taken, stored)
    return Taken(taken, hashlib.sha256(content).hexdigest())


def typed(
    waybill: Waybill,
    *,
    actor: Actor,
    body: dict[str, Any],
    photos: Sequence[Incoming],
    occurred_at: datetime,
) -> Receipt:
    """Record a receipt that was written on a page, with its photos; equal ones are kept once.

    Raises Problem ``invalid`` where a file is no picture or there are too many.
    """
    policy.check(actor, "waybill.receive", waybill)
    if len(photos) > MOST_FILES:
        raise _unfit(_("Choose {most} photos at most.").format(most=MOST_FILES))
    kept: dict[str, Stored] = {}
    for one in photos:
        stored = media.keep(one)
        if stored.content_type not in PICTURES:
            raise _unfit(_("“{name}” is no JPEG, PNG or WebP picture.").format(name=one.name))
        kept[f"{stored.sha256}.{media.DECODERS[stored.content_type].lower()}"] = stored
    kind = ReceiptPhoto.Kind.PHOTO.value
    files = [{"name": name, "kind": kind, "sha256": one.sha256} for name, one in kept.items()]
    whole = body | ({"files": files} if files else {})
    made = receipt.record(waybill, actor=actor, body=whole, occurred_at=occurred_at)
    _attach(made, [(name, kind, one) for name, one in kept.items()])
    return made


def _unfit(message: str) -> Problem:
    return Problem("invalid", errors=[{"where": "photos", "message": message}])


def complete(to: Receipt, *, actor: Actor, files: Sequence[Incoming]) -> Receipt:
    """Keep pictures that come after their receipt; the same one again changes nothing.

    Whoever may read the receipt may bring them, since it fixes their content. Raises Problem
    ``receipt_file_unknown``.
    """
    policy.check(actor, "receipt.read", to)
    names = named(to.body)
    _attach(to, [_kept(one, names) for one in files[:MOST_FILES]])
    return to


def read(content: bytes) -> dict[str, Any]:
    """Return a receipt's body; raise Problem ``invalid`` where it has no id or time to keep."""
    if len(content) > MOST_BYTES:
        limit = f"{MOST_BYTES // 1_000_000} MB"
        raise Problem("too_large", what=_("The receipt"), limit=limit)
    try:
        body = receipt.storable(json.loads(content))
        UUID(body["id"])
        moment = parse_datetime(body["occurred_at"])
        if moment is None or moment.tzinfo is None:
            raise ValueError(_("“occurred_at” is no time with a zone."))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = str(error) or _("It cannot be read.")
        raise Problem("invalid", errors=[{"where": _("Receipt"), "message": message}]) from None
    found: dict[str, Any] = body
    return found


def named(body: Any) -> dict[str, dict[str, str]]:
    """Return by name the pictures that a receipt's body lists: their kind and hash."""
    listed = body.get("files", []) if isinstance(body, dict) else []
    rows = [row for row in (listed if isinstance(listed, list) else []) if isinstance(row, dict)]
    kinds = set(ReceiptPhoto.Kind.values)
    return {
        str(row.get("name"))[:100]: {
            "kind": row["kind"] if row.get("kind") in kinds else ReceiptPhoto.Kind.PHOTO,
            "sha256": str(row.get("sha256", "")).lower(),
        }
        for row in rows[:MOST_FILES]
    }


def _kept(file: Incoming, names: dict[str, dict[str, str]]) -> tuple[str, str, Stored]:
    """Put a picture on disk; return its name and kind with it."""
    stored = media.keep(file)
    known = names.get(str(file.name))
    if known is None or known["sha256"] != stored.sha256 or stored.content_type not in PICTURES:
        raise Problem("receipt_file_unknown", name=file.name)
    return str(file.name), known["kind"], stored


@transaction.atomic
def _attach(to: Receipt, pictures: Sequence[tuple[str, str, Stored]]) -> None:
    """Keep pictures with a receipt, each once; a paper made without them no longer holds."""
    known = set(to.photos.values_list("name", flat=True))
    rows = [
        ReceiptPhoto(
            receipt=to,
            kind=kind,
            name=name,
            file=one.path,
            sha256=one.sha256,
            content_type=one.content_type,
            size=one.size,
        )
        for name, kind, one in pictures
        if name not in known
    ]
    if rows:
        ReceiptPhoto.objects.bulk_create(rows, ignore_conflicts=True)
        Receipt.objects.filter(pk=to.pk).exclude(pdf="").update(pdf="")
