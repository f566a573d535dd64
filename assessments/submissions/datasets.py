"""What can be taken out of submissions: the records, with a form's answers, and repeat members.

Rows follow the policy; of records that were only released, partner and public columns are shown,
with the centre of the area in place of the location.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Form, Question, RepeatRow, Submission
from assessments.submissions.rows import SHARED
from assessments.wording import CHOOSING, LINES, PLACES, Wording, languages_of, questions_of
from core.datasets import IS_WHOLE, Column, Dataset, Kind, Sensitivity, declare

PARTNER, RESTRICTED = Sensitivity.PARTNER, Sensitivity.RESTRICTED
KINDS = {
    "integer": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "range": Kind.DECIMAL,
    "select_multiple": Kind.LIST,
    "rank": Kind.LIST,
    **dict.fromkeys((*PLACES, *LINES), Kind.LIST),
}
UNSEEN = {"begin_group", "begin_repeat", "note"}
PLACES_READ = ("location__lat", "location__lon", "area__centre__lat", "area__centre__lon")
Columns = tuple[Column, ...]


def _latitude(row: dict[str, Any]) -> float | None:
    found: float | None = row["location__lat" if row[IS_WHOLE] else "area__centre__lat"]
    return found


def _longitude(row: dict[str, Any]) -> float | None:
    found: float | None = row["location__lon" if row[IS_WHOLE] else "area__centre__lon"]
    return found


ABOUT = (
    Column("uid", _("Receipt"), hxl="#meta+id", sensitivity=PARTNER),
    Column("form", _("Form"), source="form__form_id", hxl="#meta+form", sensitivity=PARTNER),
    Column("version", _("Version"), source="version__version", sensitivity=PARTNER),
    Column("state", _("State"), hxl="#status", sensitivity=PARTNER),
    Column("received_at", _("Received"), Kind.DATETIME, hxl="#date+received", sensitivity=PARTNER),
    Column(
        "organisation",
        _("Organisation"),
        source="organisation__acronym",
        hxl="#org",
        sensitivity=PARTNER,
    ),
    Column(
        "area_pcode",
        _("P-code of the area"),
        source="area__pcode",
        hxl="#adm+code",
        sensitivity=PARTNER,
    ),
    Column("area", _("Area"), source="area_name", hxl="#adm+name", sensitivity=PARTNER),
    Column(
        "latitude",
        _("Latitude"),
        Kind.DECIMAL,
        value=_latitude,
        unit="°",
        hxl="#geo+lat",
        sensitivity=PARTNER,
    ),
    Column(
        "longitude",
        _("Longitude"),
        Kind.DECIMAL,
        value=_longitude,
        unit="°",
        hxl="#geo+lon",
        sensitivity=PARTNER,
    ),
    Column("instance_id", _("Instance ID"), hxl="#meta+id+instance"),
    Column("submitted_by", _("Sent by"), source="submitted_by__username", hxl="#contact"),
    Column("device_id", _("Device"), sensitivity=RESTRICTED),
    Column("started_at", _("Started"), Kind.DATETIME, hxl="#date+start"),
    Column("ended_at", _("Ended"), Kind.DATETIME, hxl="#date+end"),
    Column("area_flag", _("Area flag")),
    Column("test", _("Test"), Kind.BOOLEAN, source="is_test", sensitivity=PARTNER),
)


PLACE_OF_MEMBER = (
    Column(
        "submission",
        _("Receipt"),
        source="submission__uid",
        hxl="#meta+id",
        sensitivity=PARTNER,
    ),
    Column("member", _("Member"), source="id", kind=Kind.INTEGER, sensitivity=PARTNER),
    Column(
        "parent",
        _("Member around it"),
        source="parent_id",
        kind=Kind.INTEGER,
        sensitivity=PARTNER,
    ),
    Column("position", _("Position"), Kind.INTEGER, sensitivity=PARTNER),
)


def _all(parameters: dict[str, Any]) -> QuerySet[Submission]:
    return Submission.objects.order_by("pk")


def _records(name: str, label: Any, columns: tuple[Column, ...], *needs: str) -> Dataset:
    return Dataset(
        name=name,
        label=label,
        verb="submission.read",
        raw="submission.raw",
        rows=_all,
        columns=columns,
        geometry="location",
        coarse="area__centre",
        needs=(*PLACES_READ, *needs),
    )


SUBMISSIONS = declare(_records("submissions", _("Submissions"), ABOUT))


@dataclass
class _Shared:
    """Which answers of a version may be shown where a record was only released."""

    paths: dict[int, set[str]] = field(default_factory=dict)

    def of(self, version: int) -> set[str]:
        if version not in self.paths:
            found = Question.objects.filter(version=version, sensitivity__in=SHARED)
            self.paths[version] = set(found.values_list("path", flat=True))
        return self.paths[version]

    def answers(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the answers of a record that its reader may see."""
        given: dict[str, Any] = row["answers"]
        if row[IS_WHOLE]:
            return given
        kept = self.of(row["version_id"])
        return {path: value for path, value in given.items() if path in kept}


def with_answers() -> Dataset:
    """Return the records with all answers as one object, as the API's pages have them."""
    column = Column(
        "answers",
        _("Answers by question path"),
        Kind.OBJECT,
        value=_Shared().answers,
        sensitivity=PARTNER,
    )
    return _records("submissions", _("Submissions"), (*ABOUT, column), "answers", "version_id")


@dataclass(frozen=True)
class Style:
    """How a form's table is written: in which language, with labels in place of codes."""

    language: str = ""
    labels: bool = False


def of_form(form: Form, style: Style = Style()) -> Dataset:
    """Return the records of a form with a column for each question outside repeats."""
    questions = [one for one in questions_of(form) if not one.repeat and one.kind not in UNSEEN]
    wording = _wording(form, questions, style)
    columns = (*ABOUT, *(_column(one, style, wording) for one in questions))
    return _records(form.form_id, form.title, _heads(columns, style), "answers", "version_id")


def of_repeat(form: Form, path: str, style: Style = Style()) -> Dataset:
    """Return the members of a repeat, each with its record's receipt and its place there."""
    questions = [one for one in questions_of(form) if one.repeat == path]
    asked = [one for one in questions if one.kind not in UNSEEN]
    wording = _wording(form, asked, style)
    columns = (
        *PLACE_OF_MEMBER,
        *(_column(one, style, wording, "submission__version_id") for one in asked),
    )

    def rows(parameters: dict[str, Any]) -> QuerySet[RepeatRow]:
        return RepeatRow.objects.filter(path=path, submission__form=form).order_by("pk")

    name = f"{form.form_id}-{path.rpartition('/')[2]}"
    return _members(name, path, rows, _heads(columns, style))


def _members(name: str, label: Any, rows: Callable[..., Any], columns: Columns) -> Dataset:
    return Dataset(
        name=name,
        label=label,
        verb="submission.read",
        raw="submission.raw",
        within="submission",
        rows=rows,
        columns=columns,
        needs=("answers", "submission__version_id"),
    )


def _all_members(parameters: dict[str, Any]) -> QuerySet[RepeatRow]:
    return RepeatRow.objects.order_by("pk")


MEMBERS = _members("members", _("Members of repeats"), _all_members, PLACE_OF_MEMBER)


def repeats_of(form: Form) -> list[Question]:
    """Return the repeats of a form."""
    return [one for one in questions_of(form) if one.kind == "begin_repeat"]


def _wording(form: Form, questions: list[Question], style: Style) -> Wording:
    language = style.language or next(iter(languages_of(form)), "")
    wording = Wording(language)
    lists = {one.choice_list for one in questions if one.kind in CHOOSING}
    if style.labels and lists:
        wording.learn(form.versions.values_list("pk", flat=True), lists)
    return wording


def _column(
    question: Question, style: Style, wording: Wording, version: str = "version_id"
) -> Column:
    def worded(row: dict[str, Any]) -> Any:
        return wording.of(row[version], question, row["answers"].get(question.path)) or None

    in_words = style.labels and question.kind in CHOOSING
    return Column(
        key=question.path,
        label=question.label_in(wording.language),
        kind=Kind.TEXT if in_words else KINDS.get(question.kind, Kind.TEXT),
        source="answers",
        item="" if in_words else question.path,
        value=worded if in_words else None,
        hxl=question.hxl,
        sensitivity=Sensitivity(question.sensitivity),
    )


def _heads(columns: tuple[Column, ...], style: Style) -> tuple[Column, ...]:
    """Return the columns, with labels in place of keys where asked; no two keys are the same."""
    if not style.labels:
        return columns
    seen: dict[str, int] = defaultdict(int)
    found = []
    for column in columns:
        label = str(column.label)
        seen[label] += 1
        key = label if seen[label] == 1 else f"{label} ({column.key})"
        source = column.source or ("" if column.value else column.key)
        found.append(replace(column, key=key, source=source))
    return tuple(found)
