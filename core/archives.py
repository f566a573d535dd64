"""Refuses zip archives that are dangerous, by their directory, before anything is unpacked.

Excel workbooks and zipped shapefiles are such archives. zipfile never unpacks more of a member than
the size that the directory gives, so that a directory that lies gives a damaged file, not a bomb.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Problem, declare

Source = Path | IO[bytes]
MOST_MEMBERS = 2_000
ENCRYPTED = 0x1
# A workbook's parts never have a document type. It would stand before the first element; both byte
# orders of UTF-16 contain the letters with zeros between.
DOCTYPES = tuple(
    text.encode(code)
    for text in ("<!DOCTYPE", "<!ENTITY")
    for code in ("utf-8", "utf-16-le", "utf-16-be")
)

declare(
    "file_refused",
    400,
    gettext_lazy("The file cannot be used"),
    gettext_lazy("{reason}"),
    gettext_lazy("{fix}"),
)


def refused(reason: str, fix: str) -> Problem:
    """Return the Problem for a file that cannot be used."""
    return Problem("file_refused", reason=reason, fix=fix)


@contextmanager
def _opened(source: Source) -> Iterator[zipfile.ZipFile]:
    damages = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except damages as error:
        raise refused(
            _("The archive is damaged: {error}.").format(error=error),
            _("Make the archive again and upload it."),
        ) from error


def members(source: Source, *, most_bytes: int) -> list[str]:
    """Return the names in an archive; raise Problem when it is damaged or dangerous.

    ``most_bytes`` limits the unpacked size of all members together.
    """
    with _opened(source) as archive:
        found = archive.infolist()
    names = [member.filename for member in found]
    if len(found) > MOST_MEMBERS:
        raise refused(
            _("The archive has {count} members.").format(count=len(found)),
            _("Put only the files that are needed into it."),
        )
    if sum(member.file_size for member in found) > most_bytes:
        raise Problem(
            "too_large", what=_("The unpacked archive"), limit=f"{most_bytes // 1_000_000} MB"
        )
    if any(_leads_out(name) for name in names) or len(set(names)) != len(names):
        raise refused(
            _("The archive has members whose names lead out of it, or the same name twice."),
            _("Make the archive again with plain file names."),
        )
    if any(member.flag_bits & ENCRYPTED for member in found):
        raise refused(_("The archive has a password."), _("Make it again without a password."))
    return names


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0] or "\0" in name


def check_xml_parts(source: Source) -> None:
    """Raise Problem when an XML part of a workbook has a document type (entities, DTDs)."""
    with _opened(source) as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            with archive.open(name) as part:
                start = part.read(4096)
            if any(mark in start for mark in DOCTYPES):
                raise refused(
                    _("The part {name} has a document type.").format(name=name),
                    _("Open it in a spreadsheet program, save it again as .xlsx, upload that."),
                )


def unpack(path: Path, names: list[str], folder: Path) -> None:
    """Write chosen members into a folder under their last names only."""
    with zipfile.ZipFile(path) as archive:
        for name in names:
            with archive.open(name) as source, (folder / Path(name).name).open("wb") as target:
                while chunk := source.read(1_000_000):
                    target.write(chunk)
