"""Devices: what each browser in the field last said of itself, and how a lost one is shut out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Device, Form, Submission, SubmissionEdit
from core import policy
from core.errors import Problem
from core.models import Operation
from core.policy import Actor

MOST_UNSENT = 2_000
STATES = {"draft", "finalised", "rejected"}
# What the database's columns hold.
MOST_BYTES = 2**62
MOST_SKEW = 2**31 - 1
TEXTS = {"instance_id": 255, "form_id": 255, "version": 255, "title": 255, "changed_at": 40}


@dataclass(frozen=True)
class Unsent:
    """A record that a device holds; ``arrived`` is the submission, if it has come since."""

    instance_id: str
    form_id: str
    version: str
    title: str
    state: str
    changed_at: datetime | None
    arrived: int | None


def report(actor: Actor, said: Any, *, session_key: str) -> Device:
    """Keep what a device says about itself; raise Problem ``invalid`` where it makes no sense."""
    if actor.user is None:
        raise Problem("sign_in")
    if not isinstance(said, dict) or not _text(said.get("device_id"), 255):
        message = _("Say which device this is.")
        raise Problem("invalid", errors=[{"where": "device_id", "message": message}])
    now = timezone.now()
    storage = said.get("storage")
    storage = storage if isinstance(storage, dict) else {}
    persisted = storage.get("persisted")
    told = {
        "name": _text(said.get("name"), 150),
        "app_version": _text(said.get("app_version"), 50),
        "last_seen": now,
        "skew": _skew(said.get("client_time"), now),
        "unsent": list(_unsent(said.get("unsent"))),
        "storage_usage": _number(storage.get("usage")),
        "storage_quota": _number(storage.get("quota")),
        "storage_persisted": persisted if isinstance(persisted, bool) else None,
    }
    device, _new = Device.objects.update_or_create(
        user=actor.user,
        device_id=_text(said["device_id"], 255),
        defaults=told | {"session_key": session_key},
    )
    return device


@transaction.atomic
def revoke(device: Device, *, actor: Actor) -> None:
    """Shut a device out: it is signed out at once, and told so when it next reports."""
    policy.check(actor, "device.revoke", device)
    Device.objects.filter(pk=device.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=actor.user
    )
    if device.session_key:
        store = import_module(settings.SESSION_ENGINE).SessionStore
        store(device.session_key).delete()


def allow_again(device: Device, *, actor: Actor) -> None:
    """Let a device that was found again report and send."""
    policy.check(actor, "device.revoke", device)
    Device.objects.filter(pk=device.pk).update(revoked_at=None, revoked_by=None)


def unsent_of(devices: Iterable[Device], operation: Operation) -> dict[int, list[Unsent]]:
    """Return by device what it holds of an operation's forms, with what has come since.

    Of other operations' forms nothing is told here.
    """
    devices = list(devices)
    known = set(Form.objects.filter(operation=operation).values_list("form_id", flat=True))
    named = {one["instance_id"] for device in devices for one in device.unsent}
    arrived: dict[str, int] = {}
    mine = {"form__operation": operation, "is_test": False, "instance_id__in": named}
    for model, key in ((Submission, "pk"), (SubmissionEdit, "submission")):
        arrived |= dict(model._default_manager.filter(**mine).values_list("instance_id", key))
    return {
        device.pk: [
            Unsent(
                **{name: one[name] for name in (*TEXTS, "state") if name != "changed_at"},
                changed_at=_moment(one["changed_at"]),
                arrived=arrived.get(one["instance_id"]),
            )
            for one in device.unsent
            if one["form_id"] in known
        ]
        for device in devices
    }


def _text(value: Any, longest: int) -> str:
    return value.replace("\0", "").strip()[:longest] if isinstance(value, str) else ""


def _number(value: Any) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and 0 <= value <= MOST_BYTES else None


def _moment(text: str) -> datetime | None:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else None


def _skew(client_time: Any, now: datetime) -> int | None:
    """Return by how many seconds the device's clock is ahead."""
    theirs = _moment(_text(client_time, 40))
    if theirs is None:
        return None
    seconds = round((theirs - now).total_seconds())
    return max(-MOST_SKEW, min(MOST_SKEW, seconds))


def _unsent(given: Any) -> Iterable[dict[str, str]]:
    for one in given[:MOST_UNSENT] if isinstance(given, list) else []:
        if isinstance(one, dict) and one.get("state") in STATES:
            texts = {name: _text(one.get(name), longest) for name, longest in TEXTS.items()}
            if texts["instance_id"]:
                yield texts | {"state": one["state"]}
