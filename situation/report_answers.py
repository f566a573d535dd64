"""What people answered, for a report: counts and quartiles of approved submissions, none of a few.

Restricted questions are left out. A count of fewer than ``FEWEST`` is withheld, and where only one
choice would be, so is the next smallest, from which it could be worked out (secondary suppression).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from typing import Any

from assessments.coverage import Selection
from assessments.models import Choice, FormVersion, Question, RepeatRow, Submission

FEWEST = 5
REFERENCE = re.compile(r"\$\{[^}]*\}")
MOST_QUESTIONS = 40
MOST_CHOICES = 12
CHOSEN = ("select_one", "select_multiple")
GROUPS = ("begin_group", "begin_repeat")
NUMBERS = ("integer", "decimal", "range")
# Consent, place and the like are about the interview, not about people's situation.
ASIDE = ("#meta", "#country", "#adm", "#loc", "#geo", "#date")


@dataclass(frozen=True)
class Share:
    """How often a choice was made; ``count`` is None where it is withheld, ``share`` in percent."""

    label: str
    count: int | None
    share: float | None
    is_small: bool = False


@dataclass(frozen=True)
class Summary:
    """A question's answers: ``number`` how many there are, ``spread`` the three quartiles."""

    section: str
    label: str
    kind: str
    number: int
    shares: list[Share] = field(default_factory=list)
    spread: list[float] = field(default_factory=list)


def summarise(selection: Selection, language: str) -> list[dict[str, Any]]:
    """Return the summaries of a selection's approved submissions as JSON values."""
    approved = selection.submissions().filter(state=Submission.State.APPROVED)
    forms = approved.values_list("form", flat=True).distinct()
    newest = (
        FormVersion.objects.filter(form__in=list(forms), submissions__in=approved)
        .order_by("form_id", "-published_at")
        .distinct("form_id")
    )
    found: list[Summary] = []
    for version in newest:
        found += _of_form(version, approved.filter(form=version.form_id), language)
    return [asdict(one) for one in found[:MOST_QUESTIONS]]


def _of_form(version: FormVersion, approved: Any, language: str) -> Iterator[Summary]:
    questions = list(version.questions.all())
    asked = [one for one in questions if _is_shown(one)]
    sections = {one.path: one for one in questions if one.kind in GROUPS}
    spoken = form_language(version, language)
    labels = _labels(version, spoken)
    outside = [one for one in asked if not one.repeat]
    given = _gather(outside, approved.values_list("answers", flat=True).iterator(2000))
    inside = [one for one in asked if one.repeat]
    if inside:
        rows = RepeatRow.objects.filter(submission__in=approved).order_by()
        for repeat in {one.repeat for one in inside}:
            members = rows.filter(path=repeat).values_list("answers", flat=True).iterator(5000)
            given |= _gather([one for one in inside if one.repeat == repeat], members)
    for question in asked:
        values = given[question.path]
        if len(values) >= FEWEST:
            yield _summary(question, values, labels, sections, spoken)


def _is_shown(question: Question) -> bool:
    return (
        question.kind in CHOSEN + NUMBERS
        and bool(question.labels)
        and question.sensitivity != Question.Sensitivity.RESTRICTED
        and not question.hxl.startswith(ASIDE)
    )


def _gather(questions: list[Question], rows: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    given: dict[str, list[Any]] = {one.path: [] for one in questions}
    for answers in rows:
        for path, values in given.items():
            value = answers.get(path)
            if value is not None:
                values.append(value)
    return given


def form_language(version: FormVersion, language: str) -> str:
    """Return the form's own name for a language code, or its default language."""
    named = [one for one in version.languages if one.endswith(f"({language})") or one == language]
    return named[0] if named else version.default_language


def _labels(version: FormVersion, spoken: str) -> dict[tuple[str, str], str]:
    choices = Choice.objects.filter(version=version).values_list("list_name", "value", "labels")
    return {
        (name, value): str(said.get(spoken) or next(iter(said.values()), "") or value)
        for name, value, said in choices
    }


def _summary(
    question: Question,
    values: list[Any],
    labels: dict[tuple[str, str], str],
    sections: dict[str, Question],
    spoken: str,
) -> Summary:
    group = sections.get(question.path.rpartition("/")[0])
    section = group.label_in(spoken) if group and group.labels else ""
    label = REFERENCE.sub("…", question.label_in(spoken))
    if question.kind in NUMBERS:
        numbers = [one for one in values if isinstance(one, int | float)]
        spread = quantiles(numbers, n=4, method="inclusive") if len(numbers) >= FEWEST else []
        return Summary(section, label, question.kind, len(numbers), spread=spread)
    counts = Counter(part for one in values for part in (one if isinstance(one, list) else [one]))
    named = {
        value: label for (name, value), label in labels.items() if name == question.choice_list
    }
    shares = _shares(counts, named, len(values), is_one=question.kind == "select_one")
    return Summary(section, label, question.kind, len(values), shares=shares)


def _shares(
    counts: Counter[Any], named: dict[str, str], number: int, *, is_one: bool
) -> list[Share]:
    values = [*named, *(value for value in counts if value not in named)]
    if not is_one or len(values) > MOST_CHOICES:
        values.sort(key=lambda value: -counts[value])
    small = {value for value in values if 0 < counts[value] < FEWEST}
    withheld = set(small)
    if is_one and len(small) == 1:
        others = [value for value in values if counts[value] >= FEWEST]
        withheld |= set(sorted(others, key=lambda value: counts[value])[:1])
    shown = values if len(values) <= MOST_CHOICES else [one for one in values if counts[one]]
    return [
        Share(str(named.get(value, value)), None, None, is_small=value in small)
        if value in withheld
        else Share(
            str(named.get(value, value)), counts[value], round(100 * counts[value] / number, 1)
        )
        for value in shown[:MOST_CHOICES]
    ]
