"""Hostile XML is refused before it costs anything; ``benchmarks/intake.py`` says how fast."""

import pytest

from assessments import xml
from core.errors import Problem
from tests.assessments.hostile import HOSTILE


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused(name: str) -> None:
    with pytest.raises(Problem) as refusal:
        xml.parse(HOSTILE[name], most_bytes=10_000_000)
    expected = "too_large" if name == "a long text" else "xml_refused"
    assert refusal.value.code == expected


@pytest.mark.parametrize(
    "content",
    [
        '<a b="ä">&amp;&#65;<![CDATA[<]]></a>\n'.encode(),
        '<?xml version="1.0" encoding="utf-16"?><a>ä</a>\n'.encode("utf-16"),
        '<?xml version="1.0" encoding="windows-1251"?><a>Дом</a>'.encode("cp1251"),
        b"\xef\xbb\xbf<a/><!-- the end -->",
        b"<a>" + b"<b>=\"'</b>" * 9_000 + b"</a>",
        b"<a>" * xml.DEEPEST + b"</a>" * xml.DEEPEST,
    ],
    ids=["characters", "UTF-16", "Cyrillic", "a mark and a comment", "quotes", "depth"],
)
def test_what_is_unusual_and_harmless_is_read(content: bytes) -> None:
    assert xml.parse(content, most_bytes=10_000_000).tag == "a"


def test_xml_that_is_too_long_is_not_parsed() -> None:
    with pytest.raises(Problem, match="too_large"):
        xml.parse(b"<a>" + b"x" * 100, most_bytes=50)
