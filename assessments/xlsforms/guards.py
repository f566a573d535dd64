"""Says what an uploaded file really is, and refuses what is dangerous before it is unpacked."""

from enum import StrEnum
from io import BytesIO

from django.utils.translation import gettext as _

from core import archives
from core.archives import refused
from core.errors import Problem

MOST_BYTES = 20_000_000
MOST_UNPACKED = 100_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class FileKind(StrEnum):
    """What a form can come as."""

    XLSX = "xlsx"
    XLS = "xls"
    XFORM = "xform"


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
    names = archives.members(BytesIO(content), most_bytes=MOST_UNPACKED)
    if "xl/workbook.xml" not in names:
        raise refused(
            _("The archive is not an Excel workbook."),
            _("Open it in a spreadsheet program, save it again as .xlsx, and upload that."),
        )
    archives.check_xml_parts(BytesIO(content))
