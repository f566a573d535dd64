"""What cannot be a form is refused before it is unpacked, and by content, never by name."""

import io
import zipfile

import pytest

from assessments.xlsforms import guards
from assessments.xlsforms.guards import FileKind, sniff
from core import archives
from core.errors import Problem
from tests.assessments.workbooks import needs_form


def archive(members: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return content.getvalue()


def test_the_content_says_what_it_is() -> None:
    assert sniff(needs_form()) is FileKind.XLSX
    assert sniff(guards.OLE + b"rest") is FileKind.XLS
    assert sniff(b"\xef\xbb\xbf  <h:html/>") is FileKind.XFORM


@pytest.mark.parametrize("content", [b"", b"type,name,label", b"%PDF-1.7", b"GIF89a"])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(Problem, match="file_refused"):
        sniff(content)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive({"xl/workbook.xml": b" " * (guards.MOST_UNPACKED + 1)})
    assert len(bomb) < 1_000_000
    with pytest.raises(Problem, match="too_large"):
        sniff(bomb)


@pytest.mark.parametrize(
    "members",
    [
        {f"xl/part{number}.xml": b"<a/>" for number in range(archives.MOST_MEMBERS + 1)},
        {"xl/workbook.xml": b"<a/>", "../../etc/passwd": b""},
        {"xl/workbook.xml": b"<a/>", "/etc/passwd": b""},
        {"word/document.xml": b"<a/>"},
        {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'},
        {"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")},
    ],
    ids=["members", "climbing", "rooted", "a letter", "entities", "entities in UTF-16"],
)
def test_a_hostile_workbook_is_refused(members: dict[str, bytes]) -> None:
    with pytest.raises(Problem, match="file_refused"):
        sniff(archive(members))


def test_a_file_too_large_is_refused_unread() -> None:
    with pytest.raises(Problem, match="too_large"):
        sniff(b"PK\x03\x04" + b"0" * guards.MOST_BYTES)
