"""Puts the story's submissions into November 2020, where the server's clock could not.

``received_at`` and ``decided_at`` are the server's own word everywhere else, so no rule can set
them. The demonstration writes them afterwards, once, in its own operation only; the audit keeps the
true times (see docs/decisions/0010-time-of-the-demonstration.md).
"""

from collections.abc import Iterable
from datetime import timedelta

from assessments.models import ReviewDecision, Submission
from core.errors import Problem
from core.models import Operation
from situation.demo.field_work import Visit


def set_back(operation: Operation, sent: Iterable[tuple[Visit, Submission]]) -> None:
    """Write when each record would have been received and decided on."""
    if not operation.is_demo:
        raise Problem("not_found")
    submissions, decisions = [], []
    arrived = {}
    for visit, submission in sent:
        submission.received_at = arrived[submission.pk] = visit.arrived
        submissions.append(submission)
    for decision in ReviewDecision.objects.filter(submission__in=arrived).order_by("pk"):
        hours = 5 + decision.pk % 15
        decision.decided_at = arrived[decision.submission_id] + timedelta(hours=hours)
        decisions.append(decision)
    Submission.objects.bulk_update(submissions, ["received_at"], batch_size=100)
    ReviewDecision.objects.bulk_update(decisions, ["decided_at"], batch_size=100)
