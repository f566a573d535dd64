"""Keeps the files that people send: content-addressed, photos without the place they were taken.

A file is on disk, and the disk has confirmed it, before a row names it. Only JPEG, PNG and WebP are
ever decoded; all else is kept as it came and never shown inline.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Protocol

import magic
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Problem, declare

MOST_BYTES = 200_000_000
MOST_PIXELS = 40_000_000
DECODERS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
ORIENTATION = 0x0112
PLACE = 0x8825
UNKNOWN = "application/octet-stream"
# Sound and film keep their type, so that a page can offer a player; all else is a download.
PLAYABLE = ("audio/", "video/")

declare(
    "image_too_large",
    413,
    gettext_lazy("The picture is too large"),
    gettext_lazy("“{name}” has {megapixels} megapixels; at most {limit} are accepted."),
    gettext_lazy("Take the photo at a lower resolution, or scale it down."),
)


class Incoming(Protocol):
    """A file on its way in, as Django's upload handlers give it."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True)
class Stored:
    """A kept file: ``sha256`` is of the bytes as they came, ``stored_sha256`` as they are kept."""

    path: str
    sha256: str
    stored_sha256: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Wishes:
    """What a form wants of its photos: the longer edge in pixels, and whether the place stays."""

    max_pixels: int | None = None
    keeps_place: bool = False


PLAIN = Wishes()


def keep(incoming: Incoming, wishes: Wishes = PLAIN) -> Stored:
    """Put a file on disk and return where; raise Problem ``too_large`` or ``image_too_large``.

    OSError (a full disk) passes through; what was written by then is removed.
    """
    name = incoming.name or ""
    if (incoming.size or 0) > MOST_BYTES:
        raise Problem("too_large", what=name, limit=f"{MOST_BYTES // 1_000_000} MB")
    content = b"".join(incoming.chunks())
    received = hashlib.sha256(content).hexdigest()
    kind = magic.from_buffer(content[:65536], mime=True) if content else UNKNOWN
    if kind in DECODERS:
        clean = encoded_anew(content, DECODERS[kind], name, wishes)
        kind, content = (kind, clean) if clean is not None else (UNKNOWN, content)
    elif not kind.startswith(PLAYABLE):
        kind = UNKNOWN
    stored = hashlib.sha256(content).hexdigest()
    path = f"files/{stored[:2]}/{stored[2:4]}/{stored}"
    _write(Path(settings.MEDIA_ROOT) / path, content)
    return Stored(path, received, stored, kind, len(content))


def encoded_anew(content: bytes, decoder: str, name: str, wishes: Wishes = PLAIN) -> bytes | None:
    """Return the picture upright, as small as wished and without EXIF; None where it is none."""
    try:
        with Image.open(BytesIO(content), formats=(decoder,)) as image:
            _check_pixels(image.width * image.height, name)
            exif = image.getexif()
            turned = exif.get(ORIENTATION, 1) != 1
            longest = wishes.max_pixels or max(image.size)
            # A JPEG that stays as it is keeps its coefficients: nothing is lost.
            unchanged = not turned and max(image.size) <= longest
            options: dict[str, object] = {"icc_profile": image.info.get("icc_profile")}
            if decoder == "JPEG":
                options["quality"] = "keep" if unchanged else 92
            elif decoder == "WEBP":
                options["quality"] = 92
            upright = ImageOps.exif_transpose(image) if turned else image
            if not unchanged:
                upright.thumbnail((longest, longest))
            upright.info.pop("exif", None)
            upright.info.pop("xmp", None)
            clean = BytesIO()
            upright.save(clean, decoder, exif=_kept(exif, wishes), **options)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(name, _("far too many")) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    return clean.getvalue()


def reduced(content: bytes, encoder: str, longest: int) -> bytes:
    """Return a kept picture with a longer edge of at most ``longest`` pixels, for a document."""
    with Image.open(BytesIO(content), formats=tuple(DECODERS.values())) as image:
        image.thumbnail((longest, longest))
        small = BytesIO()
        image.convert("RGB").save(small, encoder)
    return small.getvalue()


def _kept(exif: Image.Exif, wishes: Wishes) -> bytes:
    """Return the EXIF that stays: nothing, or the place alone."""
    place = exif.get_ifd(PLACE) if wishes.keeps_place else {}
    if not place:
        return b""
    kept = Image.Exif()
    kept[PLACE] = place
    return kept.tobytes()


def _check_pixels(pixels: int, name: str) -> None:
    if pixels > MOST_PIXELS:
        raise _too_large(name, str(pixels // 1_000_000))


def _too_large(name: str, megapixels: str) -> Problem:
    limit = MOST_PIXELS // 1_000_000
    return Problem("image_too_large", name=name, megapixels=megapixels, limit=limit)


def _write(target: Path, content: bytes) -> None:
    """Write durably under the content's own name, so that twice is once."""
    if target.exists() and target.stat().st_size == len(content):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(settings.FILE_UPLOAD_PERMISSIONS)
        Path(temporary).replace(target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
