"""Says what an uploaded file really is, and refuses what is dangerous before it is unpacked."""

import zipfile
from enum import StrEnum
from io import BytesIO

from django.utils.translation import gettext as _

from core.errors import Problem

MOST_BYTES = 20_000_000
MOST_MEMBERS = 2_000
MOST_UNPACKED = 100_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = 0x1
# A workbook's parts never have a document type; looking at their start is enough, because it must
# stand before the first element. Both byte orders of UTF-16 contain the letters with zeros between.
DOCTYPES = (b"<!DOCTYPE", b"<\0!\0D\0O\0C\0T\0Y\0P\0E", b"<!ENTITY")


class FileKind(StrEnum):
    """What a form can come as."""

    XLSX = "xlsx"
    XLS = "xls"
    XFORM = "xform"


def refused(reason: str, fix: str) -> Problem:
    """Return the Problem for a file that cannot be a form."""
    return Problem("form_refused", reason=reason, fix=fix)


def sniff(content: bytes) -> FileKind:
    """Return what the content is, whatever its name; raise Problem when it is not taken."""
    if len(content) > MOST_BYTES:
        raise Problem("too_large", what=_("The form"), limit=f"{MOST_BYTES // 1_000_000} MB")
    if content.startswith(b"PK\x03\x04"):
        check_workbook(content)
        return FileKind.XLSX
    if content.startswith(OLE):
        return FileKind.XLS
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return FileKind.XFORM
    raise refused(
        _("The content is neither an Excel workbook nor XML."),
        _("Upload the XLSForm as .xlsx or .xls, or the XForm as XML."),
    )


def check_workbook(content: bytes) -> None:
    """Raise Problem for a zip archive that is broken, hostile, or no Excel workbook."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_members(archive.infolist())
            _check_parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise refused(
            _("The workbook is damaged: {error}.").format(error=error),
            _("Open it in a spreadsheet program, save it again as .xlsx, and upload that."),
        ) from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    save_again = _("Open it in a spreadsheet program, save it again as .xlsx, and upload that.")
    if len(members) > MOST_MEMBERS:
        raise refused(_("The workbook has {count} parts.").format(count=len(members)), save_again)
    # zipfile never unpacks more of a part than the size that its directory gives.
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise Problem(
            "too_large", what=_("The unpacked workbook"), limit=f"{MOST_UNPACKED // 1_000_000} MB"
        )
    if any(name.startswith(("/", "\\")) or ".." in name for name in names) or len(
        set(names)
    ) != len(names):
        raise refused(_("The workbook's parts have names that none should have."), save_again)
    if any(member.flag_bits & ENCRYPTED for member in members):
        raise refused(
            _("The workbook is protected by a password."), _("Remove the password, save, upload.")
        )
    if "xl/workbook.xml" not in names:
        raise refused(_("The archive is not an Excel workbook."), save_again)


def _check_parts(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if not name.endswith((".xml", ".rels")):
            continue
        with archive.open(name) as part:
            start = part.read(4096)
        if any(mark in start for mark in DOCTYPES):
            raise refused(
                _("The part {name} has a document type.").format(name=name),
                _("Open it in a spreadsheet program, save it again as .xlsx, and upload that."),
            )
