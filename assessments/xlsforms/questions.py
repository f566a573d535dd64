"""Lists the questions and choices of an XForm, so that nothing else parses XML again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assessments import xml
from assessments.models import Question
from assessments.xlsforms.entities import is_declaration
from assessments.xlsforms.xform import (
    INSTANCE,
    ITEXT,
    UNNAMED_LANGUAGE,
    Control,
    Texts,
    XForm,
    attributes,
    child,
    children,
)

BIND_TYPES = {
    "int": "integer",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "barcode",
    "boolean": "boolean",
}
CONTROL_TYPES = {
    "select": "select_multiple",
    "select1": "select_one",
    "rank": "rank",
    "range": "range",
    "trigger": "acknowledge",
    "secret": "text",
}
UPLOADS = {"image": "image", "audio": "audio", "video": "video"}
ACTIONS = {"setgeopoint": "start-geopoint", "recordaudio": "background-audio"}
PRELOADS = {"timestamp": {"start": "start", "end": "end"}, "date": {"today": "today"}}
FILE_KINDS = {"image", "audio", "video", "file", "background-audio", "audit"}
# Where somebody was and how to call them identifies a person; everything else is internal unless
# the author says otherwise in the column tessera::sensitivity.
RESTRICTED_KINDS = {
    "geopoint", "geotrace", "geoshape", "start-geopoint", "phonenumber", "email", "deviceid"
}  # fmt: skip
SENSITIVITIES = set(Question.Sensitivity.values)


@dataclass
class Asked:
    """A question, group or repeat as it will be stored (see assessments.models.Question)."""

    path: str
    name: str
    kind: str
    repeat: str
    labels: Texts
    hints: Texts
    choice_list: str = ""
    appearance: str = ""
    hxl: str = ""
    required: bool = False
    max_pixels: int | None = None
    keeps_place: bool = False
    sensitivity: str = Question.Sensitivity.INTERNAL


@dataclass(frozen=True)
class Offered:
    """A choice as it will be stored."""

    list_name: str
    value: str
    labels: Texts


@dataclass(frozen=True)
class ChoiceFile:
    """An attached file with a select's choices; ``value`` and ``label`` are its columns."""

    list_name: str
    file_name: str
    value: str
    label: str


@dataclass
class Questions:
    """All that tables, exports and intake need of a form."""

    asked: list[Asked] = field(default_factory=list)
    offered: list[Offered] = field(default_factory=list)
    files: list[ChoiceFile] = field(default_factory=list)


def list_questions(form: XForm) -> Questions:
    """Return the questions in the order of the form, and the choices of its selects."""
    found = Questions()
    seen: set[str] = set()
    for node, path, repeat in _nodes(form, form.primary, "", ""):
        if path in seen:
            continue  # a repeat stands twice in the model: its template and its first member
        seen.add(path)
        found.asked.append(_asked(form, node, path, repeat))
    taken: set[str] = set()
    for asked in found.asked:
        control = form.controls.get(asked.path)
        if control and control.tag in {"select", "select1", "rank"}:
            asked.choice_list = _read_choices(form, control, asked.path, found, taken)
    return found


def _nodes(
    form: XForm, parent: Element, above: str, repeat: str
) -> Iterator[tuple[Element, str, str]]:
    for node in parent:
        name = xml.local(node.tag)
        path = f"{above}/{name}" if above else name
        if path in {"meta/instanceID", "meta/deprecatedID"} or is_declaration(path):
            continue
        if name != "meta" or (above and not len(node)):
            yield node, path, repeat
        yield from _nodes(form, node, path, path if path in form.repeats else repeat)


def _asked(form: XForm, node: Element, path: str, repeat: str) -> Asked:
    bind = form.binds.get(path, {})
    control = form.controls.get(path) or form.repeats.get(path)
    kind = _kind(form, node, path, bind)
    sensitivity = bind.get("sensitivity", "")
    if sensitivity not in SENSITIVITIES:
        is_restricted = kind in RESTRICTED_KINDS
        options = Question.Sensitivity
        sensitivity = options.RESTRICTED if is_restricted else options.INTERNAL
    return Asked(
        path=path,
        name=xml.local(node.tag),
        kind=kind,
        repeat=repeat,
        labels=control.labels if control else {},
        hints=control.hints if control else {},
        appearance=(control.attributes.get("appearance", "") if control else "")[:255],
        hxl=(attributes(node).get("hxl") or bind.get("hxl", ""))[:100],
        required=bind.get("required", "").strip() not in {"", "false()"},
        max_pixels=_pixels(bind.get("max-pixels", "")),
        sensitivity=sensitivity,
    )


def _pixels(text: str) -> int | None:
    return int(text) if text.isdecimal() and 0 < int(text[:9]) == int(text) else None


def _kind(form: XForm, node: Element, path: str, bind: dict[str, str]) -> str:
    """Return the XLSForm type of a node."""
    if path in form.repeats:
        return "begin_repeat"
    if len(node):
        return "begin_group"
    if path in form.actions:
        return ACTIONS[form.actions[path]]
    control = form.controls.get(path)
    if control is None:
        return _hidden_kind(path, bind)
    if control.tag == "upload":
        return UPLOADS.get(control.attributes.get("mediatype", "").partition("/")[0], "file")
    if control.tag in CONTROL_TYPES:
        return CONTROL_TYPES[control.tag]
    kind = BIND_TYPES.get(bind.get("type", "").rpartition(":")[2], "text")
    if kind == "text" and bind.get("readonly", "").strip() == "true()" and "calculate" not in bind:
        return "note"
    return kind


def _hidden_kind(path: str, bind: dict[str, str]) -> str:
    preload, parameter = bind.get("preload", ""), bind.get("preloadParams", "")
    if path == "meta/audit":
        return "audit"
    if preload == "property":
        return parameter.strip().lower() or "hidden"
    if preload in PRELOADS:
        return PRELOADS[preload].get(parameter, "calculate")
    kind = BIND_TYPES.get(bind.get("type", "").rpartition(":")[2], "")
    if "calculate" in bind:
        # A calculation with a type of its own (bind::type) keeps numbers as numbers.
        return kind if kind in {"integer", "decimal"} else "calculate"
    return kind or "hidden"


def _read_choices(
    form: XForm, control: Control, path: str, found: Questions, taken: set[str]
) -> str:
    """Add a select's choices, once a list; return the list's name, or "" where answers choose."""
    itemset = child(control.element, "itemset")
    if itemset is None:
        for item in children(control.element, "item"):
            labels = _item_label(form, child(item, "label"))
            found.offered.append(Offered(path, _text(child(item, "value")), labels))
        return path
    match = INSTANCE.search(itemset.get("nodeset") or "")
    if not match:
        return ""
    name = match[1]
    value = _column(child(itemset, "value"), "name")
    label = _column(child(itemset, "label"), "label")
    if name in taken:
        return name
    taken.add(name)
    source = form.instances.get(name)
    if source is not None and source.get("src"):
        file_name = str(source.get("src")).rpartition("/")[2]
        found.files.append(ChoiceFile(name, file_name, value, label))
    elif source is not None:
        found.offered += _inline(form, source, name, value, label)
    return name


def _inline(form: XForm, source: Element, name: str, value: str, label: str) -> Iterator[Offered]:
    for item in (one for root in source for one in root):
        said = {xml.local(part.tag): _text(part) for part in item}
        if said.get(value):
            labels = form.texts.get(said.get("itextId", ""), {}) if label == "itextId" else {}
            plain = (
                {form.default_language or UNNAMED_LANGUAGE: said[label]} if label in said else {}
            )
            yield Offered(name, said[value], labels or (plain if label != "itextId" else {}))


def _column(element: Element | None, usual: str) -> str:
    """Return the column that a value or label reads: ``name``, or of ``jr:itext(itextId)``."""
    reference = (element.get("ref") if element is not None else None) or usual
    return reference.strip().removeprefix("jr:itext(").removesuffix(")").strip()


def _item_label(form: XForm, element: Element | None) -> Texts:
    match = ITEXT.search((element.get("ref") if element is not None else None) or "")
    if match:
        return form.texts.get(match[1], {})
    words = _text(element)
    return {form.default_language or UNNAMED_LANGUAGE: words} if words else {}


def _text(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext()).strip()
