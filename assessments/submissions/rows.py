"""Rows of the submissions table: stored columns, the latest decision, the answers asked for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.models import Question, RepeatRow, ReviewDecision, Submission
from assessments.wording import Wording, values_in
from core import policy
from core.datasets import Sensitivity
from core.policy import Actor

SHARED = {Sensitivity.PUBLIC.value, Sensitivity.PARTNER.value}
SHOWN_WITH = ("form", "version", "organisation", "submitted_by", "area")


@dataclass(frozen=True)
class Cell:
    """An answer in words; of a repeat its members, each with its answers under ``heads``."""

    label: str
    text: str = ""
    is_number: bool = False
    heads: list[str] = field(default_factory=list)
    members: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One submission in the table; ``decision`` is the latest one."""

    submission: Submission
    decision: ReviewDecision | None
    cells: list[Cell]


def rows_of(
    ids: Sequence[int], questions: Sequence[Question], wording: Wording, *, actor: Actor
) -> list[Row]:
    """Return the rows of a page, in the order of ``ids``, with the answers to ``questions``.

    A ``begin_repeat`` among the questions gives its members. What an actor may not read is blank.
    """
    found = Submission.objects.filter(pk__in=ids).select_related(*SHOWN_WITH)
    light = found.defer(*(("xml", "search") if questions else ("xml", "search", "answers")))
    rows = {row.pk: row for row in light.defer("version__xform", "version__report")}
    raw = policy.filter(actor, "submission.raw", Submission.objects.filter(pk__in=ids))
    whole = set(raw.values_list("pk", flat=True))
    decisions = ReviewDecision.objects.filter(submission__in=ids).select_related("decided_by")
    latest = {one.submission_id: one for one in decisions.order_by("submission", "pk")}
    cells = _Cells(list(rows.values()), questions, wording, whole)
    return [Row(rows[pk], latest.get(pk), cells.of(rows[pk])) for pk in ids if pk in rows]


class _Cells:
    """Reads what the cells of one page need, in a fixed number of queries."""

    def __init__(
        self,
        rows: list[Submission],
        questions: Sequence[Question],
        wording: Wording,
        whole: set[int],
    ):
        self.questions, self.wording, self.whole = questions, wording, whole
        self.inside: dict[str, list[Question]] = defaultdict(list)
        self.members: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
        repeats = [one.path for one in questions if one.kind == "begin_repeat"]
        asked = [one for one in questions if one.kind != "begin_repeat"]
        if repeats:
            self._read_members(rows, repeats)
            asked += [one for inside in self.inside.values() for one in inside]
        given = [row.answers for row in rows] if asked else []
        given += [answers for members in self.members.values() for answers in members]
        lists = {one.choice_list for one in asked if one.choice_list}
        if lists:
            wording.learn({row.version_id for row in rows}, lists, values_in(given, asked))

    def _read_members(self, rows: list[Submission], repeats: list[str]) -> None:
        newest = max((row.version_id for row in rows), default=0)
        within = Question.objects.filter(version=newest, repeat__in=repeats)
        for question in within.exclude(kind__in=("begin_group", "begin_repeat", "note")):
            self.inside[question.repeat].append(question)
        stored = RepeatRow.objects.filter(submission__in=rows, path__in=repeats).order_by("pk")
        for submission, path, answers in stored.values_list("submission", "path", "answers"):
            self.members[submission, path].append(answers)

    def of(self, row: Submission) -> list[Cell]:
        return [self._cell(row, question) for question in self.questions]

    def _cell(self, row: Submission, question: Question) -> Cell:
        label = question.label_in(self.wording.language)
        if not self._may_see(row, question):
            return Cell(label)
        if question.kind == "begin_repeat":
            asked = [one for one in self.inside[question.path] if self._may_see(row, one)]
            members = self.members[row.pk, question.path]
            return Cell(
                label,
                text=str(len(members)) if members else "",
                heads=[one.label_in(self.wording.language) for one in asked],
                members=[
                    [self.wording.of(row.version_id, one, given.get(one.path)) for one in asked]
                    for given in members
                ],
            )
        value = row.answers.get(question.path)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return Cell(label, self.wording.of(row.version_id, question, value), is_number)

    def _may_see(self, row: Submission, question: Question) -> bool:
        return row.pk in self.whole or question.sensitivity in SHARED
