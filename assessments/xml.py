"""Reads XML that strangers wrote: no document type, no entities, bounded size, depth and count."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from core.errors import Problem

DEEPEST = 100
MOST_ELEMENTS = 100_000


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


def parse(content: bytes, *, most_bytes: int, most_elements: int = MOST_ELEMENTS) -> Element:
    """Return the root element; raise Problem ``too_large`` or ``xml_refused``."""
    if len(content) > most_bytes:
        raise Problem("too_large", what=_("The XML"), limit=f"{most_bytes // 1_000_000} MB")
    # Each element has at least one of these; counting bytes is free, parsing them is not.
    if content.count(b"<") > 2 * most_elements:
        raise refused(_("It has more than {count} elements.").format(count=most_elements))
    parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=True)
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise refused(_("It has a document type or entities.")) from error
    except (ParseError, ValueError, LookupError) as error:
        raise refused(_("It is not well-formed: {error}.").format(error=error)) from error
    return root


def local(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag.rpartition("}")[2]
