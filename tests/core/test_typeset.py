"""Documents are set from any app's template in the house style, with text as text and QR codes."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from core import typeset
from core.errors import Problem

DATED = datetime(2020, 11, 24, tzinfo=UTC)
LETTER = """
#import "house.typ": *
#let data = json("data.json")
#show: house.with(title: data.title, language: "hy", page-of: "{page} / {pages}")
#title()
#data.body
#image("code.svg", alt: "A code", width: 30mm)
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """Return a template that an app could keep."""
    template = tmp_path / "letter.typ"
    template.write_text(LETTER, encoding="utf-8")
    return template


def test_a_template_of_any_app_is_set_in_the_house_style(letter: Path) -> None:
    data = {"title": "Բեռնագիր", "body": '#read("/etc/passwd") *not bold*'}
    pictures = {"code": typeset.qr("https://example.org/w/1")}
    document = typeset.pdf(letter, data, pictures, dated=DATED)
    reader = PdfReader(io.BytesIO(document.content))
    text = reader.pages[0].extract_text()
    assert (document.pages, len(reader.pages)) == (1, 1)
    assert "Բեռնագիր" in text
    assert '#read("/etc/passwd") *not bold*' in text
    assert "1 / 1" in text
    assert typeset.pdf(letter, data, pictures, dated=DATED) == document


def test_a_template_reads_nothing_beside_its_own_data(tmp_path: Path) -> None:
    prying = tmp_path / "prying.typ"
    prying.write_text('#read("/etc/passwd") #metadata(1) <pages>')
    with pytest.raises(Problem) as refused:
        typeset.pdf(prying, {}, {}, dated=DATED)
    assert refused.value.code == "document_not_set"


def test_a_font_that_is_missing_does_not_pass_for_a_document(tmp_path: Path) -> None:
    template = tmp_path / "other.typ"
    template.write_text(
        '#set document(title: "x")\n#set text(font: "No Such")\nx #metadata(1)<pages>'
    )
    with pytest.raises(Problem) as refused:
        typeset.pdf(template, {}, {}, dated=DATED)
    assert "no such" in refused.value.context["message"]
