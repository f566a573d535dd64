"""Writes a submission's XML as a device would: the form's own instance, filled in."""

from typing import Any

from lxml import etree

XFORMS = "{http://www.w3.org/2002/xforms}"


class Blank:
    """The empty instance of a form version, read once and filled many times."""

    def __init__(self, xform: str):
        document = etree.fromstring(xform.encode(), etree.XMLParser(resolve_entities=False))
        instance = document.find(f".//{XFORMS}model/{XFORMS}instance")
        if instance is None or not len(instance):
            raise ValueError("the form has no primary instance")
        self._root = instance[0]

    def filled(self, answers: dict[str, Any], *, instance_id: str) -> bytes:
        """Return the XML with ``answers`` in place; what they do not name is left out.

        Answers nest as the form's groups do; a list of mappings fills a repeat.
        """
        root = etree.Element(_local(self._root), dict(self._root.attrib))
        _fill(root, self._root, answers | {"meta": {"instanceID": instance_id}})
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _fill(target: etree._Element, blank: etree._Element, answers: dict[str, Any]) -> None:
    done = set()
    for child in blank:
        name = _local(child)
        if name not in answers or name in done:
            continue
        done.add(name)
        value = answers[name]
        if isinstance(value, list) and len(child):
            for row in value:
                _fill(etree.SubElement(target, name), child, row)
        elif isinstance(value, dict):
            _fill(etree.SubElement(target, name), child, value)
        else:
            words = value if isinstance(value, list) else [value]
            etree.SubElement(target, name).text = " ".join(str(word) for word in words)
