"""What cannot be a form is refused before it is unpacked, and by content, never by name."""

import io
import time
import zipfile

import pytest

from assessments import xml
from assessments.xlsforms import guards
from assessments.xlsforms.guards import FileKind, sniff
from core import archives
from core.errors import Problem
from tests.assessments.workbooks import needs_form

HOSTILE = {
    "entities": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "laughs": b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
    "external": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "utf-16": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
    "deep": b"<a>" * 200_000,
    "wide": b"<a>" + b"<b/>" * 900_000 + b"</a>",
    "cut off": b"<a><b>",
    "no XML": b"\x00\x01\x02",
}


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
    began = time.perf_counter()
    with pytest.raises(Problem) as refusal:
        sniff(bomb)
    assert refusal.value.code == "too_large"
    assert time.perf_counter() - began < 0.1


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


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused_at_once(name: str) -> None:
    began = time.perf_counter()
    with pytest.raises(Problem) as refusal:
        xml.parse(HOSTILE[name], most_bytes=10_000_000)
    assert refusal.value.code == "xml_refused"
    assert time.perf_counter() - began < 0.05


def test_xml_that_is_too_long_is_not_parsed() -> None:
    with pytest.raises(Problem, match="too_large"):
        xml.parse(b"<a>" + b"x" * 100 + b"</a>", most_bytes=50)
