"""The files that a form names: what they must contain, and the choices that they bring."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator

import magic
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from assessments import xml
from assessments.models import Choice, FormAttachment, FormVersion
from assessments.xlsforms import xform
from assessments.xlsforms.findings import Finding
from assessments.xlsforms.questions import ChoiceFile, Offered, list_questions
from core.errors import Problem

MOST_BYTES = 100_000_000
MOST_CHOICES = 200_000
# What the field engine reads; one other geometry makes the whole form fail.
GEOMETRIES = {"Point", "LineString", "Polygon"}
MEDIA = {"image": "image/", "audio": "audio/", "video": "video/"}


class Unusable(Exception):
    """Says why a file cannot serve, and how to put it right."""

    def __init__(self, message: str, fix: str, row: int | None = None, column: str = "") -> None:
        super().__init__(message)
        self.message, self.fix, self.row, self.column = message, fix, row, column

    def finding(self, file_name: str) -> Finding:
        """Return the finding for the report; the file stands where a sheet would."""
        return Finding(self.message, self.fix, file_name, self.row, self.column)


def choice_files(version: FormVersion) -> dict[str, list[ChoiceFile]]:
    """Return the lists that the form reads from attached files, by file name."""
    found: dict[str, list[ChoiceFile]] = {}
    for one in list_questions(xform.read(version.xform.encode())).files:
        found.setdefault(one.file_name, []).append(one)
    return found


def store(attachment: FormAttachment, content: bytes, needs: list[ChoiceFile]) -> None:
    """Check and keep a file, with the choices it brings; raise Unusable or Problem."""
    if len(content) > MOST_BYTES:
        what = attachment.file_name
        raise Problem("too_large", what=what, limit=f"{MOST_BYTES // 1_000_000} MB")
    offered = list(read(attachment.kind, content, needs))
    attachment.file.save(attachment.file_name, ContentFile(content), save=False)
    attachment.sha256 = hashlib.sha256(content).hexdigest()
    attachment.md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    attachment.size = len(content)
    attachment.save()
    lists = {need.list_name for need in needs}
    Choice.objects.filter(version=attachment.version_id, list_name__in=lists).delete()
    store_choices(attachment.version_id, offered)


def store_choices(version_id: int, offered: list[Offered]) -> None:
    """Write the choices of a version."""
    Choice.objects.bulk_create(
        (
            Choice(
                version_id=version_id,
                list_name=one.list_name[:255],
                position=position,
                value=one.value[:500],
                labels=one.labels,
            )
            for position, one in enumerate(offered, start=1)
        ),
        batch_size=2000,
    )


def read(kind: str, content: bytes, needs: list[ChoiceFile]) -> Iterator[Offered]:
    """Yield the choices in a file; raise Unusable when it is not what the form needs."""
    if kind in MEDIA:
        _check_media(kind, content)
        return
    rows = list(READERS[kind](content)) if kind in READERS else []
    if len(rows) > MOST_CHOICES:
        raise Unusable(
            _("It has {count} rows; at most {most} can be chosen from.").format(
                count=len(rows), most=MOST_CHOICES
            ),
            _("Split the list, or leave out what nobody can choose."),
        )
    for need in needs:
        for column in (need.value, need.label):
            if rows and not any(column in row for row in rows[:50]):
                raise Unusable(
                    _("The form reads the column “{column}”, which is not there.").format(
                        column=column
                    ),
                    _("Rename the column, or name yours with the parameters value and label."),
                    1,
                    column,
                )
        for row in rows:
            if row.get(need.value):
                labels = {xform.UNNAMED_LANGUAGE: row.get(need.label, "")}
                yield Offered(need.list_name, row[need.value], labels)


def _check_media(kind: str, content: bytes) -> None:
    found = magic.from_buffer(content[:65536], mime=True)
    if not found.startswith(MEDIA[kind]):
        raise Unusable(
            _("The form needs a file of type {kind}; this one is {found}.").format(
                kind=kind, found=found
            ),
            _("Choose the right file; its name must stay the same."),
        )


def _read_csv(content: bytes) -> Iterator[dict[str, str]]:
    text = _decode(content)
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
            if None in row:
                raise Unusable(
                    _("The row has more cells than there are columns."),
                    _("Put cells with commas into double quotes; separate cells by commas."),
                    number,
                )
            yield {str(key).strip(): (value or "").strip() for key, value in row.items()}
    except csv.Error as error:
        raise Unusable(str(error), _("Save the table again as CSV, in UTF-8.")) from error


def _read_geojson(content: bytes) -> Iterator[dict[str, str]]:
    try:
        document = json.loads(_decode(content))
        features = document["features"]
        for number, feature in enumerate(features, start=1):
            kind = (feature.get("geometry") or {}).get("type")
            if kind not in GEOMETRIES:
                raise Unusable(
                    _("Feature {number} is a {kind}; the browser form would fail.").format(
                        number=number, kind=kind
                    ),
                    _("Use points, lines or single polygons; split a MultiPolygon."),
                    number,
                )
            row = {key: str(value) for key, value in (feature.get("properties") or {}).items()}
            yield ({"id": str(feature["id"])} if "id" in feature else {}) | row
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unusable(
            _("It is no GeoJSON FeatureCollection."), _("Export the layer as GeoJSON.")
        ) from error


def _read_xml(content: bytes) -> Iterator[dict[str, str]]:
    try:
        root = xml.parse(content, most_bytes=MOST_BYTES, **xform.BOUNDS)
    except Problem as problem:
        raise Unusable(problem.detail, problem.how) from problem
    for item in root:
        yield {xml.local(part.tag): "".join(part.itertext()).strip() for part in item}


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(
            _("The text is not in UTF-8 (byte {position}).").format(position=error.start),
            _("Save it with the encoding UTF-8."),
        ) from error


READERS = {"csv": _read_csv, "geojson": _read_geojson, "xml": _read_xml}
