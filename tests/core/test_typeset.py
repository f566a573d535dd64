"""Documents are set from any app's template in the house style, with text as text and QR codes."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
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


WIDE = [
    "Առաքման ենթակա ապրանք",
    "Неурегулировано",
    "Отправлено дальше или назад",
    "Получено в хорошем состоянии",
    "Չկարգավորված",
    "Возвращено отправителю",
]
LONG = "Водонепроницаемоепокрытиебезпробелов"


def table_of(folder: Path, options: str) -> Path:
    """Return a template that sets one table from ``data.json``."""
    template = folder / "table.typ"
    template.write_text(
        f"""#import "house.typ": *
#let data = json("data.json")
#show: house.with(title: "Table")
#title()
#ledger(data.columns, data.rows, {options})
"""
    )
    return template


def covered(content: bytes) -> list[str]:
    """Return letters of a PDF that lie on others."""
    found = []
    for page in pypdfium2.PdfDocument(content):
        text = page.get_textpage()
        boxes = [
            (*text.get_charbox(at), text.get_text_range(at, 1)) for at in range(text.count_chars())
        ]
        seen = sorted(box for box in boxes if box[4].isalnum())
        found += [
            one[4] + other[4]
            for at, one in enumerate(seen)
            for other in seen[at + 1 : at + 60]
            if other[0] < one[2] - 1.5 and other[1] < one[3] - 1.5 and one[1] < other[3] - 1.5
        ]
    return found


@pytest.mark.parametrize(
    "options",
    [
        "widths: (1fr,) + (auto,) * 6, numbers: range(1, 7)",
        "widths: (1fr,) + (auto,) * 5, numbers: range(6), named: true",
    ],
)
def test_words_of_a_narrow_table_never_lie_on_each_other(tmp_path: Path, options: str) -> None:
    data = {
        "columns": WIDE if "named" in options else ["Предмет", *WIDE],
        "rows": [[f"{LONG} {number}", *["123 456"] * 6] for number in range(70)],
    }
    template = table_of(tmp_path, options)
    made = typeset.pdf(template, data, {}, dated=datetime(2026, 1, 1, tzinfo=UTC))
    assert made.pages > 1
    assert covered(made.content) == []
    for page in PdfReader(io.BytesIO(made.content)).pages:
        words = page.extract_text().replace(typeset.BREAK, "")
        assert words.count("Водо") == words.count("123 456") // 6
