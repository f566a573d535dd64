"""The right-to-left pseudo-locale: English in Arabic letters, so that mirroring is always testable.

Placeholders, tags and entities stay as they are, so that every page still works.
"""

import re

import polib

LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz",
    "ابجدهفغحيجكلمنوبقرستوففكيز",
)
KEEP = re.compile(r"(%\([a-zA-Z_]+\)[a-z]|%[sd%]|\{[^{}]*\}|<[^>]+>|&[a-z]+;|https?://\S+)")


def pseudo(text: str) -> str:
    """Return ``text`` in Arabic letters, with its placeholders and markup untouched."""
    parts = KEEP.split(text)
    return "".join(
        part if number % 2 else part.lower().translate(LETTERS) for number, part in enumerate(parts)
    )


def pseudo_catalogue(template: polib.POFile) -> polib.POFile:
    """Return a catalogue with all of ``template``'s messages in the pseudo-locale."""
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "ar",
        "Plural-Forms": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : 3;",
    }
    for entry in template:
        made = polib.POEntry(
            msgid=entry.msgid, msgid_plural=entry.msgid_plural, msgctxt=entry.msgctxt
        )
        if entry.msgid_plural:
            made.msgstr_plural = dict.fromkeys(range(6), pseudo(entry.msgid_plural))
        else:
            made.msgstr = pseudo(entry.msgid)
        catalogue.append(made)
    return catalogue
