"""Reads a file of records that the field client exported, and makes sure of who made it.

The format ``tessera-records/2``: ``{format, exported_at, device_id, user, records, digest,
signature}``; ``digest`` is the SHA-256 of the records as JSON with sorted names and no spaces,
``signature`` the HMAC of the digest by the person's export key (docs/decisions/0057).
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from assessments import export_keys
from core.errors import Problem
from core.models import User

FORMAT = "tessera-records/2"
MOST_BYTES = 200_000_000
MOST_RECORDS = 2_000


@dataclass(frozen=True)
class Exported:
    """A file of records whose content is whole; ``is_signed`` says that its maker is certain."""

    user: User
    device_id: str
    exported_at: datetime | None
    is_signed: bool
    records: list[dict[str, Any]]


def read(content: bytes) -> Exported:
    """Return what a file holds; raise Problem ``records_refused`` where it cannot be trusted."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise refused(_("It is no file of exported records.")) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise refused(_("It is no file of exported records, or of a format that is unknown here."))
    records = document.get("records")
    if not isinstance(records, list) or not all(isinstance(one, dict) for one in records):
        raise refused(_("It holds no list of records."))
    if len(records) > MOST_RECORDS:
        raise refused(_("It holds more than {count} records.").format(count=MOST_RECORDS))
    digest = hashlib.sha256(canonical(records)).hexdigest()
    if not hmac.compare_digest(_text(document, "digest").encode(), digest.encode()):
        raise refused(_("It was changed or damaged after the device wrote it."))
    user = User.objects.filter(username=_text(document, "user")).first()
    if user is None:
        raise refused(_("Nobody here is called “{name}”.").format(name=_text(document, "user")))
    signature = _text(document, "signature")
    expected = export_keys.sign(digest, user)
    if signature and not hmac.compare_digest(signature.encode(), expected.encode()):
        raise refused(_("Its signature is not that of {person}.").format(person=user))
    exported = _moment(_text(document, "exported_at"))
    return Exported(user, _text(document, "device_id")[:255], exported, bool(signature), records)


def canonical(records: Any) -> bytes:
    """Return JSON with sorted names and no spaces: equal content gives equal bytes."""
    text = json.dumps(records, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="surrogatepass")


def content_of(part: Any) -> bytes | None:
    """Return the bytes of a record's XML or file; None where they are not what its hash says."""
    if not isinstance(part, dict):
        return None
    try:
        content = base64.b64decode(_text(part, "base64"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if hashlib.sha256(content).hexdigest() == part.get("sha256") else None


def files_of(record: dict[str, Any]) -> list[Any] | None:
    """Return a record's files; None where one is damaged."""
    given = record.get("files")
    parts = [(one, content_of(one)) for one in given] if isinstance(given, list) else []
    found: list[Any] = [
        SimpleUploadedFile(_text(part, "name"), content)
        for part, content in parts
        if content is not None and _text(part, "name")
    ]
    return found if len(found) == len(parts) else None


def refused(reason: str) -> Problem:
    """Return the Problem for a file that is not taken."""
    return Problem("records_refused", reason=reason)


def _text(part: dict[str, Any], name: str) -> str:
    value = part.get(name)
    return value if isinstance(value, str) else ""


def _moment(text: str) -> datetime | None:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else None
