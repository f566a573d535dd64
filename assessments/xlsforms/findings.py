"""What the conversion has to say: where, what, and how to put it right."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One remark on a form: sheet, row and column as the author sees them in the workbook."""

    message: str
    fix: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    question: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as the report keeps it."""
        return asdict(self)


@dataclass
class Report:
    """The conversion report; a form with ``errors`` cannot be published.

    ``unsupported`` lists what the browser form does not do (ODK Collect may), ``counts`` numbers of
    questions, notes, calculations, groups, repeats, choices and choice lists.
    """

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    unsupported: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON keeps it."""
        return {
            "errors": [finding.as_dict() for finding in self.errors],
            "warnings": [finding.as_dict() for finding in self.warnings],
            "unsupported": [finding.as_dict() for finding in self.unsupported],
            "counts": self.counts,
        }
