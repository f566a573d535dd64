"""What the sender gets once a record is committed; equal for equal records."""

from dataclasses import dataclass
from typing import Any

from assessments.models import Submission, SubmissionEdit, SubmissionFile


@dataclass(frozen=True)
class Receipt:
    """Answers for one record: ``came`` is the submission as it first came, or an edit of it."""

    submission: Submission
    came: Submission | SubmissionEdit
    files: list[SubmissionFile]
    is_new: bool

    @property
    def missing(self) -> list[str]:
        """Return the files that the record names and that have not come."""
        return [one.file_name for one in self.files if not one.file]

    def as_dict(self, url: str | None) -> dict[str, Any]:
        """Return the receipt as devices read it; ``url`` is the submission's page."""
        return {
            "id": str(self.submission.uid),
            "instance_id": self.came.instance_id,
            "sha256": self.came.xml_sha256,
            "received_at": self.came.received_at.isoformat(),
            "test": self.submission.is_test,
            "url": url,
            "files": [
                {"name": one.file_name, "sha256": one.sha256, "size": one.size}
                for one in self.files
                if one.file
            ],
            "missing": self.missing,
        }
