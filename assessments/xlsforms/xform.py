"""Reads an XForm into plain structures: binds, texts by language, controls, choice sources.

The specification is ODK XForms (getodk.github.io/xforms-spec); pyxform writes absolute paths,
other tools also write relative ones and bind ids, so both are understood.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from assessments import xml
from core.archives import refused

MOST_BYTES = 60_000_000
# A cascade of 100,000 choices has ten elements each, and an attribute for each language.
BOUNDS = {"most_elements": 2_000_000, "most_attributes": 2_000_000}
UNNAMED_LANGUAGE = "default"
CONTROLS = {"input", "select", "select1", "upload", "range", "trigger", "rank", "secret"}
ITEXT = re.compile(r"jr:itext\(\s*'([^']*)'\s*\)")
INSTANCE = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)")
Texts = dict[str, str]


@dataclass
class Control:
    """What the body shows for a node."""

    tag: str
    attributes: dict[str, str]
    labels: Texts = field(default_factory=dict)
    hints: Texts = field(default_factory=dict)
    element: Element | None = None


@dataclass
class XForm:
    """A parsed XForm; paths stand below the root, without a leading slash."""

    title: str
    form_id: str
    version: str
    primary: Element
    binds: dict[str, dict[str, str]]
    languages: list[str]
    default_language: str
    texts: dict[str, Texts]
    instances: dict[str, Element]
    controls: dict[str, Control]
    repeats: dict[str, Control]
    references: list[str]
    actions: dict[str, str]
    is_encrypted: bool


def attributes(element: Element) -> dict[str, str]:
    """Return an element's attributes by local name."""
    return {xml.local(key): value for key, value in element.attrib.items()}


def children(element: Element | None, name: str) -> list[Element]:
    """Return the children with a local name."""
    return [] if element is None else [one for one in element if xml.local(one.tag) == name]


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child with a local name."""
    return next(iter(children(element, name)), None)


def read(content: bytes) -> XForm:
    """Return the structure of an XForm; raise Problem ``xml_refused`` or ``file_refused``."""
    root = xml.parse(content, most_bytes=MOST_BYTES, **BOUNDS)
    head, body = child(root, "head"), child(root, "body")
    model = child(head, "model")
    first = next(iter(children(model, "instance")), None)
    if model is None or body is None or first is None or len(first) == 0:
        raise refused(
            _("The XML is not an XForm: it lacks a model, an instance or a body."),
            _("Upload the XForm that an XLSForm tool wrote, or the XLSForm itself."),
        )
    return _Reader(head, model, first[0], body).form()


class _Reader:
    """Carries what the parts of an XForm need to know of each other."""

    def __init__(
        self, head: Element | None, model: Element, primary: Element, body: Element
    ) -> None:
        self.title = "".join(getattr(child(head, "title"), "itertext", tuple)()).strip()
        self.model = model
        self.primary = primary
        self.body = body
        self.bind_ids: dict[str, str] = {}
        self.texts: dict[str, Texts] = {}
        self.languages: list[str] = []
        self.default_language = ""
        self.controls: dict[str, Control] = {}
        self.repeats: dict[str, Control] = {}

    def form(self) -> XForm:
        self._read_texts()
        binds = dict(self._binds())
        self._read_body(self.body, "", None)
        named = attributes(self.primary)
        instances = {
            one.get("id", ""): one for one in children(self.model, "instance") if one.get("id")
        }
        submission = child(self.model, "submission")
        return XForm(
            title=self.title,
            form_id=named.get("id", ""),
            version=named.get("version", ""),
            primary=self.primary,
            binds=binds,
            languages=self.languages,
            default_language=self.default_language,
            texts=self.texts,
            instances=instances,
            controls=self.controls,
            repeats=self.repeats,
            references=list(self._references(instances)),
            actions=dict(self._actions()),
            is_encrypted=submission is not None and "base64RsaPublicKey" in submission.attrib,
        )

    def path(self, reference: str, context: str = "") -> str:
        """Return the path below the root that an absolute or relative reference names."""
        reference = reference.strip()
        if reference.startswith("/"):
            return "/".join(reference.strip("/").split("/")[1:])
        parts = context.split("/") if context else []
        for part in reference.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in {"", "."}:
                parts.append(part)
        return "/".join(parts)

    def _binds(self) -> Iterator[tuple[str, dict[str, str]]]:
        for bind in children(self.model, "bind"):
            named = attributes(bind)
            path = self.path(named.get("nodeset", ""))
            if "id" in named:
                self.bind_ids[named["id"]] = path
            yield path, named

    def _read_texts(self) -> None:
        for translation in children(child(self.model, "itext"), "translation"):
            language = translation.get("lang") or UNNAMED_LANGUAGE
            self.languages.append(language)
            if translation.get("default") is not None or not self.default_language:
                self.default_language = language
            for text in children(translation, "text"):
                plain = [one for one in children(text, "value") if one.get("form") is None]
                words = self._words(plain[0]) if plain else ""
                if words not in {"", "-"}:
                    self.texts.setdefault(text.get("id", ""), {})[language] = words

    def _words(self, element: Element) -> str:
        said = element.text or ""
        for part in element:
            if xml.local(part.tag) == "output":
                name = (part.get("value") or part.get("ref") or "").strip().rpartition("/")[2]
                said += f"${{{name}}}"
            else:
                said += self._words(part)
            said += part.tail or ""
        return said.strip()

    def said(self, element: Element | None, tag: str) -> Texts:
        """Return the label or hint of an element, by language."""
        holder = child(element, tag)
        if holder is None:
            return {}
        match = ITEXT.search(holder.get("ref") or "")
        if match:
            return self.texts.get(match[1], {})
        words = self._words(holder)
        return {self.default_language or UNNAMED_LANGUAGE: words} if words else {}

    def _read_body(self, element: Element, context: str, group: Element | None) -> None:
        for one in element:
            tag = xml.local(one.tag)
            if tag not in CONTROLS and tag not in {"group", "repeat"}:
                continue
            named = attributes(one)
            reference = named.get("ref") or named.get("nodeset") or ""
            path = self.path(reference, context) if reference else context
            if "bind" in named:
                path = self.bind_ids.get(named["bind"], path)
            if tag == "repeat":
                self.repeats[path] = Control(tag, named, self.said(group, "label"), {}, one)
            elif reference or "bind" in named:
                texts, hints = self.said(one, "label"), self.said(one, "hint")
                self.controls[path] = Control(tag, named, texts, hints, one)
            if tag in {"group", "repeat"}:
                self._read_body(one, path, one if tag == "group" else group)

    def _references(self, instances: dict[str, Element]) -> Iterator[str]:
        for one in instances.values():
            if (one.get("src") or "").startswith("jr://"):
                yield str(one.get("src"))
        for value in self.model.iter():
            if xml.local(value.tag) == "value" and value.get("form") in MEDIA:
                yield (value.text or "").strip()

    def _actions(self) -> Iterator[tuple[str, str]]:
        for holder in (self.model, self.primary, *self.body.iter()):
            for action in holder:
                name = xml.local(action.tag)
                if name in {"setgeopoint", "recordaudio"} and action.get("ref"):
                    yield self.path(str(action.get("ref"))), name


MEDIA = {"image", "big-image", "audio", "video"}
