"""The pseudo-locale mirrors text and leaves what programs read."""

import polib

from core.pseudo import pseudo, pseudo_catalogue


def test_placeholders_and_markup_stay() -> None:
    text = pseudo("Approve %(count)s of {total} <strong>now</strong>&nbsp;!")
    assert "%(count)s" in text
    assert "{total}" in text
    assert "<strong>" in text
    assert "Approve" not in text


def test_plurals_get_all_six_arabic_forms() -> None:
    source = polib.POFile()
    source.append(polib.POEntry(msgid="%(n)s area", msgid_plural="%(n)s areas"))
    made = pseudo_catalogue(source)[0]
    assert sorted(made.msgstr_plural) == [0, 1, 2, 3, 4, 5]
    assert all("%(n)s" in text for text in made.msgstr_plural.values())
