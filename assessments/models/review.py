"""Review decisions: who moved a submission where, and why; undone by a further decision."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.submissions import Submission
from core.audit import tracked


@tracked()
class ReviewDecision(models.Model):
    """One decision on one submission; those made at once share a ``batch``.

    ``action`` is the name of a transition of the submission, or ``undo``. The newest decision's id
    says which version of the review somebody has seen.
    """

    submission = models.ForeignKey(
        "assessments.Submission", models.CASCADE, related_name="decisions"
    )
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20, choices=Submission.State.choices)
    to_state = models.CharField(max_length=20, choices=Submission.State.choices)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.submission}: {self.action}"
