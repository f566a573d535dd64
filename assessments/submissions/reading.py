"""One submission as a person reads it: answers in the order and under the headings of its form."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.models import Question, RepeatRow, Submission, SubmissionFile
from assessments.submissions.rows import SHARED
from assessments.wording import CHOOSING, Wording, values_in
from assessments.xlsforms.questions import FILE_KINDS

WIDEST_TABLE = 6
# What the device notes by itself stands in the receipt.
UNREAD = {"note", "start", "end", "today", "deviceid", "audit"}
REFERENCE = re.compile(r"\$\{\s*([^}\s]+)\s*\}")


@dataclass(frozen=True)
class Answer:
    """A question with its answer in words; ``code`` is a choice's code, ``file`` what was sent."""

    label: str
    path: str
    text: str
    code: str = ""
    file: SubmissionFile | None = None


@dataclass
class Part:
    """A group, or a repeat with its members: each member is a list of parts and answers.

    A repeat of few questions without parts of its own is a table: ``heads`` and ``rows``.
    """

    label: str
    depth: int
    entries: list["Part | Answer"] = field(default_factory=list)
    is_repeat: bool = False
    members: list[list["Part | Answer"]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    rows: list[list[Answer | None]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing below was answered."""
        return not (self.entries or self.members)


class Reader:
    """Reads one submission; ``unanswered`` keeps questions without an answer too."""

    def __init__(
        self, submission: Submission, wording: Wording, *, whole: bool, unanswered: bool = False
    ):
        self.submission, self.wording, self.unanswered = submission, wording, unanswered
        asked = submission.version.questions.all()
        self.questions = [
            one
            for one in asked
            if whole or one.sensitivity in SHARED or one.kind.startswith("begin_")
        ]
        self.inside: dict[str, list[Question]] = defaultdict(list)
        for question in self.questions:
            self.inside[question.path.rpartition("/")[0]].append(question)
        self.files = {one.file_name: one for one in submission.files.current()} if whole else {}
        self.rows: dict[tuple[str, int | None], list[RepeatRow]] = defaultdict(list)
        stored = list(submission.repeat_rows.order_by("pk"))
        for row in stored:
            self.rows[row.path, row.parent_id].append(row)
        given = [submission.answers, *(row.answers for row in stored)]
        lists = {one.choice_list for one in self.questions if one.choice_list}
        values = values_in(given, self.questions)
        self.wording.learn([submission.version_id], lists, values)

    def read(self) -> list[Part | Answer]:
        """Return the form's parts and answers, outermost first."""
        return self._entries("", self.submission.answers, None, depth=0)

    def _entries(
        self, above: str, given: dict[str, Any], member: int | None, *, depth: int
    ) -> list[Part | Answer]:
        found: list[Part | Answer] = []
        for question in self.inside[above]:
            if question.kind == "begin_repeat":
                entry: Part | Answer | None = self._repeat(question, member, depth)
            elif question.kind == "begin_group":
                inside = self._entries(question.path, given, member, depth=depth + 1)
                entry = Part(self._label(question), depth, inside) if inside else None
            else:
                entry = self._answer(question, given)
            if entry is not None:
                found.append(entry)
        return found

    def _repeat(self, question: Question, member: int | None, depth: int) -> Part | None:
        rows = self.rows[question.path, member]
        if not rows:
            return None
        part = Part(self._label(question), depth, is_repeat=True)
        part.members = [
            self._entries(question.path, row.answers, row.pk, depth=depth + 1) for row in rows
        ]
        _as_table(part)
        return part

    def _answer(self, question: Question, given: dict[str, Any]) -> Answer | None:
        value = given.get(question.path)
        if question.kind in UNREAD or (value is None and not self.unanswered):
            return None
        file = self.files.get(str(value)) if question.kind in FILE_KINDS else None
        codes = value if isinstance(value, list) else [value]
        code = " ".join(map(str, codes)) if question.kind in CHOOSING and value else ""
        text = self.wording.of(self.submission.version_id, question, value)
        return Answer(self._label(question, given), question.path, text, code, file)

    def _label(self, question: Question, given: dict[str, Any] | None = None) -> str:
        """Return a label, with the answers that it quotes in place of their names."""
        label = question.label_in(self.wording.language)
        if "${" not in label:
            return label
        quoted = self.submission.answers | (given or {})
        by_name = {path.rpartition("/")[2]: value for path, value in quoted.items()}
        return REFERENCE.sub(lambda found: str(by_name.get(found[1], "…")), label)


def _as_table(part: Part) -> None:
    """Give a repeat heads and rows, where all its members are a few plain answers."""
    entries: Sequence[Part | Answer] = [one for member in part.members for one in member]
    plain = [one for one in entries if isinstance(one, Answer)]
    heads = {one.path: one.label for one in plain}
    if len(plain) < len(entries) or len(heads) > WIDEST_TABLE:
        return
    part.heads = list(heads.values())
    for member in part.members:
        given = {one.path: one for one in member if isinstance(one, Answer)}
        part.rows.append([given.get(path) for path in heads])
