"""Reads XML that strangers wrote: no document type, no entities, bounded size, depth and count."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from core.errors import Problem

DEEPEST = 100
MOST_ELEMENTS = 100_000
MOST_ATTRIBUTES = 10_000
SLICE = 100_000
MOST_WHITE = 1_000  # after the end
WHITE = b" \t\r\n\0"  # zeros, too: every second byte of UTF-16 is one


class _BoundedBuilder(TreeBuilder):
    """Builds the tree and gives up at the first element that is nested too deep."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._depth += 1
        if self._depth > DEEPEST:
            raise refused(_("It is nested more than {count} deep.").format(count=DEEPEST))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def refused(reason: str) -> Problem:
    """Return the Problem for XML that is not taken."""
    return Problem("xml_refused", reason=reason)


def parse(
    content: bytes,
    *,
    most_bytes: int,
    most_elements: int = MOST_ELEMENTS,
    most_attributes: int = MOST_ATTRIBUTES,
) -> Element:
    """Return the root element; raise Problem ``too_large`` or ``xml_refused``."""
    if len(content) > most_bytes:
        raise Problem("too_large", what=_("The XML"), limit=f"{most_bytes // 1_000_000} MB")
    _count(content, most_elements, most_attributes)
    parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise refused(_("It has a document type or entities.")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise refused(_("It is not well-formed: {error}.").format(error=error)) from error
    return root


def _count(content: bytes, most_elements: int, most_attributes: int) -> None:
    """Refuse what has no end, or too much of something, before time is spent on parsing it."""
    if content and not content[-MOST_WHITE:].rstrip(WHITE).endswith(b">"):
        raise refused(_("It is cut off."))
    elements = attributes = 0
    for start in range(0, len(content), SLICE):
        part = content[start : start + SLICE]
        elements += part.count(b"<") - part.count(b"</")
        if elements > most_elements:
            raise refused(_("It has more than {count} elements.").format(count=most_elements))
        # Each has a sign of equality and two quotes; a text may have many of one, hardly of both.
        attributes += min(part.count(b"="), (part.count(b'"') + part.count(b"'")) // 2)
        if attributes > most_attributes:
            raise refused(_("It has more than {count} attributes.").format(count=most_attributes))


def local(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag.rpartition("}")[2]
