"""Forms as other people write them, and a record that answers every question of any form."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from defusedxml.ElementTree import fromstring

from assessments import xml
from assessments.models import FormVersion
from assessments.xlsforms.questions import FILE_KINDS
from tests.assessments.desk import PNG
from tests.assessments.workbooks import Sheet, workbook

FILES = {
    "csv": b"name,label,code,list_name\na,Alpha,7,x\nb,Beta,8,x\n",
    "xml": b"<root><item><name>a</name><label>Alpha</label></item></root>",
    "geojson": b'{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","geometry":'
    b'{"type":"Point","coordinates":[44.5,40.2]},"properties":{"id":"a","title":"Alpha"}}]}',
    "image": PNG,
    "audio": b"RIFF\x24\0\0\0WAVEfmt " + bytes(20),
    "video": b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + bytes(200),
}
ANSWERS = {
    "integer": "2",
    "decimal": "2.5",
    "range": "3",
    "date": "2020-11-23",
    "time": "10:15:00.000+04:00",
    "datetime": "2020-11-23T10:15:00.000+04:00",
    "geopoint": "40.2 44.5 0 5",
    "start-geopoint": "40.2 44.5 0 5",
    "geotrace": "40.2 44.5 0 0; 40.3 44.6 0 0",
    "geoshape": "40.2 44.5 0 0; 40.3 44.6 0 0; 40.2 44.6 0 0; 40.2 44.5 0 0",
    "acknowledge": "OK",
}
UNASKED = {"note", "begin_group", "begin_repeat"}
SELECTS = {"select_one", "select_multiple", "rank"}


def book(text: str) -> bytes:
    """Return the workbook that a table in Markdown describes: a sheet's name, then its rows."""
    sheets: dict[str, Sheet] = {}
    rows: Sheet = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if name:
            rows = sheets.setdefault(name, [])
        if any(cells):
            rows.append([cell.replace("¦", "|") for cell in cells])
    return workbook(**sheets)


def filled(version: FormVersion) -> tuple[bytes, dict[str, bytes], set[str]]:
    """Return a record with an answer to each question, its files, and the paths answered."""
    form = fromstring(version.xform)
    model = next(one for one in form.iter() if xml.local(one.tag) == "model")
    instance = next(one for one in model if xml.local(one.tag) == "instance")
    root, files, paths = instance[0], {}, set()
    questions = {one.path: one for one in version.questions.all()}
    for path, node in list(_leaves(root, "")):
        question = questions.get(path)
        if question is None or question.kind in UNASKED or node.text:
            continue
        if question.kind in FILE_KINDS:
            node.text = f"{question.name}.png"
            files[node.text] = PNG
        elif question.kind in SELECTS:
            choices = version.choices.filter(list_name=question.choice_list)
            node.text = choices.values_list("value", flat=True).first() or "1"
        else:
            node.text = ANSWERS.get(question.kind, "Answer")
        paths.add(path)
    _identify(root, version)
    return ElementTree.tostring(root, encoding="utf-8"), files, paths


def _leaves(parent: Element, above: str) -> Iterator[tuple[str, Element]]:
    for node in parent:
        path = f"{above}/{xml.local(node.tag)}".strip("/")
        node.attrib = {key: kept for key, kept in node.attrib.items() if "template" not in key}
        if len(node):
            yield from _leaves(node, path)
        else:
            yield path, node


def _identify(root: Element, version: FormVersion) -> None:
    meta = next((one for one in root if xml.local(one.tag) == "meta"), None)
    if meta is None:
        meta = SubElement(root, "meta")
    found = next((one for one in meta if xml.local(one.tag) == "instanceID"), None)
    if found is None:
        found = SubElement(meta, "instanceID")
    found.text = f"uuid:{uuid4()}"
    root.set("version", version.version)


FORMS = sorted((Path(__file__).parent / "files" / "others").glob("*.md"))
