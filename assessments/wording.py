"""How answers read: in a language of the form, with the labels of choices in place of their codes.

The form's languages have the form's own names (``English (en)``); a reader's language is found
among them by the code in brackets.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.formats import date_format, localize, time_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assessments import entities
from assessments.catalogue import IMMUTABLE
from assessments.models import Choice, Form, FormVersion, Question

CHOOSING = {"select_one", "select_multiple", "rank"}
PLACES = {"geopoint", "start-geopoint"}
LINES = {"geotrace", "geoshape"}
NOT_ASKED = {"begin_group", "note"}
KNOWN_STATES = ("published", "superseded", "draft")
ACCURACY = 3  # where in [latitude, longitude, altitude, accuracy]


def versions_of(form: Form) -> QuerySet[FormVersion]:
    """Return the versions that may have submissions, the newest first, without their XML."""
    known = form.versions.filter(state__in=KNOWN_STATES)
    newest = F("published_at").desc(nulls_last=True)
    return known.order_by(newest, "-pk").defer("xform", "report")


def questions_of(form: Form) -> list[Question]:
    """Return each question, group and repeat once: the newest version's, then the older ones'."""
    found: dict[str, Question] = {}
    for version, state, digest in versions_of(form).values_list("pk", "state", "xform_hash"):
        immutable = state in IMMUTABLE
        for question in _kept(version, digest) if immutable else _read(version):
            found.setdefault(question.path, question)
    return list(found.values())


@lru_cache(maxsize=64)
def _kept(version: int, xform_hash: str) -> tuple[Question, ...]:
    """Keep the questions of a version that can no longer change: a form may have hundreds."""
    return _read(version)


def _read(version: int) -> tuple[Question, ...]:
    return tuple(Question.objects.filter(version=version).defer("hints"))


def languages_of(form: Form) -> list[str]:
    """Return the languages of all versions, in the order of the newest."""
    lists = versions_of(form).values_list("languages", flat=True)
    return list(dict.fromkeys(name for names in lists for name in names))


def choose_language(offered: list[str], asked: str = "", default: str = "") -> str:
    """Return the language asked for, else the reader's own, else the form's default or first."""
    if asked in offered:
        return asked
    reader = (get_language() or "").partition("-")[0]
    own = (name for name in offered if name == reader or name.endswith(f"({reader})"))
    fallback = default if default in offered else next(iter(offered), "")
    return next(own, fallback)


@dataclass
class Wording:
    """Puts answers into words: ``language`` of the form, ``labels`` by (version, list, value)."""

    language: str
    labels: dict[tuple[int, str, str], str] = field(default_factory=dict)

    def learn(self, versions: Iterable[int], lists: Iterable[str], values: Any = None) -> None:
        """Read the labels of choice and entity lists, all of them or those of the given values."""
        versions, lists = set(versions), set(lists)
        for name, value, text in entities.labels(versions, lists, values):
            self.labels |= {(version, name, value): text for version in versions}
        choices = Choice.objects.filter(version__in=versions, list_name__in=lists)
        if values is not None:
            choices = choices.filter(value__in=values)
        for choice in choices.order_by().only("version", "list_name", "value", "labels"):
            text = choice.labels.get(self.language) or next(iter(choice.labels.values()), "")
            if text:
                self.labels[choice.version_id, choice.list_name, choice.value] = str(text)

    def choice(self, version: int, question: Question, value: Any) -> str:
        """Return a choice's label, or its code where it has none."""
        return self.labels.get((version, question.choice_list, str(value)), str(value))

    def of(self, version: int, question: Question, value: Any) -> str:
        """Return an answer as text for a reader; an empty one is an empty text."""
        if value is None or value == "":
            return ""
        if question.kind in CHOOSING:
            chosen = value if isinstance(value, list) else [value]
            return "; ".join(self.choice(version, question, one) for one in chosen)
        if question.kind in PLACES and isinstance(value, list):
            return place(value)
        if question.kind in LINES and isinstance(value, list):
            return ngettext("%d point", "%d points", len(value)) % len(value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, int | float):
            return str(localize(value))
        return moment(question.kind, str(value))


def values_in(answers: Iterable[dict[str, Any]], questions: Iterable[Question]) -> set[str]:
    """Return the codes that answers to choice questions have."""
    paths = [question.path for question in questions if question.kind in CHOOSING]
    found: set[str] = set()
    for given in answers:
        for path in paths:
            value = given.get(path)
            found.update(map(str, value if isinstance(value, list) else [value]))
    return found


def place(value: list[Any]) -> str:
    """Return a geopoint as latitude, longitude and accuracy in metres."""
    text = f"{value[0]:.6f}, {value[1]:.6f}"
    accuracy = value[ACCURACY] if len(value) > ACCURACY else None
    return f"{text} (±{accuracy:.0f} m)" if accuracy else text


def moment(kind: str, text: str) -> str:
    """Return a date, time or both as the reader writes them; other text as it is."""
    try:
        if kind in {"date", "today"}:
            day: date | None = parse_date(text)
            return date_format(day, "DATE_FORMAT") if day else text
        if kind in {"datetime", "start", "end"}:
            when: datetime | None = parse_datetime(text)
            local = timezone.localtime(when) if when and timezone.is_aware(when) else when
            return date_format(local, "DATETIME_FORMAT") if local else text
        if kind == "time":
            hour: time | None = parse_time(text.partition("+")[0].rstrip("Z"))
            return str(time_format(hour, "H:i")) if hour else text
    except ValueError:
        return text
    return text
